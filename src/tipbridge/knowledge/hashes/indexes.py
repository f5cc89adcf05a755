"""Index files of lists: built from a version in the database, and the ones in use by a process.

A folder for each version under `lists/` in the data folder: one exact index for each kind of
digest and one near index for PDQ hashes and frames, as `parts` writes them. It appears whole, with
a manifest that names the version's digest, or not at all.
"""

import json
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Engine

from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import machine_now, monotonic_seconds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.engine.files import IndexDamaged
from tipbridge.knowledge.hashes.engine.near import TooMany
from tipbridge.knowledge.hashes.engine.warming import warm_up
from tipbridge.knowledge.hashes.lookups import Touched
from tipbridge.knowledge.hashes.model import DigestKind, HashList
from tipbridge.knowledge.hashes.parts import (
    Part,
    Told,
    continue_part,
    open_part,
    write_part,
)
from tipbridge.knowledge.hashes.rules import EXACT_KINDS, NEAR_KINDS, holds

log = structlog.get_logger("tipbridge")

FOLDER = "lists"
MANIFEST = "manifest.json"
FORM = 3
"""The form of a manifest; files of another are built anew."""
FRESH_SECONDS = 0.5
"""How long a process goes by what it saw of versions and validity."""
RETRY_SECONDS = 600.0
"""How long a process leaves a list alone whose files it could not build."""
_NEAR = "near"
_EARLIER = 10
"""How many versions back one is looked for that can go on until the newest has its files."""
_PARTS: Mapping[str, tuple[DigestKind, ...]] = {
    **{kind.value: (kind,) for kind in EXACT_KINDS},
    _NEAR: NEAR_KINDS,
}
Manifest = dict[str, Any]
Stamp = tuple[int, int]
"""Which file a manifest is, and when it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListIndex:
    """One version of a list, mapped.

    Shape: `stamp` tells its manifest from one that is written later.
    """

    list: HashList
    version: int
    content_sha256: str
    stamp: Stamp | None = None
    exact_parts: Mapping[DigestKind, Part]
    near_part: Part | None

    def find(self, kind: DigestKind, digest: bytes) -> Touched:
        """Rows with exactly this digest."""
        part = self.exact_parts.get(kind)
        if part is None:
            return Touched()
        return Touched(rows=tuple((row, 0) for row in part.find(digest)))

    def search(self, hash_: bytes, radius: int, most: int) -> Touched:
        """Rows whose hash is within `radius` bits of this one."""
        if self.near_part is None:
            return Touched()
        found = self.near_part.search(hash_, radius, most)
        if isinstance(found, TooMany):
            nearest = self.near_part.nearest(hash_, radius, most)
            return Touched(rows=tuple((row, bits) for row, bits in nearest), too_many=True)
        return Touched(rows=tuple((each.entry, each.distance_bits) for each in found.neighbours))

    def find_many(
        self, kind: DigestKind, digests: Sequence[bytes]
    ) -> Iterator[tuple[int, int | None, int]]:
        """`find` for many digests of one width: place among them, row and distance of each hit."""
        part = self.exact_parts.get(kind)
        if part is not None:
            found = part.find_many(_as_rows(digests))
            yield from zip(found.queries.tolist(), found.entries.tolist(), repeat(0), strict=False)

    def search_many(
        self, hashes: Sequence[bytes], radius: int, most: int
    ) -> Iterator[tuple[int, int | None, int]]:
        """`search` for many hashes: place, row and distance of each hit; no row for too many."""
        if self.near_part is None:
            return
        for place, found in enumerate(self.near_part.search_many(_as_rows(hashes), radius, most)):
            if isinstance(found, TooMany):
                yield place, None, 0
                for row, bits in self.near_part.nearest(hashes[place], radius, most):
                    yield place, row, bits
            else:
                for each in found.neighbours:
                    yield place, each.entry, each.distance_bits

    def part_of(self, kind: DigestKind) -> Part | None:
        """The part in which a kind's rows are."""
        return self.near_part if kind in NEAR_KINDS else self.exact_parts.get(kind)

    def mark(self, kind: DigestKind, row: int) -> str | None:
        """What the list says of a row."""
        part = self.part_of(kind)
        return None if part is None else part.mark(row)

    def entry_id(self, kind: DigestKind, row: int) -> int:
        """The database's own id of a row."""
        part = self.part_of(kind)
        assert part is not None
        return part.entry_id(row)

    def is_of(self, hash_list: HashList) -> bool:
        """Whether it is the version of the list that is in effect, of the content that was signed."""
        told = hash_list.id, hash_list.active_version, hash_list.content_sha256
        return told == (self.list.id, self.version, self.content_sha256)

    def verify(self) -> None:
        """IndexDamaged unless every file is bit for bit what was built."""
        for part in (*self.exact_parts.values(), self.near_part):
            if part is not None:
                part.verify()


