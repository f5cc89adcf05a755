"""A medium that was pulled out, or cut from power, says so; a clean one says nothing."""

import struct
from pathlib import Path

import pytest

from tests.police.evidence.images import Maker, bmp, read
from tipbridge.police.evidence.reading.model import EntryFault

LEFT, WAITS = EntryFault.NOT_LET_GO_OF, EntryFault.JOURNAL_NOT_REPLAYED
CLEAN_BITS = {"fat16": (2, 0x80, 0x40), "fat32": (4, 0x08, 0x04)}


def said(path: Path) -> list[tuple[str, EntryFault | None]]:
    return [(each.entry.path, each.entry.fault) for each in read(path) if each.entry.fault]


def changed(path: Path, at: int, change: bytes) -> list[tuple[str, EntryFault | None]]:
    """What is said of the medium with these bytes there; it is as it was afterwards."""
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + change + whole[at + len(change) :])
    try:
        return said(path)
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("system", ["fat12", "fat16", "fat32", "exfat"])
def test_a_fat_that_was_left_dirty_is_said(tmp_path: Path, system: str) -> None:
    maker = Maker(system, tmp_path / "stick").make()
    maker.write("KNOWN.BMP", bmp(1))
    data, left = maker.path.read_bytes(), [("volume/$Dirty", LEFT)]
    assert said(maker.path) == []
    at = {"fat12": 37, "fat16": 37, "fat32": 65, "exfat": 106}[system]
    flag = data[at] | (2 if system == "exfat" else 1)
    assert changed(maker.path, at, bytes([flag])) == left
    if system in CLEAN_BITS:
        width, *bits = CLEAN_BITS[system]
        table = int.from_bytes(data[14:16], "little") * int.from_bytes(data[11:13], "little")
        at = table + 2 * width - 1
        for bit in bits:
            assert changed(maker.path, at, bytes([data[at] & ~bit])) == left


@pytest.mark.parametrize("system", ["ext2", "ext4"])
def test_an_ext_that_was_left_mounted_or_has_errors_is_said(tmp_path: Path, system: str) -> None:
    maker = Maker(system, tmp_path / "disk").make()
    maker.write("known.bmp", bmp(1))
    assert said(maker.path) == []
    for state in (0, 2, 3):
        found = changed(maker.path, 1024 + 58, bytes([state]))
        assert found == [("volume/$Dirty", LEFT)]


def test_an_ntfs_with_a_log_to_replay_or_marked_dirty_is_said(tmp_path: Path) -> None:
    maker = Maker("ntfs", tmp_path / "disk").make()
    maker.write("known.bmp", bmp(1))
    data = maker.path.read_bytes()
    usual = said(maker.path)
    assert not {fault for _, fault in usual} & {LEFT, WAITS}
    cluster = int.from_bytes(data[11:13], "little") * data[13]
    table = int.from_bytes(data[48:56], "little") * cluster
    about = data.index(struct.pack("<I", 0x70), table + 3 * 1024)
    flags = about + int.from_bytes(data[about + 20 : about + 22], "little") + 10
    assert changed(maker.path, flags, bytes([data[flags] | 1])) == [*usual, ("volume/$Dirty", LEFT)]
    record = read_record(data, table + 2 * 1024)
    for newer, older in ((1, 0), (0, 1)):
        pages = restart(7, clean=bool(newer)) + restart(9, clean=bool(older))
        expected = usual if older else [*usual, ("volume/$Journal", WAITS)]
        assert sorted(changed(maker.path, record * cluster, pages)) == sorted(expected)


def read_record(data: bytes, at: int) -> int:
    """The cluster in which the data of this record begins."""
    place = data.index(struct.pack("<I", 0x80), at + 56)
    run = place + int.from_bytes(data[place + 32 : place + 34], "little")
    lengths, width = data[run] & 15, data[run] >> 4
    return int.from_bytes(data[run + 1 + lengths : run + 1 + lengths + width], "little")


def restart(number: int, *, clean: bool) -> bytes:
    """A page that a log begins with, of a client that is in it."""
    head = struct.pack("<4sHHQIIHHH", b"RSTR", 30, 9, 0, 4096, 4096, 48, 1, 1).ljust(48, b"\0")
    area = struct.pack("<QHHHH", number, 1, 0xFFFF, 0, 2 if clean else 0)
    return (head + area).ljust(4096, b"\0")
