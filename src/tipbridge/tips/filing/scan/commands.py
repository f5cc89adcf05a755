"""Commands on scans: match files on this machine, and let services of the platform ask."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.box.pool import Box
from tipbridge.foundation.node import load_settings
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.tips.filing import viewing
from tipbridge.tips.filing.facts import Facts, row_of
from tipbridge.tips.filing.scan import actions, scanners
from tipbridge.tips.filing.scan.offers import Offer, offer_file

group = typer.Typer(help="Services that may have files matched here.", no_args_is_help=True)


class Viewed(StrEnum):
    """What a person states of a file."""

    YES = "yes"
    NO = "no"


NameArgument = Annotated[str, typer.Argument(help="The service, such as upload-queue.")]


def scan_files(
    data: DataOption,
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with all below them.")],
    *,
    fact: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE, such as account=user-1: what the drafts say of them all."),
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Match files against the node's lists; each hit becomes a draft for a person to decide on."""
    facts = _facts(fact or [])
    offers, unread = _offers(paths, facts, box_of(load_settings(data)))
    with command_work(data, as_) as work:
        scanned = actions.scan(work, offers)
    hits = [
        {
            "file": str(offer.source),
            "lists": [f"{each.list} ({each.mark or each.purpose})" for each in one.lists],
            "draft": one.draft,
            "drafted_before": one.drafted_before,
        }
        for offer, one in zip(offers, scanned.found, strict=True)
        if one.lists
    ]
    told = {
        "files": len(offers) + len(unread),
        "matched": len(offers),
        "unread": unread,
        "not_decoded": _not_decoded(offers),
        "not_searched": scanned.not_searched,
    }
    show({**told, "hits": hits}, as_json=json)


def state_viewed(
    data: DataOption,
    filing_id: Annotated[str, typer.Argument(help="A draft's id.")],
    number: Annotated[int, typer.Argument(help="Which file, from 1.")],
    viewed: Annotated[Viewed, typer.Argument(help="Whether you viewed the whole of it.")],
    *,
    file: Annotated[
        Path | None, typer.Option(help="What you viewed: it must be that file.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """State that you viewed a draft's file in your own viewer, or that you did not."""
    digest = offer_file(file).digests[2] if file else ""
    said = viewed is Viewed.YES
    with command_work(data, as_) as work:
        viewing.state_viewed(work, filing_id, number, viewed=said, sha256=digest)
    show({"id": filing_id, "file": number, "viewed": said}, as_json=json)


def _facts(given: list[str]) -> Facts:
    pairs: dict[str, object] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise Invalid(f"A fact is NAME=VALUE, not {one!r}.")
        pairs[name] = value
    return row_of(1, pairs, Path()).facts


def _not_decoded(offers: list[Offer]) -> list[str]:
    """Everything that was matched by its digests alone, or not at all, and why."""
    return [
        "/".join((hashed.name, *left.path)) + f": {left.what} {left.reason} {left.detail}".rstrip()
        for hashed in (offer.hashed for offer in offers)
        if hashed is not None
        for left in hashed.left_out
    ]


def _offers(paths: list[Path], facts: Facts, box: Box | None) -> tuple[list[Offer], list[str]]:
    """Everything that can be matched, and a reason for each that can't."""
    offers: list[Offer] = []
    unread: list[str] = []
    for path in (each for given in paths for each in _below(given)):
        # A name alone goes with a draft: where it lies here is nobody's business there.
        if path.is_symlink() or not path.is_file():
            unread.append(f"{path}: not a regular file")
            continue
        try:
            with path.open("rb") as opened:
                hashed = hash_file(box, str(path), opened.fileno())
            offers.append(offer_file(path, name=path.name, facts=facts, hashed=hashed))
        except OSError as error:
            unread.append(f"Cannot read {path}: {error.strerror}.")
    return offers, unread


def _below(path: Path) -> Iterator[Path]:
    if path.is_dir() and not path.is_symlink():
        for each in sorted(path.iterdir()):
            yield from _below(each)
    else:
        yield path


@group.command("add")
def add_scanner(
    data: DataOption,
    name: NameArgument,
    *,
    unit: Annotated[str, typer.Option(help="Whose drafts they become.")] = "headquarters",
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let a service ask; prints its token, which is shown this once only."""
    with command_work(data, as_) as work:
        token = scanners.add_scanner(work, name=name, unit=unit)
    show({"name": name, "token": token}, as_json=json)


@group.command("list")
def list_scanners(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """Services, what they asked in 30 days, and what looks like probing."""
    with command_work(data, as_) as work:
        found = actions.read_scans(work)
    show({"scanners": found.scanners, "alarms": found.alarms}, as_json=json)


@group.command("end")
def end_scanner(
    data: DataOption, name: NameArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """End a service's token at once."""
    with command_work(data, as_) as work:
        scanners.end_scanner(work, name=name)
    show({"name": name, "ended": True}, as_json=json)


@group.command("settle")
def settle_alarm(
    data: DataOption,
    alarm_id: Annotated[str, typer.Argument(help="An alarm's id.")],
    *,
    grounds: Annotated[str, typer.Option(help="What was behind it.")],
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say what was behind an alarm."""
    with command_work(data, as_) as work:
        actions.settle_alarm(work, alarm_id, grounds=grounds)
    show({"alarm": alarm_id, "settled": True}, as_json=json)
