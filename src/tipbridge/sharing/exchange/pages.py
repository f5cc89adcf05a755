"""The page of the exchange: how peers stand, what waits for staff, what has not arrived."""

from fastapi import APIRouter, Request, Response

from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.parking import actions as parking
from tipbridge.sharing.exchange.standing.rules import is_alarming
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, reader, see_other
from tipbridge.web.session import staff_work

router = APIRouter()
NAV = (
    NavEntry(
        label="Exchange",
        path="/exchange",
        roles=actions.EXCHANGERS,
        waiting=parking.count_parked,
    ),
)


@router.get("/exchange")
def show_exchange(request: Request) -> Response:
    """Peers, parked packages and gaps."""
    with staff_work(request) as work:
        peers = actions.list_peers(work)
        parked = parking.list_parked(work)
        gaps = actions.find_gaps(work)
        standings = actions.peer_standings(work)
        queued = actions.count_queued_by_peer(work)
    signed_in = reader(request)
    return page(
        request,
        "exchange/exchange.html",
        peers=peers,
        parked=parked,
        gaps=gaps,
        standings=standings,
        queued=queued,
        is_alarming=is_alarming,
        may_drive=signed_in is not None and bool(signed_in.roles & set(parking.DRIVERS)),
    )


@router.post("/exchange/packages/{package_id}/resent")
def post_resend(request: Request, package_id: str) -> Response:
    """Try a refused or lapsed package again."""
    with staff_work(request) as work:
        actions.resend_package(work, package_id)
    return see_other("/exchange")


@router.post("/exchange/packages/{package_id}/retaken")
def post_retake(request: Request, package_id: str) -> Response:
    """Follow a parked package again."""
    with staff_work(request) as work:
        parking.retake_package(work, package_id)
    return see_other("/exchange")
