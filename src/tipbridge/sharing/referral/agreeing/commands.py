"""Commands on agreements that look at tips and referrals."""

from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.comparing import Fate, differences
from tipbridge.knowledge.agreements.decisions import PartDecision
from tipbridge.knowledge.agreements.document import MAX_BYTES
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral.agreeing import actions, counting
from tipbridge.sharing.referral.model import Source, SourceKind


def count_exchanged(
    data: DataOption,
    sha256: Annotated[str, typer.Argument(help="The agreement's name.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Count what went each way with the other party since the last review, by class of data."""
    with command_work(data, as_) as work:
        found = counting.count_exchanged(work, sha256)
    show(found, as_json=json)


def compare_version(
    data: DataOption,
    file: Annotated[Path, typer.Argument(help="The new version, TOML or canonical JSON.")],
    *,
    tip: Annotated[
        str | None, typer.Option(help="Number of a stored tip: what would leave under either.")
    ] = None,
    lead: Annotated[str | None, typer.Option(help="The same of a lead, by its id.")] = None,
    referral: Annotated[
        str | None, typer.Option(help="The same of a received referral, with what binds it.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say what a new version changes in the one that is held, before it is added or signed."""
    document, source = _document(file), _source(tip, lead, referral)
    with command_work(data, as_) as work:
        found = actions.compare_version(work, document=document)
        tried = () if source is None else _tried(work, source, document)
    earlier = found.earlier or found.later
    lines = differences(earlier, found.later)
    if json:
        answer = {"earlier": found.earlier and earlier.sha256, "later": found.later.sha256}
        show({**answer, "differences": lines, "tried": tried}, as_json=True)
        return
    beside = f"beside {earlier.sha256[:12]}" if found.earlier else "beside nothing that is held"
    print(f"{found.later.sha256[:12]} {beside} ({len(lines)})")
    for line in (*lines, *(_fate(each) for each in tried)):
        print(f"  {line}")


def _source(tip: str | None, lead: str | None, referral: str | None) -> Source | None:
    named = {SourceKind.TIP: tip, SourceKind.LEAD: lead, SourceKind.REFERRAL: referral}
    found = [Source(kind=kind, id=id_) for kind, id_ in named.items() if id_]
    if len(found) > 1:
        raise Invalid("Name one of --tip, --lead and --referral.")
    return found[0] if found else None


def _tried(work: Work, source: Source, document: bytes) -> tuple[Fate, ...]:
    return actions.try_version(work, source.id, document=document, kind=source.kind)


def _fate(fate: Fate) -> str:
    change = "" if fate.change is None else f" [{fate.change}]"
    first = _said(fate.first, when_asked=fate.first_when_asked)
    other = _said(fate.other, when_asked=fate.other_when_asked)
    return f"{fate.label}: {first} => {other}{change}"


def _said(part: PartDecision | None, *, when_asked: bool) -> str:
    if part is None:
        return "-"
    later = ", leaves when it is asked for" if when_asked else ""
    return f"{'leaves' if part.released else 'stays'} ({part.reason}){later}"


def _document(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(f"Cannot read {file}: {error.strerror}.") from error
