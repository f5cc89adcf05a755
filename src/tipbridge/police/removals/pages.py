"""The pages of removals: of a case, of everything still up, and of hosts."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.moments import moment_told
from tipbridge.police.removals import (
    actions,
    checking,
    correcting,
    hosts,
    looking,
    moving,
    noticing,
    redating,
    voting,
)
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.mailed import pages as mailed
from tipbridge.police.removals.mistaken import actions as mistaken
from tipbridge.police.removals.model import (
    Basis,
    Channel,
    Classification,
    NoticeLanguage,
    PlaceForm,
    RemovalState,
    ReplyKind,
)
from tipbridge.police.removals.present import drawn, drawn_back
from tipbridge.police.removals.texts import pages as texts
from tipbridge.web.nav import NavEntry
from tipbridge.web.nested import under_its_parent
from tipbridge.web.render import page, reader, see_other
from tipbridge.web.session import staff_work

router = APIRouter()
router.include_router(texts.router)
router.include_router(mailed.router)
NAV = (
    NavEntry(
        label="Removals",
        path="/removals",
        roles=(Role.INVESTIGATOR,),
        waiting=actions.count_waiting,
    ),
    NavEntry(label="Hosts", path="/hosts", roles=(Role.INVESTIGATOR, Role.ADMINISTRATOR)),
)


DoneAt = Annotated[str, Form()]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPlace(_Strict):
    """What the form of a place sends."""

    address: str
    form: PlaceForm = PlaceForm.URL
    host: str = ""
    country: str = ""
    basis: Basis = Basis.STAFF


class PlaceWords(_Strict):
    """What the form that corrects a place sends."""

    because: str
    form: PlaceForm | None = None
    host: str = ""
    country: str | None = None


class HostForm(_Strict):
    """What the form of a host sends."""

    name: str
    channel: Channel
    contact: str = ""
    language: NoticeLanguage = NoticeLanguage.ENGLISH
    country: str = ""


def _at_place(case_id: str, where: str) -> Response:
    """Back to the place or notice about which something was done, among the others of its case."""
    return see_other(f"/cases/{case_id}/removals#{where}")


@router.get("/cases/{case_id}/removals")
def show_removals(request: Request, case_id: str) -> Response:
    """Each place of material in a case, and everything that happened about it."""
    with staff_work(request) as work:
        found = actions.list_removals(work, case_id)
        may_offer = Role.EXAMINER in work.actor.roles
        may_work = Role.INVESTIGATOR in work.actor.roles
    return page(
        request,
        "removals/removals.html",
        case_id=case_id,
        files=found,
        forms=tuple(PlaceForm),
        bases=tuple(Basis),
        replies=tuple(ReplyKind),
        classifications=tuple(Classification),
        may_offer=may_offer,
        may_work=may_work,
    )


@router.get("/removals")
def list_up(request: Request, *, due: bool = False, number: PageNumber = 1) -> Response:
    """Places where material is not known to be gone, or only those where something is due."""
    with staff_work(request) as work:
        found = actions.list_up(work, only_due=due, page=number)
    more = len(found) == actions.PAGE_LINES
    return page(request, "removals/up.html", places=found, due=due, number=number, more=more)


@router.post("/cases/{case_id}/removals")
def post_place(request: Request, case_id: str, form: Annotated[NewPlace, Form()]) -> Response:
    """Note a place that no referral named."""
    with staff_work(request) as work:
        actions.add_place(
            work,
            case_id,
            address=form.address,
            form=form.form,
            host=form.host.strip() or None,
            country=form.country,
            basis=form.basis,
        )
    return see_other(f"/cases/{case_id}/removals")


@router.post("/cases/{case_id}/removals/{removal_id}")
def post_state(
    request: Request,
    case_id: str,
    removal_id: str,
    state: Annotated[RemovalState, Form()],
    moved_to: Annotated[str, Form()] = "",
    done_at: DoneAt = "",
) -> Response:
    """Write down what became of a place."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        moving.record_state(
            work,
            removal_id,
            state,
            moved_to=moved_to.strip() or None,
            done_at=moment_told("done_at", done_at),
        )
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/notices")
def post_notice(request: Request, case_id: str, removal_id: str) -> Response:
    """Ask for removal, or take the next firmer step."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        noticing.make_notice(work, removal_id)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/notices/{notice_id}/carried")
def post_carried(request: Request, case_id: str, notice_id: str, done_at: DoneAt = "") -> Response:
    """Say that a notice was brought to the host by hand."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: noticing.check_case(work, case_id, notice_id)),
    ):
        noticing.carry_notice(work, notice_id, done_at=moment_told("done_at", done_at))
    return _at_place(case_id, notice_id)


@router.post("/cases/{case_id}/notices/{notice_id}/day")
def post_day(
    request: Request,
    case_id: str,
    notice_id: str,
    because: Annotated[str, Form()],
    done_at: DoneAt = "",
) -> Response:
    """Say that a notice was brought at another time than was written down."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: noticing.check_case(work, case_id, notice_id)),
    ):
        done = moment_told("done_at", done_at)
        redating.correct_notice_day(work, notice_id, done_at=done, because=because)
    return _at_place(case_id, notice_id)


@router.post("/cases/{case_id}/notices/{notice_id}/retry")
def post_retry(request: Request, case_id: str, notice_id: str) -> Response:
    """Send a notice again that failed."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: noticing.check_case(work, case_id, notice_id)),
    ):
        noticing.retry_notice(work, notice_id)
    return _at_place(case_id, notice_id)


