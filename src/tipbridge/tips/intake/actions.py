"""The verbs of intake: providers' reports from submission to receipt or end."""

from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Never

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work, action
from tipbridge.tips.intake import store
from tipbridge.tips.intake.answers import Code, as_test, report_done_response
from tipbridge.tips.intake.errors import (
    NoSuchFile,
    NoSuchReport,
    ReportFinished,
    ReportGone,
    UnfitRequest,
)
from tipbridge.tips.intake.model import (
    Described,
    Feedback,
    Original,
    ReportRecord,
    ReportState,
    Standing,
    Uploaded,
)
from tipbridge.tips.intake.receive import fresh_file_id
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.intake.rules import (
    FIRST_REPORT_NUMBER,
    SANDBOX_KEPT_FOR,
    claims_differ,
    expiry_of,
    gone_words,
    report_number_in,
    state_at,
    waived,
)
from tipbridge.tips.report.batched import (
    MOST_BATCHED_FILES,
    batched_details_faults,
    check_batched_files,
)
from tipbridge.tips.report.fault import Fault
from tipbridge.tips.report.parse import examine_file_details, examine_report
from tipbridge.tips.report.prior import prior_report_faults, prior_reports
from tipbridge.tips.report.read import file_details_of
from tipbridge.tips.report.strictness import USUAL, Strictness
from tipbridge.tips.report.tree import Element

_LONGEST_NAME = 2056


@action("intake.status.checked", provider=True)
def check_status(work: Work) -> None:
    """A provider asks whether its credential is good."""
    work.record(work.actor.id)


@action("intake.report.opened", provider=True)
def submit(work: Work, body: bytes, *, credential_id: str, strictness: Strictness = USUAL) -> int:
    """Open a report from a `<report>` document; returns its number.

    Errors: MalformedDocument, InvalidDocument.
    """
    examined = examine_report(body, now=work.now, strictness=strictness)
    examined = examined.held_to(_prior_faults(work, examined.document))
    standing = Standing(
        report_id=store.next_report_id(work.db),
        state=ReportState.OPEN,
        opened_at=work.now,
        expires_at=expiry_of(work.now, work.now),
        key_id=work.ids.new(),
    )
    vault = work.node.vault
    work.on_rollback(partial(_erase, work, standing.key_id))
    sealed = vault.seal_first(standing.key_id, work.ids.new(), body)
    store.insert_report(
        work.db, standing, examined.document, provider_id=work.actor.id, credential_id=credential_id
    )
    original = Original(about="report", file_id=None, received_at=work.now, sealed=sealed)
    store.insert_original(work.db, standing.report_id, original)
    work.record(str(standing.report_id), size_bytes=len(body), waived=waived(examined.findings))
    return standing.report_id


def _prior_faults(work: Work, document: Element) -> list[Fault]:
    """Prior reports of our own numbers that this provider did not file; others we can't know."""
    named = [(e, n) for e, n in prior_reports(document) if n >= FIRST_REPORT_NUMBER]
    known = store.filed_reports(work.db, {number for _, number in named}) if named else set[int]()
    return prior_report_faults([element for element, number in named if number not in known])


def uploadable(work: Work, report_id: int) -> Standing:
    """The standing of a report that still takes files: asked before the first byte is kept.

    Errors: NoSuchReport, ReportGone, ReportFinished.
    """
    return _open_standing(work, report_id)


@action("intake.file.uploaded", provider=True)
def upload(work: Work, report_id: int, file: ReceivedFile) -> Uploaded:
    """Add a received file to an open report; returns its id, digests and the report's end.

    Errors: NoSuchReport, ReportGone, ReportFinished: then nothing of the file is left.
    """
    standing = _open_standing(work, report_id)
    sealed = _sealed(work, standing, file)
    work.on_rollback(lambda: work.node.vault.remove_file(sealed))
    name = file.sent_name[:_LONGEST_NAME] if file.sent_name else None
    modified = _modified(work, standing)
    if not store.insert_file(work.db, modified, sealed, file.digests, sent_name=name, at=work.now):
        _refuse_closed(work, report_id)
    work.record(str(report_id), file=sealed.file_id, size_bytes=file.digests.size_bytes)
    return Uploaded(sealed.file_id, file.digests, modified.expires_at)


def _sealed(work: Work, standing: Standing, file: ReceivedFile) -> Sealed:
    if file.sealed is None:
        return _seal(work, standing, fresh_file_id(work.node), file.data)
    if file.sealed.key_id == standing.key_id:
        return file.sealed
    with _closed_meanwhile(work, standing):
        return work.node.vault.rewrap(file.sealed, standing.key_id)


def _seal(work: Work, standing: Standing, name: str, data: bytes) -> Sealed:
    with _closed_meanwhile(work, standing):
        return work.node.vault.seal(standing.key_id, name, data)


