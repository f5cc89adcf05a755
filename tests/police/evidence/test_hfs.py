"""HFS+ is read by its catalog; of what is not read, the name at least is said."""

import subprocess
from pathlib import Path

import pytest

from tests.police.evidence.hfs import HfsPlus
from tests.police.evidence.images import KIB, bmp, read, run
from tests.police.evidence.test_images import hits, sha256, unread
from tipbridge.police.evidence.reading.model import EntryFault, EntryKind


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    volume = HfsPlus(tmp_path_factory.mktemp("hfs") / "image")
    volume.write("known.bmp", bmp(1), ((10, 1),))
    volume.write("pieces.bmp", bmp(2, 10_000), ((20, 1), (30, 2)))
    inner = volume.folder("inner")
    volume.write("사진.bmp", bmp(3), ((40, 1),), parent=inner, rsrc=bmp(4, 500))
    volume.write("gone.bmp", bmp(5), ((50, 1),))
    volume.remove("gone.bmp")
    return volume.make()


def test_every_planted_file_of_hfs_plus_is_found_and_every_byte_is_accounted_for(
    medium: Path,
) -> None:
    before, found = sha256(medium.read_bytes()), read(medium)
    places = {
        "volume/known.bmp": (bmp(1), EntryKind.FILE),
        "volume/pieces.bmp": (bmp(2, 10_000), EntryKind.FILE),
        "volume/inner/사진.bmp": (bmp(3), EntryKind.FILE),
        "volume/inner/사진.bmp:RSRC": (bmp(4, 500), EntryKind.STREAM),
    }
    for path, (data, kind) in places.items():
        assert [(hit.entry.path, hit.entry.kind) for hit in hits(found, data)] == [(path, kind)]
    (gone,) = hits(found, bmp(5))
    assert gone.entry.kind is EntryKind.CARVED, "its name is gone with its record"
    assert not [each for each in found if each.entry.fault]
    assert unread(found, medium.stat().st_size) == 0
    assert read(medium) == found
    assert sha256(medium.read_bytes()) == before


def test_the_sleuth_kit_lists_and_gives_the_same_of_hfs_plus(medium: Path) -> None:
    theirs = {
        path: record.partition(" ")[2].rstrip(":")
        for record, _, path in (
            line.partition("\t") for line in run("fls", "-r", "-p", "-F", medium).splitlines()
        )
    }
    mine = {
        each.entry.path.removeprefix("volume/"): each
        for each in read(medium)
        if each.entry.kind is EntryKind.FILE
    }
    assert set(theirs) == set(mine)
    for path, record in theirs.items():
        if mine[path].entry.size:
            words = ["icat", str(medium), record]
            data = subprocess.run(words, capture_output=True, check=True).stdout
            digests = mine[path].digests
            assert digests is not None
            assert sha256(data) == digests.sha256, path


@pytest.mark.parametrize(
    ("at", "mark", "name"),
    [
        (32, b"NXSB", "APFS"),
        (3, b"ReFS\0\0\0\0", "ReFS"),
        (0x10040, b"_BHRfS_M", "Btrfs"),
        (4086, b"SWAPSPACE2", "Linux swap"),
        (40, b"NXSB", ""),
    ],
)
def test_a_system_that_is_not_read_is_named(
    tmp_path: Path, at: int, mark: bytes, name: str
) -> None:
    path = tmp_path / "image"
    data = bytearray(b"\1" * (128 * KIB))
    data[at : at + len(mark)] = mark
    data[512 * 77 : 512 * 77 + len(bmp(1))] = bmp(1)
    path.write_bytes(data)
    found = read(path)
    (unknown,) = [each.entry for each in found if each.entry.fault]
    assert unknown.fault is EntryFault.UNKNOWN_FILE_SYSTEM
    assert unknown.detail == (f"{name}, which can't be read" if name else "")
    assert len(hits(found, bmp(1))) == 1
