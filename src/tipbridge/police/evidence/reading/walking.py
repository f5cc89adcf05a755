"""Every entry of a medium: what exists, what was deleted, slack, and the rest."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytsk3

from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.model import (
    Entry,
    EntryFault,
    EntryKind,
    EntryState,
    Times,
)
from tipbridge.police.evidence.reading.ranges import Run, complement, limited, stored
from tipbridge.police.evidence.reading.volumes import Volume, volumes_of

_MOST_DEPTH = 256
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
REST_PIECE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    record: int
    path: str
    depth: int
    deleted: bool


def entries_of(image: SourceImage) -> Iterator[Entry]:
    """Every entry of the medium, volume by volume; the rest of a volume comes last."""
    for volume in volumes_of(image):
        taken: list[tuple[int, int]] = []
        if volume.system is not None:
            for entry in _Walk(volume, image.get_size()).entries():
                if entry.state is EntryState.PRESENT:
                    taken += [run for run in entry.runs if run[0] >= 0]
                yield entry
        yield from _about(volume)
        if volume.fault is not EntryFault.ENCRYPTED_VOLUME:
            yield from _rest(volume, taken)


def _about(volume: Volume) -> Iterator[Entry]:
    """What is wrong with a volume as a whole."""
    base = Entry(
        path=volume.name,
        kind=EntryKind.STRUCTURE,
        state=EntryState.PRESENT,
        size=0,
        volume=volume.offset,
    )
    if volume.fault is EntryFault.ENCRYPTED_VOLUME:
        runs = ((volume.offset, volume.length),)
        yield replace(base, fault=volume.fault, detail=volume.detail, runs=runs, size=volume.length)
    elif volume.fault is not None:
        yield replace(base, fault=volume.fault)
    if volume.missing > 0:
        yield replace(
            base,
            fault=EntryFault.SOURCE_TOO_SHORT,
            detail=f"{volume.missing} bytes lie behind the end of the source",
        )


def _rest(volume: Volume, taken: list[tuple[int, int]]) -> Iterator[Entry]:
    for offset, length in complement(volume.offset, volume.length, taken):
        end = offset + length
        for at in range(offset, end, REST_PIECE_BYTES):
            size = min(REST_PIECE_BYTES, end - at)
            yield Entry(
                path=f"{volume.name}/$Rest@{at}",
                kind=EntryKind.REST,
                state=EntryState.PRESENT,
                size=size,
                volume=volume.offset,
                runs=((at, size),),
                reach=end - at,
            )


class _Walk:
    """One file system, folder by folder; what exists before what was deleted."""

    def __init__(self, volume: Volume, medium_bytes: int) -> None:
        assert volume.system is not None
        self._system, self._volume = volume.system, volume
        self._medium_bytes = medium_bytes
        self._block = int(self._system.info.block_size)
        self._as_it_lies = int(self._system.info.ftype) in _AS_IT_LIES
        self._seen: set[int] = set()
        self._present: deque[_Folder] = deque()
        self._gone: deque[_Folder] = deque()

    def entries(self) -> Iterator[Entry]:
        root = int(self._system.info.root_inum)
        self._enter(_Folder(record=root, path=self._volume.name, depth=0, deleted=False))
        while self._present or self._gone:
            folder = (self._present or self._gone).popleft()
            try:
                listing = self._system.open_dir(inode=folder.record)
                yield from self._listed(folder, listing)
            except OSError as error:
                yield self._faulty(
                    folder.path + "/", EntryFault.UNREADABLE_FOLDER, detail=_word(error)
                )

    def _enter(self, folder: _Folder) -> None:
        if folder.record not in self._seen:
            self._seen.add(folder.record)
            (self._gone if folder.deleted else self._present).append(folder)

    def _listed(self, folder: _Folder, listing: Any) -> Iterator[Entry]:  # noqa: ANN401 - of the library
        for file in listing:
            name = bytes(file.info.name.name)
            if name in {b".", b".."}:
                continue
            path = f"{folder.path}/{name.decode('utf-8', 'backslashreplace')}"
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
        count = 0
        for attribute in file:
            about = attribute.info
            if int(about.type) not in _DATA or (of_folder and about.name is None):
                continue
            if of_folder and int(about.type) == int(pytsk3.TSK_FS_ATTR_TYPE_DEFAULT):
                continue
            count += 1
            yield from self._stream(path, file, attribute, gone=gone)
        if not count and not of_folder:
            fault = EntryFault.NAME_ONLY if gone else EntryFault.NO_STREAM
            yield self._faulty(path, fault, deleted=gone)

    def _stream(self, path: str, file: Any, attribute: Any, *, gone: bool) -> Iterator[Entry]:  # noqa: ANN401
        about, meta = attribute.info, file.info.meta
        kind = EntryKind.STRUCTURE if meta.type in _VIRTUAL else EntryKind.FILE
        if about.name is not None or about.type == pytsk3.TSK_FS_ATTR_TYPE_HFS_RSRC:
            kind = EntryKind.STREAM
            path += ":" + bytes(about.name or b"rsrc").decode("utf-8", "backslashreplace")
        flags = int(about.flags)
        resident = not flags & _NON_RESIDENT
        runs = () if resident else self._runs(attribute)
        size = int(about.size)
        inside, slack = limited(runs, size)
        state = EntryState.DELETED if gone else EntryState.PRESENT
        plain = self._as_it_lies and not flags & (_ENCRYPTED | _COMPRESSED)
        as_it_lies = plain and stored(inside) == size == sum(length for _, length in inside)
        times = _times(meta)
        yield Entry(
            path=path,
            kind=kind,
            state=state,
            size=size,
            volume=self._volume.offset,
            runs=inside,
            record=int(meta.addr),
            attribute=None if as_it_lies else (int(about.type), int(about.id)),
            times=times,
            fault=self._fault(state, size, inside, flags, resident=resident),
        )
        if slack and not flags & _COMPRESSED and not gone:
            yield Entry(
                path=path + "/$Slack",
                kind=EntryKind.SLACK,
                state=state,
                size=sum(length for _, length in slack),
                volume=self._volume.offset,
                runs=slack,
                times=times,
            )

    def _fault(
        self, state: EntryState, size: int, runs: tuple[Run, ...], flags: int, *, resident: bool
    ) -> EntryFault | None:
        if flags & _ENCRYPTED:
            return EntryFault.ENCRYPTED_FILE
        if size > self._medium_bytes and stored(runs):
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


def _times(meta: Any) -> Times:  # noqa: ANN401 - of the library
    return Times(
        modified=int(meta.mtime) * 10**9 + int(meta.mtime_nano),
        accessed=int(meta.atime) * 10**9 + int(meta.atime_nano),
        created=int(meta.crtime) * 10**9 + int(meta.crtime_nano),
        changed=int(meta.ctime) * 10**9 + int(meta.ctime_nano),
    )


def _word(error: OSError) -> str:
    """The library's own word for a fault, without what it quotes from the medium."""
    return str(error).partition(":")[0][:80]