@contextmanager
def _closed_meanwhile(work: Work, standing: Standing) -> Generator[None]:
    """A key or folder that is gone means that somebody ended the report just now."""
    try:
        yield
    except (NotFound, FileNotFoundError):
        _refuse_closed(work, standing.report_id)


@action("intake.file.described", provider=True)
def file_info(work: Work, body: bytes, *, strictness: Strictness = USUAL) -> Described:
    """Store what the provider says of an uploaded file; returns which, and the report's end.

    Errors: MalformedDocument, InvalidDocument, NoSuchReport, NoSuchFile, ReportGone,
    ReportFinished.
    """
    examined = examine_file_details(body, now=work.now, strictness=strictness)
    details = file_details_of(examined.document)
    standing = _open_standing(work, details.report_id)
    found = store.digests_of(work.db, details.report_id, details.file_id)
    if found is None:
        raise NoSuchFile(f"with this fileId in report {details.report_id}")
    digests, batched = found
    if batched:
        examined = examined.held_to(batched_details_faults(examined.document))
    sealed = _seal(work, standing, work.ids.new(), body)
    work.on_rollback(lambda: work.node.vault.remove_file(sealed))
    differ = claims_differ(details.claimed_hashes, digests)
    original = Original(about="file", file_id=details.file_id, received_at=work.now, sealed=sealed)
    changed = _modified(work, standing)
    if not store.set_details(work.db, changed, examined.document, original, differ=differ):
        _refuse_closed(work, details.report_id)
    work.record(
        str(details.report_id),
        file=details.file_id,
        claims_differ=differ,
        waived=waived(examined.findings),
    )
    return Described(details.report_id, details.file_id, changed.expires_at)


@action("intake.report.finished", provider=True)
def finish(
    work: Work, report_id: int, *, strictness: Callable[[], Strictness] = lambda: USUAL
) -> bytes:
    """Close a report; returns the answer that is the provider's receipt, as kept.

    Shape: `strictness` is asked for a batched report of several files only.
    Errors: NoSuchReport, ReportGone; ReportFinished with the ids of its files; InvalidDocument
    for a batched report of several files.
    """
    standing = _open_standing(work, report_id, hold=True)
    files = store.file_ids_of(work.db, report_id)
    if len(files) > MOST_BATCHED_FILES and store.is_batched(work.db, report_id):
        check_batched_files(len(files), strictness())
    answer = report_done_response(Code.SUCCESS, report_id=report_id, files=files)
    if standing.sandbox:
        answer = as_test(answer)
    store.finish_report(work.db, report_id, at=work.now, answer=answer)
    work.record(str(report_id), files=len(files))
    # What a sandbox files goes no further: nothing on the road follows this other event.
    finished = "intake.sandbox.finished" if standing.sandbox else "intake.report.finished"
    urgent = standing.escalated and not standing.sandbox
    work.emit(finished, urgent=urgent, report_id=str(report_id))
    return answer


@action("intake.report.retracted", provider=True)
def retract(work: Work, report_id: int) -> None:
    """Cancel an open report: nothing readable of it is left when this is answered.

    Errors: NoSuchReport, ReportGone, ReportFinished.
    """
    standing = _open_standing(work, report_id, hold=True)
    _end(work, standing, ReportState.RETRACTED)
    work.record(str(report_id))


@action("intake.report.expired", system=True, idle=True)
def expire_reports(work: Work) -> int:
    """End the reports that nobody finished in time; returns how many."""
    found = store.expired_reports(work.db, work.now)
    for standing in found:
        _end(work, standing, ReportState.EXPIRED)
    if found:
        first = ",".join(str(one.report_id) for one in found[:20])
        work.record("all", reports=first, count=len(found))
    return len(found)


@action("intake.sandbox.cleared", system=True, idle=True)
def clear_sandboxes(work: Work) -> int:
    """Discard what sandboxes finished long ago; returns how many reports."""
    found = store.sandbox_over(work.db, work.now - SANDBOX_KEPT_FOR)
    for standing in found:
        _end(work, standing, ReportState.PURGED)
    if found:
        work.record("all", count=len(found))
    return len(found)


@action("intake.report.purged", roles=(Role.ADMINISTRATOR,), system=True)
def purge(work: Work, report_id: str) -> None:
    """Destroy all that is readable of a finished report; later rooms drop their own by event.

    Errors: NoSuchReport; Conflict while it is open; ReportGone when it has ended before.
    """
    standing = store.standing_of(work.db, report_number(report_id), hold=True)
    if standing is None:
        raise NoSuchReport(report_id)
    if standing.state is ReportState.OPEN:
        raise Conflict("An open report is retracted or expires; it is not purged.", id=report_id)
    if standing.state is not ReportState.FINISHED:
        raise ReportGone(gone_words(standing.state), id=report_id)
    _end(work, standing, ReportState.PURGED)
    work.record(report_id)
    work.emit("intake.report.purged", report_id=report_id)


