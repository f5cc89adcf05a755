"""One pass over a source: digests, look-up in the lists, and the counts that must add up."""

import os
from collections.abc import Callable, Sequence
from importlib import metadata
from itertools import islice
from pathlib import Path

from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.police.evidence import store
from tipbridge.police.evidence.folder import opened_again, read_folder
from tipbridge.police.evidence.hits import Looked, Seen, not_looked
from tipbridge.police.evidence.holding import hold_findings
from tipbridge.police.evidence.judging import judged, left_out, to_look_at
from tipbridge.police.evidence.looking import CHANGED, begun_looking, hashed_parts, looked_at
from tipbridge.police.evidence.model import Examination, FoundFile, ReadFile, SkippedEntry
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import Entry, EntryKind, EntryState

BATCH_FILES = 2000


class _Counts:
    def __init__(self) -> None:
        self.total = self.processed = self.unprocessed = self.findings = self.size_bytes = 0
        self.near = self.not_compared = 0
        self.items: set[str] = set()
        self.lists: set[str] = set()

    def take(self, files: Sequence[FoundFile], skipped: Sequence[object]) -> None:
        self.processed += len(files)
        self.unprocessed += len(skipped)
        for each in files:
            self.size_bytes += each.digests.size_bytes
            self.lists.update(each.list_ids)
            self.near += bool(each.near)
            self.not_compared += each.looked is Looked.NOT_COMPARED
            if each.finding is not None:
                self.findings += 1
                self.items.add(each.digests.sha256)


def examine(
    work: Work,
    exhibit_id: str,
    *,
    folder: Path,
    sorted_material: bool,
    progress: Callable[[int], None] | None,
) -> Examination:
    """Examine a folder, or one file as if it lay alone in one, within the caller's own action.

    Errors: NoFolder; IntegrityFailure should the counts not add up.
    """
    source, only = folder, None
    if source.is_file():
        folder, only = source.parent, source.name
    examination_id, counts, looks = work.ids.new(), _Counts(), _Looks(work, folder)
    entries = read_folder(folder, only=only)
    while batch := list(islice(entries, BATCH_FILES)):
        seen = looks.seen([each for each in batch if isinstance(each, ReadFile)])
        skipped = [each for each in batch if isinstance(each, SkippedEntry)]
        skipped += [left_out(each) for each in seen if each.found.digests is None]
        read = [each for each in seen if each.found.digests is not None]
        first, middle = counts.total + 1, counts.total + 1 + len(read)
        counts.total += len(read) + len(skipped)
        files = judged(work, list(enumerate(read, first)), sorted_material=sorted_material)
        if files:
            store.add_files(work.db, exhibit_id, examination_id, files)
        left = list(enumerate(skipped, middle))
        store.add_skipped(work.db, exhibit_id, examination_id, left)
        counts.take(files, skipped)
        if progress is not None:
            progress(counts.total)
    if counts.processed + counts.unprocessed != counts.total:
        raise IntegrityFailure("An examination's counts do not add up.", id=exhibit_id)
    done = Examination(
        id=examination_id,
        exhibit_id=exhibit_id,
        at=work.now,
        examiner=work.actor.name,
        source=str(source.absolute()),
        tool=f"tipbridge {metadata.version('tipbridge')}",
        total=counts.total,
        processed=counts.processed,
        unprocessed=counts.unprocessed,
        size_bytes=counts.size_bytes,
        findings=counts.findings,
        items=len(counts.items),
        lists=tuple(sorted(counts.lists)),
        near=counts.near,
        not_compared=counts.not_compared,
    )
    store.insert_examination(work.db, done)
    hold_findings(work, done)
    return done


class _Looks:
    """Looks at what a folder holds, each file opened a second time."""

    def __init__(self, work: Work, folder: Path) -> None:
        self._work, self._folder = work, folder
        self._likenesses, self._not_searched = begun_looking(work)
        self._places: dict[str, bytes] = {}

    def seen(self, files: Sequence[ReadFile]) -> list[Seen]:
        self._places = {each.path: each.place for each in files}
        found = [_digested(each) for each in files]
        why_not = to_look_at(self._work, found, likenesses=self._likenesses)
        return looked_at(found, why_not, self._look, at_once=len(os.sched_getaffinity(0)))

    def _look(self, found: Digested) -> list[Seen]:
        box = box_of(self._work.node.settings)
        try:
            with opened_again(self._folder, self._places[found.entry.path]) as handle:
                return hashed_parts(box, found, handle, self._not_searched)
        except OSError:
            return not_looked(found, CHANGED)


def _digested(file: ReadFile) -> Digested:
    entry = Entry(
        path=file.path,
        kind=EntryKind.FILE,
        state=EntryState.PRESENT,
        size=file.digests.size_bytes,
        volume=0,
    )
    return Digested(entry=entry, digests=file.digests, looks=file.looks)
