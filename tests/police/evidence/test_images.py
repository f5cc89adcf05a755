"""Known files are found wherever they hide, changed ones are not, and every byte is accounted for."""

import hashlib
from pathlib import Path

import pytest

from tests.police.evidence.images import SYSTEMS, Maker, bmp, read, read_here
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import EntryKind, EntryState
from tipbridge.police.evidence.reading.ranges import complement

KNOWN = bmp(1)
LARGE = bmp(2, 30_000)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hits(found: list[Digested], data: bytes) -> list[Digested]:
    return [each for each in found if each.digests and each.digests.sha256 == sha256(data)]


def unread(found: list[Digested], size: int) -> int:
    """Bytes of the image that no processed entry covers."""
    runs = [run for each in found if each.digests is not None for run in each.entry.runs]
    return sum(length for _, length in complement(0, size, runs))


def plain(maker: Maker) -> None:
    maker.write("known.bmp", KNOWN)
    maker.write("other.txt", b"nothing of interest")


def renamed(maker: Maker) -> None:
    maker.write("letter.doc", KNOWN)


def deep(maker: Maker) -> None:
    if maker.system in {"ntfs", "exfat"}:
        maker.write("a name that is much longer than eight and three.dat", KNOWN)
        return
    for folder in ("a", "a/b", "a/b/c"):
        maker.folder(folder)
    maker.write("a/b/c/known.bmp", KNOWN)


def deleted(maker: Maker) -> None:
    maker.write("other.txt", b"nothing of interest")
    maker.write("known.bmp", KNOWN)
    maker.remove("known.bmp")


def twice(maker: Maker) -> None:
    maker.write("one.bmp", KNOWN)
    maker.write("two.bmp", KNOWN)
    maker.remove("one.bmp")


def free_space(maker: Maker) -> None:
    """Where no name leads, at the begin of a sector."""
    maker.write("other.txt", b"nothing of interest")
    rest = max(
        (each.entry for each in read_here(maker.path) if each.entry.kind is EntryKind.REST),
        key=lambda entry: entry.size,
    )
    at = (rest.first_byte + rest.size // 2) // 512 * 512
    maker.patch(at, KNOWN)


def slack(maker: Maker) -> None:
    """Behind the end of a file, in its last block."""
    hidden = bmp(3, 150)
    maker.write("host.txt", b"x" * 2060)
    entry = maker.found("host.txt/$Slack").entry
    maker.patch(entry.first_byte + 7, hidden)


def fragmented(maker: Maker) -> None:
    """A file that lies in pieces between others."""
    for number in range(12):
        maker.write(f"f{number:02}.bin", bytes([number + 1]) * 4000)
    if maker.system.startswith("fat"):  # the others take the first blocks that are free
        _fill(maker)
    for number in range(0, 12, 2):
        maker.remove(f"f{number:02}.bin")
    maker.write("known.bmp", bmp(4, 20_000))
    assert len(maker.found("known.bmp").entry.runs) > 1, "it lies in one piece"


def _fill(maker: Maker) -> None:
    """Leave no room but what is made afterwards."""
    size, number = maker.path.stat().st_size, 0
    while size >= 1024:
        try:
            maker.write(f"fill{number}", b"\xee" * size)
        except AssertionError:  # the tool says that it does not fit
            size //= 2
        else:
            number += 1


PLANTED = {
    plain: KNOWN,
    renamed: KNOWN,
    deep: KNOWN,
    deleted: KNOWN,
    twice: KNOWN,
    free_space: KNOWN,
    slack: bmp(3, 150),
}


_LARGE = {plain}
"""What is tried on FAT32 too, whose smallest image has 34 MiB."""


@pytest.mark.parametrize(
    ("system", "build"),
    [
        (system, build)
        for system in SYSTEMS
        for build in PLANTED
        if system != "fat32" or build in _LARGE
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_known_file_is_found_and_every_byte_is_accounted_for(
    system: str, build, tmp_path: Path
) -> None:
    maker = Maker(system, tmp_path / "image").make()
    build(maker)
    before = sha256(maker.path.read_bytes())
    found = read(maker.path)
    assert hits(found, PLANTED[build]), "the planted file is not found"
    assert unread(found, maker.path.stat().st_size) == 0
    again = read(maker.path)
    assert again == found, "a second run says something else"
    assert sha256(maker.path.read_bytes()) == before


@pytest.mark.parametrize("system", [system for system in SYSTEMS if system != "fat32"])
def test_a_file_with_one_bit_changed_is_no_hit(system: str, tmp_path: Path) -> None:
    changed = bytearray(KNOWN)
    changed[1000] ^= 1
    maker = Maker(system, tmp_path / "image").make()
    maker.write("known.bmp", bytes(changed))
    found = read(maker.path)
    assert not hits(found, KNOWN)
    assert hits(found, bytes(changed))
    assert unread(found, maker.path.stat().st_size) == 0


@pytest.mark.parametrize("system", ["fat12", "fat16", "ext2", "ext3", "ext4"])
def test_a_file_in_pieces_is_put_together(system: str, tmp_path: Path) -> None:
    small = {"fat12": 160, "fat16": 2200}
    maker = Maker(system, tmp_path / "image").make(small.get(system))
    fragmented(maker)
    found = read(maker.path)
    (hit,) = hits(found, bmp(4, 20_000))
    assert hit.entry.state is EntryState.PRESENT
    assert unread(found, maker.path.stat().st_size) == 0


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_deleted_is_said_to_be(system: str, tmp_path: Path) -> None:
    maker = Maker(system, tmp_path / "image").make()
    deleted(maker)
    states = {(hit.entry.kind, hit.entry.state) for hit in hits(read(maker.path), KNOWN)}
    assert (EntryKind.FILE, EntryState.DELETED) in states
    assert (EntryKind.FILE, EntryState.PRESENT) not in states


def test_an_alternate_stream_is_a_file_of_its_own(tmp_path: Path) -> None:
    maker = Maker("ntfs", tmp_path / "image").make()
    maker.write("letter.txt", b"dear all")
    maker.stream("letter.txt", "hidden", LARGE)
    (hit,) = hits(read(maker.path), LARGE)
    assert hit.entry.kind is EntryKind.STREAM
    assert hit.entry.path.endswith("letter.txt:hidden")
