"""Hostile archives: every trick ends within its budget, and each member left out has a reason."""

import gzip
import io
import struct
import tarfile
import zlib
from collections import Counter

import pytest

from tests.foundation.box.archives.made import (
    bomb_of_overlaps,
    central,
    deflated,
    ended,
    listed,
    local,
    member,
    nested,
    tarred,
    zipped,
)

MEBIBYTE = 1024 * 1024


def skipped(found: dict) -> list[tuple]:
    return [(one["path"][-1], str(one["reason"]), one["detail"]) for one in found["skipped"]]


def total(found: dict) -> int:
    left_out = sum(one["count"] for one in found["skipped"])
    return len(found["members"]) + found["folders"] + left_out


def one_member(name: bytes = b"x", data: bytes = b"data", **changes) -> bytes:
    """A zip of one member whose headers can be made to lie."""
    packed = changes.pop("packed", deflated(data))
    fields = {"size": len(data), "crc": zlib.crc32(data), "method": 8, "flags": 0, **changes}
    claimed = fields.pop("claimed_packed", len(packed))
    at, own = fields.pop("at", 0), fields.pop("local_name", name)
    body = local(own, packed, **fields)
    return ended(body, central(name, packed=claimed, at=at, **fields), 1)


def test_lines_over_the_same_bytes_give_them_once() -> None:
    found = listed(bomb_of_overlaps(1000, 100_000))
    assert [one["path"] for one in found["members"]] == [["0"]]
    assert Counter(reason for _, reason, _ in skipped(found)) == {"overlap": 999}
    assert total(found) == found["entries"] == 1000


def test_a_member_that_lies_in_another_is_left_out() -> None:
    inner = local(b"inner", b"II", size=2, crc=zlib.crc32(b"II"), method=0)
    outer = local(b"outer", inner, size=len(inner), crc=zlib.crc32(inner), method=0)
    lines = central(
        b"outer", packed=len(inner), size=len(inner), crc=zlib.crc32(inner), at=0, method=0
    ) + central(
        b"inner", packed=2, size=2, crc=zlib.crc32(b"II"), at=len(outer) - len(inner), method=0
    )
    found = listed(ended(outer, lines, 2))
    assert [one["path"] for one in found["members"]] == [["outer"]]
    assert skipped(found) == [("inner", "overlap", "")]


@pytest.mark.parametrize(
    ("archive", "expected"),
    [
        (one_member(flags=1), ("x", "encrypted", "")),
        (one_member(flags=0x41), ("x", "encrypted", "")),
        (one_member(method=99), ("x", "unsupported", "method-99")),
        (one_member(method=14), ("x", "unsupported", "method-14")),
        (one_member(flags=0x20), ("x", "unsupported", "patch")),
        (one_member(packed=b"\xff\xff"), ("x", "damaged", "error")),
        (one_member(packed=deflated(bytes(9000))[:-3]), ("x", "damaged", "cut-off")),
        (one_member(at=7), ("x", "damaged", "no-header")),
        (one_member(at=2**31), ("x", "outside", "")),
        (one_member(claimed_packed=2**31), ("x", "outside", "")),
        (one_member(claimed_packed=9), ("x", "outside", "")),
    ],
)
def test_what_can_not_be_read_has_its_reason(archive: bytes, expected: tuple) -> None:
    found = listed(archive)
    assert skipped(found) == [expected]
    assert (found["members"], found["entries"]) == ([], 1)


@pytest.mark.parametrize(
    ("archive", "path", "data", "note"),
    [
        (one_member(size=4_000_000_000), "x", b"data", "size-lies"),
        (one_member(size=1), "x", b"data", "size-lies"),
        (one_member(crc=7), "x", b"data", "checksum"),
        (one_member(local_name=b"y"), "x", b"data", "headers-differ"),
        (one_member(b"../../etc/passwd"), "../../etc/passwd", b"data", "path"),
        (one_member(b"..\\up"), "..\\up", b"data", "path"),
        (one_member(b"/abs"), "/abs", b"data", "path"),
        (one_member(b"C:\\win"), "C:\\win", b"data", "path"),
        (one_member(b"a\0b\r\nc"), "a\ufffdb\ufffd\ufffdc", b"data", "name"),
        (one_member(b"n" * 900), "n" * 255, b"data", "name"),
        (one_member(b"\xff\xfe", flags=0x800), "\\xff\\xfe", b"data", "name"),
    ],
)
def test_what_is_odd_is_read_all_the_same_and_noted(
    archive: bytes, path: str, data: bytes, note: str
) -> None:
    found = listed(archive)
    assert found["members"] == [member([path], data, note)]


def test_zeros_that_unpack_too_well_are_cut_off() -> None:
    found = listed(zipped({"zeros": bytes(20 * MEBIBYTE), "after": b"still read"}))
    assert skipped(found) == [("zeros", "ratio", "")]
    assert found["members"] == [member(["after"], b"still read")]
    assert skipped(listed(gzip.compress(bytes(20 * MEBIBYTE)))) == [("~", "ratio", "")]


