"""What can't be on a medium costs itself and no more: the rest is examined, and it is said."""

import os
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.images import KIB, Maker, bmp, read, run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_containers import partitioned, put
from tests.police.evidence.test_images import KNOWN, hits, sha256, unread
from tests.police.evidence.test_imaging import report
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions, readers
from tipbridge.police.evidence.imaging import batches_of, examine_image
from tipbridge.police.evidence.listed import every_entry
from tipbridge.police.evidence.readers import Reader, ReaderKilled
from tipbridge.police.evidence.reading import walking, wire
from tipbridge.police.evidence.reading.model import (
    MOST_PATH_CHARACTERS,
    Entry,
    EntryFault,
    EntryKind,
    EntryState,
)
from tipbridge.police.evidence.sources.opening import opened_image

_DEATHS = """
from tipbridge.police.evidence.reading import volumes, walking
listed, system = walking.Walk._listed, volumes.pytsk3.FS_Info
def listing(self, folder, found):
    if any(folder.path.endswith(each) for each in {folders!r}):
        import os; os._exit(1)
    return listed(self, folder, found)
def opening(image, offset=0):
    if offset in {systems!r}:
        import os; os._exit(1)
    return system(image, offset=offset)
walking.Walk._listed = listing
class pytsk3:
    FS_Info = opening
    def __getattr__(self, name):
        return getattr(volumes_pytsk3, name)
volumes_pytsk3, volumes.pytsk3 = volumes.pytsk3, pytsk3()
volumes.pytsk3.FS_Info = opening
main()
"""


def dying(monkeypatch, folders: tuple[str, ...] = (), systems: tuple[int, ...] = ()) -> None:
    """A library that crashes at these folders and file systems, as one does over a bad medium."""
    deaths = _DEATHS.format(folders=folders, systems=systems)
    program = readers._PROGRAM.removesuffix("main()\n")
    assert program != readers._PROGRAM
    monkeypatch.setattr(readers, "_PROGRAM", program + deaths)


def listed(path: Path) -> list[Entry]:
    with opened_image(path) as image, Reader(image) as reader:
        return every_entry(reader)


def too_deep(path: Path, tree: Path) -> Path:
    """Folders within folders whose names are no text, so that a path is longer than any can be."""
    tree.mkdir()
    (tree / "known.bmp").write_bytes(KNOWN)
    here = os.open(tree, os.O_RDONLY)
    for _ in range(75):
        os.mkdir(b"\xff" * 255, dir_fd=here)
        inner = os.open(b"\xff" * 255, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    file = os.open("hidden", os.O_WRONLY | os.O_CREAT, dir_fd=here)
    os.write(file, bmp(7))
    os.close(file)
    os.close(here)
    with path.open("wb") as image:
        image.truncate(8 * 1024 * KIB)
    run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "1024", "-N", "256", "-d", tree, path)
    return path


def test_a_path_longer_than_any_can_be_is_shortened_and_its_file_found(tmp_path: Path) -> None:
    image = too_deep(tmp_path / "image", tmp_path / "tree")
    entries = listed(image)
    assert max(len(each.path) for each in entries) < MOST_PATH_CHARACTERS + 100
    assert len({each.path for each in entries}) == len(entries)
    found = read(image)
    (hidden,) = hits(found, bmp(7))
    assert hidden.entry.path.endswith("/hidden")
    assert "characters left out, SHA-256 " in hidden.entry.path
    assert hits(found, KNOWN)
    assert unread(found, image.stat().st_size) == 0


@pytest.mark.parametrize("high", ["0x80000000", "0xffffffff", "0x7fffffff"])
def test_a_file_of_a_size_that_none_has_is_named_and_the_others_are_read(
    tmp_path: Path, high: str
) -> None:
    maker = Maker("ext4", tmp_path / "image").make()
    maker.write("known.bmp", KNOWN)
    maker.write("evil.bin", bmp(8, 3000))
    run("debugfs", "-w", maker.path, "-R", f"set_inode_field evil.bin size_hi {high}")
    (evil,) = [each for each in listed(maker.path) if each.path.endswith("evil.bin")]
    assert evil.fault is EntryFault.LARGER_THAN_MEDIUM
    assert hits(read(maker.path), KNOWN)


def test_a_time_that_no_file_can_keep_is_the_last_one() -> None:
    assert walking._moment(2**34, 999_999_999) == 2**63 - 1
    assert walking._moment(-(2**62), 0) == -(2**62)
    assert walking._moment(1_795_771_051, 5) == 1_795_771_051_000_000_005


def test_a_file_that_lies_behind_the_end_is_not_read_as_if_it_were_empty(tmp_path: Path) -> None:
    maker = Maker("fat16", tmp_path / "image").make()
    maker.write("KNOWN.BMP", KNOWN)
    maker.write("CUT.BMP", bmp(9, 30_000))
    cut = maker.found("CUT.BMP").entry.first_byte + 5000
    with maker.path.open("r+b") as file:
        file.truncate(cut)
    found = read(maker.path)
    (short,) = [each for each in found if each.entry.path.endswith("CUT.BMP")]
    assert short.entry.fault is EntryFault.SOURCE_TOO_SHORT
    assert short.digests is None
    assert short.entry.detail == "25000 of its bytes lie behind the end of the source"
    assert hits(found, KNOWN)


