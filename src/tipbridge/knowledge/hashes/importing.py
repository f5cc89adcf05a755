"""One file into the version of a list that is being prepared: all of it, or nothing."""

import hashlib
from collections import Counter
from collections.abc import Generator, Iterable
from itertools import islice

from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes.errors import SHOWN_REJECTS, ListRejected
from tipbridge.knowledge.hashes.incoming import store
from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Entry,
    Found,
    Gone,
    HashList,
    Mode,
    Reject,
    Trivial,
)

BATCH_RECORDS = 10_000


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
        self._entries, self._frames = 0, False
        self._gone: list[tuple[int, Gone]] = []

    def load(self, found: Iterable[Found]) -> None:
        """Write every entry of a file into the version; of one place the file's last word counts.

        Errors: ListRejected with line numbers, when a record is no entry; the caller's work
        is then taken back whole.
        """
        db, place = self._work.db, (self._list.id, self._version)
        store.make_room(db)
        kept = enumerate(self._kept(found))
        while batch := list(islice(kept, BATCH_RECORDS)):
            if not self.reject_count:
                self._take(batch)
        if self.reject_count:
            raise ListRejected(self.rejects, self.reject_count)
        if self._gone:
            self.removed, self.not_there = store.leave_out(db, *place, self._gone)
        whole = self._mode is Mode.REPLACE
        done = store.merge(db, *place, frames=self._frames, whole=whole)
        self.added, self.changed = done.added, done.changed
        self.removed += done.removed
        self.not_there += done.not_there
        self.already_there = self._entries - done.added - done.changed

    @property
    def changes(self) -> int:
        """How many entries of the list are others now."""
        return self.added + self.changed + self.removed

    def _kept(self, found: Iterable[Found]) -> Generator[Entry | Gone]:
        for record in found:
            if isinstance(record, (Entry, Gone)):
                yield record
            elif isinstance(record, Reject):
                self.reject_count += 1
                if len(self.rejects) < SHOWN_REJECTS:
                    self.rejects.append(record)
            elif isinstance(record, Trivial):
                self.trivial[record.what] += 1
            else:
                self.passed_over[record.why] += 1

    def _take(self, batch: list[tuple[int, Entry | Gone]]) -> None:
        entries = [(number, each) for number, each in batch if isinstance(each, Entry)]
        self._gone += [(number, each) for number, each in batch if isinstance(each, Gone)]
        if self._mode is Mode.REMOVE:
            # A digest of frames ends more than one place of a list.
            frames = [(n, each) for n, each in entries if each.kind is DigestKind.VPDQ]
            self._gone += [(n, Gone(kind=each.kind, digest=each.digest)) for n, each in frames]
            entries = [(n, each) for n, each in entries if each.kind is not DigestKind.VPDQ]
        else:
            self._entries += len(entries)
            self._frames = self._frames or any(each.frame is not None for _, each in entries)
        store.take(self._work.db, entries, gone=self._mode is Mode.REMOVE)
