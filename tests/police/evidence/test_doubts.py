"""What keeps a verdict from complete: bad sectors, changes, digests that differ, what was left out."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.images import Maker, bmp, read, read_source, run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import imaging, reporting
from tipbridge.police.evidence.acquisitions import acquire
from tipbridge.police.evidence.doubts import DoubtKind
from tipbridge.police.evidence.imaging import examine_image, unanswered
from tipbridge.police.evidence.model import Examination, Verdict
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import Entry, EntryFault, EntryKind, EntryState
from tipbridge.police.evidence.reading.narrowing import narrowed
from tipbridge.police.evidence.sayings import TEXTS, read_note
from tipbridge.police.evidence.sources.raw import RawSource
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

SECTOR, SEGMENT = 512, 128 * 1024


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    maker = Maker("fat12", tmp_path_factory.mktemp("bad") / "stick.img").make()
    for number in range(4):
        maker.write(f"p{number}.bmp", bmp(number))
    return maker.path


def said(done: Examination) -> dict[DoubtKind, str]:
    return {each.kind: each.detail for each in done.doubts}


def report(node: Node, exhibit: str) -> list[dict[str, Any]]:
    with open_work(node, CONSOLE) as work:
        return [json.loads(line) for line in reporting.read_report(work, exhibit).lines]


def an_image(node: Node, medium: Path, image: Path, *, bad: int = -SECTOR) -> str:
    """The exhibit whose medium was copied there, where the sector at `bad` could not be read."""

    def reads(handle: int, length: int, offset: int) -> bytes:
        if offset < bad + SECTOR and bad < offset + length:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return os.pread(handle, length, offset)

    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    acquire(
        node,
        CONSOLE,
        exhibit.id,
        source=medium,
        image=image,
        segment_bytes=SEGMENT,
        read_at=reads,
    )
    image.chmod(0o600)
    return exhibit.id


@pytest.mark.parametrize("name", ["a", "moved"])
def test_what_was_bad_when_acquired_is_not_read_as_zeros(
    node, medium: Path, tmp_path: Path, name: str
) -> None:
    listed(node, "known", sha256(bmp(1)), sha256(bmp(2)))
    lies = next(each.entry for each in read(medium) if each.entry.path.endswith("p1.bmp"))
    exhibit = an_image(node, medium, tmp_path / "a", bad=lies.first_byte + SECTOR)
    (tmp_path / "a").rename(tmp_path / name)
    done = examine_image(node, CONSOLE, exhibit, image=tmp_path / name)
    assert (done.verdict, done.findings) == (Verdict.INCOMPLETE, 1)
    assert said(done)[DoubtKind.BAD_WHEN_ACQUIRED] == "512 bytes in 1 range"
    first, *lines = report(node, exhibit)
    bad = {"start_byte": lies.first_byte + SECTOR, "length": SECTOR, "reason": "bad-when-acquired"}
    assert bad in first["unread"]
    (lost,) = [line for line in lines if str(line.get("path")).endswith("p1.bmp")]
    assert (lost["is"], lost["reason"]) == ("unprocessed", "unreadable")
    assert lost["detail"].startswith("bad-when-acquired at byte ")


def test_a_bad_sector_of_free_space_costs_itself_alone(node, medium: Path, tmp_path: Path) -> None:
    bad = medium.stat().st_size - 20 * SECTOR
    exhibit = an_image(node, medium, tmp_path / "a", bad=bad)
    done = examine_image(node, CONSOLE, exhibit, image=tmp_path / "a")
    assert (done.verdict, done.unread_bytes, done.listed) == (
        Verdict.INCOMPLETE,
        SECTOR,
        done.answered,
    )
    lines = report(node, exhibit)
    rest = [each for each in lines if f"$Rest@{bad}" in str(each.get("path"))]
    assert [(each["is"], each["size_bytes"]) for each in rest] == [("unprocessed", SECTOR)]
    behind = [each for each in lines if f"$Rest@{bad + SECTOR}" in str(each.get("path"))]
    assert [(each["is"], each["size_bytes"]) for each in behind] == [("processed", 19 * SECTOR)]


def test_the_rest_is_cut_where_bytes_are_missing() -> None:
    whole = Entry(
        path="volume/$Rest@1000",
        kind=EntryKind.REST,
        state=EntryState.PRESENT,
        size=500,
        volume=0,
        runs=((1000, 500),),
        reach=900,
    )
    file = replace(whole, kind=EntryKind.FILE, path="volume/a")
    assert list(narrowed([whole, file], [(0, 1000), (1500, 9)])) == [whole, file]
    pieces = list(narrowed([whole, file], [(1100, 50), (1140, 20), (1490, 100)]))
    assert [(each.path, each.runs, each.reach) for each in pieces[:-1]] == [
        ("volume/$Rest@1000", ((1000, 100),), 900),
        ("volume/$Rest@1100", ((1100, 60),), 800),
        ("volume/$Rest@1160", ((1160, 330),), 740),
        ("volume/$Rest@1490", ((1490, 10),), 410),
    ]
    assert pieces[-1] == file
    many = list(narrowed([whole], [(1000 + 10 * each, 5) for each in range(20)]))
    assert sum(each.size for each in many) == 500
    assert all(each.reach == each.size for each in many)


def test_an_image_is_held_against_its_acquisition(node, medium: Path, tmp_path: Path) -> None:
    exhibit = an_image(node, medium, tmp_path / "a")
    done = examine_image(node, CONSOLE, exhibit, image=tmp_path / "a")
    assert (done.verdict, done.doubts) == (Verdict.COMPLETE, ())
    assert done.acquisition is not None
    with (tmp_path / "a").open("r+b") as file:
        file.seek(SEGMENT + 3)
        file.write(b"other")
    done = examine_image(node, CONSOLE, exhibit, image=tmp_path / "a")
    assert done.verdict is Verdict.ALTERED
    changed = "segment 2 of 4 (bytes 131072 to 262143) changed since"
    assert said(done) == {DoubtKind.NOT_AS_ACQUIRED: changed}
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko").get(
        f"/exhibits/{exhibit}"
    )
    assert "4개 구간 중 2번째(바이트 131072–262143)가 그 뒤에 바뀜" in page.text
    assert changed not in page.text
    os.truncate(tmp_path / "a", SEGMENT)
    done = examine_image(node, CONSOLE, exhibit, image=tmp_path / "a")
    assert said(done)[DoubtKind.NOT_AS_ACQUIRED] == "it has 131072 bytes, 524288 were acquired"
    assert DoubtKind.CONTENT_NOT_PROCESSED in said(done)
    (tmp_path / "b").write_bytes(bytes(SECTOR))
    done = examine_image(node, CONSOLE, exhibit, image=tmp_path / "b")
    assert DoubtKind.OF_NO_ACQUISITION in said(done)


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (b"\1" * 4096, "unknown-file-system: 1"),
        (b"LUKS\xba\xbe\0\1" + bytes(5000), "encrypted-volume: 1"),
    ],
)
def test_what_can_not_be_read_is_never_complete(
    node, tmp_path: Path, image: bytes, why: str
) -> None:
    (tmp_path / "a").write_bytes(image)
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=tmp_path / "a")
    assert done.verdict is Verdict.INCOMPLETE
    assert said(done)[DoubtKind.CONTENT_NOT_PROCESSED] == why


@pytest.mark.parametrize("fill", [b"\0", b"\xff"])
def test_where_nothing_was_ever_written_nothing_is_missing(
    node, tmp_path: Path, fill: bytes
) -> None:
    image = tmp_path / "a"
    image.write_bytes(fill * (2 * 1024 * 1024))
    name = "volume"
    if fill == b"\0":  # partitioned, and not formatted
        run("sfdisk", "-q", image, given="label: dos\nstart=2048, size=1024, type=83\n")
        name = "partition-1"
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=image)
    assert (done.verdict, done.doubts, done.unread_bytes) == (Verdict.COMPLETE, (), 0)
    _, *lines = report(node, exhibit.id)
    (empty,) = [each for each in lines if each["is"] == "unprocessed"]
    assert (empty["path"], empty["reason"]) == (name, "nothing-written")
    assert (
        sum(each["size_bytes"] for each in lines if each["is"] == "processed") == done.medium_bytes
    )


def test_one_bad_sector_in_empty_space_is_not_taken_for_empty(tmp_path: Path) -> None:
    def reads(_handle: int, length: int, offset: int) -> bytes:
        if offset < 5 * SECTOR and offset + length > 4 * SECTOR:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return bytes(length)

    found = read_source(RawSource([(0, 64 * SECTOR)], reads))
    faults = {each.entry.path: each.entry.fault for each in found}
    assert faults["volume"] is EntryFault.UNKNOWN_FILE_SYSTEM


def test_what_the_reader_lists_is_what_is_answered_for(
    node, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=medium)
    assert done.listed == done.answered
    assert (done.listed or 0) > 4

    def losing(batch: Any, found: list[Digested]) -> list[Digested]:
        kept = [each for each in found if not each.entry.path.endswith("p2.bmp")]
        found[:] = kept
        return unanswered(batch, kept)

    monkeypatch.setattr(imaging, "unanswered", losing)
    lost = examine_image(node, CONSOLE, exhibit.id, image=medium)
    assert (lost.total, lost.verdict) == (done.total, Verdict.INCOMPLETE)
    told = f"{done.listed} entries were listed, {(done.listed or 0) - 1} answered for"
    assert said(lost)[DoubtKind.ENTRIES_DIFFER] == told
    (line,) = [each for each in report(node, exhibit.id) if "no reader" in str(each.get("detail"))]
    assert line["path"] == "volume/p2.bmp"


def test_what_the_maker_of_an_e01_wrote_is_shown(node, medium: Path, tmp_path: Path) -> None:
    run(
        *("ewfacquire", "-q", "-u", "-d", "sha1", "-C", "2026-77", "-E", "B-3", "-e", "lab 4"),
        *("-c", "deflate:none", "-t", tmp_path / "set", medium),
    )
    path = tmp_path / "set.E01"
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    assert examine_image(node, CONSOLE, exhibit.id, image=path).doubts == ()
    image = report(node, exhibit.id)[0]["image"]
    assert {"case number: 2026-77", "evidence number: B-3", "examiner: lab 4"} <= {*image["header"]}
    assert image["stored_md5"] == image["md5"]
    assert image["stored_sha1"] == image["sha1"]
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko").get(
        f"/exhibits/{exhibit.id}"
    )
    for word in ("사건 번호: 2026-77", "증거 번호: B-3", "저장된 MD5", image["stored_sha1"]):
        assert word in page.text
    data = bytearray(path.read_bytes())
    data[9000] ^= 1
    path.write_bytes(data)
    done = examine_image(node, CONSOLE, exhibit.id, image=path)
    assert done.verdict is Verdict.INCOMPLETE
    assert DoubtKind.DIGEST_NOT_COMPARABLE in said(done)
    assert said(done)[DoubtKind.DIGEST_NOT_COMPARABLE].startswith("SHA-1 stored")


def test_what_is_said_beside_a_doubt_is_said_in_korean() -> None:
    korean = catalogue(Language.KOREAN)
    assert [text for text in TEXTS if not korean.has(text, "evidence")] == []


@pytest.mark.parametrize(
    ("note", "facts"),
    [
        ("segment 3 is missing", [{"segment": "3"}]),
        ("segment 2: section list ends at byte 90", [{"segment": "2"}, {"at": "90"}]),
        (
            "segment 1: table at byte 7 has a wrong checksum; its second copy is used",
            [{"segment": "1"}, {"at": "7"}, {}],
        ),
        (
            "segment 1: section error2 at byte 8 is cut short",
            [{"segment": "1"}, {"section": "error2", "at": "8"}],
        ),
        ("segment 1: 100%(x)s odd", [{"note": "segment 1: 100%(x)s odd"}]),
    ],
)
def test_a_readers_note_is_read_for_its_facts(note: str, facts: list[dict[str, str]]) -> None:
    assert [each.facts for each in read_note(note)] == facts
    for each in read_note(note):
        assert each.in_english()


def test_an_archive_that_can_not_be_opened_is_never_complete(node, tmp_path: Path) -> None:
    maker = Maker("fat16", tmp_path / "image").make()
    maker.write("C.7Z", b"7z\xbc\xaf\x27\x1c" + bytes(200))
    maker.write("D.RAR", b"Rar!\x1a\x07\x01\0" + bytes(300))
    done = examine_image(
        node, CONSOLE, an_exhibit(node, CONSOLE, a_case(node)).id, image=maker.path
    )
    assert done.verdict is Verdict.INCOMPLETE
    (doubt,) = done.doubts
    assert (doubt.kind, doubt.detail) == (
        DoubtKind.CONTENT_NOT_PROCESSED,
        "archive-not-opened: 2",
    )
    maker.remove("C.7Z")
    maker.remove("D.RAR")
    done = examine_image(
        node, CONSOLE, an_exhibit(node, CONSOLE, a_case(node)).id, image=maker.path
    )
    assert done.verdict is Verdict.COMPLETE, "what is deleted may be overwritten"
