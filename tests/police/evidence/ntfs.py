"""Deletes a file of an NTFS image as Windows does: no name in the index, nothing of it in use.

What stays is its record, with the next sequence number and its list of clusters, and its bytes.
"""

from pathlib import Path
from typing import Any

import pytsk3

_BITMAP, _INDEX, _SECTOR = 0xB0, 0xA0, 512
_ROOT, _CLUSTERS = 5, 6


def delete(path: Path, record: int) -> None:
    """Delete the file of this record, which lies in the root."""
    system = pytsk3.FS_Info(pytsk3.Img_Info(str(path)))
    block = int(system.info.block_size)
    data = bytearray(path.read_bytes())
    file = system.open_meta(inode=record)
    clusters = [
        cluster
        for attribute in file
        if attribute.info.type == pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA
        for run in attribute
        for cluster in range(int(run.addr), int(run.addr) + int(run.len))
    ]
    free(data, _places(system, _CLUSTERS, int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA), block), clusters)
    free(data, _places(system, 0, _BITMAP, block), [record])
    taken_out = [
        _without(data, at, record)
        for begin, length in _places(system, _ROOT, _INDEX, block)
        for at in range(begin, begin + length, 4096)
    ]
    assert any(taken_out), "its name stands in an index block of the root"
    (table, _), *_ = _places(system, 0, int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA), block)
    at = table + record * 1024
    sequence = int.from_bytes(data[at + 16 : at + 18], "little")
    data[at + 16 : at + 18] = (sequence + 1).to_bytes(2, "little")
    data[at + 22] &= 0xFE
    path.write_bytes(data)


def _places(system: Any, record: int, kind: int, block: int) -> list[tuple[int, int]]:
    return [
        (int(run.addr) * block, int(run.len) * block)
        for attribute in system.open_meta(inode=record)
        if int(attribute.info.type) == kind
        for run in attribute
    ]


def free(data: bytearray, places: list[tuple[int, int]], numbers: list[int]) -> None:
    """Clear these bits of a bitmap that lies there in one piece."""
    ((begin, _), *_) = places
    for number in numbers:
        data[begin + number // 8] &= ~(1 << number % 8) & 0xFF


def _without(data: bytearray, at: int, record: int) -> bool:
    """Take every name of a record out of an index block; what follows moves up, as Windows has it."""
    block = _mended(data[at : at + 4096])
    if block is None:
        return False
    place = 24 + int.from_bytes(block[24:28], "little")
    end = 24 + int.from_bytes(block[28:32], "little")
    found = False
    while place < end and not block[place + 12] & 2:
        length = int.from_bytes(block[place + 8 : place + 10], "little")
        if int.from_bytes(block[place : place + 6], "little") == record:
            block[place : end - length] = block[place + length : end]
            end -= length
            found = True
        else:
            place += length
    block[28:32] = (end - 24).to_bytes(4, "little")
    data[at : at + 4096] = _torn(block)
    return found


def _mended(block: bytearray) -> bytearray | None:
    if bytes(block[:4]) != b"INDX":
        return None
    at = int.from_bytes(block[4:6], "little")
    for number in range(1, int.from_bytes(block[6:8], "little")):
        block[number * _SECTOR - 2 : number * _SECTOR] = block[
            at + 2 * number : at + 2 * number + 2
        ]
    return block


def _torn(block: bytearray) -> bytearray:
    at = int.from_bytes(block[4:6], "little")
    for number in range(1, int.from_bytes(block[6:8], "little")):
        end = slice(number * _SECTOR - 2, number * _SECTOR)
        block[at + 2 * number : at + 2 * number + 2] = block[end]
        block[end] = block[at : at + 2]
    return block


def empty_data(path: Path, record: int) -> None:
    """Let a file's own data be a hole of their length, as Windows does where it packs them."""
    system = pytsk3.FS_Info(pytsk3.Img_Info(str(path)))
    block, data = int(system.info.block_size), bytearray(path.read_bytes())
    (table, _), *_ = _places(system, 0, int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA), block)
    at = table + record * 1024
    place = at + int.from_bytes(data[at + 20 : at + 22], "little")
    while bytes(data[place : place + 4]) != b"\xff\xff\xff\xff":
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place] == 0x80 and data[place + 9] == 0:
            runs = place + int.from_bytes(data[place + 32 : place + 34], "little")
            width = data[runs] & 15
            hole = bytes([width]) + data[runs + 1 : runs + 1 + width]
            data[runs : place + length] = hole.ljust(place + length - runs, b"\0")
            data[place + 12 : place + 14] = (0x8000).to_bytes(2, "little")
        place += length
    path.write_bytes(data)
