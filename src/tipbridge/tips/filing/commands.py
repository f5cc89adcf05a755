"""Commands on filings: what a platform types to report, and to see what became of it."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.tips.filing import actions, drafts, outbox
from tipbridge.tips.filing.actions import Preview, Settled
from tipbridge.tips.filing.asking import ask_facts
from tipbridge.tips.filing.facts import Row, read_rows
from tipbridge.tips.filing.ledger import actions as ledger
from tipbridge.tips.filing.ledger import feedback
from tipbridge.tips.filing.model import Filing, FilingLine, FilingState, Origin
from tipbridge.tips.filing.parcels import Enclosure

group = typer.Typer(help="Reports that this platform files.", no_args_is_help=True)

_REPORT_MAX_BYTES = 10 * 1024 * 1024
_DETAILS_ENDING = ".details.xml"

FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(help=f"Files; FILE{_DETAILS_ENDING} beside one says what is known of it."),
]
ToOption = Annotated[
    str | None, typer.Option("--to", help="The clearinghouse's address, ending in /ispws.")
]
SandboxOption = Annotated[
    bool, typer.Option("--sandbox", help="A test: to the sandbox, under its own credential.")
]
IdArgument = Annotated[str, typer.Argument(help="A filing's id.")]

_OURS = ("to", "url", "answer")
"""The clearinghouse's address, and what it answered, byte for byte."""


class Check(StrEnum):
    """By which schema a report is checked before it is sent."""

    OURS = "ours"
    REMOTE = "remote"


class Resolution(StrEnum):
    """How an uncertain filing is settled."""

    ASK = "ask"
    FILED = "filed"
    NOT_FILED = "not-filed"


class Decision(StrEnum):
    """What becomes of a draft."""

    FILE = "file"
    DROP = "drop"


