"""A file system whose entry in the partition table is gone is listed, named and may be overwritten."""

import struct
from pathlib import Path

import pytest

from tests.police.evidence.images import KIB, Maker, read
from tests.police.evidence.test_hidden_content import verdict
from tests.police.evidence.test_images import hits, unread
from tipbridge.police.evidence.model import Verdict
from tipbridge.police.evidence.reading.model import EntryFault, EntryKind


def disk(path: Path, parts: list[tuple[int, bytes]], listed: list[int], size: int) -> Path:
    """A medium with these volumes at these sectors, of which the table names those listed."""
    table, image = bytearray(512), bytearray(size)
    table[510:] = b"\x55\xaa"
    for number, which in enumerate(listed):
        at, data = parts[which]
        struct.pack_into("<B3sB3sII", table, 446 + 16 * number, 0, b"\xfe\xff\xff", 0x83,
                         b"\xfe\xff\xff", at, len(data) // 512)  # fmt: skip
    image[:512] = table
    for at, data in parts:
        image[at * 512 : at * 512 + len(data)] = data
    path.write_bytes(image)
    return path


@pytest.mark.parametrize("system", ["ext4", "ntfs", "fat16", "exfat"])
@pytest.mark.parametrize("begin", [2048, 63])
def test_a_partition_whose_entry_is_deleted_is_listed_all_the_same(
    node, tmp_path: Path, system: str, begin: int
) -> None:
    lost = Maker(system, tmp_path / "lost").make()
    document = b"known document " * 300
    lost.write("a.doc", document)
    kept = Maker("ext4", tmp_path / "kept").make()
    kept.write("b.doc", b"nothing of interest")
    parts = [(begin, lost.path.read_bytes()), (16384, kept.path.read_bytes())]
    both = read(disk(tmp_path / "both", parts, [0, 1], 16 << 20))
    assert hits(both, document)[0].entry.path.startswith("partition-1/")
    path = disk(tmp_path / "one", parts, [1], 16 << 20)
    found = read(path)
    (hit,) = [each for each in hits(found, document) if each.entry.kind is EntryKind.FILE]
    assert hit.entry.path == f"lost-partition-{begin * 512}/a.doc"
    assert hit.entry.state == "deleted", "it may be overwritten"
    named = [each.entry.path for each in found if each.entry.fault is EntryFault.LOST_PARTITION]
    assert named == [f"lost-partition-{begin * 512}"]
    assert unread(found, path.stat().st_size) == 0
    assert verdict(node, path) is Verdict.INCOMPLETE


def test_a_medium_whose_table_is_wiped_is_listed(tmp_path: Path) -> None:
    lost = Maker("ext4", tmp_path / "lost").make()
    lost.write("a.doc", b"known document " * 300)
    parts = [(2048, lost.path.read_bytes()), (16384, lost.path.read_bytes())]
    path = disk(tmp_path / "none", parts, [], 16 << 20)
    found = read(path)
    assert [each.entry.path for each in hits(found, b"known document " * 300)] == [
        "lost-partition-1048576/a.doc",
        "lost-partition-8388608/a.doc",
    ]
    assert unread(found, path.stat().st_size) == 0


def test_an_encrypted_volume_that_no_table_names_is_named(tmp_path: Path) -> None:
    kept = Maker("ext4", tmp_path / "kept").make()
    luks = b"LUKS\xba\xbe\0\2" + bytes(4096 * KIB - 8)
    path = disk(tmp_path / "x", [(2048, luks), (16384, kept.path.read_bytes())], [1], 16 << 20)
    named = {each.entry.path: each.entry.fault for each in read(path) if each.entry.fault}
    assert named["lost-partition-1048576"] is EntryFault.ENCRYPTED_VOLUME


@pytest.mark.parametrize(
    ("first", "second"),
    [("fat16", "ext4"), ("ext4", "ntfs"), ("ntfs", "fat16"), ("exfat", "ext4")],
)
@pytest.mark.parametrize("begin", [0, 2048])
def test_a_file_system_behind_the_one_that_a_volume_begins_with_is_listed(
    node, tmp_path: Path, first: str, second: str, begin: int
) -> None:
    document = b"known document " * 300
    shown = Maker(first, tmp_path / "shown").make()
    shown.write("b.doc", b"nothing of interest")
    hidden = Maker(second, tmp_path / "hidden").make()
    hidden.write("a.doc", document)
    volume = bytearray(16 << 20)
    for at, maker in ((0, shown), (8 << 20, hidden)):
        data = maker.path.read_bytes()
        volume[at : at + len(data)] = data
    path = tmp_path / "both"
    if begin:
        disk(path, [(begin, bytes(volume))], [0], 20 << 20)
    else:
        path.write_bytes(volume)
    at = begin * 512 + (8 << 20)
    found = read(path)
    (hit,) = [each for each in hits(found, document) if each.entry.kind is EntryKind.FILE]
    assert (hit.entry.path, hit.entry.state) == (f"lost-partition-{at}/a.doc", "deleted")
    assert any(each.entry.path.endswith("/b.doc") for each in found)
    assert unread(found, path.stat().st_size) == 0
    assert verdict(node, path) is Verdict.INCOMPLETE
