"""Images in parts and as E01, whole and broken: every gap is located, nothing is made up."""

import errno
import hashlib
import os
import re
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.police.evidence.images import KIB, SYSTEMS, Maker, bmp, read, read_source, run, source_of
from tests.police.evidence.test_images import KNOWN, hits, unread
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.evidence import readers
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.folder import is_archive
from tipbridge.police.evidence.readers import Reader, ReaderKilled, reading
from tipbridge.police.evidence.reading.model import EntryFault, EntryKind, EntryState
from tipbridge.police.evidence.sources.ewf import EwfSource
from tipbridge.police.evidence.sources.ewf_sections import HEAD_BYTES, BadImage
from tipbridge.police.evidence.sources.model import Gap, GapReason
from tipbridge.police.evidence.sources.opening import opened_image
from tipbridge.police.evidence.sources.raw import RawSource


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A FAT16 file system with a known file and 2 MiB of noise that does not compress."""
    maker = Maker("fat16", tmp_path_factory.mktemp("medium") / "image").make()
    maker.write("known.bmp", KNOWN)
    maker.write("noise.bin", bmp(9, 2000 * KIB))
    return maker.path


def e01(medium: Path, folder: Path, *words: str, segment: str = "1MiB") -> Path:
    run("ewfacquire", "-q", "-u", "-S", segment, "-d", "sha1", "-f", "encase6", *words,
        "-t", folder / "set", medium)  # fmt: skip
    return folder / "set.E01"


def whole(path: Path) -> tuple[bytes, list[Gap]]:
    with opened_image(path) as image:
        source = source_of(image)
        return source.read(0, source.size_bytes)


@pytest.mark.parametrize("method", ["deflate:none", "deflate:fast", "deflate:best"])
def test_an_e01_set_is_the_medium(medium: Path, tmp_path: Path, method: str) -> None:
    path = e01(medium, tmp_path, "-c", method)
    assert len(list(tmp_path.iterdir())) > 1, "it has several segments"
    with opened_image(path) as image:
        source = source_of(image)
        data, gaps = source.read(0, source.size_bytes)
        assert data == medium.read_bytes()
        assert not gaps
        assert source.stored.md5 == hashlib.md5(data).hexdigest()
        assert source.stored.sha1 == hashlib.sha1(data).hexdigest()
        assert source.notes == ()
        assert read_source(source) == read(medium)
        assert source.read(1_000_001, 70_001) == (data[1_000_001:1_070_002], [])


def test_an_e01_set_of_odd_names_is_found_by_its_numbers(medium: Path, tmp_path: Path) -> None:
    path = e01(medium, tmp_path, "-c", "deflate:none")
    names = sorted(tmp_path.glob("set.E*"))
    for number, name in enumerate(names):
        name.rename(tmp_path / f"{'cab'[number % 3]}-{number} copy")
    (tmp_path / "notes.txt").write_bytes(b"EVF, they say")
    first = tmp_path / "c-0 copy"
    assert len(names) > 2
    assert whole(first) == (medium.read_bytes(), [])
    second = tmp_path / "a-1 copy"
    with pytest.raises(NoImage, match="it is segment 2 of an E01; name its first file"):
        whole(second)
    (tmp_path / "again").write_bytes(second.read_bytes())
    with pytest.raises(NoImage, match="a-1 copy and again both say that they are segment 2"):
        whole(first)
    for each in (tmp_path / "again", second):
        each.unlink()
    gaps = whole(first)[1]
    assert {gap.reason for gap in gaps} == {GapReason.MISSING_SEGMENT}
    assert not path.exists()


def test_libewf_reads_the_same(medium: Path, tmp_path: Path) -> None:
    path = e01(medium, tmp_path)
    run("ewfexport", "-q", "-u", "-f", "raw", "-t", tmp_path / "out", path)
    assert (tmp_path / "out.raw").read_bytes() == whole(path)[0]


def test_parts_of_a_raw_image_are_put_together(medium: Path, tmp_path: Path) -> None:
    data = medium.read_bytes()
    for number in range(4):
        part = data[number * 800 * KIB : (number + 1) * 800 * KIB]
        (tmp_path / f"stick.{number + 1:03}").write_bytes(part)
    assert whole(tmp_path / "stick.001") == (data, [])
    (tmp_path / "stick.002").unlink()
    found, gaps = whole(tmp_path / "stick.001")
    assert gaps == [Gap(offset=800 * KIB, length=800 * KIB, reason=GapReason.MISSING_SEGMENT)]
    assert found[1600 * KIB :] == data[1600 * KIB :]


def test_a_missing_segment_is_a_gap_and_what_follows_stays_in_its_place(
    medium: Path, tmp_path: Path
) -> None:
    path = e01(medium, tmp_path, "-c", "deflate:none")
    (tmp_path / "set.E02").unlink()
    found, gaps = whole(path)
    data = medium.read_bytes()
    assert {gap.reason for gap in gaps} == {GapReason.MISSING_SEGMENT}
    start, length = gaps[0].offset, sum(gap.length for gap in gaps)
    assert 900 * KIB < length < 1100 * KIB
    assert found[:start] == data[:start]
    assert found[start + length :] == data[start + length :]


def test_a_set_that_ends_early_is_said_to(medium: Path, tmp_path: Path) -> None:
    path = e01(medium, tmp_path, "-c", "deflate:none")
    last = max(tmp_path.glob("set.E*"))
    last.unlink()
    found, gaps = whole(path)
    assert {gap.reason for gap in gaps} == {GapReason.CHUNK_MISSING}
    assert gaps[-1].offset + gaps[-1].length == len(found)
    assert found[: gaps[0].offset] == medium.read_bytes()[: gaps[0].offset]


@pytest.mark.parametrize("method", ["deflate:none", "deflate:fast"])
def test_one_changed_byte_of_a_chunk_is_a_gap_there_and_nowhere_else(
    medium: Path, tmp_path: Path, method: str
) -> None:
    path = e01(medium, tmp_path, "-c", method)
    image = bytearray(path.read_bytes())
    image[500_000] ^= 0x10
    path.write_bytes(image)
    found, gaps = whole(path)
    (gap,) = gaps
    assert gap.reason in {GapReason.WRONG_CHECKSUM, GapReason.BAD_COMPRESSION}
    assert gap.length == 32 * KIB
    data = medium.read_bytes()
    assert found[: gap.offset] == data[: gap.offset]
    assert found[gap.offset + gap.length :] == data[gap.offset + gap.length :]
    entries = read_source_of(path)
    lost = [each.entry for each in entries if each.entry.fault is EntryFault.UNREADABLE]
    assert [entry.path for entry in lost] == ["volume/noise.bin"]
    assert f"at byte {gap.offset}, {gap.length} bytes" in lost[0].detail
    assert hits(entries, KNOWN)


def read_source_of(path: Path):
    with opened_image(path) as image:
        return read_source(source_of(image))


def test_a_broken_table_is_replaced_by_its_second_copy(medium: Path, tmp_path: Path) -> None:
    path = e01(medium, tmp_path)
    image = bytearray(path.read_bytes())
    at = image.index(b"table\0")
    image[at + 76 + 24 + 9] ^= 1
    path.write_bytes(image)
    with opened_image(path) as opened:
        source = source_of(opened)
        assert source.read(0, source.size_bytes) == (medium.read_bytes(), [])
        assert any("second copy" in note for note in source.notes)


@pytest.mark.parametrize("length", [0, 5, HEAD_BYTES, 100, 3000])
def test_a_first_segment_without_its_volume_is_refused(
    medium: Path, tmp_path: Path, length: int
) -> None:
    path = e01(medium, tmp_path)
    path.write_bytes(path.read_bytes()[: min(length, 300)])
    with pytest.raises(BadImage):
        whole(path)
    with opened_image(path) as image, pytest.raises(NoImage):
        Reader(image)


@pytest.mark.parametrize("name", ["evidence.bin", "evidence", "set.001"])
def test_an_e01_of_another_name_is_one(medium: Path, tmp_path: Path, name: str) -> None:
    path = e01(medium, tmp_path)
    parts = sorted(tmp_path.glob("*.E*"))
    for number, part in enumerate(parts if name == "set.001" else parts[:1]):
        part.rename(tmp_path / name.replace("001", f"{number + 1:03}"))
    with opened_image(tmp_path / name) as image:
        assert image.kind == "e01"
    with opened_image(tmp_path / name, form="raw") as image:
        assert image.kind == "raw"
    if name == "set.001":
        assert whole(tmp_path / name) == (medium.read_bytes(), [])
    assert not path.exists()


@pytest.mark.parametrize(
    ("begin", "end", "word"),
    [
        (b"EVF2\r\n\x81\0", b"", "Ex01"),
        (b"encrcdsa", b"", "an encrypted Apple disk image"),
        (b"", b"cdsaencr", "an encrypted Apple disk image"),
        (b"WithoutFreeSpace", b"", "a Parallels disk"),
        (b"WithouFreSpacExt", b"", "a Parallels disk"),
        (b"QED\0", b"", "QED.*have it converted to raw or E01"),
        (b"PK\x03\x04", b"aff4://2a3b4c5d", "AFF4"),
    ],
)
def test_a_container_that_nothing_reads_is_refused_by_name(
    tmp_path: Path, begin: bytes, end: bytes, word: str
) -> None:
    path = tmp_path / "image"
    path.write_bytes(begin + bytes(4096) + end)
    with pytest.raises(NoImage, match=word), opened_image(path):
        pass
    with opened_image(path, form="raw") as image:
        assert image.kind == "raw"


@pytest.mark.parametrize("begin", [b"PK\x03\x04", b"MZ\x90\0"])
def test_a_medium_is_no_archive_whatever_it_begins_with(
    medium: Path, tmp_path: Path, begin: bytes
) -> None:
    path = tmp_path / "disk"
    path.write_bytes(begin + medium.read_bytes()[len(begin) :])
    assert not is_archive(path)


def test_large_chunks_are_kept_a_few_at_a_time(tmp_path: Path) -> None:
    path, size = tmp_path / "medium", 96 * 1024 * KIB
    with path.open("wb") as file:
        file.truncate(size)
    run("ewfacquire", "-q", "-u", "-b", "32768", "-t", tmp_path / "set", path)
    with opened_image(tmp_path / "set.E01") as image:
        source = source_of(image)
        assert source.read(size - KIB, KIB) == (bytes(KIB), [])
        for offset in range(0, size, 16 * 1024 * KIB):
            source.read(offset, KIB)
        assert isinstance(source, EwfSource)
        assert source.held_bytes <= 64 * 1024 * KIB


def bad_sectors(bad: Sequence[int]):
    """Reads as a disk does whose sectors are broken."""

    def read_at(handle: int, length: int, at: int) -> bytes:
        if any(at < (sector + 1) * 512 and sector * 512 < at + length for sector in bad):
            raise OSError(errno.EIO, "Input/output error")
        return os.pread(handle, length, at)

    return read_at


def test_bad_sectors_are_gaps_of_their_own_length(medium: Path) -> None:
    data = medium.read_bytes()
    with medium.open("rb") as file:
        source = RawSource([(file.fileno(), len(data))], bad_sectors([100, 4000, 4001]))
        found, gaps = source.read(0, len(data))
    assert [(gap.offset // 512, gap.length) for gap in gaps] == [
        (100, 512),
        (4000, 512),
        (4001, 512),
    ]
    for sector in range(len(data) // 512):
        at = slice(sector * 512, sector * 512 + 512)
        assert found[at] == (bytes(512) if sector in {100, 4000, 4001} else data[at])


def test_what_lies_on_bad_sectors_is_unprocessed_with_its_place(medium: Path) -> None:
    size = medium.stat().st_size
    (noise,) = [e.entry for e in read(medium) if e.entry.path.endswith("noise.bin")]
    bad = noise.first_byte // 512 + 7
    with medium.open("rb") as file:
        found = read_source(RawSource([(file.fileno(), size)], bad_sectors([bad])))
    (lost,) = [each.entry for each in found if each.entry.fault is EntryFault.UNREADABLE]
    assert lost.path.endswith("noise.bin")
    assert f"read-error at byte {bad * 512}, 512 bytes" in lost.detail
    assert hits(found, KNOWN)


def partitioned(folder: Path, label: str, script: str, size_kib: int = 8 * KIB) -> Path:
    path = folder / "disk"
    with path.open("wb") as file:
        file.truncate(size_kib * KIB)
    run("sfdisk", "-q", path, given=f"label: {label}\n{script}")
    return path


def put(disk: Path, maker: Maker, sector: int) -> None:
    with disk.open("r+b") as file:
        file.seek(sector * 512)
        file.write(maker.path.read_bytes())


@pytest.mark.parametrize("label", ["dos", "gpt"])
def test_every_partition_is_walked_and_what_lies_between_is_read(
    tmp_path: Path, label: str
) -> None:
    kind = ("c", "83") if label == "dos" else ("uefi", "linux")
    disk = partitioned(
        tmp_path,
        label,
        f"start=2048, size=1024, type={kind[0]}\nstart=5000, size=8192, type={kind[1]}",
    )
    fat = Maker("fat12", tmp_path / "fat").make()
    fat.write("one.bmp", bmp(11))
    ext = Maker("ext4", tmp_path / "ext").make()
    ext.write("two.bmp", bmp(12))
    put(disk, fat, 2048)
    put(disk, ext, 5000)
    with disk.open("r+b") as file:
        file.seek(4000 * 512)
        file.write(bmp(13))
    found = read(disk)
    assert [hit.entry.path for hit in hits(found, bmp(11))] == ["partition-1/one.bmp"]
    assert [hit.entry.path for hit in hits(found, bmp(12))] == ["partition-2/two.bmp"]
    (between,) = hits(found, bmp(13))
    assert between.entry.kind is EntryKind.CARVED
    assert between.entry.path.startswith("outside-")
    assert unread(found, disk.stat().st_size) == 0


def test_an_image_shorter_than_its_partition_table_says_is_incomplete(tmp_path: Path) -> None:
    disk = partitioned(tmp_path, "dos", "start=2048, size=8192, type=83")
    ext = Maker("ext4", tmp_path / "ext").make()
    ext.write("one.bmp", bmp(11))
    put(disk, ext, 2048)
    with disk.open("r+b") as file:
        file.truncate(3 * 1024 * KIB)
    found = read(disk)
    (short,) = [e.entry for e in found if e.entry.fault is EntryFault.SOURCE_TOO_SHORT]
    assert short.path == "partition-1"
    assert "2097152 bytes lie behind the end" in short.detail
    assert unread(found, disk.stat().st_size) == 0


@pytest.mark.parametrize(
    ("marks", "word"),
    [
        ({0: b"LUKS\xba\xbe\0\2"}, "LUKS"),
        ({3: b"-FVE-FS-", 11: b"\0\2", 510: b"\x55\xaa"}, "BitLocker"),
        ({3: b"-FVE-FS-", 160: bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")}, "BitLocker"),
        (
            {3: b"MSWIN4.1", 424: bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")},
            "BitLocker To Go",
        ),
    ],
)
def test_an_encrypted_volume_is_said_to_be_one(
    tmp_path: Path, marks: dict[int, bytes], word: str
) -> None:
    path = tmp_path / "image"
    data = bytearray(bmp(5, 1024 * KIB))
    for at, mark in marks.items():
        data[at : at + len(mark)] = mark
    path.write_bytes(data)
    (only,) = read(path)
    assert only.entry.fault is EntryFault.ENCRYPTED_VOLUME
    assert (only.entry.detail, only.entry.runs) == (word, ((0, 1024 * KIB),))


@pytest.mark.parametrize("stale", ["fat12", "ext2", "ntfs", "-FVE-FS-"])
def test_what_is_left_at_byte_0_hides_no_partition(tmp_path: Path, stale: str) -> None:
    disk = tmp_path / "disk"
    if stale in SYSTEMS:
        old = Maker(stale, disk).make()
        old.write("old.bmp", bmp(10))
    with disk.open("a+b") as file:
        file.truncate(6 * 1024 * KIB)
    run("sfdisk", "-q", "--wipe", "never", disk, given="label: dos\nstart=6000, size=1024, type=c")
    if stale not in SYSTEMS:
        with disk.open("r+b") as file:
            file.seek(3)
            file.write(stale.encode() + b"\0\2")
    fat = Maker("fat12", tmp_path / "fat").make()
    fat.write("new.bmp", bmp(11))
    put(disk, fat, 6000)
    found = read(disk)
    assert [hit.entry.path for hit in hits(found, bmp(11))] == ["partition-1/new.bmp"]
    if stale in SYSTEMS:
        assert "volume/old.bmp" in [hit.entry.path for hit in hits(found, bmp(10))]
        assert unread(found, disk.stat().st_size) == 0


def test_a_medium_without_a_file_system_is_searched_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "image"
    data = bytearray(1024 * KIB)
    data[512 * 77 : 512 * 77 + len(KNOWN)] = KNOWN
    path.write_bytes(data)
    found = read(path)
    assert len(hits(found, KNOWN)) == 1
    assert [e.entry.fault for e in found if e.entry.fault] == [EntryFault.UNKNOWN_FILE_SYSTEM]
    assert unread(found, len(data)) == 0


def test_behind_the_walls_the_same_comes_out(medium: Path, tmp_path: Path) -> None:
    path = e01(medium, tmp_path)
    with opened_image(path) as image, reading(image, 2) as readers:
        with readers.one() as reader:
            entries = sorted(reader.walk(), key=lambda each: each.first_byte)
            (known,) = [each for each in entries if each.path.endswith("known.bmp")]
            assert b"".join(reader.content(known)) == KNOWN
        found = [one for batch in readers.digest([[each] for each in entries]) for one in batch]
        read_whole = readers.media()
    assert found == read(medium)
    assert read_whole.digests == {
        name: hashlib.new(name, medium.read_bytes()).hexdigest()
        for name in ("md5", "sha1", "sha256")
    }
    assert read_whole.gaps == ()


def test_a_reader_stands_behind_the_walls_when_it_sees_the_first_byte(medium: Path) -> None:
    with opened_image(medium) as image, Reader(image) as reader:
        status = Path(f"/proc/{reader.pid}/status").read_text()
    words = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    assert words["Seccomp"].strip() == "2", "only what the filter names"
    assert words["NoNewPrivs"].strip() == "1"
    assert words["Threads"].strip() == "1"


def test_a_reader_that_is_killed_is_started_again(medium: Path) -> None:
    with opened_image(medium) as image, reading(image, 1) as readers:
        with readers.one() as reader:
            entries = list(reader.walk())
            reader.kill()
        found = [one for batch in readers.digest([entries]) for one in batch]
    assert [each.entry.fault for each in found] == [each.fault for each in entries]


def test_a_reader_that_hangs_is_ended_and_started_again(
    medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_image(medium) as image, Reader(image) as reader:
        monkeypatch.setattr(readers, "ORDER_SECONDS", 0.1)
        os.kill(reader.pid, signal.SIGSTOP)
        with pytest.raises(ReaderKilled):
            reader.about()
        monkeypatch.undo()
        reader.restart()
        assert reader.about().size_bytes == medium.stat().st_size


def test_the_cross_list_of_the_sleuth_kit_is_ours(medium: Path) -> None:
    listed = run("fls", "-r", "-p", "-F", medium).splitlines()
    names = {re.sub(r"^\S+ (\* )?\S+:\t", "", line) for line in listed}
    ours = {
        each.entry.path.removeprefix("volume/")
        for each in read(medium)
        if each.entry.kind in {EntryKind.FILE, EntryKind.STRUCTURE}
        and each.entry.state is EntryState.PRESENT
    }
    assert names == ours


def test_a_large_medium_is_digested_side_by_side_with_the_same_result(tmp_path: Path) -> None:
    maker = Maker("ext4", tmp_path / "image").make(size_kib=600 * KIB)
    for number in range(4):
        (tmp_path / f"{number}.bin").write_bytes(bmp(number, 3000 + number))
    orders = "".join(f"write {tmp_path / f'{each % 4}.bin'} f{each}\n" for each in range(40))
    run("debugfs", "-w", "-f", "-", maker.path, given=orders)
    with opened_image(maker.path) as image, Reader(image) as reader:
        files = [each for each in reader.walk() if each.kind is EntryKind.FILE]
        found = [each.digests for each in reader.digest(files)[0]]
    assert len(found) == 40
    assert set(found) == {digest_bytes(bmp(number, 3000 + number)) for number in range(4)}
