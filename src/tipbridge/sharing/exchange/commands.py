"""Commands on peers and packages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.model import Incoming, Outgoing, Peer
from tipbridge.sharing.exchange.parking import actions as parking
from tipbridge.sharing.exchange.standing.model import Standing
from tipbridge.sharing.exchange.standing.rules import is_alarming

group = typer.Typer(help="Nodes whose cards are pinned here.", no_args_is_help=True)
packages = typer.Typer(help="Sealed packages to and from peers.", no_args_is_help=True)

_CARD_MAX_BYTES = 131_072


@group.command("card")
def print_card(
    data: DataOption,
    *,
    as_: AsOption = None,
    json: JsonOption = False,  # noqa: ARG001 - a card is JSON in either form
) -> None:
    """Print this node's card, for a peer to pin."""
    with command_work(data, as_) as work:
        card = actions.show_card(work)
    print(card.decode("utf-8"))


@group.command("add")
def add_peer(
    data: DataOption,
    card: Annotated[Path, typer.Argument(help="The peer's card.")],
    *,
    url: Annotated[
        str | None, typer.Option(help="Where packages go; without it the card only verifies.")
    ] = None,
    collected: Annotated[
        bool, typer.Option(help="What is for it waits until it fetches, or is carried as files.")
    ] = False,
    fetch: Annotated[bool, typer.Option(help="Fetch from its URL what waits there.")] = False,
    mutual: Annotated[
        bool, typer.Option(help="Its URL is its gate: both ends show certificates.")
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Pin a peer's card; compare the printed fingerprint with the peer by voice."""
    content = content_of(card)
    with command_work(data, as_) as work:
        peer = actions.add_peer(
            work, card=content, url=url, collected=collected, fetches=fetch, mutual=mutual
        )
    show(_peer_line(peer), as_json=json, ours=("url",))


@group.command("countersign")
def take_signature(
    data: DataOption,
    signature: Annotated[Path, typer.Argument(help="What the peer's `agreements sign` printed.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Keep a peer's signature on an agreement that this node holds too."""
    envelope = content_of(signature)
    with command_work(data, as_) as work:
        sha256, signer = actions.take_signature(work, envelope=envelope.strip())
    show({"sha256": sha256, "signed_by": signer}, as_json=json)


@group.command("list")
def list_peers(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the pinned peers."""
    with command_work(data, as_) as work:
        found = actions.list_peers(work)
        standings = actions.peer_standings(work)
    lines = [_peer_line(peer) | _standing_line(standings, peer) for peer in found]
    show(lines, as_json=json, ours=("url",))


@packages.command("list")
def list_packages(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the newest packages both ways, and the gaps in what arrived."""
    with command_work(data, as_) as work:
        sent, received, gaps = actions.list_packages(work)
    show(
        {
            "sent": [_sent_line(package) for package in sent],
            "received": [_received_line(package) for package in received],
            "gaps": gaps,
        },
        as_json=json,
    )


@packages.command("resend")
def resend_package(
    data: DataOption,
    package_id: Annotated[str, typer.Argument(help="A package that was refused or lapsed.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Try a package again that was refused or lapsed, once its reason is mended."""
    with command_work(data, as_) as work:
        actions.resend_package(work, package_id)
    show({"package_id": package_id, "queued": True}, as_json=json)


@packages.command("parked")
def list_parked(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the packages that failed for good, both ways, each with its reason."""
    with command_work(data, as_) as work:
        found = parking.list_parked(work)
    show(found, as_json=json)


@packages.command("retake")
def retake_package(
    data: DataOption,
    package_id: Annotated[str, typer.Argument(help="A received package that was parked.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Follow a parked package again, once what it needs is there."""
    with command_work(data, as_) as work:
        parking.retake_package(work, package_id)
    show({"package_id": package_id, "queued": True}, as_json=json)


def content_of(file: Path) -> bytes:
    """What a file holds that somebody gave here.

    Errors: Invalid when it can't be read.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(_CARD_MAX_BYTES)
    except OSError as error:
        raise Invalid(f"Cannot read {file}: {error.strerror}.") from error


def _peer_line(peer: Peer) -> dict[str, object]:
    return {
        "node_id": peer.card.node_id,
        "name": peer.card.name,
        "profiles": peer.card.profiles,
        "synthetic": peer.card.synthetic,
        "fingerprint": peer.card.fingerprint,
        "url": peer.url,
        "collected": peer.collected,
        "fetches": peer.fetches,
        "mutual": peer.mutual,
        "added_at": peer.added_at,
    }


def _standing_line(standings: Mapping[str, Standing], peer: Peer) -> dict[str, object]:
    """How a peer stands; `clock_seconds` more than a minute is an alarm."""
    found = standings.get(peer.card.node_id) or Standing(peer_id=peer.card.node_id)
    return {
        "failures": found.failures,
        "slow": found.slow,
        "clock_seconds": found.clock_seconds,
        "clock_alarm": is_alarming(found.clock_seconds),
    }


def _sent_line(package: Outgoing) -> dict[str, object]:
    return {
        "package_id": package.package_id,
        "recipient": package.recipient,
        "kind": package.kind,
        "basis": package.basis,
        "sequence": package.sequence,
        "state": package.state,
        "attempts": package.attempts,
        "last_outcome": package.last_outcome,
        "queued_at": package.queued_at,
        "settled_at": package.settled_at,
        "content_sha256": package.content_sha256,
    }


def _received_line(package: Incoming) -> dict[str, object]:
    return {
        "package_id": package.package_id,
        "sender": package.sender,
        "kind": package.kind,
        "basis": package.basis,
        "sequence": package.sequence,
        "sent_at": package.sent_at,
        "received_at": package.received_at,
        "content_sha256": package.content_sha256,
    }
