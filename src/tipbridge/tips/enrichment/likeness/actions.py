"""Verbs of likeness: compare a file of a finished report with lists, in a job of its own."""

from collections.abc import Iterable, Sequence

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes.actions import known as known_digests
from tipbridge.knowledge.hashes.building import build_absent
from tipbridge.knowledge.hashes.files import actions as hashes
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.knowledge.hashes.indexes import ListIndex
from tipbridge.tips.enrichment.facts import source_of
from tipbridge.tips.enrichment.likeness import rules, store
from tipbridge.tips.enrichment.model import NearListHit, TipFile
from tipbridge.tips.intake.actions import read_report

REPORTS_AT_ONCE = 500


@action("enrichment.file.compared", system=True)
def compare_file(work: Work, *, report_id: str, file_id: str) -> None:
    """Hash what a file shows, in the box, and keep what it is near to; may be run again.

    Shape: a near match is advice for staff. It opens nothing, and nobody outside is told.
    """
    file = _waiting(work, report_id, file_id)
    hashed = None if file is None else _hashed(work, file)
    if hashed is None:
        work.record(report_id, done=False)
        return
    build_absent(work)
    known = hashes.known_near(work, [hashed])
    near = _near_of(file_id, known.near[0])
    look = rules.look_of(file_id, hashed, [each.name for each in known.not_searched])
    if _waiting(work, report_id, file_id, hold=True) is None:  # it ended meanwhile
        work.record(report_id, done=False)
        return
    kept = hashes.likenesses_of(hashed)
    done = store.keep_look(work.db, int(report_id), look, kept, near, work.now)
    if near:
        work.emit("enrichment.file.near", report_id=report_id)
    work.record(report_id, done=done, looked=look.looked, near=len(near))


@action("enrichment.list.compared", system=True)
def compare_list(work: Work, *, list_id: str, after: str = "0") -> None:
    """Compare files that were reported before a list's version took effect, by what is kept of them.

    Shape: one page of reports; the next follows as a job of its own. Digests and hashes are
    compared as they were kept; a file that was never looked at waits to be. What is found or no
    longer stands on the list is worked out anew.
    """
    index = hashes.list_in_effect(work, list_id)
    page = store.reports_after(work.db, int(after), most=REPORTS_AT_ONCE)
    if index is None or not page:
        work.record(list_id, reports=0, changed=0, waiting=0)
        return
    changed = _changed_exactly(work, list_id, page)
    waiting: list[tuple[int, str]] = []
    if index.near_part is not None:
        waiting = store.begin_late_looks(work.db, page)
    changed |= _changed_nearly(work, index, page)
    for report_id, file_id in waiting:
        work.emit("enrichment.file.waiting", report_id=str(report_id), file_id=file_id)
    for report_id in sorted(changed):
        work.emit("enrichment.file.near", report_id=str(report_id))
    if len(page) == REPORTS_AT_ONCE:
        work.emit("enrichment.list.begun", list_id=list_id, after=str(page[-1]))
    work.record(list_id, reports=len(page), changed=len(changed), waiting=len(waiting))


def _changed_exactly(work: Work, list_id: str, page: Sequence[int]) -> set[int]:
    """The reports of which a file now stands on the list, or stands there no longer."""
    files = store.digests_of(work.db, page)
    known = known_digests(work, {digest for each in files for digest in each.digests})
    now = {
        (each.report_id, each.file_id)
        for each in files
        for digest in each.digests
        if any(hit.list_id == list_id for hit in known.get(digest, ()))
    }
    before = store.exact_on(work.db, list_id, page)
    return {report_id for report_id, _ in now ^ before}


def _changed_nearly(work: Work, index: ListIndex, page: Sequence[int]) -> set[int]:
    """The reports of which a file is near to other entries of the list than before."""
    before = store.near_on(work.db, index.list.id, page)
    changed: set[int] = set()
    for (report_id, file_id), kept in store.likenesses_kept(work.db, page).items():
        near = _near_of(file_id, hashes.near_hits([index], kept))
        if near != before.get((report_id, file_id), ()):
            store.replace_near(work.db, report_id, file_id, index.list.id, near)
            changed.add(report_id)
    return changed


def _waiting(work: Work, report_id: str, file_id: str, *, hold: bool = False) -> TipFile | None:
    """The file, while its report's text is here and it waits to be compared."""
    source = source_of(read_report(work, report_id, hold=hold))
    if source is None or not store.waits(work.db, source.report_id, file_id):
        return None
    return next((each for each in source.files if each.file_id == file_id), None)


def _hashed(work: Work, file: TipFile) -> FileHashes | None:
    """What a file hashes to; None when its bytes were erased meanwhile."""
    if file.sealed is None:
        return None
    try:
        pieces = work.node.vault.open(file.sealed)
        return hash_file(box_of(work.node.settings), f"files/{file.index}", pieces)
    except NotFound:
        return None


def _near_of(file_id: str, found: Iterable[hashes.NearHit]) -> tuple[NearListHit, ...]:
    """What a file is near to, as it stands with the tip."""
    return tuple(
        NearListHit(
            file_id=file_id,
            list_id=each.hit.list_id,
            list_name=each.hit.list_name,
            purpose=each.hit.purpose.value,
            handling=each.hit.handling,
            mark=each.hit.mark,
            by=each.by,
            distance_bits=each.distance_bits,
        )
        for each in found
    )
