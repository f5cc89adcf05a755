"""HFS+ is read by its catalog; of what is not read, the name at least is said."""

import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from tests.police.evidence.hfs import BLOCK, HfsPlus
from tests.police.evidence.images import KIB, Maker, bmp, read, run
from tests.police.evidence.test_images import hits, sha256, unread
from tipbridge.police.evidence.reading.model import PACKED_BY_MACOS, EntryFault, EntryKind


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


def test_what_macos_packed_is_read_or_named_unread(tmp_path: Path) -> None:
    volume, data = HfsPlus(tmp_path / "image"), bmp(1)[:600]
    volume.pack("as-it-is.bmp", len(data), 3, b"\xff" + data)
    volume.pack("zlib.bmp", len(data), 3, zlib.compress(data))
    volume.pack("lzfse.bmp", len(data), 11, b"bvx-" + data)
    volume.pack("fork.bmp", len(data), 4, bytes(300) + zlib.compress(data), rsrc=60)
    found = {each.entry.path: each for each in read(volume.make())}
    plain = found["volume/as-it-is.bmp"]
    assert plain.digests is not None
    assert (plain.entry.kind, plain.digests.sha256) == (EntryKind.FILE, sha256(data))
    for name in ("zlib", "lzfse", "fork"):
        unread = found[f"volume/{name}.bmp"].entry
        assert unread.fault is EntryFault.UNREADABLE, "which no verdict passes over"
        assert unread.detail == PACKED_BY_MACOS
    assert found["volume/fork.bmp:RSRC"].entry.fault is None, "its packed bytes are a stream"


def _journaled(medium: Path, path: Path, end: int, order: str) -> Path:
    """The volume with a journal in its last blocks that has changes up to there."""
    data = bytearray(medium.read_bytes())
    struct.pack_into(">I", data, 1024 + 4, 1 << 13)
    struct.pack_into(">I", data, 1024 + 12, 200)
    struct.pack_into(">I32xQQ", data, 200 * BLOCK, 1, 201 * BLOCK, BLOCK)
    head = struct.pack(f"{order}IIQQ", 0x4A4E4C78, 0x12345678, 512, end)
    data[201 * BLOCK : 201 * BLOCK + len(head)] = head
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("order", ["<", ">"])
def test_changes_that_wait_in_a_journal_are_said(medium: Path, tmp_path: Path, order: str) -> None:
    def said(path: Path) -> list[tuple[str, EntryFault | None]]:
        return [(each.entry.path, each.entry.fault) for each in read(path) if each.entry.fault]

    waits = [("volume/$Journal", EntryFault.JOURNAL_NOT_REPLAYED)]
    assert said(_journaled(medium, tmp_path / "waits", 1024, order)) == waits
    assert said(_journaled(medium, tmp_path / "replayed", 512, order)) == []
    stick = Maker("ext4", tmp_path / "ext4").make()
    assert said(stick.path) == []
    features = int.from_bytes(stick.path.read_bytes()[1024 + 96 : 1024 + 100], "little")
    stick.patch(1024 + 96, (features | 4).to_bytes(4, "little"))
    assert said(stick.path) == waits


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
