"""An image examined in one pass: in the order in which things lie, on every core, to the end.

The pass is kept in steps. Whatever ends it, the next call goes on at the last step, and what
comes out is the same: entries are listed and ordered from the medium alone.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import passes
from tipbridge.police.evidence.acquired import Held, acquisitions_done, hold_against
from tipbridge.police.evidence.acquiring.model import Acquisition
from tipbridge.police.evidence.begun import open_medium
from tipbridge.police.evidence.folding import folded
from tipbridge.police.evidence.listed import every_entry
from tipbridge.police.evidence.looking import Looking
from tipbridge.police.evidence.marking import Marking, Progress, Tell
from tipbridge.police.evidence.model import Examination, Running, SourceFacts, UnreadRange
from tipbridge.police.evidence.readers import MediaRead, Readers, reading
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import Entry, EntryFault, EntryKind, EntryState
from tipbridge.police.evidence.reading.narrowing import narrowed
from tipbridge.police.evidence.reading.ranges import complement, overlaps
from tipbridge.police.evidence.reading.wire import MANY_RUNS
from tipbridge.police.evidence.readings import Reading
from tipbridge.police.evidence.sources.model import joined
from tipbridge.police.evidence.sources.opening import OpenImage, opened_image

CHECKPOINT_ENTRIES, CHECKPOINT_SECONDS = 4000, 20.0
_BATCH_ENTRIES, _BATCH_BYTES = 256, 8 * 1024 * 1024


Engine = Callable[[OpenImage, Path], AbstractContextManager[Readers]]


def examine_image(
    node: Node,
    actor: Actor,
    exhibit_id: str,
    *,
    image: Path,
    sorted_material: bool = False,
    reason: str | None = None,
    tell: Tell | None = None,
    checkpoint_entries: int = CHECKPOINT_ENTRIES,
    engine: Engine | None = None,
    form: str | None = None,
) -> Examination:
    """Examine an image by its first file, or go on with an examination of it.

    Shape: an engine says where the readers stand; without one on this machine, one for each core; `form`
    is the examiner's word for what the file is, raw for the medium byte for byte.

    Errors: NoImage; those of `open_medium` and `begin_pass`; ReaderKilled when no reader can
    stay alive over the medium.
    """
    with opened_image(image, form=form) as opened:
        with open_work(node, actor) as work:
            there = open_medium(work, exhibit_id, source=str(image.absolute()), reason=reason)
            made = acquisitions_done(work, exhibit_id)
        marking = Marking(lambda: open_work(node, actor), there.id, tell)
        with (engine or _on_every_core)(opened, image) as readers:
            before, entries, facts, held = _looked_at(readers, opened, image, made, marking)
            with open_work(node, actor) as work:
                running = passes.begin_pass(
                    work,
                    exhibit_id,
                    facts,
                    reason=reason,
                    opened=there,
                    sorted_material=sorted_material,
                )
            steps = _Steps(
                node, actor, running, checkpoint_entries, sorted_material=sorted_material
            )
            marking.begins(Reading.FILES, facts.size_bytes, read=running.bytes_read)
            for progress in steps.take(readers, Looking(node, actor, readers), entries):
                if tell is not None:
                    tell(progress)
            after = _digest_after(readers, marking, steps, facts.size_bytes)
        unread = unread_ranges(entries, before, steps.unprocessed, facts.size_bytes)
        with open_work(node, actor) as work:
            return passes.finish_pass(
                work,
                running.begun.id,
                sha256_after=after,
                unread=unread,
                held=held,
            )


def _digest_after(readers: Readers, marking: Marking, steps: "_Steps", size: int) -> str:
    """The SHA-256 of the whole medium once more."""
    told = marking.begins(Reading.AFTER, size, entries=steps.entries, findings=steps.findings)
    with readers.one() as reader:
        read = reader.media("sha256", tell=told)
    told(size)
    return read.digests["sha256"]


def _on_every_core(opened: OpenImage, _image: Path) -> AbstractContextManager[Readers]:
    return reading(opened, len(os.sched_getaffinity(0)))


def _looked_at(
    readers: Readers,
    opened: OpenImage,
    image: Path,
    made: Sequence[Acquisition],
    marking: Marking,
) -> tuple[MediaRead, list[Entry], SourceFacts, Held | None]:
    """The medium's digests, its entries in the order in which they lie, what it is, and what its
    acquisition says of it, whose bad ranges no reader takes for the medium's from then on.
    """
    with readers.one() as reader:
        size = reader.about().size_bytes
    told = marking.begins(Reading.BEFORE, size)
    media = readers.media(told)
    told(size)
    marking.begins(Reading.LISTING, size)
    with readers.one() as reader:
        about, notes = reader.about(), reader.stored_notes()
        held = hold_against(
            made,
            source=str(image.absolute()),
            size_bytes=about.size_bytes,
            sha256=media.digests["sha256"],
            segments_of=reader.segments,
        )
    if held is not None and held.bad:
        readers.mark([(gap.offset, gap.length) for gap in held.bad])
        media = replace(media, gaps=tuple(joined([*media.gaps, *held.gaps])))
    with readers.one() as reader:
        listed = narrowed(every_entry(reader), [(gap.offset, gap.length) for gap in media.gaps])
    entries = sorted(listed, key=lambda each: each.first_byte)
    facts = SourceFacts(
        source=str(image.absolute()),
        source_kind=about.kind if len(opened.parts) == 1 else f"{about.kind}, {len(opened.parts)}",
        size_bytes=about.size_bytes,
        entries=len(entries),
        md5=media.digests["md5"],
        sha1=media.digests["sha1"],
        sha256=media.digests["sha256"],
        stored_md5=about.stored.md5,
        stored_sha1=about.stored.sha1,
        notes=about.notes + notes + (opened.notes if held is None else ()),
        header=about.header,
    )
    return media, entries, facts, held


def batches_of(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Entries in batches of a few megabytes; the same entries give the same batches."""
    batch: list[Entry] = []
    size = runs = 0
    for entry in entries:
        batch.append(entry)
        size += entry.size
        runs += len(entry.runs)
        if len(batch) >= _BATCH_ENTRIES or size >= _BATCH_BYTES or runs >= MANY_RUNS:
            yield batch
            batch, size, runs = [], 0, 0
    if batch:
        yield batch


