"""One index file of a version with what changed since it was built, and the entries by row.

Beside each index file lie the entries' ids and marks by row. A later version that changes at most
one row in a hundred takes the same files over (another name for them, no copy) and writes what
changed beside; past that its files are built anew from the database, and the changes are in them.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.bulk import store as bulk
from tipbridge.knowledge.hashes.engine import exact, near
from tipbridge.knowledge.hashes.engine.changes import MERGE_SHARE, ExactLookup, NearLookup
from tipbridge.knowledge.hashes.engine.exact import ExactIndex
from tipbridge.knowledge.hashes.engine.files import IndexDamaged
from tipbridge.knowledge.hashes.engine.near import Found, NearIndex, TooMany
from tipbridge.knowledge.hashes.lookups import LOOKED_AT
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.rules import HEX_DIGITS, NEAR_KINDS

NO_MARK = 0
_IDS, _MARKS = ".ids.npy", ".marks.npy"
_ADDED, _ADDED_IDS, _ADDED_MARKS = ".added.npy", ".added.ids.npy", ".added.marks.npy"
_REMOVED = ".removed.npy"
_BESIDE = (_IDS, _MARKS)
_BUILT = ("", *_BESIDE)
_CHANGES = (_ADDED, _ADDED_IDS, _ADDED_MARKS, _REMOVED)
Words = dict[str | None, int]
"""The marks of a part, and the number that stands for each."""
Told = dict[str, Any]
"""What a manifest says of a part."""
Row = tuple[bytes, int, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One index file and its changes, mapped.

    Shape: rows of the file are numbered from 0, added ones go on behind them. `sums` are the
    digests of the index file and of those beside it, by their endings; `beside` are the latter.
    """

    path: Path
    lookup: ExactLookup | NearLookup
    ids: NDArray[np.int64]
    marks: NDArray[np.uint32]
    added_ids: NDArray[np.int64]
    added_marks: NDArray[np.uint32]
    words: tuple[str | None, ...]
    sums: Mapping[str, str]
    beside: Mapping[str, NDArray[Any]]

    def find(self, digest: bytes) -> tuple[int, ...]:
        """Rows with exactly this digest."""
        return cast("ExactLookup", self.lookup).find(digest)

    def search(self, hash_: bytes, radius: int, most: int) -> Found | TooMany:
        """Rows whose hash is within `radius` bits of this one."""
        return cast("NearLookup", self.lookup).search(hash_, radius, most)

    def nearest(self, hash_: bytes, radius: int, most: int) -> list[list[int]]:
        """Of too many near rows those to be told of: of each mark the nearest, and the nearest.

        Shape: row and bits, the nearest first; `most` of the LOOKED_AT nearest.
        """
        found = cast("NearLookup", self.lookup).nearest(hash_, radius, max(most, LOOKED_AT))
        marks = self._marks_of(found[:, 0])
        of_marks = np.sort(np.unique(marks, return_index=True)[1])[:most]
        others = np.setdiff1d(np.arange(len(found)), of_marks)[: most - len(of_marks)]
        told: list[list[int]] = found[np.union1d(of_marks, others)].tolist()
        return told

    def find_many(self, digests: NDArray[np.uint8]) -> exact.Matches:
        """`find` for many digests."""
        return cast("ExactLookup", self.lookup).find_many(digests)

    def search_many(
        self, hashes: NDArray[np.uint8], radius: int, most: int
    ) -> list[Found | TooMany]:
        """`search` for many hashes."""
        return cast("NearLookup", self.lookup).search_many(hashes, radius, most)

    def entry_id(self, row: int) -> int:
        """The database's own id of a row."""
        beyond = row - len(self.ids)
        return int(self.ids[row] if beyond < 0 else self.added_ids[beyond])

    def mark(self, row: int) -> str | None:
        """A row's mark."""
        beyond = row - len(self.marks)
        return self.words[int(self.marks[row] if beyond < 0 else self.added_marks[beyond])]

    def _marks_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers of the marks of many rows."""
        marks, is_added = np.empty(len(rows), np.int64), rows >= len(self.marks)
        marks[~is_added] = self.marks[rows[~is_added]]
        marks[is_added] = self.added_marks[rows[is_added] - len(self.marks)]
        return marks

    def verify(self) -> None:
        """IndexDamaged unless every file is bit for bit what was built."""
        for ending, sha256 in self.sums.items():
            if _sum(self.path, ending) != sha256:
                raise IndexDamaged(_at(self.path, ending), "is not what was built")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCopy:
    """The bytes of a part, for another process or host.

    Shape: `whole` is the index file, `beside` the arrays of the files beside it, by their endings.
    """

    name: str
    whole: NDArray[np.uint8]
    beside: Mapping[str, NDArray[Any]]
    words: tuple[str | None, ...]


def open_part(path: Path, kinds: tuple[DigestKind, ...], told: Told) -> Part | None:
    """Map a part; None where the version has no such entries. Errors: IndexDamaged."""
    if not told["rows"]:
        return None
    try:
        return _opened(path, kinds, told)
    except (FileNotFoundError, ValueError) as error:
        raise IndexDamaged(path, "lacks a file, or one of them is none") from error


def _opened(path: Path, kinds: tuple[DigestKind, ...], told: Told) -> Part:
    endings = (*_BESIDE, *_CHANGES) if told["added"] or told["removed"] else _BESIDE
    beside = {each: _mapped(path, each) for each in endings}
    base = (NearIndex if kinds == NEAR_KINDS else ExactIndex).open(path)
    return _joined(path, base, beside, tuple(told["words"]), told["sums"])


def copied_part(part: Part) -> PartCopy:
    """All that a part is looked into by, as arrays over its files: nothing is copied here."""
    file = part.lookup.base.file
    assert file is not None
    return PartCopy(
        name=part.path.name,
        whole=file.whole,
        beside={ending: np.asarray(array) for ending, array in part.beside.items()},
        words=part.words,
    )


def held_part(copy: PartCopy, *, is_near: bool) -> Part:
    """A part that looks into a copy where it lies. Errors: IndexDamaged."""
    path, whole = Path(copy.name), copy.whole.data
    base = (NearIndex if is_near else ExactIndex).held(path, whole)
    return _joined(path, base, copy.beside, copy.words, {})


def _joined(
    path: Path,
    base: NearIndex | ExactIndex,
    beside: Mapping[str, NDArray[Any]],
    words: tuple[str | None, ...],
    sums: Mapping[str, str],
) -> Part:
    ids, marks = beside[_IDS], beside[_MARKS]
    lookup = NearLookup(base=base) if isinstance(base, NearIndex) else ExactLookup(base=base)
    added_ids, added_marks = ids[:0], marks[:0]
    if _ADDED in beside:
        digests, removed = beside[_ADDED], beside[_REMOVED]
        added_ids, added_marks = beside[_ADDED_IDS], beside[_ADDED_MARKS]
        numbered = ((each.tobytes(), len(ids) + row) for row, each in enumerate(digests))
        lookup = lookup.changed(numbered, removed.tolist())
    return Part(
        path=path,
        lookup=lookup,
        ids=ids,
        marks=marks,
        added_ids=added_ids,
        added_marks=added_marks,
        words=words,
        sums=sums,
        beside=beside,
    )


def write_part(
    work: Work, list_id: str, version: int, kinds: tuple[DigestKind, ...], path: Path
) -> Told:
    """Build a part of a version anew, from the database; what a manifest says of it.

    Shape: the same version gives the same files, whatever order its rows are read in.
    """
    width = HEX_DIGITS[kinds[0]] // 2
    known = {
        mark: number
        for number, mark in enumerate(bulk.marks(work.db, list_id, version, kinds), NO_MARK + 1)
    }
    found = [
        (piece["digest"], piece["id"].astype(np.int64), piece["mark"].astype(np.uint32))
        for piece in bulk.index_rows(work.db, list_id, version, kinds, known, width)
    ]
    digests, ids, marks = (np.concatenate(columns) for columns in zip(*found, strict=True))
    told: Told = {
        "rows": 0, "since": version, "added": 0, "removed": 0, "sums": {},
        "words": [None, *known], "words_built": NO_MARK + 1 + len(known),
    }  # fmt: skip
    if not len(digests):
        return told
    order = np.argsort(ids, kind="stable")
    digests, ids, marks = digests[order], ids[order], marks[order]
    numbers = np.arange(len(digests), dtype=np.uint32)
    (near if kinds == NEAR_KINDS else exact).build(path, digests, numbers)
    _saved(path, _IDS, ids)
    _saved(path, _MARKS, marks)
    return told | {"rows": len(digests), "sums": {each: _sum(path, each) for each in _BUILT}}


def continue_part(
    work: Work,
    list_id: str,
    version: int,
    kinds: tuple[DigestKind, ...],
    path: Path,
    *,
    before: Path,
    told: Told,
) -> Told | None:
    """Take over the files of an earlier version and write beside them what changed since.

    Shape: None when too much changed, or they can't be taken over: then they are built anew.
    """
    since, most = told["since"], told["rows"] // MERGE_SHARE
    db, bound = work.db, most + 1
    added = store.rows_added(db, list_id, since=since, version=version, kinds=kinds, most=bound)
    removed = store.rows_removed(db, list_id, since=since, version=version, kinds=kinds, most=bound)
    if len(added) + len(removed) > most:
        return None
    if not told["rows"]:
        return dict(told)
    try:
        for ending in _BUILT:
            os.link(_at(before, ending), _at(path, ending))
    except OSError:  # another file system, or one that has no second names
        return None
    rows = np.flatnonzero(np.isin(_mapped(path, _IDS), np.array(removed, np.int64)))
    if len(rows) != len(removed):
        return None
    words = {mark: number for number, mark in enumerate(told["words"][: told["words_built"]])}
    width = HEX_DIGITS[kinds[0]] // 2
    saved = (*_columns(added, width, words), rows.astype(np.uint32))
    sums = {ending: told["sums"][ending] for ending in _BUILT}
    if added or removed:
        for ending, array in zip(_CHANGES, saved, strict=True):
            sums[ending] = _saved(path, ending, array)
    changed = {"added": len(added), "removed": len(removed), "sums": sums}
    return {**told, **changed, "words": list(words)}


def _columns(
    rows: list[Row], width: int, words: Words
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint32]]:
    joined = b"".join(digest for digest, _, _ in rows)
    numbers = [words.setdefault(mark, len(words)) for _, _, mark in rows]
    return (
        np.frombuffer(joined, np.uint8).reshape(-1, width),
        np.array([id_ for _, id_, _ in rows], np.int64),
        np.array(numbers, np.uint32),
    )


def _at(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _mapped(path: Path, ending: str) -> NDArray[Any]:
    return np.load(_at(path, ending), mmap_mode="r")


def _saved(path: Path, ending: str, array: NDArray[Any]) -> str:
    np.save(_at(path, ending), array)
    return _sum(path, ending)


def _sum(path: Path, ending: str) -> str:
    try:
        with _at(path, ending).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
