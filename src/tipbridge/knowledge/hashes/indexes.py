"""Index files of lists: built from a version in the database, and the ones in use by a process.

A folder for each version under `lists/` in the data folder: one exact index for each kind of
digest, one near index for PDQ hashes and frames, and beside each the entries' ids and marks by
row. It appears whole, with a manifest that names the version's digest, or not at all.
"""

import json
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Engine

from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import machine_now, monotonic_seconds
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.engine import exact, near
from tipbridge.knowledge.hashes.engine.exact import ExactIndex
from tipbridge.knowledge.hashes.engine.files import IndexDamaged
from tipbridge.knowledge.hashes.engine.near import NearIndex, TooMany
from tipbridge.knowledge.hashes.engine.warming import warm_up
from tipbridge.knowledge.hashes.lookups import Touched
from tipbridge.knowledge.hashes.model import DigestKind, HashList
from tipbridge.knowledge.hashes.rules import EXACT_KINDS, HEX_DIGITS, NEAR_KINDS, holds

log = structlog.get_logger("tipbridge")

FOLDER = "lists"
MANIFEST = "manifest.json"
FRESH_SECONDS = 0.5
"""How long a process goes by what it saw of versions and validity."""
_NEAR = "near"
_EARLIER = 10
"""How many versions back one is looked for that can go on until the newest has its files."""
_CHUNK = 1 << 16
NO_MARK = 0
_Row = tuple[bytes, int, str | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """One index file, and by row of it the entries' ids and marks."""

    index: ExactIndex | NearIndex
    ids: NDArray[np.int64]
    marks: NDArray[np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListIndex:
    """One version of a list, mapped."""

    list: HashList
    version: int
    content_sha256: str
    words: tuple[str | None, ...]
    exact_parts: Mapping[DigestKind, _Part]
    near_part: _Part | None

    def find(self, kind: DigestKind, digest: bytes) -> Touched:
        """Rows with exactly this digest."""
        part = self.exact_parts.get(kind)
        if part is None:
            return Touched()
        return Touched(rows=tuple((row, 0) for row in cast("ExactIndex", part.index).find(digest)))

    def search(self, hash_: bytes, radius: int, most: int) -> Touched:
        """Rows whose hash is within `radius` bits of this one."""
        if self.near_part is None:
            return Touched()
        found = cast("NearIndex", self.near_part.index).search(hash_, radius, most)
        if isinstance(found, TooMany):
            return Touched(too_many=True)
        return Touched(rows=tuple((each.entry, each.distance_bits) for each in found.neighbours))

    def part_of(self, kind: DigestKind) -> _Part | None:
        """The part in which a kind's rows are."""
        return self.near_part if kind in NEAR_KINDS else self.exact_parts.get(kind)

    def mark(self, kind: DigestKind, row: int) -> str | None:
        """What the list says of a row."""
        part = self.part_of(kind)
        return None if part is None else self.words[int(part.marks[row])]

    def entry_id(self, kind: DigestKind, row: int) -> int:
        """The database's own id of a row."""
        part = self.part_of(kind)
        assert part is not None
        return int(part.ids[row])

    def verify(self) -> None:
        """IndexDamaged unless every file is bit for bit what was built."""
        for part in (*self.exact_parts.values(), self.near_part):
            if part is not None:
                part.index.verify()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The lists in effect that this process can look into, and those it can't yet.

    Shape: `seen_at` is the node's time when it was made.
    """

    indexes: tuple[ListIndex, ...] = ()
    missing: tuple[HashList, ...] = ()
    seen_at: datetime


def folder_of(node: Node, list_id: str, version: int) -> Path:
    """Where the index files of a version are."""
    return node.data / FOLDER / list_id / f"{version:06d}"


def build_indexes(work: Work, hash_list: HashList, version: int, content_sha256: str) -> int:
    """Write the index files of a version, within the caller's own action; says how many rows.

    Shape: the folder of an earlier version goes away once this one is there; who has it open
    keeps it.
    """
    target = folder_of(work.node, hash_list.id, version)
    making = target.with_name(f"{target.name}.{work.ids.new()}")
    making.mkdir(parents=True)
    words: dict[str | None, int] = {None: NO_MARK}
    try:
        counts = {
            kind.value: _build_part(work, hash_list, version, (kind,), making / kind, words)
            for kind in EXACT_KINDS
        }
        counts[_NEAR] = _build_part(work, hash_list, version, NEAR_KINDS, making / _NEAR, words)
        manifest = {
            "version": version,
            "content_sha256": content_sha256,
            "counts": counts,
            "words": list(words),
        }
        (making / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
        if target.exists():
            shutil.rmtree(target)
        making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    for other in target.parent.iterdir():
        if other.name < target.name:
            shutil.rmtree(other, ignore_errors=True)
    return sum(counts.values())


def _build_part(  # noqa: PLR0917 - one file of one version
    work: Work,
    hash_list: HashList,
    version: int,
    kinds: Iterable[DigestKind],
    path: Path,
    words: dict[str | None, int],
) -> int:
    kinds = tuple(kinds)
    width = HEX_DIGITS[kinds[0]] // 2
    digests: list[NDArray[np.uint8]] = []
    ids: list[NDArray[np.int64]] = []
    marks: list[NDArray[np.uint16]] = []
    rows = store.index_rows(work.db, hash_list.id, version, kinds)
    for chunk in _chunks(rows):
        joined = b"".join(digest for digest, _, _ in chunk)
        digests.append(np.frombuffer(joined, np.uint8).reshape(-1, width))
        ids.append(np.array([id_ for _, id_, _ in chunk], np.int64))
        numbers = [words.setdefault(mark, len(words)) for _, _, mark in chunk]
        if len(words) > np.iinfo(np.uint16).max:
            raise IntegrityFailure("A list with more than 65,535 different marks has no index.")
        marks.append(np.array(numbers, np.uint16))
    if not digests:
        return 0
    table = np.concatenate(digests)
    numbers = np.arange(len(table), dtype=np.uint32)
    (near if kinds == NEAR_KINDS else exact).build(path, table, numbers)
    np.save(path.with_suffix(".ids"), np.concatenate(ids))
    np.save(path.with_suffix(".marks"), np.concatenate(marks))
    return len(table)


def _chunks(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def is_built(node: Node, hash_list: HashList) -> bool:
    """Whether the version of a list in effect has its index files, of that content."""
    assert hash_list.active_version is not None
    try:
        found = open_index(node, hash_list, hash_list.active_version)
    except IndexDamaged:
        return False
    return found is not None and found.content_sha256 == hash_list.content_sha256


def open_index(node: Node, hash_list: HashList, version: int) -> ListIndex | None:
    """Map the files of a version; None where they are not there or of something else.

    Errors: IndexDamaged.
    """
    folder = folder_of(node, hash_list.id, version)
    try:
        manifest = cast("dict[str, Any]", json.loads((folder / MANIFEST).read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return None
    counts = cast("dict[str, int]", manifest["counts"])
    parts = {
        kind: _open_part(ExactIndex.open(folder / kind), folder / kind)
        for kind in EXACT_KINDS
        if counts[kind]
    }
    near_part = (
        _open_part(NearIndex.open(folder / _NEAR), folder / _NEAR) if counts[_NEAR] else None
    )
    return ListIndex(
        list=hash_list,
        version=version,
        content_sha256=str(manifest["content_sha256"]),
        words=tuple(manifest["words"]),
        exact_parts=parts,
        near_part=near_part,
    )


def _open_part(index: ExactIndex | NearIndex, path: Path) -> _Part:
    return _Part(
        index=index,
        ids=np.load(f"{path}.ids.npy", mmap_mode="r"),
        marks=np.load(f"{path}.marks.npy", mmap_mode="r"),
    )


class Indexes:
    """The indexes that this process has open, renewed when a version takes effect.

    Until the files of a new version are there, the one before goes on: an answer names the
    version it is from.
    """

    def __init__(self, node: Node) -> None:
        self._node, self._lock = node, threading.Lock()
        self._open: dict[str, ListIndex] = {}
        self._catalogue: Catalogue | None = None
        self._renew_at = 0.0

    def catalogue(self) -> Catalogue:
        """The lists in effect; what was seen of them is at most half a second old."""
        found = self._catalogue
        if found is not None and monotonic_seconds() < self._renew_at:
            return found
        if found is not None and not self._lock.acquire(blocking=False):
            return found  # somebody else is looking already
        if found is None:
            self._lock.acquire()
        try:
            with open_work(self._node, WORKER) as work:
                return self.renew(work)
        finally:
            self._lock.release()

    def held(self) -> Catalogue | None:
        """What is known without asking anybody; None when it has to be looked at again."""
        return self._catalogue if monotonic_seconds() < self._renew_at else None

    def renew(self, work: Work) -> Catalogue:
        """Look again which versions are in effect, within the caller's work."""
        lists = [
            each
            for each in store.all_lists(work.db)
            if each.active_version is not None and holds(each.valid_until, work.now)
        ]
        opened = {each.id: self._renewed(each) for each in lists}
        self._open = {id_: index for id_, index in opened.items() if index is not None}
        if self._open:
            _warm_once()
        self._catalogue = Catalogue(
            indexes=tuple(self._open.values()),
            missing=tuple(each for each in lists if opened[each.id] is None),
            seen_at=work.now,
        )
        self._renew_at = monotonic_seconds() + FRESH_SECONDS
        return self._catalogue

    def _renewed(self, hash_list: HashList) -> ListIndex | None:
        held = self._open.get(hash_list.id)
        assert hash_list.active_version is not None
        if held is not None and held.version == hash_list.active_version:
            return replace(held, list=hash_list)
        newest = range(hash_list.active_version, max(0, hash_list.active_version - _EARLIER), -1)
        for version in newest:
            if held is not None and held.version == version:
                return held
            try:
                found = open_index(self._node, hash_list, version)
            except IndexDamaged:  # it is built again; until then the one before goes on
                log.warning("index damaged", list=hash_list.id, version=version)
                continue
            if found is not None:
                return found
        return held


def warm_lookups(node: Node) -> int:
    """Map the lists in effect and load the kernels, before anybody asks; says how many lists."""
    return len(indexes_of(node).catalogue().indexes)


_warm = threading.Event()
_warming = threading.Lock()


def _warm_once() -> None:
    """Load the kernels into this process; whoever comes meanwhile waits for it."""
    with _warming:
        if not _warm.is_set():
            warm_up()
            _warm.set()


_indexes: dict[Engine, Indexes] = {}
_making = threading.Lock()


def indexes_of(node: Node) -> Indexes:
    """The indexes that this process has open for a node."""
    with _making:
        return _indexes.setdefault(node.engine, Indexes(node))


def now_of(node: Node, catalogue: Catalogue) -> datetime:
    """The node's time without a question to the database: at most half a second behind."""
    return catalogue.seen_at if node.synthetic else machine_now()
