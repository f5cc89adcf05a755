"""The Sleuth Kit's own programs on the same images: what differs stands in a table, with why."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from tests.police.evidence.images import SYSTEMS, Maker, bmp, read, run
from tests.police.evidence.test_apfs import a_container
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import EntryFault, EntryKind, EntryState

EXPLAINED = {
    r".*:\$(O|Q|R|SDH|SII|I30)": "an index of the file system, which fls lists as a file",
    r"\$Extend/\$(ObjId|Quota|Reparse)": "a record with indexes only: here it is unprocessed",
}
"""Names on one side only; docs/examining.md shows them."""
WITHOUT_DIGEST = frozenset(
    {
        EntryFault.NAME_ONLY,
        EntryFault.NO_STREAM,
        EntryFault.NOTHING_STORED,
        EntryFault.NAME_REUSED,
    }
)
"""Why an entry that the Sleuth Kit lists has no digest here."""

_LINE = re.compile(r"(?P<kind>\S+) (?P<gone>\* )?(?P<record>[\d-]+)(\(realloc\))?:\t(?P<path>.*)")
_LISTED = frozenset({EntryKind.FILE, EntryKind.STREAM, EntryKind.STRUCTURE})


APFS_EXPLAINED = {
    "empty": "a file without extents: icat finds no content and ends in an error, here it is empty",
    "link": "a symbolic link: fls lists it as one, here it is unprocessed",
    "far.bin": "its blocks lie behind the end of the medium: icat ends in an error, here it is unprocessed",
}
"""What of the container is not compared byte by byte."""


@pytest.fixture(scope="module", params=SYSTEMS)
def maker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """One medium of each system, which every test here only reads."""
    maker = Maker(request.param, tmp_path_factory.mktemp("medium") / "image").make()
    for number in range(4):
        maker.write(f"file{number}.bmp", bmp(number, 700 + 3000 * number))
    maker.write("empty.txt", b"") if maker.system.startswith("fat") else None
    if maker.system not in {"ntfs", "exfat"}:
        maker.folder("inner")
        maker.write("inner/deep.bmp", bmp(9))
    maker.remove("file2.bmp")
    return maker


def fls(path: Path, *pool: str) -> list[tuple[str, bool, str]]:
    """Path, whether deleted, and record of each line."""
    lines = run("fls", "-r", "-p", "-F", *pool, path).splitlines()
    found = [_LINE.fullmatch(line) for line in lines]
    assert all(found), "every line is understood"
    return [(m["path"], bool(m["gone"]), m["record"]) for m in found if m is not None]


def ours(path: Path) -> dict[str, list[Digested]]:
    found: dict[str, list[Digested]] = {}
    for each in read(path):
        if each.entry.kind in _LISTED and each.entry.path != "volume":
            found.setdefault(each.entry.path.removeprefix("volume/"), []).append(each)
    return found


def test_the_same_names_are_listed(maker: Maker) -> None:
    theirs, mine = {path for path, _, _ in fls(maker.path)}, set(ours(maker.path))
    differing = theirs ^ mine
    unexplained = {
        path for path in differing if not any(re.fullmatch(form, path) for form in EXPLAINED)
    }
    assert not unexplained
    assert len(theirs & mine) >= 5


def test_icat_gives_the_same_bytes(maker: Maker) -> None:
    mine, compared = ours(maker.path), 0
    for path, gone, record in fls(maker.path):
        for each in mine.get(path, ()):
            if each.digests is None:
                continue
            words = ["icat", *(["-r"] if gone else []), str(maker.path), record]
            data = subprocess.run(words, capture_output=True, check=True).stdout
            assert hashlib.sha256(data).hexdigest() == each.digests.sha256, path
            compared += 1
    assert compared >= 5


def test_what_tsk_recover_writes_is_all_among_ours(maker: Maker, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("tsk_recover", "-e", maker.path, out)
    mine = {
        each.digests.sha256
        for found in ours(maker.path).values()
        for each in found
        if each.digests is not None
    }
    written = [path for path in out.rglob("*") if path.is_file()]
    assert len(written) >= 4
    for path in written:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in mine, path.name


def test_what_is_not_processed_has_a_reason_of_the_list(maker: Maker) -> None:
    left = [each.entry for found in ours(maker.path).values() for each in found if not each.digests]
    assert {entry.fault for entry in left} <= WITHOUT_DIGEST
    assert all(e.state is EntryState.DELETED or e.fault is not EntryFault.NAME_ONLY for e in left)


@pytest.mark.parametrize(("name", "block", "least"), [("Macintosh HD", "8", 4), ("Data", "12", 1)])
def test_apfs_is_listed_and_read_alike(name: str, block: str, least: int, tmp_path: Path) -> None:
    """Two readers written apart, the Sleuth Kit's and libfsapfs, on the same container."""
    path = a_container(tmp_path / "image")
    pool = ("-P", "apfs", "-B", block)
    mine = {
        each.removeprefix(f"{name}/"): found
        for each, found in ours(path).items()
        if each.startswith(f"{name}/") and any(one.entry.kind is EntryKind.FILE for one in found)
    }
    theirs = {each: record for each, _, record in fls(path, *pool)}
    assert set(theirs) == set(mine)
    compared = 0
    for each, record in theirs.items():
        (found,) = mine[each]
        words = ["icat", *pool, str(path), record]
        done = subprocess.run(words, capture_output=True, check=False)
        data = done.stdout
        assert (done.returncode != 0) == (each in APFS_EXPLAINED), each
        if done.returncode:
            assert found.digests is None or not found.entry.size
            continue
        assert found.digests is not None
        assert hashlib.sha256(data).hexdigest() == found.digests.sha256, each
        compared += 1
    assert compared >= least