def _as_rows(digests: Sequence[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1)


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


def build_indexes(
    work: Work, hash_list: HashList, version: int, content_sha256: str, *, anew: bool = False
) -> int:
    """Write the index files of a version, within the caller's own action; says how many rows.

    Shape: with `anew` from the database alone, nothing is taken over from a version before. The folder of an earlier version goes away once this one is there; who has it open
    keeps it.
    """
    target = folder_of(work.node, hash_list.id, version)
    making = target.with_name(f"{target.name}.{work.ids.new()}")
    making.mkdir(parents=True)
    try:
        before = None if anew else _before(work, target, version)
        manifest = _written(work, hash_list.id, version, making, before)
        told = json.dumps({**manifest, "content_sha256": content_sha256}, ensure_ascii=False)
        (making / MANIFEST).write_text(told, "utf-8")
        if target.exists():
            shutil.rmtree(target)
        making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    for other in target.parent.iterdir():
        if other.name < target.name:
            shutil.rmtree(other, ignore_errors=True)
    parts = cast("dict[str, dict[str, int]]", manifest["parts"])
    return sum(each["rows"] + each["added"] - each["removed"] for each in parts.values())


def _written(
    work: Work, list_id: str, version: int, making: Path, before: tuple[Path, Manifest] | None
) -> Manifest:
    """Every part of a version: what an earlier one has with the changes beside it, or anew."""
    parts: dict[str, Told] = {}
    for name, kinds in _PARTS.items():
        found = None
        if before is not None:
            found = continue_part(
                work, list_id, version, kinds, making / name,
                before=before[0] / name, told=before[1]["parts"][name],
            )  # fmt: skip
        if found is None:
            for left in making.glob(f"{name}*"):
                left.unlink()
            found = write_part(work, list_id, version, kinds, making / name)
        parts[name] = found
    return {"form": FORM, "version": version, "parts": parts}


def _before(work: Work, target: Path, version: int) -> tuple[Path, Manifest] | None:
    """The files of the newest earlier version that are of what was signed then."""
    signed = {
        each.number: each.content_sha256 for each in store.versions(work.db, target.parent.name)
    }
    for number in range(version - 1, max(0, version - _EARLIER), -1):
        folder = target.with_name(f"{number:06d}")
        manifest = _manifest(folder)
        if manifest is not None and manifest["content_sha256"] == signed.get(number):
            return folder, manifest
    return None


def _manifest(folder: Path) -> Manifest | None:
    """What was written of a folder; None where there is none, or of an earlier program."""
    try:
        found = cast("Manifest", json.loads((folder / MANIFEST).read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return None
    return found if found.get("form") == FORM else None


def _stamp(folder: Path) -> Stamp | None:
    """Which manifest lies in a folder; None where there is none."""
    try:
        found = (folder / MANIFEST).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def is_as_the_database_gives(work: Work, hash_list: HashList, version: int) -> bool:
    """Whether a version's manifest names those files that are built from the database once more.

    Shape: builds all of them beside, to compare them; takes as long and as much room as building.
    """
    target = folder_of(work.node, hash_list.id, version)
    manifest = _manifest(target)
    if manifest is None:
        return False
    with TemporaryDirectory(prefix="checked.", dir=target.parent) as name:
        built, continued = Path(name, "built"), Path(name, "continued")
        built.mkdir()
        continued.mkdir()
        for part, kinds in _PARTS.items():
            said = manifest["parts"][part]
            told = write_part(work, hash_list.id, said["since"], kinds, built / part)
            now = continue_part(
                work, hash_list.id, version, kinds, continued / part,
                before=built / part, told=told,
            )  # fmt: skip
            if now != said:
                return False
    return True


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
    stamp, manifest = _stamp(folder), _manifest(folder)
    if manifest is None:
        return None
    parts = {
        name: open_part(folder / name, kinds, manifest["parts"][name])
        for name, kinds in _PARTS.items()
    }
    return ListIndex(
        list=hash_list,
        version=version,
        content_sha256=str(manifest["content_sha256"]),
        stamp=stamp,
        exact_parts={kind: part for kind in EXACT_KINDS if (part := parts[kind.value]) is not None},
        near_part=parts[_NEAR],
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
        self._unbuilt: dict[tuple[str, int | None], float] = {}

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

    def note_unbuilt(self, hash_list: HashList) -> None:
        """Leave a list's files alone for a while: they could not be built."""
        again = monotonic_seconds() + RETRY_SECONDS
        self._unbuilt[hash_list.id, hash_list.active_version] = again

    def may_build(self, hash_list: HashList) -> bool:
        """Whether a list's files are to be built now, as far as this process tried before."""
        again = self._unbuilt.get((hash_list.id, hash_list.active_version), 0.0)
        return monotonic_seconds() >= again

    def renew(self, work: Work) -> Catalogue:
        """Look again which versions are in effect, within the caller's work."""
        lists = lists_in_effect(work)
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
        held, active = self._open.get(hash_list.id), hash_list.active_version
        assert active is not None
        for version in range(active, max(0, active - _EARLIER), -1):
            stamp = _stamp(folder_of(self._node, hash_list.id, version))
            if held is not None and held.version == version and stamp in {held.stamp, None}:
                return replace(held, list=hash_list) if version == active else held
            try:
                found = open_index(self._node, hash_list, version)
            except IndexDamaged:  # it is built again; until then the one before goes on
                log.warning("index damaged", list=hash_list.id, version=version)
                continue
            if found is None or (
                version == active and found.content_sha256 != hash_list.content_sha256
            ):
                continue
            return found
        return held


def lists_in_effect(work: Work) -> list[HashList]:
    """The lists in effect now, by name, within the caller's own action."""
    return [
        each
        for each in store.all_lists(work.db)
        if each.active_version is not None and holds(each.valid_until, work.now)
    ]


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
