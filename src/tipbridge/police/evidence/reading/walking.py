"""Every entry of a file system: what exists, what was deleted, and slack."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytsk3

from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.initialised import Initialised
from tipbridge.police.evidence.reading.inodes import Inodes
from tipbridge.police.evidence.reading.model import (
    PACKED_BY_MACOS,
    Entry,
    EntryFault,
    EntryKind,
    EntryState,
    Place,
    Times,
    shortened,
)
from tipbridge.police.evidence.reading.packing import (
    Packing,
    is_content,
    packed_by_windows,
)
from tipbridge.police.evidence.reading.ranges import Run, behind, limited, stored, up_to
from tipbridge.police.evidence.reading.valid import ValidLengths
from tipbridge.police.evidence.reading.volumes import ANYWHERE, Route, Volume

_MOST_DEPTH = 256
_MOST, _MOST_RUNS = 1 << 62, 1_000_000
_LATEST = (1 << 63) - 1
"""In the year 2262; what is said to be later is kept as this."""
_DATA = frozenset(
    int(kind)
    for kind in (
        pytsk3.TSK_FS_ATTR_TYPE_DEFAULT,
        pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA,
        pytsk3.TSK_FS_ATTR_TYPE_HFS_DEFAULT,
        pytsk3.TSK_FS_ATTR_TYPE_HFS_DATA,
        pytsk3.TSK_FS_ATTR_TYPE_HFS_RSRC,
    )
)
_FOLDERS = (pytsk3.TSK_FS_META_TYPE_DIR, pytsk3.TSK_FS_META_TYPE_VIRT_DIR)
_VIRTUAL = (pytsk3.TSK_FS_META_TYPE_VIRT,)
_FILES = (pytsk3.TSK_FS_META_TYPE_REG, *_VIRTUAL)
_NOT_STORED = int(pytsk3.TSK_FS_ATTR_RUN_FLAG_SPARSE) | int(pytsk3.TSK_FS_ATTR_RUN_FLAG_FILLER)
_NON_RESIDENT = int(pytsk3.TSK_FS_ATTR_NONRES)
_AS_IT_LIES = frozenset(
    int(getattr(pytsk3, f"TSK_FS_TYPE_{name}"))
    for name in ("FAT12", "FAT16", "FAT32", "EXT2", "EXT3", "EXT4")
)
"""Systems whose files are their runs. The others may keep half a file initialised, or packed."""
_ENCRYPTED, _COMPRESSED = int(pytsk3.TSK_FS_ATTR_ENC), int(pytsk3.TSK_FS_ATTR_COMP)
_DELETED = int(pytsk3.TSK_FS_META_FLAG_UNALLOC)
_NAME_DELETED = int(pytsk3.TSK_FS_NAME_FLAG_UNALLOC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    record: int
    path: str
    depth: int
    deleted: bool


class Walk:
    """One file system, folder by folder; what exists before what was deleted."""

    def __init__(self, volume: Volume, image: SourceImage, route: Route = ANYWHERE) -> None:
        assert volume.system is not None
        self._system, self._volume = volume.system, volume
        self._medium_bytes, self._route = image.get_size(), route
        self._block = int(self._system.info.block_size)
        self._as_it_lies = int(self._system.info.ftype) in _AS_IT_LIES
        self._is_hfs = self._system.info.ftype == pytsk3.TSK_FS_TYPE_HFS
        self._initialised = Initialised(volume.system)
        self._inodes = Inodes(image, volume.offset)
        self._valid = ValidLengths(image, volume.offset)
        self._seen: set[int] = set()
        self._present: deque[_Folder] = deque()
        self._gone: deque[_Folder] = deque()

    def entries(self) -> Iterator[Entry]:
        """Folder by folder, the root first."""
        root = int(self._system.info.root_inum)
        self._enter(_Folder(record=root, path=self._volume.name, depth=0, deleted=False))
        while self._present or self._gone:
            folder = (self._present or self._gone).popleft()
            path = folder.path + "/"
            if not self._route.leads_to(Place(volume=self._volume.offset, folder=folder.record)):
                yield self._faulty(path, EntryFault.READER_KILLED, detail="as it is listed")
                continue
            try:
                listing = self._system.open_dir(inode=folder.record)
                yield from self._listed(folder, listing)
            except OSError as error:
                yield self._faulty(path, EntryFault.UNREADABLE_FOLDER, detail=_word(error))

    def _enter(self, folder: _Folder) -> None:
        if folder.record not in self._seen:
            self._seen.add(folder.record)
            (self._gone if folder.deleted else self._present).append(folder)

    def _listed(self, folder: _Folder, listing: Any) -> Iterator[Entry]:  # noqa: ANN401 - of the library
        for file in listing:
            name = bytes(file.info.name.name)
            if name in {b".", b".."}:
                continue
            path = shortened(f"{folder.path}/{name.decode('utf-8', 'backslashreplace')}")
            yield from self._named(folder, path, file)

    def _named(self, folder: _Folder, path: str, file: Any) -> Iterator[Entry]:  # noqa: ANN401
        name_gone = bool(int(file.info.name.flags) & _NAME_DELETED)
        file = self._with_record(file)
        meta = None if file is None else file.info.meta
        if meta is None:
            yield self._faulty(path, EntryFault.NAME_ONLY, deleted=name_gone)
            return
        gone = bool(int(meta.flags) & _DELETED)
        if name_gone and not gone:
            yield self._faulty(path, EntryFault.NAME_REUSED, deleted=True)
            return
        if meta.type in _FOLDERS:
            if folder.depth >= _MOST_DEPTH:
                yield self._faulty(path + "/", EntryFault.UNREADABLE_FOLDER, detail="too deep")
                return
            depth = folder.depth + 1
            record = int(meta.addr)
            self._enter(_Folder(record=record, path=path, depth=depth, deleted=gone))
            yield from self._contents(path, file, gone=gone, of_folder=True)
        elif meta.type in _FILES:
            yield from self._contents(path, file, gone=gone)
        elif meta.type == pytsk3.TSK_FS_META_TYPE_LNK:
            yield self._faulty(path, EntryFault.SYMBOLIC_LINK, deleted=gone)
        else:
            yield self._faulty(path, EntryFault.SPECIAL_FILE, deleted=gone)

    def _with_record(self, file: Any) -> Any:  # noqa: ANN401 - of the library
        """The file with its record, which a listing does not load for what is deleted."""
        record = int(file.info.name.meta_addr)
        if file.info.meta is not None or not record:
            return file
        try:
            return self._system.open_meta(inode=record)
        except OSError:
            return None

    def _contents(
        self,
        path: str,
        file: Any,  # noqa: ANN401 - of the library
        *,
        gone: bool,
        of_folder: bool = False,
    ) -> Iterator[Entry]:
        count, packing = 0, Packing(int(file.info.meta.flags), of_hfs=self._is_hfs)
        attributes = list(file)
        is_packed = any(packed_by_windows(each.info) for each in attributes)
        for attribute in attributes:
            about = attribute.info
            if packing.leaves_out(about):
                continue
            if int(about.type) not in _DATA or (of_folder and about.name is None):
                continue
            if of_folder and int(about.type) == int(pytsk3.TSK_FS_ATTR_TYPE_DEFAULT):
                continue
            count += 1
            for entry in self._stream(path, file, attribute, gone=gone):
                lies_packed = is_packed and entry.kind is EntryKind.FILE and entry.size
                if lies_packed and not stored(entry.runs):
                    yield replace(entry, fault=EntryFault.PACKED_BY_SYSTEM)
                else:
                    yield entry
        if of_folder:
            return
        if packing.is_unread:
            yield self._faulty(path, EntryFault.UNREADABLE, deleted=gone, detail=PACKED_BY_MACOS)
        elif not count:
            fault = EntryFault.NAME_ONLY if gone else EntryFault.NO_STREAM
            yield self._faulty(path, fault, deleted=gone)

    def _stream(self, path: str, file: Any, attribute: Any, *, gone: bool) -> Iterator[Entry]:  # noqa: ANN401
        about, meta = attribute.info, file.info.meta
        kind = EntryKind.STRUCTURE if meta.type in _VIRTUAL else EntryKind.FILE
        if not is_content(about) or about.type == pytsk3.TSK_FS_ATTR_TYPE_HFS_RSRC:
            kind = EntryKind.STREAM
            name = bytes(about.name or b"rsrc").decode("utf-8", "backslashreplace")
            path = shortened(f"{path}:{name}")
        flags, size = int(about.flags), int(about.size)
        resident = not flags & _NON_RESIDENT
        runs = () if resident else self._runs(attribute)
        impossible = _impossible(size, runs)
        if impossible is not None:
            fault, said = impossible
            yield self._faulty(path, fault, deleted=gone, detail=said)
            return
        state = EntryState.DELETED if gone else EntryState.PRESENT
        inside, slack = limited(runs, size)
        if not resident and about.type == pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA:
            written = self._initialised.length(int(meta.addr), bytes(about.name or b""))
            if written is not None and written < size:
                slack = limited(runs, written)[1]
        valid = None if resident else self._valid.length(int(meta.addr), size)
        if valid is not None:
            slack = limited(runs, valid)[1]
            inside = (*limited(runs, valid)[0], (-1, size - valid))
        fault = self._fault(state, size, inside, flags, resident=resident)
        if size and self._inodes.is_encrypted(int(meta.addr)):
            fault = EntryFault.ENCRYPTED_FILE
        lost = behind(inside, self._medium_bytes)
        if lost:
            inside, slack = up_to(inside, self._medium_bytes), up_to(slack, self._medium_bytes)
            fault = fault or EntryFault.SOURCE_TOO_SHORT
        plain = self._as_it_lies and not flags & (_ENCRYPTED | _COMPRESSED)
        as_it_lies = plain and stored(inside) == size == sum(length for _, length in inside)
        as_it_lies = as_it_lies or valid is not None
        entry = Entry(
            path=path,
            kind=kind,
            state=state,
            size=size,
            volume=self._volume.offset,
            runs=inside,
            record=int(meta.addr),
            attribute=None if as_it_lies else (int(about.type), int(about.id)),
            times=_times(meta),
            fault=fault,
            detail=f"{lost} of its bytes lie behind the end of the source" if lost else "",
        )
        yield entry
        if slack and not flags & _COMPRESSED and not gone:
            yield _slack(entry, slack)

    def _fault(
        self, state: EntryState, size: int, runs: tuple[Run, ...], flags: int, *, resident: bool
    ) -> EntryFault | None:
        if flags & _ENCRYPTED:
            return EntryFault.ENCRYPTED_FILE
        if size > self._medium_bytes and (stored(runs) or state is EntryState.DELETED):
            return EntryFault.LARGER_THAN_MEDIUM
        if state is EntryState.DELETED and not size:
            return EntryFault.NAME_ONLY
        if resident or not size or flags & _COMPRESSED:
            return None
        if not stored(runs) and state is EntryState.PRESENT:
            return EntryFault.NOTHING_STORED
        return EntryFault.CONTENT_INCOMPLETE if sum(length for _, length in runs) < size else None

    def _runs(self, attribute: Any) -> tuple[tuple[int, int], ...]:  # noqa: ANN401
        found: list[tuple[int, int]] = []
        for run in attribute:
            length = int(run.len) * self._block
            empty = int(run.flags) & _NOT_STORED
            offset = -1 if empty else self._volume.offset + int(run.addr) * self._block
            found.append((offset, length))
            if len(found) > _MOST_RUNS:
                break
        return tuple(found)

    def _faulty(
        self, path: str, fault: EntryFault, *, deleted: bool = False, detail: str = ""
    ) -> Entry:
        return Entry(
            path=path,
            kind=EntryKind.FILE,
            state=EntryState.DELETED if deleted else EntryState.PRESENT,
            size=0,
            volume=self._volume.offset,
            fault=fault,
            detail=detail,
        )


def _impossible(size: int, runs: tuple[Run, ...]) -> tuple[EntryFault, str] | None:
    """Why no file can be what its record says."""
    if not 0 <= size <= _MOST:
        return EntryFault.LARGER_THAN_MEDIUM, f"its record says {size % 2**64} bytes"
    if len(runs) > _MOST_RUNS:
        return EntryFault.UNREADABLE, f"its record says more than {_MOST_RUNS} pieces"
    if any(offset + length > _MOST for offset, length in runs):
        return EntryFault.UNREADABLE, "its record leads to where no medium reaches"
    return None


def _slack(entry: Entry, slack: tuple[Run, ...]) -> Entry:
    return Entry(
        path=entry.path + "/$Slack",
        kind=EntryKind.SLACK,
        state=entry.state,
        size=sum(length for _, length in slack),
        volume=entry.volume,
        runs=slack,
        times=entry.times,
    )


def _times(meta: Any) -> Times:  # noqa: ANN401 - of the library
    return Times(
        modified=_moment(meta.mtime, meta.mtime_nano),
        accessed=_moment(meta.atime, meta.atime_nano),
        created=_moment(meta.crtime, meta.crtime_nano),
        changed=_moment(meta.ctime, meta.ctime_nano),
    )


def _moment(seconds: Any, part: Any) -> int:  # noqa: ANN401 - of the library
    return max(-_MOST, min(int(seconds) * 10**9 + int(part), _LATEST))


def _word(error: OSError) -> str:
    """The library's own word for a fault, without what it quotes from the medium."""
    return str(error).partition(":")[0][:80]
