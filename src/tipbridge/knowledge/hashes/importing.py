"""One file into the version of a list that is being prepared: all of it, or nothing."""

import hashlib
from collections import Counter
from collections.abc import Generator, Iterable
from itertools import islice
from typing import cast

from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.errors import SHOWN_REJECTS, ListRejected
from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Entry,
    Found,
    Gone,
    HashList,
    Mode,
    Passed,
    Reject,
    Trivial,
)

BATCH_ENTRIES = 10_000


class Digested:
    """The lines of a file as they are read, and then the digest of its bytes."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self._digest = hashlib.sha256()

    def __iter__(self) -> Generator[bytes]:
        """The lines, each digested as it comes by."""
        for line in self._lines:
            self._digest.update(line)
            yield line

    def sha256(self) -> str:
        """The digest of what was read so far."""
        return self._digest.hexdigest()


class Loading:
    """What became of each record of one file."""

    def __init__(self, work: Work, hash_list: HashList, version: int, mode: Mode) -> None:
        self._work, self._list, self._version, self._mode = work, hash_list, version, mode
        self.rejects: list[Reject] = []
        self.reject_count = 0
        self.trivial: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        self.added = self.changed = self.removed = self.already_there = self.not_there = 0

    def load(self, found: Iterable[Found]) -> None:
        """Write every entry of a file into the version.

        Errors: ListRejected with line numbers, when a record is no entry; the caller's work
        is then taken back whole.
        """
        if self._mode is Mode.REPLACE:
            store.begin_whole(self._work.db)
        kept = self._kept(found)
        while batch := list(islice(kept, BATCH_ENTRIES)):
            if not self.reject_count:
                self._write(batch)
        if self.reject_count:
            raise ListRejected(self.rejects, self.reject_count)
        if self._mode is Mode.REPLACE:
            self.removed += store.remove_others(self._work.db, self._list.id, self._version)

    def _kept(self, found: Iterable[Found]) -> Generator[Entry | Gone]:
        for record in found:
            if isinstance(record, Reject):
                self.reject_count += 1
                if len(self.rejects) < SHOWN_REJECTS:
                    self.rejects.append(record)
            elif isinstance(record, Trivial):
                self.trivial[record.what] += 1
            elif isinstance(record, Passed):
                self.passed_over[record.why] += 1
            else:
                yield record

    def _write(self, batch: list[Entry | Gone]) -> None:
        entries = [each for each in batch if isinstance(each, Entry)]
        gone = [each for each in batch if isinstance(each, Gone)]
        if self._mode is Mode.REMOVE:
            gone += [Gone(kind=each.kind, digest=each.digest) for each in entries]
            entries = []
        self._remove(gone)
        if entries:
            self._add(entries)

    def _add(self, entries: list[Entry]) -> None:
        distinct = {_place(each): each for each in entries}
        if self._mode is Mode.REPLACE:
            store.stage_whole(self._work.db, list(distinct.values()))
        added, changed = store.add_entries(
            self._work.db, self._list.id, self._version, list(distinct.values())
        )
        self.added += added
        self.changed += changed
        self.already_there += len(entries) - added - changed

    def _remove(self, gone: list[Gone]) -> None:
        if not gone:
            return
        removed = store.remove_entries(self._work.db, self._list.id, self._version, gone)
        self.removed += removed
        self.not_there += max(0, len(set(gone)) - removed)


def _place(entry: Entry) -> tuple[DigestKind, bytes | tuple[str, int]]:
    """What of a list can be there only once: a digest, or a frame of a video."""
    if entry.frame is None:
        return entry.kind, entry.digest
    return entry.kind, (cast("str", entry.item), entry.frame)