def test_an_entry_that_none_can_be_is_kept_by_its_path() -> None:
    good = wire.entry_out(
        Entry(path="a/b", kind=EntryKind.FILE, state=EntryState.PRESENT, size=1, volume=0)
    )
    for place, value in ((3, -1), (5, [[0, -4]]), (6, 2**64), (8, [0])):
        bad = [*good]
        bad[place] = value
        kept = wire.listed_in(bad)
        assert (kept.path, kept.kind, kept.fault) == (
            "a/b",
            EntryKind.STRUCTURE,
            EntryFault.UNREADABLE,
        )
    assert wire.listed_in(7).fault is EntryFault.UNREADABLE


def test_files_in_very_many_pieces_travel_a_few_at_a_time() -> None:
    runs = tuple((at, 1) for at in range(0, 120_000, 2))
    entry = Entry(
        path="a", kind=EntryKind.FILE, state=EntryState.PRESENT, size=1, volume=0, runs=runs
    )
    assert [len(batch) for batch in batches_of([entry] * 5)] == [2, 2, 1]


def two_volumes(tmp_path: Path) -> Path:
    disk = partitioned(
        tmp_path,
        "dos",
        "start=2048, size=9000, type=83\nstart=12288, size=2048, type=1",
    )
    ext = Maker("ext4", tmp_path / "ext").make()
    for folder in ("good", "bad", "bad/inner"):
        ext.folder(folder)
    ext.write("good/known.bmp", KNOWN)
    ext.write("bad/inner/deep.bmp", bmp(21))
    fat = Maker("fat12", tmp_path / "fat").make()
    fat.write("other.bmp", bmp(22))
    put(disk, ext, 2048)
    put(disk, fat, 12288)
    return disk


def test_a_folder_that_ends_the_reader_costs_that_folder(tmp_path: Path, monkeypatch) -> None:
    disk = two_volumes(tmp_path)
    dying(monkeypatch, folders=("/bad",))
    with opened_image(disk) as image, Reader(image) as reader:
        entries = every_entry(reader)
        found = [one for each in entries for one in reader.digest([each])[0]]
    faults = {each.path: each.fault for each in entries if each.fault is EntryFault.READER_KILLED}
    assert list(faults) == ["partition-1/bad/"]
    assert [hit.entry.path for hit in hits(found, KNOWN)] == ["partition-1/good/known.bmp"]
    assert [hit.entry.path for hit in hits(found, bmp(22))] == ["partition-2/other.bmp"]
    assert {hit.entry.kind for hit in hits(found, bmp(21))} == {EntryKind.CARVED}
    assert unread(found, disk.stat().st_size) == 0


def test_a_file_system_that_ends_the_reader_costs_itself(tmp_path: Path, monkeypatch) -> None:
    disk = two_volumes(tmp_path)
    dying(monkeypatch, systems=(2048 * 512,))
    entries = listed(disk)
    (dead,) = [each for each in entries if each.fault is EntryFault.READER_KILLED]
    assert (dead.path, dead.kind, dead.detail) == (
        "partition-1",
        EntryKind.STRUCTURE,
        "as it is opened",
    )
    assert any(each.path == "partition-2/other.bmp" for each in entries)
    rest = [each for each in entries if each.path.startswith("partition-1/$Rest")]
    assert sum(each.size for each in rest) == 9000 * 512


def test_a_medium_of_which_nothing_can_be_listed_is_searched_all_the_same(
    tmp_path: Path, monkeypatch
) -> None:
    disk = two_volumes(tmp_path)
    monkeypatch.setattr(Reader, "walk", lambda *_, **__: (_ for _ in ()).throw(ReaderKilled("x")))
    monkeypatch.setattr(Reader, "at", None, raising=False)
    entries = listed(disk)
    assert [each.path for each in entries if each.fault] == ["volume"]
    assert sum(each.size for each in entries) == disk.stat().st_size


def test_custody_stands_before_the_first_byte_is_read(node, tmp_path: Path, monkeypatch) -> None:
    maker = Maker("fat16", tmp_path / "stick.img").make()
    exhibit = an_exhibit(node, CONSOLE, a_case(node))

    def ended(*_: object, **__: object) -> None:
        with open_work(node, CONSOLE) as work:
            chain = actions.read_exhibit(work, exhibit.id).custody
        assert [event.kind.value for event in chain] == ["seized", "examined"]
        raise ReaderKilled("it ended")

    with monkeypatch.context() as patched:
        patched.setattr(Reader, "media", ended)
        with pytest.raises(ReaderKilled, match="can't go on: it ended"):
            examine_image(node, CONSOLE, exhibit.id, image=maker.path)
    done = examine_image(node, CONSOLE, exhibit.id, image=maker.path)
    with open_work(node, CONSOLE) as work:
        chain = actions.read_exhibit(work, exhibit.id).custody
    assert [event.kind.value for event in chain] == ["seized", "examined"], "it was gone on with"
    assert done.sha256_before == sha256(maker.path.read_bytes())


def test_a_hostile_medium_is_examined_and_reported_the_same_twice(node, tmp_path: Path) -> None:
    image = too_deep(tmp_path / "image", tmp_path / "tree")
    case, reports = a_case(node), []
    for mark in ("one", "two"):
        exhibit = an_exhibit(node, CONSOLE, case, mark=mark)
        examine_image(node, CONSOLE, exhibit.id, image=image)
        reports.append(report(node, exhibit.id))
    assert reports[0] == reports[1]
    assert any(str(line.get("path", "")).endswith("/hidden") for line in reports[0])