def test_bytes_are_counted_over_everything_nested() -> None:
    inner = zipped({"a": bytes(range(256)) * 40, "b": bytes(range(256)) * 40}, 0)
    found = listed(zipped({"1.zip": inner, "2.zip": inner}, 0), bytes=50_000)
    assert sum(one["size_bytes"] for one in found["members"]) <= 50_000
    assert {reason for _, reason, _ in skipped(found)} == {"bytes"}
    assert total(found) == found["entries"]


def test_more_entries_than_allowed_are_one_line_with_their_number() -> None:
    for data in (zipped(dict.fromkeys(map(str, range(500)), b"")), tarred(dict.fromkeys(map(str, range(500)), b""))):  # fmt: skip
        found = listed(data, members=100)
        assert [(one["reason"], one["count"]) for one in found["skipped"]] == [("count", 400)]
        assert total(found) == found["entries"] == 500


def test_a_directory_that_declares_other_numbers_is_read_as_it_stands() -> None:
    data = bytearray(zipped({"a": b"1", "b": b"2"}))
    struct.pack_into("<2H", data, len(data) - 22 + 8, 60_000, 60_000)
    found = listed(bytes(data))
    assert (len(found["members"]), found["skipped"]) == (2, [])
    cut = bytes(data).replace(b"PK\1\2", b"PK\1\3", 2).replace(b"PK\1\3", b"PK\1\2", 1)
    found = listed(cut)
    assert [(one["reason"], one["detail"]) for one in found["skipped"]] == [
        ("damaged", "directory")
    ]


def test_time_is_a_budget_too() -> None:
    found = listed(zipped({"a": b"1", "b": b"2"}), seconds=-1.0)
    assert [reason for _, reason, _ in skipped(found)] == ["time", "time"]
    found = listed(tarred({"a": b"1"}), seconds=-1.0)
    assert [one["reason"] for one in found["unopened"]] == ["time"]


def test_an_archive_in_an_archive_has_a_size_it_is_held_to() -> None:
    inner = zipped({"deep": bytes(range(256)) * 400}, 0)
    found = listed(zipped({"inner.zip": inner}, 0), nested_bytes=100_000)
    assert found["members"] == [member(["inner.zip"], inner)]
    assert [(one["path"], one["reason"]) for one in found["unopened"]] == [
        (("inner.zip",), "nested-size")
    ]
    held = listed(nested(3, zipped({"x": bytes(30_000)}, 0)), nested_bytes=100_000)
    assert [one["path"][-1] for one in held["members"]][-1] == "x"


@pytest.mark.parametrize(
    ("start", "name"), [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07\0", "rar")]
)
def test_an_archive_inside_that_is_not_walked_is_named(start: bytes, name: str) -> None:
    data = start + bytes(3000)
    found = listed(zipped({"inner": data}))
    assert found["members"] == [member(["inner"], data)]
    assert [(one["reason"], one["detail"]) for one in found["unopened"]] == [("unsupported", name)]


def test_a_second_set_of_members_that_no_line_names_is_counted() -> None:
    hidden = local(b"hidden", b"H" * 50, size=50, crc=zlib.crc32(b"H" * 50), method=0)
    shown = local(b"shown", b"S", size=1, crc=zlib.crc32(b"S"), method=0)
    line = central(b"shown", packed=1, size=1, crc=zlib.crc32(b"S"), at=len(hidden), method=0)
    found = listed(ended(hidden + shown, line, 1))
    assert found["members"] == [member(["shown"], b"S")]
    assert found["unlisted_bytes"] == len(hidden)


def test_what_stands_behind_the_end_of_a_tar_is_counted() -> None:
    first = tarred({"a": b"1"})
    assert listed(first)["unlisted_bytes"] == 0
    assert listed(first + tarred({"b": b"2"}))["unlisted_bytes"] > len(first)


def test_links_and_devices_have_no_content_and_a_cut_tar_says_where_it_ends() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"kind-{kind.decode()}")
            info.type, info.linkname = kind, "../../etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("file")
        info.size = 2000
        archive.addfile(info, io.BytesIO(bytes(2000)))
    data = out.getvalue()
    found = listed(data)
    assert {reason for _, reason, _ in skipped(found)} == {"no-content"}
    assert found["members"] == [member(["file"], bytes(2000))]
    cut = listed(data[: 5 * 512 + 700])
    assert skipped(cut)[-1] == ("file", "outside", "")


@pytest.mark.parametrize(
    "lines",
    [
        b"99999999 path=x\n",
        b"0 path=x\n",
        b"xx path=x\n",
        b"12 size=abc\n",
        b"5 GNU.sparse.map=1\n",
    ],
)
def test_headers_of_a_tar_that_lie_end_it_with_a_reason(lines: bytes) -> None:
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(lines)
    head = info.tobuf(tarfile.USTAR_FORMAT)
    found = listed(head + lines.ljust(512, b"\0") + tarred({"a": b"1"}))
    assert found["unopened"][0]["reason"] in {"damaged", "unsupported"}