@router.post("/cases/{case_id}/removals/{removal_id}/replies")
def post_reply(
    request: Request,
    case_id: str,
    removal_id: str,
    kind: Annotated[ReplyKind, Form()],
    done_at: DoneAt = "",
) -> Response:
    """Write down what a host answered."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        done = moment_told("done_at", done_at)
        noticing.record_reply(work, removal_id, kind, done_at=done)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/checks")
def post_check(request: Request, case_id: str, removal_id: str) -> Response:
    """Ask for a place's status now."""
    with staff_work(request) as work:
        checking.check_now(work, removal_id, case_id=case_id)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/looks")
def post_look(request: Request, case_id: str, removal_id: str, done_at: DoneAt = "") -> Response:
    """Say that somebody looked, and that a place is as it was."""
    with staff_work(request) as work:
        done = moment_told("done_at", done_at)
        looking.look_by_hand(work, removal_id, case_id=case_id, done_at=done)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/authorities")
def post_authority(
    request: Request,
    case_id: str,
    removal_id: str,
    words: Annotated[str, Form()],
    until: Annotated[date, Form()],
) -> Response:
    """Write down the legal authority under which a file may be compared."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        comparing.record_authority(work, removal_id, words=words, until=until)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/authorities/{authority_id}/end")
def post_authority_end(
    request: Request,
    case_id: str,
    removal_id: str,
    authority_id: str,
    ended_on: Annotated[date, Form()],
    because: Annotated[str, Form()],
) -> Response:
    """Say that a legal authority holds no more from a day on."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        comparing.end_authority(work, removal_id, authority_id, ended_on=ended_on, because=because)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/comparisons")
def post_comparison(request: Request, case_id: str, removal_id: str) -> Response:
    """Fetch the file into the box and compare it with the known one."""
    with staff_work(request) as work:
        comparing.compare_digest(work, removal_id, case_id=case_id)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/mistakes")
def post_mistake(
    request: Request,
    case_id: str,
    removal_id: str,
    entry: Annotated[str, Form()],
    because: Annotated[str, Form()],
) -> Response:
    """Say that what was recorded of a place is not so."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        mistaken.take_back(work, removal_id, entry, because=because)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/words")
def post_words(
    request: Request, case_id: str, removal_id: str, form: Annotated[PlaceWords, Form()]
) -> Response:
    """Say that a place is of another kind, at another host or in another country."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        correcting.correct_place(
            work,
            removal_id,
            form=form.form,
            host=form.host,
            country=form.country,
            because=form.because,
        )
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/item")
def post_item(
    request: Request, case_id: str, removal_id: str, sha256: Annotated[str, Form()]
) -> Response:
    """Say which file of the case is at a place."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        voting.name_item(work, removal_id, sha256)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/votes")
def post_vote(
    request: Request,
    case_id: str,
    removal_id: str,
    classification: Annotated[Classification, Form()],
) -> Response:
    """Say what an item is."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        voting.classify_item(work, removal_id, classification)
    return _at_place(case_id, removal_id)


@router.post("/cases/{case_id}/removals/{removal_id}/offers")
def post_offer(
    request: Request, case_id: str, removal_id: str, list_name: Annotated[str, Form()]
) -> Response:
    """Offer the digest of a removed item to a hash list."""
    with (
        staff_work(request) as work,
        under_its_parent(lambda: actions.check_case(work, case_id, removal_id)),
    ):
        voting.offer_item(work, removal_id, list_name=list_name.strip())
    return _at_place(case_id, removal_id)


@router.get("/hosts")
def show_hosts(request: Request) -> Response:
    """How each host is reached, and what it did with the notices it got."""
    with staff_work(request) as work:
        found = hosts.list_hosts(work)
        may_measure = Role.INVESTIGATOR in work.actor.roles
        measured = actions.measure_hosts(work) if may_measure else ()
    signed_in = reader(request)
    return page(
        request,
        "removals/hosts.html",
        hosts=found,
        measured=[(each, drawn(each.curve), drawn_back(each.back_curve)) for each in measured],
        channels=tuple(Channel),
        may_allow=signed_in is not None and Role.ADMINISTRATOR in signed_in.roles,
    )


@router.post("/hosts")
def post_host(request: Request, form: Annotated[HostForm, Form()]) -> Response:
    """Write down how a host is reached."""
    with staff_work(request) as work:
        hosts.write_host(
            work,
            form.name,
            channel=form.channel,
            contact=form.contact,
            language=form.language,
            country=form.country,
        )
    return see_other("/hosts")


@router.post("/hosts/checks")
def post_allow(
    request: Request, name: Annotated[str, Form()], allowed: Annotated[bool, Form()]
) -> Response:
    """Put a host on the list of those that may be asked for a status, or take it off."""
    with staff_work(request) as work:
        hosts.allow_checks(work, name, allowed=allowed)
    return see_other("/hosts")