class _Steps:
    """Takes batches to the readers and keeps what comes back, a checkpoint at a time."""

    def __init__(
        self,
        node: Node,
        actor: Actor,
        running: Running,
        checkpoint_entries: int,
        *,
        sorted_material: bool,
    ) -> None:
        self._node, self._actor, self._running = node, actor, running
        self._every, self._sorted = checkpoint_entries, sorted_material
        self._size = running.begun.facts.size_bytes
        reached = running.reached
        self._position = 0 if reached is None else reached.position
        self._kept = self._position
        self._entries = 0 if reached is None else reached.entries
        self._findings = 0 if reached is None else reached.findings
        self._answered = 0 if reached is None else reached.answered
        self._bytes = self._before = running.bytes_read

    @property
    def entries(self) -> int:
        """How many entries were kept."""
        return self._entries

    @property
    def findings(self) -> int:
        """How many findings were kept."""
        return self._findings

    @property
    def unprocessed(self) -> set[tuple[str, int]]:
        """Path and place of every entry that the pass has not processed."""
        with open_work(self._node, self._actor) as work:
            return passes.unprocessed_of(work, self._running.begun.id)

    def take(
        self, readers: Readers, looking: Looking, entries: Sequence[Entry]
    ) -> Iterator[Progress]:
        """Everything that was not kept yet; says after each step how far it is."""
        begun = kept_at = monotonic_seconds()
        gone = {
            (each.first_byte, each.size) for each in entries if each.state is EntryState.DELETED
        }
        batches = list(batches_of(entries))[self._position :]
        waiting: list[Digested] = []
        for batch, found in zip(batches, readers.digest(batches), strict=True):
            missing = unanswered(batch, found)
            told = [*found, *missing]
            waiting += folded(each for each in told if not _found_by_name(each.entry, gone))
            self._position += 1
            self._answered += len(batch) - len(missing)
            self._bytes += sum(each.size for each in batch)
            now = monotonic_seconds()
            if len(waiting) >= self._every or now - kept_at >= CHECKPOINT_SECONDS:
                self._keep(looking, waiting)
                waiting, kept_at = [], now
                yield self._progress(now - begun)
        if self._position > self._kept:
            self._keep(looking, waiting)
        yield self._progress(monotonic_seconds() - begun)

    def _keep(self, looking: Looking, waiting: Sequence[Digested]) -> None:
        found = looking.seen(waiting)
        with open_work(self._node, self._actor) as work:
            point = passes.keep_found(
                work,
                self._running.begun.id,
                found,
                position=self._position,
                since=self._kept,
                bytes_read=min(self._bytes, self._size),
                answered=self._answered,
                sorted_material=self._sorted,
                lookups=looking.lookups,
            )
        self._kept = self._position
        self._entries, self._findings = point.entries, point.findings

    def _progress(self, seconds: float) -> Progress:
        return Progress(
            bytes_read=min(self._bytes, self._size),
            size_bytes=self._size,
            entries=self._entries,
            findings=self._findings,
            seconds=seconds,
            kept_before=self._before,
        )


def unanswered(batch: Iterable[Entry], found: Iterable[Digested]) -> list[Digested]:
    """What of a batch no answer is about: unprocessed, and said to be."""
    left = Counter(_key(each.entry) for each in found)
    missing: list[Digested] = []
    for entry in batch:
        if left[_key(entry)]:
            left[_key(entry)] -= 1
        else:
            said = replace(entry, fault=EntryFault.UNREADABLE, detail="no reader answered for it")
            missing.append(Digested(entry=said))
    return missing


def _key(entry: Entry) -> tuple[str, str, int, int]:
    return entry.path, entry.kind, entry.first_byte, entry.size


def _found_by_name(entry: Entry, gone: set[tuple[int, int]]) -> bool:
    """Whether what was carved is a deleted file that its name leads to as well."""
    return entry.kind is EntryKind.CARVED and (entry.first_byte, entry.size) in gone


def unread_ranges(
    entries: Iterable[Entry],
    media: MediaRead,
    unprocessed: set[tuple[str, int]],
    size_bytes: int,
) -> list[UnreadRange]:
    """What of the medium no processed entry covers, each range with its reason, in order."""
    runs: list[tuple[int, int]] = []
    faults: list[tuple[Entry, EntryFault | None]] = []
    for entry in entries:
        if (entry.path, entry.first_byte) in unprocessed:
            faults.append((entry, entry.fault))
        else:
            runs += entry.runs
    found = [
        UnreadRange(start_byte=gap.offset, length=gap.length, reason=gap.reason)
        for gap in media.gaps
    ]
    covered = runs + [(gap.offset, gap.length) for gap in media.gaps]
    for offset, length in complement(0, size_bytes, covered):
        why = next(
            (
                fault or EntryFault.UNREADABLE
                for entry, fault in faults
                if overlaps(entry.runs, offset, length)
            ),
            EntryFault.UNREADABLE,
        )
        found.append(UnreadRange(start_byte=offset, length=length, reason=why))
    return sorted(found, key=lambda each: each.start_byte)
