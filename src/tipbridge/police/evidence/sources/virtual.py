"""Virtual disks, read by libyal's libraries: QCOW2 (libqcow) and VMDK (libvmdk).

The library is given an object that reads a descriptor that is open already, so that it works
behind the walls; it opens no file by its name, neither an extent's nor a parent's.
"""

import os
from collections.abc import Sequence
from typing import Protocol

import pyqcow
import pyvmdk

from tipbridge.police.evidence.sources.ewf_sections import BadImage
from tipbridge.police.evidence.sources.model import Gap, GapReason, StoredDigests

SECTOR_BYTES = 512
VIRTUAL = frozenset({"qcow2", "vmdk"})
_BACKED = "it holds only what changed against another image"
_OTHER_EXTENTS = "it is made of other files than its descriptor names"


class _Disk(Protocol):
    """What both libraries' handles do."""

    def read_buffer_at_offset(self, size: int, offset: int) -> bytes:
        """Bytes of the medium. Errors: OSError."""
        ...


class _Handle:
    """A descriptor as the file object that the libraries ask for. It only reads."""

    def __init__(self, handle: int, size: int) -> None:
        self._handle, self._size, self._at = handle, size, 0

    def read(self, size: int) -> bytes:
        """Bytes from where it stands."""
        data = os.pread(self._handle, size, self._at)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> None:
        """Stand somewhere else."""
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def get_offset(self) -> int:
        """The same by the name that the libraries use."""
        return self._at

    def get_size(self) -> int:
        """How long the file is."""
        return self._size


class VirtualSource:
    """A virtual disk in one file, or in those that follow its descriptor. Errors: BadImage for what is none, or is not whole by itself."""

    stored = StoredDigests()
    notes: tuple[str, ...] = ()
    header: tuple[str, ...] = ()

    def __init__(self, kind: str, parts: Sequence[tuple[int | None, int]]) -> None:
        self.kind = kind
        self._files = [_Handle(handle, size) for handle, size in parts if handle is not None]
        if not self._files or len(self._files) < len(parts):
            raise BadImage("a file of it is not there")
        try:
            self._disk, self.size_bytes = (_qcow if kind == "qcow2" else _vmdk)(self._files)
        except OSError as error:
            raise BadImage(f"libyal can't read it: {str(error)[:120]}") from error

    def read(self, offset: int, length: int) -> tuple[bytes, list[Gap]]:
        """These bytes; what can't be read is found sector by sector."""
        inside = max(0, min(length, self.size_bytes - offset))
        data, gaps = self._inside(offset, inside) if inside else (b"", [])
        if inside < length:
            lost = length - inside
            gaps.append(Gap(offset=offset + inside, length=lost, reason=GapReason.SOURCE_TOO_SHORT))
        return data + bytes(length - inside), gaps

    def _inside(self, offset: int, length: int) -> tuple[bytes, list[Gap]]:
        data = self._whole(offset, length)
        if data is not None:
            return data, []
        out, gaps = bytearray(), list[Gap]()
        for at in range(offset, offset + length, SECTOR_BYTES):
            take = min(SECTOR_BYTES, offset + length - at)
            piece = self._whole(at, take)
            if piece is None:
                gaps.append(Gap(offset=at, length=take, reason=GapReason.READ_ERROR))
            out += bytes(take) if piece is None else piece
        return bytes(out), gaps

    def _whole(self, offset: int, length: int) -> bytes | None:
        try:
            data = self._disk.read_buffer_at_offset(length, offset)
        except OSError:
            return None
        return data if len(data) == length else None


def _qcow(files: list[_Handle]) -> tuple[_Disk, int]:
    disk = pyqcow.file()
    disk.open_file_object(files[0])
    if disk.get_backing_filename():
        raise BadImage(_BACKED)
    return disk, int(disk.get_media_size())


def _vmdk(files: list[_Handle]) -> tuple[_Disk, int]:
    disk = pyvmdk.handle()
    disk.open_file_object(files[0])
    if disk.get_parent_filename():
        raise BadImage(_BACKED)
    extents = files[1:] or files
    if disk.get_number_of_extents() != len(extents):
        raise BadImage(_OTHER_EXTENTS)
    disk.open_extent_data_files_as_file_objects([*extents])
    return disk, int(disk.get_media_size())
