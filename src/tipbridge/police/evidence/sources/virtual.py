"""Disks in files, read by libyal's libraries: VMDK (libvmdk), VHD and VHDX (libvhdi), Apple's disk
images (libmodi).

VDI, which libyal has no library for, is read by `vdi`, and QCOW2 by `qcow`.

The library is given an object that reads a descriptor that is open already, so that it works
behind the walls; it opens no file by its name, neither an extent's nor a parent's.
"""

import os
from collections.abc import Callable, Sequence
from typing import Protocol

import pymodi
import pyvhdi
import pyvmdk

from tipbridge.police.evidence.sources.dmg import check_packing, stored_sum_notes, table_sum_notes
from tipbridge.police.evidence.sources.ewf_sections import BadImage
from tipbridge.police.evidence.sources.model import Gap, GapReason, StoredDigests
from tipbridge.police.evidence.sources.qcow import QcowDisk
from tipbridge.police.evidence.sources.vdi import VdiDisk

SECTOR_BYTES = 512
_MOST_NAME = 120
_VHDX_HEADERS, _NO_LOG = (64 * 1024, 128 * 1024), bytes(16)
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
            self._disk, self.size_bytes = _OPEN[kind](self._files)
        except OSError as error:
            raise BadImage(f"libyal can't read it: {str(error)[:120]}") from error

    def stored_notes(self) -> list[str]:
        """What the file's own checksums say of it, by reading it whole. Errors: OSError."""
        if self.kind != "dmg":
            return []
        notes = stored_sum_notes(self._files[0])
        return notes + table_sum_notes(self._files[0], self.size_bytes, self._zeroed)

    def _zeroed(self, offset: int, length: int) -> bytes:
        """These bytes, zeros for what can't be had."""
        return self.read(offset, length)[0]

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
    disk = QcowDisk(files[0])
    return disk, disk.size_bytes


def _vmdk(files: list[_Handle]) -> tuple[_Disk, int]:
    disk = pyvmdk.handle()
    disk.open_file_object(files[0])
    _check_whole(disk.get_parent_filename())
    extents = files[1:] or files
    if disk.get_number_of_extents() != len(extents):
        raise BadImage(_OTHER_EXTENTS)
    disk.open_extent_data_files_as_file_objects([*extents])
    return disk, int(disk.get_media_size())


def _vhd(files: list[_Handle]) -> tuple[_Disk, int]:
    disk = pyvhdi.file()
    disk.open_file_object(files[0])
    if disk.get_disk_type() == pyvhdi.disk_types.DIFFERENTIAL:
        _check_whole(disk.get_parent_filename() or "of no name")
    return disk, int(disk.get_media_size())


def _vhdx(files: list[_Handle]) -> tuple[_Disk, int]:
    if _has_log(files[0]):
        raise BadImage("changes stand in its log that were not written to their places")
    return _vhd(files)


def _has_log(file: _Handle) -> bool:
    """Whether the newer of a VHDX's two headers names a log that is to be replayed.

    Source: Microsoft, [MS-VHDX], 2.2.2: sequence number at byte 8, the log's GUID at byte 48.
    """
    newest, log = -1, _NO_LOG
    for at in _VHDX_HEADERS:
        file.seek(at)
        header = file.read(64)
        sequence = int.from_bytes(header[8:16], "little")
        if header[:4] == b"head" and sequence > newest:
            newest, log = sequence, header[48:64]
    return log != _NO_LOG


def _vdi(files: list[_Handle]) -> tuple[_Disk, int]:
    disk = VdiDisk(files[0])
    return disk, disk.size_bytes


def _dmg(files: list[_Handle]) -> tuple[_Disk, int]:
    check_packing(files[0])
    disk = pymodi.handle()
    disk.open_file_object(files[0])
    return disk, int(disk.get_media_size())


def _check_whole(parent: str | None) -> None:
    """Errors: BadImage, which names the image that this one is a difference to."""
    if parent:
        name = "".join(each for each in parent[:_MOST_NAME] if each.isprintable())
        raise BadImage(f"it holds only what changed against another image ({name})")


_OPEN: dict[str, Callable[[list[_Handle]], tuple[_Disk, int]]] = {
    "qcow2": _qcow,
    "vmdk": _vmdk,
    "vhd": _vhd,
    "vhdx": _vhdx,
    "vdi": _vdi,
    "dmg": _dmg,
}
VIRTUAL = frozenset(_OPEN)
