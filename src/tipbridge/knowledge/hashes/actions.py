"""Verbs on hash lists, and the exact look-up that other rooms' actions use."""

import hashlib
from collections.abc import Generator, Iterable
from itertools import islice

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.errors import ListNameTaken, ListRejected
from tipbridge.knowledge.hashes.model import (
    Entry,
    HashList,
    Hit,
    ImportCounts,
    ListPurpose,
    Reject,
    Trivial,
)
from tipbridge.knowledge.hashes.rules import read_line

BATCH_ENTRIES = 10_000
NAME_LENGTH = 100
LINE_LENGTH = 1_000


@action("hashes.list.added", roles=(Role.ANALYST, Role.EXAMINER))
def add_list(work: Work, *, name: str, purpose: str, source: str) -> HashList:
    """Open an empty list; its purpose is one of the closed set or it does not load.

    Errors: Invalid for another purpose or an empty name; ListNameTaken.
    """
    if purpose not in set(ListPurpose):
        raise Invalid(f"A hash list's purpose is one of: {', '.join(ListPurpose)}.")
    if not name.strip() or len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(f"A hash list needs a name of 1 to {NAME_LENGTH} printable characters.")
    if not source.strip():
        raise Invalid("A hash list needs a source: the body that answers for its entries.")
    if store.list_by_name(work.db, name) is not None:
        raise ListNameTaken(name)
    new = HashList(
        id=work.ids.new(),
        name=name,
        purpose=ListPurpose(purpose),
        source=source,
        added_at=work.now,
        imported_at=None,
        file_sha256=None,
        entry_count=0,
    )
    store.add_list(work.db, new)
    work.record(new.id, purpose=new.purpose)
    return new


@action("hashes.list.imported", roles=(Role.ANALYST, Role.EXAMINER))
def import_list(work: Work, *, name: str, lines: Iterable[bytes]) -> ImportCounts:
    """Add the entries of a file to a list: all of them, or none when a line is no entry.

    Errors: NotFound; ListRejected with the line numbers.
    """
    list_id, _ = find_list(work, name)
    reading = _Reading(lines)
    added = 0
    entries = reading.entries()
    while batch := list(islice(entries, BATCH_ENTRIES)):
        if not reading.rejects:
            distinct = {each.digest: each for each in batch}
            added += store.add_entries(work.db, list_id, list(distinct.values()))
    if reading.rejects:
        raise ListRejected(reading.rejects)
    counts = ImportCounts(
        added=added,
        already_there=reading.entry_count - added,
        trivial_refused=reading.trivial_count,
        file_sha256=reading.file_sha256(),
    )
    store.note_import(work.db, list_id, work.now, counts.file_sha256)
    work.record(
        list_id,
        added=counts.added,
        already_there=counts.already_there,
        trivial_refused=counts.trivial_refused,
        file_sha256=counts.file_sha256,
    )
    return counts


@action("hashes.lists.read", roles=(Role.ANALYST, Role.EXAMINER, Role.INVESTIGATOR, Role.AUDITOR))
def list_lists(work: Work) -> list[HashList]:
    """Every list with its purpose, source and number of entries."""
    found = store.all_lists(work.db)
    work.record("all", count=len(found))
    return found


def known(work: Work, digests: Iterable[str]) -> dict[str, tuple[Hit, ...]]:
    """Which of these digests stand on a list, within the caller's own action.

    Shape: lower-case hexadecimal (MD5, SHA-1 or SHA-256); digests without a hit are left out.
    """
    return store.known(work.db, digests)


def find_list(work: Work, name: str) -> tuple[str, ListPurpose]:
    """The id and purpose of a list, within the caller's own action. Errors: NotFound."""
    found = store.list_by_name(work.db, name)
    if found is None:
        raise NotFound("hash list", name)
    return found


class _Reading:
    """One pass over a list file: its entries, and what was not an entry."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self._digest = hashlib.sha256()
        self.rejects: list[Reject] = []
        self.trivial_count = 0
        self.entry_count = 0

    def entries(self) -> Generator[Entry]:
        """The entries in order; rejects and trivial lines are kept aside."""
        for number, raw in enumerate(self._lines, start=1):
            self._digest.update(raw)
            found = self._read(number, raw)
            if isinstance(found, Reject):
                self.rejects.append(found)
            elif isinstance(found, Trivial):
                self.trivial_count += 1
            elif found is not None:
                self.entry_count += 1
                yield found

    def _read(self, number: int, raw: bytes) -> Entry | Reject | Trivial | None:
        if len(raw) > LINE_LENGTH:
            return Reject(line=number, reason=f"longer than {LINE_LENGTH} bytes")
        try:
            return read_line(number, raw.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError:
            return Reject(line=number, reason="not UTF-8")

    def file_sha256(self) -> str:
        """The digest of the file's bytes, once all entries were taken."""
        return self._digest.hexdigest()