@action("intake.report.erased", system=True, idle=True)
def erase_ended(work: Work) -> int:
    """Make sure that the vault holds nothing of ended reports; returns how many it saw to."""
    found = store.reports_to_erase(work.db)
    for standing in found:
        _erase(work, standing.key_id)
        store.mark_erased(work.db, standing.report_id, at=work.now)
    if found:
        work.record("all", count=len(found))
    return len(found)


@action("intake.feedback.received", roles=(Role.ANALYST,), system=True)
def record_feedback(
    work: Work,
    *,
    report_id: str,
    feedback_id: str,
    sender: str,
    outcome: str,
    at: datetime | None = None,
    facts: Mapping[str, str | int | bool | None] | None = None,
) -> bool:
    """Keep what became of a report; False when this feedback came before.

    Shape: `outcome` is a closed word of the sender's; `facts` hold no personal data.
    Errors: NoSuchReport.
    """
    number = report_number(report_id)
    if store.standing_of(work.db, number) is None:
        raise NoSuchReport(report_id)
    feedback = Feedback(
        id=feedback_id, at=at or work.now, sender=sender, outcome=outcome, facts=dict(facts or {})
    )
    fresh = store.insert_feedback(work.db, number, feedback)
    work.record(report_id, feedback=feedback_id, sender=sender, outcome=outcome, fresh=fresh)
    return fresh


def find_report(work: Work, report_id: str) -> ReportRecord | None:
    """All of a report, or None where this actor sees none; the caller's action records it."""
    return store.report_record(work.db, report_number(report_id))


def read_report(work: Work, report_id: str, *, hold: bool = False) -> ReportRecord:
    """All of a report, for the action of a later room, which records the access itself.

    Shape: `hold` keeps it from ending until this work does: what is made of its text must
    be there for the purge to find.
    Errors: NoSuchReport; another's looks the same.
    """
    if hold:
        store.standing_of(work.db, report_number(report_id), hold=True)
    record = find_report(work, report_id)
    if record is None:
        raise NoSuchReport(report_id)
    return record


def read_original(work: Work, original: Original) -> bytes:
    """Exactly what arrived, for the action of a later room, which records the access itself."""
    return work.node.vault.read(original.sealed)


def place_report(
    work: Work,
    report_id: str,
    *,
    unit_id: int,
    restricted: bool = False,
    members: tuple[str, ...] = (),
) -> None:
    """Say which unit a report belongs to and who sees it; the caller's action records it.

    Errors: NoSuchReport.
    """
    placed = store.place_report(
        work.db, report_number(report_id), unit_id=unit_id, restricted=restricted, members=members
    )
    if not placed:
        raise NoSuchReport(report_id)


def known_keys(work: Work, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups that belong to a report, ended ones included."""
    return store.known_keys(work.db, key_ids)


def report_number(report_id: str) -> int:
    """The number in a report id.

    Errors: NoSuchReport when it is none.
    """
    try:
        return report_number_in(report_id.encode())
    except UnfitRequest as error:
        raise NoSuchReport(repr(report_id[:40])) from error


def _open_standing(work: Work, report_id: int, *, hold: bool = False) -> Standing:
    standing = store.standing_of(work.db, report_id, hold=hold)
    if standing is None:
        raise NoSuchReport(str(report_id))
    match state_at(standing.state, standing.expires_at, work.now):
        case ReportState.OPEN:
            return standing
        case ReportState.FINISHED:
            raise ReportFinished(report_id, store.file_ids_of(work.db, report_id))
        case (ReportState.RETRACTED | ReportState.EXPIRED | ReportState.PURGED) as ended:
            raise ReportGone(gone_words(ended), id=str(report_id))


def _modified(work: Work, standing: Standing) -> Standing:
    """The standing after a modification now: it expires later."""
    return replace(standing, expires_at=expiry_of(standing.opened_at, work.now))


def _refuse_closed(work: Work, report_id: int) -> Never:
    """The report was closed while its file was being sealed: say how."""
    standing = _open_standing(work, report_id, hold=True)
    raise ReportGone(gone_words(standing.state), id=str(report_id))


def _end(work: Work, standing: Standing, state: ReportState) -> None:
    """The row first, the key after the commit: what is half done, `erase_ended` completes."""
    store.end_report(work.db, standing.report_id, state, at=work.now)
    work.after_commit(partial(_erase, work, standing.key_id))


def _erase(work: Work, key_id: str) -> None:
    _erased(work, key_id)


def _erased(work: Work, key_id: str) -> bool:
    """Destroy a report's key and remove its files; False when a file was in somebody's hand.

    Without its key nothing of it can be read; `erase_ended` removes what was left.
    """
    work.node.vault.destroy_key(key_id)
    try:
        work.node.vault.remove(key_id)
    except OSError:
        return False
    return True