@group.command("send")
def send_filing(
    data: DataOption,
    report: Annotated[Path, typer.Argument(help="A <report> document.")],
    files: FilesArgument = None,
    *,
    to: ToOption = None,
    sandbox: SandboxOption = False,
    check: Annotated[Check, typer.Option(help="Our schema, or the clearinghouse's too.")] = (
        Check.OURS
    ),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check, show what would be sent, send nothing.")
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """File a report with its files; exit 1 when the clearinghouse refuses it."""
    document, enclosures = _read(report, _REPORT_MAX_BYTES), _enclosures(files or [])
    with command_work(data, as_) as work:
        schema = None
        if check is Check.REMOTE:
            schema = actions.remote_schema(work, to, sandbox=sandbox)
        if dry_run:
            preview = actions.preview_filing(
                work, document, enclosures, to=to, sandbox=sandbox, schema=schema
            )
            show(_preview(preview), as_json=json, ours=_OURS)
            return
        filing_id = actions.accept_filing(
            work,
            document,
            enclosures,
            to=to,
            sandbox=sandbox,
            schema=schema,
            origin=Origin.COMMAND,
        )
        node = work.node
        work.after_commit(lambda: _send_and_tell(node, filing_id, as_json=json))


def _send_and_tell(node: outbox.Node, filing_id: str, *, as_json: bool) -> None:
    line = outbox.send_and_look(node, filing_id)
    show(_line(line), as_json=as_json, ours=_OURS)
    if line.state not in {FilingState.FILED, FilingState.SENDING}:
        raise typer.Exit(1)


@group.command("draft")
def draft_filing(
    data: DataOption,
    files: FilesArgument = None,
    *,
    rows: Annotated[
        Path | None, typer.Option("--from", help="CSV rows or JSON; without it, it asks.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write reports for a person to decide on: from rows, or by asking; nothing is sent."""
    if rows is None:
        enclosures = tuple(_enclosures(files or []))
        found = [Row(facts=ask_facts(), files=enclosures)]
    else:
        found = read_rows(rows)
    with command_work(data, as_) as work:
        made = [drafts.save_draft(work, row.facts, row.files, origin=Origin.ROWS) for row in found]
    show({"drafts": made}, as_json=json)


@group.command("decide")
def decide_draft(
    data: DataOption,
    filing_id: IdArgument,
    decision: Annotated[Decision, typer.Argument()],
    *,
    to: ToOption = None,
    sandbox: SandboxOption = False,
    grounds: Annotated[str, typer.Option(help="Why it is dropped.")] = "",
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """File a draft, or drop it with a reason."""
    with command_work(data, as_) as work:
        drafts.decide_draft(
            work,
            filing_id,
            file=decision is Decision.FILE,
            grounds=grounds,
            to=to,
            sandbox=sandbox,
        )
        node = work.node
        if decision is Decision.FILE:
            work.after_commit(lambda: _send_and_tell(node, filing_id, as_json=json))
    if decision is Decision.DROP:
        show({"id": filing_id, "state": FilingState.DROPPED}, as_json=json)


@group.command("attach")
def attach_files(
    data: DataOption,
    filing_id: IdArgument,
    files: Annotated[list[Path], typer.Argument(help="Files for this draft.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Add files to a draft."""
    enclosures = _enclosures(files)
    with command_work(data, as_) as work:
        drafts.change_draft(work, filing_id, files=enclosures)
    show({"id": filing_id, "added": len(enclosures)}, as_json=json)


@group.command("list")
def list_filings(
    data: DataOption,
    *,
    state: Annotated[list[FilingState] | None, typer.Option(help="Only these.")] = None,
    page: Annotated[int, typer.Option(min=1)] = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List filings, the newest first."""
    with command_work(data, as_) as work:
        lines = ledger.list_filings(work, states=state or (), page=page)
    show([_line(line) for line in lines], as_json=json, ours=_OURS)


@group.command("show")
def show_filing(
    data: DataOption, filing_id: IdArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """One filing: what it says, each file, each try, and what the clearinghouse told."""
    with command_work(data, as_) as work:
        found = ledger.read_filing(work, filing_id)
    show(
        {
            **_line(found.line),
            "told": found.told,
            "grounds": found.grounds,
            "hits": found.hits,
            "files": [
                {
                    "name": one.name,
                    "digests": one.digests,
                    "file_id": one.file_id,
                    "values": _values(one.said),
                }
                for one in found.files
            ],
            "tries": found.tries,
            "values": _values(found.values),
        },
        as_json=json,
        ours=_OURS,
    )


@group.command("receipts")
def show_receipts(
    data: DataOption,
    filing_id: Annotated[str | None, typer.Argument(help="One filing; else the newest.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """What was filed, when, under which user name, and the answers that are the receipts."""
    with command_work(data, as_) as work:
        found = ledger.read_receipts(work, filing_id)
    show([_receipt(each) for each in found], as_json=json, ours=_OURS)


@group.command("feedback")
def read_feedback(
    data: DataOption,
    *,
    to: ToOption = None,
    sandbox: SandboxOption = False,
    page: Annotated[int, typer.Option(min=1, help="A hundred at a time.")] = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """What police said of our reports: useful, duplicate, what they lacked, what came of them."""
    with command_work(data, as_) as work:
        found = feedback.read_feedback(work, to=to, sandbox=sandbox, page=page)
    show(found, as_json=json)


@group.command("retry")
def retry_filing(
    data: DataOption, filing_id: IdArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Go on with a refused filing once its cause is mended, or at once with one that waits."""
    with command_work(data, as_) as work:
        actions.retry_filing(work, filing_id)
        node = work.node
        work.after_commit(lambda: _send_and_tell(node, filing_id, as_json=json))


@group.command("resolve")
def resolve_filing(
    data: DataOption,
    filing_id: IdArgument,
    how: Annotated[Resolution, typer.Argument(help="Ask there, or say what is known.")],
    *,
    grounds: Annotated[str, typer.Option(help="How it is known.")] = "",
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Settle an uncertain filing. Asking takes an open report back and files it anew."""
    settled = None
    if how is not Resolution.ASK:
        settled = Settled(filed=how is Resolution.FILED, grounds=grounds)
    with command_work(data, as_) as work:
        actions.resolve_filing(work, filing_id, settled)
        node = work.node
        work.after_commit(lambda: _send_and_tell(node, filing_id, as_json=json))


@group.command("purge")
def purge_filing(
    data: DataOption, filing_id: IdArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Destroy what was filed, once its preservation is over; number and receipt stay."""
    with command_work(data, as_) as work:
        actions.purge_filing(work, filing_id)
    show({"id": filing_id, "state": FilingState.PURGED}, as_json=json)


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            found = stream.read(most + 1)
    except OSError as error:
        raise Invalid(f"Cannot read {path}: {error.strerror}.") from error
    if len(found) > most:
        raise Invalid(f"{path} is longer than {most} bytes.")
    return found


def _enclosures(files: list[Path]) -> list[Enclosure]:
    found: list[Enclosure] = []
    for path in files:
        beside = path.with_name(path.name + _DETAILS_ENDING)
        details = _read(beside, _REPORT_MAX_BYTES) if beside.is_file() else None
        found.append(Enclosure(source=path, details=details))
    return found


def _values(values: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{path} = {value}" for path, value in values]


def _preview(preview: Preview) -> dict[str, object]:
    return {
        "url": preview.url,
        "sandbox": preview.sandbox,
        "username": preview.username,
        "calls": preview.calls,
        "files": [
            {"name": one.name, "digests": one.digests, "values": _values(one.values)}
            for one in preview.files
        ],
        "values": _values(preview.values),
    }


def _line(line: FilingLine) -> dict[str, object]:
    return {
        "id": line.id,
        "state": line.state,
        "reason": line.reason,
        "may_have_been_filed": line.unanswered or line.state is FilingState.UNCERTAIN,
        "report_id": line.report_id,
        "to": line.url,
        "test": line.sandbox,
        "incident_type": line.incident_type,
        "files": line.files,
        "made_at": line.made_at,
        "filed_at": line.filed_at,
        "preserve_until": line.preserve_until,
        "next_try_at": line.next_try_at,
    }


def _receipt(filing: Filing) -> dict[str, object]:
    receipt = filing.receipt
    return {
        "id": filing.line.id,
        "report_id": filing.line.report_id,
        "to": filing.line.url,
        "test": filing.line.sandbox,
        "filed_at": filing.line.filed_at,
        "username": receipt.username if receipt else None,
        "preserve_until": filing.line.preserve_until,
        "preserve_rule": filing.preserve_rule,
        "files": [
            {"file_id": one.file_id, "sha256": one.digests.sha256, "md5": one.digests.md5}
            for one in filing.files
        ],
        "answer": receipt.answer.decode("utf-8", "replace") if receipt else None,
    }
