"""One pass over a source: digests, look-up in the lists, and the counts that must add up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import metadata
from itertools import islice
from pathlib import Path

from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.model import Hit
from tipbridge.police.evidence import store
from tipbridge.police.evidence.folder import read_folder
from tipbridge.police.evidence.model import (
    Examination,
    FindingKind,
    FoundFile,
    ReadFile,
    SkippedEntry,
)

BATCH_FILES = 2000


class _Counts:
    def __init__(self) -> None:
        self.total = self.processed = self.unprocessed = self.findings = self.size_bytes = 0
        self.items: set[str] = set()
        self.lists: set[str] = set()

    def take(self, files: Sequence[FoundFile], skipped: Sequence[object]) -> None:
        self.processed += len(files)
        self.unprocessed += len(skipped)
        for each in files:
            self.size_bytes += each.digests.size_bytes
            self.lists.update(each.list_ids)
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
    """Examine a folder for an exhibit, within the caller's own action.

    Errors: NoFolder; IntegrityFailure should the counts not add up.
    """
    examination_id, counts = work.ids.new(), _Counts()
    entries = enumerate(read_folder(folder), start=1)
    while batch := list(islice(entries, BATCH_FILES)):
        counts.total = batch[-1][0]
        files = _judged(work, batch, sorted_material=sorted_material)
        skipped = [(number, each) for number, each in batch if isinstance(each, SkippedEntry)]
        if files:
            store.add_files(work.db, exhibit_id, examination_id, files)
        store.add_skipped(work.db, exhibit_id, examination_id, skipped)
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
        source=str(folder.absolute()),
        tool=f"tipbridge {metadata.version('tipbridge')}",
        total=counts.total,
        processed=counts.processed,
        unprocessed=counts.unprocessed,
        size_bytes=counts.size_bytes,
        findings=counts.findings,
        items=len(counts.items),
        lists=tuple(sorted(counts.lists)),
    )
    store.insert_examination(work.db, done)
    return done


def _judged(
    work: Work, batch: Iterable[tuple[int, ReadFile | SkippedEntry]], *, sorted_material: bool
) -> list[FoundFile]:
    read = [(number, each) for number, each in batch if isinstance(each, ReadFile)]
    digests = [each.digests for _, each in read]
    hits = hashes.known(
        work, [text for each in digests for text in (each.md5, each.sha1, each.sha256)]
    )
    finding = FindingKind.SORTED if sorted_material else None
    return [
        found_file(
            FoundFile(number=number, path=each.path, digests=each.digests, finding=finding), hits
        )
        for number, each in read
    ]


def found_file(file: FoundFile, hits: dict[str, tuple[Hit, ...]]) -> FoundFile:
    """A processed file with what the lists say of it."""
    digests = file.digests
    lists = {
        hit.list_id
        for text in (digests.md5, digests.sha1, digests.sha256)
        for hit in hits.get(text, ())
    }
    if not lists:
        return file
    return replace(file, finding=FindingKind.LISTED, list_ids=tuple(sorted(lists)))
