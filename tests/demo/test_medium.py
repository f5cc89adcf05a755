"""Media of the demo: images that other tools read as file systems, with known truth."""

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.police.evidence.images import read, run
from tipbridge.demo.draw import Draw
from tipbridge.demo.files import device_files, picture, sha256_of
from tipbridge.demo.medium import MediumFile, write_medium
from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.evidence.reading.model import EntryKind, EntryState

DRAW, NAMES = Draw(2014), [f"seller/usb/{number:06}" for number in range(620)]


def medium(folder: Path, *, partitioned: bool) -> Path:
    path = folder / f"{partitioned}.img"
    files = device_files(DRAW, NAMES)
    write_medium(path, files, modified_on=date(2014, 3, 5), partitioned=partitioned)
    return path


@pytest.mark.parametrize("partitioned", [False, True])
def test_every_planted_file_is_read_from_it_and_nothing_else_has_its_digest(
    tmp_path: Path, partitioned: bool
) -> None:
    found = [each for each in read(medium(tmp_path, partitioned=partitioned)) if each.digests]
    files = [each for each in found if each.entry.kind is EntryKind.FILE]
    counts = Counter(each.digests.sha256 for each in files if each.digests)
    known = {sha256_of(DRAW, name) for name in NAMES}
    assert all(counts[digest] == 1 for digest in known)
    assert len(counts.keys() - known) == 124, "one in five lies there beside the known ones"
    assert sum(each.entry.state is EntryState.DELETED for each in files) == 6
    assert sum(each.entry.path.endswith(".TXT") for each in files) == 12
    assert {each.entry.path.split("/")[0] for each in files} == {
        "partition-1" if partitioned else "volume"
    }


def test_the_same_files_give_the_same_bytes_and_the_checker_of_its_system_has_no_complaint(
    tmp_path: Path,
) -> None:
    path = medium(tmp_path, partitioned=False)
    before = path.read_bytes()
    assert medium(tmp_path, partitioned=False).read_bytes() == before
    *_, told = run("fsck.fat", "-n", path).splitlines()
    folders, present = 2, len(list(device_files(DRAW, NAMES))) - 6
    assert f": {folders + present} files," in told
    run("mcopy", "-i", path, "::/000/000000.BMP", tmp_path / "out.bmp")
    assert (tmp_path / "out.bmp").read_bytes() == picture(DRAW, NAMES[0])
    assert "2014-03-05" in run("mdir", "-i", path, "::/000/000000.BMP")


def test_files_of_any_size_come_back_from_larger_clusters(tmp_path: Path) -> None:
    path = tmp_path / "large.img"
    sizes = (0, 1, 511, 512, 513, 5000, 40_000_000)
    contents = [DRAW.noise(f"size/{size}", size) for size in sizes]
    files = [MediumFile(data=data, suffix="BIN") for data in contents]
    write_medium(path, files, modified_on=date(2014, 3, 5), partitioned=True)
    run("mmls", path)
    found = {
        each.digests.sha256
        for each in read(path)
        if each.digests and each.entry.kind is EntryKind.FILE
    }
    assert {hashlib.sha256(data).hexdigest() for data in contents if data} <= found


def test_more_than_it_can_hold_is_refused(tmp_path: Path) -> None:
    files = [MediumFile(data=b"x", suffix="TXT")] * (511 * 500 + 1)
    with pytest.raises(Invalid, match="at most 511 folders, not 512"):
        write_medium(tmp_path / "x", files, modified_on=date(2014, 3, 5), partitioned=False)
    assert not (tmp_path / "x").exists()
