"""A folder examined in steps: digests, look-up in the lists, and the counts that must add up.

It is listed first, and read in the listing's order. Whatever ends it, the next call goes on at
the last step, and what comes out is the same.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.police.evidence import passes
from tipbridge.police.evidence.begun import open_medium
from tipbridge.police.evidence.folder import (
    ListedFile,
    list_folder,
    opened_again,
    pieces_from,
    read_folder,
)
from tipbridge.police.evidence.hits import Seen, not_looked
from tipbridge.police.evidence.judging import to_look_at
from tipbridge.police.evidence.looking import CHANGED, begun_looking, hashed_parts, looked_at
from tipbridge.police.evidence.marking import Marking, Progress, Tell, Units
from tipbridge.police.evidence.model import (
    FOLDER,
    Checkpoint,
    Examination,
    ReadFile,
    Running,
    SkippedEntry,
    SourceFacts,
)
from tipbridge.police.evidence.reading.behind import path_behind
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import Entry, EntryKind, EntryState, Times
from tipbridge.police.evidence.readings import Reading

STEP_FILES, STEP_BYTES = 2000, 1 << 30


def examine_folder(
    units: Units,
    exhibit_id: str,
    *,
    folder: Path,
    sorted_material: bool = False,
    reason: str | None = None,
    tell: Tell | None = None,
    step_files: int = STEP_FILES,
) -> Examination:
    """Examine a folder, or one file as if it lay alone in one; or go on with an examination of it.

    Shape: `sorted_material` is the examiner's statement that the folder holds only files
    sorted as material, so that each is a finding; else only what stands on a list is.
    Errors: NoFolder; those of `open_medium` and `begin_pass`.
    """
    source = str(folder.absolute())
    where = (folder.parent, folder.name) if folder.is_file() else (folder, None)
    with units() as work:
        there = open_medium(work, exhibit_id, source=source, reason=reason)
    marking = Marking(units, there.id, tell)
    marking.begins(Reading.LISTING, 0)
    listing = _listed(*where)
    with units() as work:
        facts = listing.facts(source)
        running = passes.begin_pass(
            work,
            exhibit_id,
            facts,
            reason=reason,
            opened=there,
            sorted_material=sorted_material,
        )
        looks = _Looks(units, work, where[0])
    marking.begins(Reading.FILES, facts.size_bytes, read=running.bytes_read)
    for progress in _stepped(
        units, running, where, looks, listing.steps(step_files), sorted_material=sorted_material
    ):
        if tell is not None:
            tell(progress)
    marking.begins(Reading.LISTING_AFTER, facts.size_bytes)
    after = _listed(*where).facts(source).sha256
    with units() as work:
        return passes.finish_pass(work, running.begun.id, sha256_after=after, unread=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """How long each entry is, in their order, and digests of what all of them are."""

    sizes: tuple[int, ...]
    digests: dict[str, str]

    def facts(self, source: str) -> SourceFacts:
        return SourceFacts(
            source=source,
            source_kind=FOLDER,
            size_bytes=sum(self.sizes),
            entries=len(self.sizes),
            md5=self.digests["md5"],
            sha1=self.digests["sha1"],
            sha256=self.digests["sha256"],
        )

    def steps(self, most_files: int) -> list[int]:
        """How many entries each step has; the same listing gives the same steps."""
        found: list[int] = []
        number = size = 0
        for each in self.sizes:
            number, size = number + 1, size + each
            if number >= most_files or size >= STEP_BYTES:
                found.append(number)
                number = size = 0
        return [*found, number] if number else found


def _listed(root: Path, only: str | None) -> _Listing:
    digests = {name: hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")}
    sizes: list[int] = []
    for each in list_folder(root, only=only):
        is_file = isinstance(each, ListedFile)
        about = [each.size_bytes, each.modified_ns] if is_file else [each.reason.value]
        line = canonical_json([each.path, *map(str, about)]) + b"\n"
        for digest in digests.values():
            digest.update(line)
        sizes.append(each.size_bytes if is_file else 0)
    told = {name: digest.hexdigest() for name, digest in digests.items()}
    return _Listing(sizes=tuple(sizes), digests=told)


def _stepped(
    units: Units,
    running: Running,
    where: tuple[Path, str | None],
    looks: "_Looks",
    steps: Sequence[int],
    *,
    sorted_material: bool,
) -> Iterator[Progress]:
    """Everything that was not kept yet; says after each step how far it is."""
    begun, reached = monotonic_seconds(), running.reached
    done, answered, size = (
        (0, 0, 0) if reached is None else (reached.position, reached.answered, reached.bytes_read)
    )
    entries = read_folder(where[0], only=where[1], skip=answered)
    for position, count in enumerate(steps[done:], start=done + 1):
        batch = list(islice(entries, count))
        seen = looks.seen([each for each in batch if isinstance(each, ReadFile)])
        size += sum(each.digests.size_bytes for each in batch if isinstance(each, ReadFile))
        answered += len(batch)
        with units() as work:
            point = passes.keep_found(
                work,
                running.begun.id,
                seen,
                skipped=[each for each in batch if isinstance(each, SkippedEntry)],
                position=position,
                since=position - 1,
                bytes_read=size,
                answered=answered,
                sorted_material=sorted_material,
            )
        yield _progress(running, point, monotonic_seconds() - begun)


def _progress(running: Running, point: Checkpoint, seconds: float) -> Progress:
    return Progress(
        bytes_read=point.bytes_read,
        size_bytes=running.begun.facts.size_bytes,
        entries=point.entries,
        findings=point.findings,
        seconds=seconds,
        kept_before=running.bytes_read,
    )


class _Looks:
    """Looks at what a folder holds, each file opened a second time."""

    def __init__(self, units: Units, work: Work, folder: Path) -> None:
        self._units, self._folder = units, folder
        self._box = box_of(work.node.settings)
        self._likenesses, self._not_searched = begun_looking(work)
        self._places: dict[str, tuple[bytes, int]] = {}

    def seen(self, files: Sequence[ReadFile]) -> list[Seen]:
        """The files with what the box makes of those that are unknown."""
        self._places = {}
        found: list[Digested] = []
        for file in files:
            for begin, each in _digested(file):
                self._places[each.entry.path] = file.place, begin
                found.append(each)
        with self._units() as work:
            why_not = to_look_at(work, found, likenesses=self._likenesses)
        return looked_at(found, why_not, self._look, at_once=len(os.sched_getaffinity(0)))

    def _look(self, found: Digested) -> list[Seen]:
        try:
            place, begin = self._places[found.entry.path]
            with opened_again(self._folder, place) as handle:
                source = pieces_from(handle, begin) if begin else handle
                return hashed_parts(self._box, found, source, self._not_searched)
        except OSError:
            return not_looked(found, CHANGED)


def _digested(file: ReadFile) -> Iterator[tuple[int, Digested]]:
    """A file, and an archive that stands behind its content: each by where in the file it begins."""
    entry = Entry(
        path=file.path,
        kind=EntryKind.FILE,
        state=EntryState.PRESENT,
        size=file.digests.size_bytes,
        volume=0,
        times=Times(modified=file.modified_ns),
    )
    yield 0, Digested(entry=entry, digests=file.digests, looks=file.looks)
    if file.behind is not None:
        begin, digests = file.behind
        path = path_behind(file.path, begin)
        entry = replace(entry, path=path, kind=EntryKind.STREAM, size=digests.size_bytes)
        yield begin, Digested(entry=entry, digests=digests, looks=Content.ARCHIVE.value)
