"""APFS: every file of every volume, what is packed and what stands beside; what can't be is named."""

import random
import struct
from pathlib import Path

import pytest

from tests.police.evidence.apfs import BLOCK, Apfs, Volume
from tests.police.evidence.dmg import dmg
from tests.police.evidence.images import bmp, read, source_of
from tests.police.evidence.test_images import hits, sha256, unread
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.reading.apfs_flags import VolumeFlags
from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.model import EntryFault, EntryKind
from tipbridge.police.evidence.sources.opening import opened_image

PACKED, NOTE = b"a text as systems have it " * 99, b"where it came from"
HOLED = bmp(6, BLOCK) + bytes(BLOCK) + bmp(7, BLOCK)


def a_container(path: Path) -> Path:
    home, other = Volume("Macintosh HD"), Volume("Data")
    number = home.write("known.bmp", 1800, [(40, 1)])
    home.attribute(number, "com.apple.metadata:kMDItemWhereFroms", NOTE)
    inner = home.folder("inner")
    home.write("사진.bmp", 10_000, [(50, 1), (60, 2)], inner)
    home.packed("packed.txt", PACKED)
    home.link("link", "known.bmp")
    home.write("holed.bin", len(HOLED), [(70, 1), (0, 1), (71, 1)])
    home.write("empty", 0, [])
    home.write("far.bin", 9000, [(100_000, 3)])
    other.write("known.bmp", 1800, [(80, 1)])
    made = Apfs(path, [home, other])
    piece = bmp(2, 10_000)
    for block, data in {
        40: bmp(1), 50: piece[:BLOCK], 60: piece[BLOCK:], 70: HOLED[:BLOCK],
        71: HOLED[2 * BLOCK :], 80: bmp(3), 90: bmp(4),
    }.items():  # fmt: skip
        made.put(block, data)
    return made.make()


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_container(tmp_path_factory.mktemp("apfs") / "image")


def test_every_planted_file_of_apfs_is_found_and_every_byte_is_accounted_for(
    medium: Path,
) -> None:
    before, found = sha256(medium.read_bytes()), read(medium)
    home = "volume/Macintosh HD"
    for path, data in {
        f"{home}/known.bmp": bmp(1),
        f"{home}/inner/사진.bmp": bmp(2, 10_000),
        f"{home}/packed.txt": PACKED,
        f"{home}/holed.bin": HOLED,
        "volume/Data/known.bmp": bmp(3),
    }.items():
        assert [each.entry.path for each in hits(found, data)] == [path]
    (note,) = hits(found, NOTE)
    assert note.entry.kind is EntryKind.STREAM
    assert note.entry.path == f"{home}/known.bmp:com.apple.metadata:kMDItemWhereFroms"
    (loose,) = hits(found, bmp(4))
    assert loose.entry.kind is EntryKind.CARVED
    faults = {each.entry.path: each.entry.fault for each in found if each.entry.fault}
    assert faults == {
        f"{home}/link": EntryFault.SYMBOLIC_LINK,
        f"{home}/far.bin": EntryFault.SOURCE_TOO_SHORT,
    }
    (known,) = hits(found, bmp(1))
    assert known.entry.times.modified == 1_300_000_000 * 10**9
    assert unread(found, medium.stat().st_size) == 0
    assert read(medium) == found
    assert sha256(medium.read_bytes()) == before


def test_a_container_in_a_partition_of_an_apple_disk_image_is_read_behind_the_walls(
    medium: Path, tmp_path: Path
) -> None:
    first, sectors = 64, medium.stat().st_size // 512
    table = bytearray(first * 512)
    struct.pack_into("<B3xB3xII", table, 446, 0, 0xAF, first, sectors)
    table[510:512] = b"\x55\xaa"
    path = tmp_path / "disk.dmg"
    path.write_bytes(dmg(bytes(table) + medium.read_bytes()))
    with opened_image(path) as image, Reader(image) as reader:
        found = {each.path: each for each in reader.walk()}
        name = "partition-1/Macintosh HD/packed.txt"
        (batch,) = reader.digest([found[name], found["partition-1/Data/known.bmp"]])
    assert [each.digests and each.digests.sha256 for each in batch] == [
        sha256(PACKED),
        sha256(bmp(3)),
    ]


def test_one_damaged_byte_of_its_trees_ends_no_listing(tmp_path: Path) -> None:
    whole, draw = a_container(tmp_path / "image").read_bytes(), random.Random(1)
    broken = tmp_path / "broken"
    for _ in range(12):
        data = bytearray(whole)
        data[draw.randrange(3, 16) * BLOCK + draw.randrange(BLOCK)] ^= draw.randrange(1, 256)
        broken.write_bytes(data)
        with opened_image(broken) as image, Reader(image) as reader:
            assert all(each.path.startswith("volume") for each in reader.walk())


def test_a_container_that_cant_be_opened_is_named_and_searched(tmp_path: Path) -> None:
    path = a_container(tmp_path / "image")
    data = bytearray(path.read_bytes())
    data[3 * BLOCK : 5 * BLOCK] = bytes(2 * BLOCK)
    path.write_bytes(data)
    found = read(path)
    (unknown,) = [each.entry for each in found if each.entry.fault]
    assert unknown.fault is EntryFault.UNKNOWN_FILE_SYSTEM
    assert unknown.detail == "APFS, which can't be read"
    assert len(hits(found, bmp(1))) == 1


def test_a_volume_whose_flags_say_encrypted_is_named_and_no_content_of_it_is_digested(
    tmp_path: Path,
) -> None:
    """Without a key bag libfsapfs takes it for open: what it would give is no file's bytes."""
    locked, plain = Volume("Locked", encrypted=True), Volume("Plain")
    locked.write("known.bmp", 1800, [(40, 1)])
    plain.write("known.bmp", 1800, [(41, 1)])
    made = Apfs(tmp_path / "image", [locked, plain])
    made.put(40, bmp(1))
    made.put(41, bmp(2))
    found = read(made.make())
    (named,) = [each.entry for each in found if each.entry.fault]
    assert named.path == "volume/Locked"
    assert named.fault is EntryFault.ENCRYPTED_VOLUME
    assert "its flags say so" in named.detail
    assert [each.entry.path for each in hits(found, bmp(2))] == ["volume/Plain/known.bmp"]
    assert all(each.entry.kind is EntryKind.CARVED for each in hits(found, bmp(1)))


def test_flags_come_from_the_last_checkpoint_and_damaged_ones_say_nothing(tmp_path: Path) -> None:
    path = Apfs(tmp_path / "image", [Volume("Locked", encrypted=True)]).make()
    whole = bytearray(path.read_bytes())
    draw = random.Random(2)
    whole[160:168] = struct.pack("<Q", 150)  # an older superblock, whose map is gone
    whole[16:24] = struct.pack("<Q", 1)
    path.write_bytes(whole)
    assert _says(path) == [True]
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(8):
            data[draw.randrange(12 * BLOCK)] = draw.randrange(256)
        path.write_bytes(data)
        assert all(isinstance(each, bool) for each in _says(path))


def _says(path: Path) -> list[bool]:
    with opened_image(path) as image:
        flags = VolumeFlags(SourceImage(source_of(image)), 0, path.stat().st_size)
    return [flags.says_encrypted("00000000-0000-0000-0000-000000000001")]
