"""A set of known-good files in SQLite form, read row by row into entries."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.knowngood import store
from tipbridge.knowledge.hashes.model import DigestKind, Entry, Found, Reject, Scheme
from tipbridge.knowledge.hashes.rules import checked, digest_words, read_digest

FORM = "nsrl"
MAGIC = b"SQLite format 3\0"
_KINDS = {"sha256": DigestKind.SHA256, "sha1": DigestKind.SHA1, "md5": DigestKind.MD5}
_BESIDE = ("-wal", "-journal")


class SetFile:
    """A file that holds a set, and the digest of its bytes once it was read.

    Errors: Invalid when it can't be read, is no SQLite database, or is still being written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path = path.resolve()
        with self._open() as file:
            start, self._state = file.read(len(MAGIC)), _state(file)
        if start != MAGIC:
            raise Invalid(
                f"{path.name} is no SQLite database; take it out of its archive first, and read"
                " NSRL's text form with --form text."
            )
        for ending in _BESIDE:
            beside = path.with_name(path.name + ending)
            if beside.exists() and beside.stat().st_size:
                raise Invalid(
                    f"{path.name} is not complete: {beside.name} holds what was not yet written"
                    " into it; close the program that has it open."
                )

    def sha256(self) -> str:
        """The digest of the file. Errors: Invalid when it changed since it was first opened."""
        with self._open() as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            if _state(file) != self._state:
                raise Invalid(f"{self.path.name} changed while it was read; nothing was loaded.")
        return digest

    def _open(self) -> BufferedReader:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise Invalid(f"Cannot read {self.path.name}: {error.strerror}.") from error


def read_set(file: SetFile, scheme: Scheme) -> Iterator[Found]:
    """Every digest of every row; what a row repeats of the one before is left to that one.

    Errors: Invalid for a database that is damaged, or has no table of digests.
    """
    name = file.path.name
    try:
        with store.opened(file.path) as db:
            table = store.table_of(db)
            if table is None:
                raise Invalid(
                    f"{name} holds no set: no table {' or '.join(store.TABLES)} has a column"
                    f" {', '.join(store.COLUMNS)}."
                )
            fault = store.fault_of(db, table)
            if fault is not None:
                raise Invalid(f"{name} is damaged: table {table.name}: {fault}.")
            kinds = [_KINDS[column] for column in table.columns]
            before: tuple[object, ...] = ()
            for number, row in enumerate(store.digests(db, table), start=1):
                if row != before:
                    yield from _entries(number, kinds, row, scheme)
                before = row
    except sqlite3.Error as error:
        raise Invalid(f"{name} is damaged: {error}.") from error


def _entries(
    number: int, kinds: list[DigestKind], row: tuple[object, ...], scheme: Scheme
) -> Iterator[Found]:
    given = [(kind, cell) for kind, cell in zip(kinds, row, strict=True) if cell not in (None, b"")]
    if not given:
        yield Reject(line=number, reason="no digest")
    for kind, cell in given:
        text = cell.decode("ascii", "replace") if isinstance(cell, bytes) else ""
        digest = read_digest(kind, text)
        if digest is None:
            yield Reject(line=number, reason=f"not {digest_words(kind)} ({kind})")
        else:
            yield checked(number, Entry(kind=kind, digest=digest), scheme)


def _state(file: BufferedReader) -> tuple[int, ...]:
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
