"""Discs: what ISO 9660 holds is listed and digested; UDF is named; one that makes a reader loop ends it."""

import struct
from pathlib import Path

import pytest

from tests.police.evidence.images import bmp, read, run
from tests.police.evidence.test_cross_tools import fls
from tests.police.evidence.test_images import hits, sha256, unread
from tipbridge.police.evidence import readers
from tipbridge.police.evidence.listed import every_entry
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.reading.model import EntryFault, EntryKind
from tipbridge.police.evidence.sources.opening import opened_image

SECTOR = 2048
FILES = {"a holiday.bmp": bmp(1, 9000), "inner/사진.bmp": bmp(2, 30_000), "inner/note": b"words"}
_PLAIN = {"A_HOLIDA.BMP", "INNER/______.BMP", "INNER/NOTE"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    for name, data in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def disc(tree: Path, *how: str) -> Path:
    path = tree.with_name("disc.iso")
    run("genisoimage", "-quiet", *how, "-o", path, tree)
    return path


@pytest.mark.parametrize(
    ("how", "names"),
    [((), _PLAIN), (("-r",), _PLAIN), (("-J",), set(FILES)), (("-r", "-J"), set(FILES))],
)
def test_a_disc_is_listed_and_digested_right(
    tree: Path, how: tuple[str, ...], names: set[str]
) -> None:
    """Behind the walls, as the Sleuth Kit's own program lists it; every byte is accounted for."""
    path = disc(tree, *how)
    before, found = sha256(path.read_bytes()), read(path)
    listed = {
        each.entry.path.removeprefix("volume/"): each.digests.sha256
        for each in found
        if each.entry.kind is EntryKind.FILE and each.digests is not None
    }
    assert set(listed) == names == {name for name, _, _ in fls(path) if "$" not in name}
    assert sorted(listed.values()) == sorted(map(sha256, FILES.values()))
    assert not [each.entry for each in found if each.entry.fault]
    assert unread(found, path.stat().st_size) == 0
    assert sha256(path.read_bytes()) == before


def test_a_disc_with_udf_beside_says_that_udf_is_not_read(tree: Path) -> None:
    found = read(disc(tree, "-udf"))
    assert len(hits(found, FILES["inner/note"])) == 1
    (named,) = [each.entry for each in found if each.entry.fault]
    assert named.fault is EntryFault.UNKNOWN_FILE_SYSTEM
    assert named.detail == "UDF beside ISO 9660, which can't be read"


@pytest.mark.parametrize("block", ["512", "2048", "4096"])
def test_a_medium_of_udf_alone_is_named_and_searched(tmp_path: Path, block: str) -> None:
    path = tmp_path / "stick.img"
    with path.open("wb") as file:
        file.truncate(8 * 1024 * 1024)
    run("mkudffs", f"--blocksize={block}", path)
    data = bytearray(path.read_bytes())
    data[6 * 1024 * 1024 : 6 * 1024 * 1024 + 1800] = bmp(5)
    path.write_bytes(data)
    found = read(path)
    (named,) = [each.entry for each in found if each.entry.fault]
    assert named.fault is EntryFault.UNKNOWN_FILE_SYSTEM
    assert named.detail == "UDF, which can't be read"
    assert len(hits(found, bmp(5))) == 1


def _both(form: str, value: int) -> bytes:
    return struct.pack("<" + form, value) + struct.pack(">" + form, value)


def made_by_hand(path: Path) -> Path:
    """A disc of which the Sleuth Kit knows no entry at all, not even the root: it lists for ever."""
    data = bytearray(40 * SECTOR)
    root = bytes([34, 0]) + _both("I", 20) + _both("I", SECTOR) + bytes(7) + bytes([2, 0, 0])
    root += _both("H", 1) + b"\1"
    descriptor = bytearray(SECTOR)
    descriptor[:7] = b"\1CD001\1"
    descriptor[80:88] = _both("I", 40)
    descriptor[120:132] = _both("H", 1) + _both("H", 1) + _both("H", SECTOR)
    descriptor[132:140] = _both("I", 10)
    descriptor[140:144], descriptor[148:152] = struct.pack("<I", 18), struct.pack(">I", 18)
    descriptor[156:190], descriptor[881] = root + b"\0", 1
    data[16 * SECTOR : 17 * SECTOR] = descriptor
    data[17 * SECTOR : 17 * SECTOR + 7] = b"\xffCD001\1"
    data[18 * SECTOR : 18 * SECTOR + 10] = struct.pack("<BBIHH", 1, 0, 20, 1, 0)
    data[20 * SECTOR : 20 * SECTOR + 68] = root + b"\0" + root + b"\1"
    data[30 * SECTOR : 30 * SECTOR + 1800] = bmp(7)
    path.write_bytes(data)
    return path


def test_a_disc_that_would_be_listed_for_ever_is_named_and_searched(tmp_path: Path) -> None:
    found = read(made_by_hand(tmp_path / "disc.iso"))
    (named,) = [each.entry for each in found if each.entry.fault]
    assert named.fault is EntryFault.UNKNOWN_FILE_SYSTEM
    assert named.detail == "ISO 9660, which can't be read"
    assert len(hits(found, bmp(7))) == 1


def test_a_listing_without_an_end_is_ended_and_named(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever makes a library loop: the reader is ended, and the rest is gone on with."""
    loop = """
from tipbridge.police.evidence.reading import walking
listed = walking.Walk._listed
def listing(self, folder, found):
    while folder.path.endswith("INNER"):
        pass
    return listed(self, folder, found)
walking.Walk._listed = listing
main()
"""
    monkeypatch.setattr(readers, "_PROGRAM", readers._PROGRAM.removesuffix("main()\n") + loop)
    monkeypatch.setattr(readers, "ORDER_SECONDS", 4.0)
    monkeypatch.setattr(readers, "SLOWEST_BYTES_A_SECOND", 1 << 40)
    with opened_image(disc(tree, "-r")) as image, Reader(image) as reader:
        found = every_entry(reader)
    faults = {each.path: each.fault for each in found if each.fault}
    assert faults == {"volume/INNER/": EntryFault.READER_KILLED}
    assert "volume/A_HOLIDA.BMP" in {each.path for each in found}
