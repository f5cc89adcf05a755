"""Verbs of likeness: compare a file of a finished report with lists, in a job of its own."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes.actions import build_absent
from tipbridge.knowledge.hashes.files import actions as hashes
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.tips.enrichment.facts import source_of
from tipbridge.tips.enrichment.likeness import rules, store
from tipbridge.tips.enrichment.model import NearListHit, TipFile
from tipbridge.tips.intake.actions import read_report


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
    near = tuple(
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
        for each in known.near[0]
    )
    look = rules.look_of(file_id, hashed, [each.name for each in known.not_searched])
    if _waiting(work, report_id, file_id, hold=True) is None:  # it ended meanwhile
        work.record(report_id, done=False)
        return
    done = store.keep_look(work.db, int(report_id), look, near, work.now)
    if near:
        work.emit("enrichment.file.near", report_id=report_id)
    work.record(report_id, done=done, looked=look.looked, near=len(near))


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
