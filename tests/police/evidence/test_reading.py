"""The walled reader can do nothing but read; what it says is believed no more than the medium."""

import struct
from dataclasses import replace

import pytest

from tests.police.evidence.images import bmp
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence.readers import ReaderKilled, checked
from tipbridge.police.evidence.reading import wire
from tipbridge.police.evidence.reading.carving import carved
from tipbridge.police.evidence.reading.contents import Digested, looks_like
from tipbridge.police.evidence.reading.model import Entry, EntryFault, EntryKind, EntryState
from tipbridge.police.evidence.reading.ranges import complement, limited, union
from tipbridge.police.evidence.sources.model import Gap, GapReason, joined

ENTRY = Entry(
    path="a/b",
    kind=EntryKind.FILE,
    state=EntryState.DELETED,
    size=9,
    volume=512,
    runs=((1024, 5), (-1, 4)),
    record=7,
    attribute=(128, 1),
)


def test_an_entry_travels_whole() -> None:
    assert wire.entry_in(wire.entry_out(ENTRY)) == ENTRY


def test_what_became_of_entries_travels_by_their_place_unless_it_is_another() -> None:
    digests = Digests(md5="0" * 32, sha1="1" * 40, sha256="2" * 64, size_bytes=9)
    lost = replace(ENTRY, fault=EntryFault.READER_KILLED)
    asked = (replace(ENTRY, path="c"), ENTRY)
    found = [
        Digested(entry=asked[1], looks="picture", digests=digests),
        Digested(entry=asked[0]),
        Digested(entry=lost),
    ]
    said = wire.digested_out(found, asked)
    assert [each[0] for each in said] == [1, 0, wire.entry_out(lost)]
    assert [wire.digested_in(each, asked) for each in said] == found


@pytest.mark.parametrize("place", [-1, 2, True, 2**70])
def test_a_place_that_nothing_was_asked_for_is_refused(place: int) -> None:
    with pytest.raises((ValueError, IndexError)):
        wire.digested_in([place, None, ""], (ENTRY, ENTRY))


def test_another_number_of_answers_than_batches_ends_the_reader() -> None:
    with pytest.raises(ReaderKilled):
        checked([[[0, None, ""]]], ((ENTRY,), (ENTRY,)))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 5),
        (0, "x" * 80_000),
        (1, "shortcut"),
        (2, "maybe"),
        (3, -1),
        (3, True),
        (3, 2**70),
        (5, [[-2, 4]]),
        (5, [[0, 1.5]]),
        (6, "7"),
        (8, [0, 0, 0]),
        (9, "because"),
    ],
)
def test_what_no_entry_can_be_is_refused(place: int, value: object) -> None:
    said = wire.entry_out(ENTRY)
    said[place] = value
    with pytest.raises((ValueError, TypeError)):
        wire.entry_in(said)


@pytest.mark.parametrize("digest", ["", "0" * 31, "g" * 32, "A" * 32, 5])
def test_what_is_no_digest_is_refused(digest: object) -> None:
    digests = [digest, "0" * 40, "0" * 64, 9]
    with pytest.raises((ValueError, TypeError)):
        wire.digested_in([wire.entry_out(ENTRY), digests, ""], ())


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + b"\0\0\0\0"

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    scan = b"\xff\xda\0\4\1\0" + b"\x12\xff\x00\x34\xff\xd3\x56"
    return b"\xff\xd8\xff\xe0\0\4ab" + scan + b"\xff\xd9"


def gif() -> bytes:
    return b"GIF89a\1\0\1\0\0\0\0" + b"\x2c" + bytes(8) + b"\0" + b"\2\3abc\0" + b"\x3b"


def webp() -> bytes:
    return b"RIFF" + struct.pack("<I", 14) + b"WEBPVP8 " + b"ab" * 3


def mp4() -> bytes:
    return struct.pack(">I4s8s", 16, b"ftyp", b"isom\0\0\0\0") + struct.pack(
        ">I4sI", 12, b"moov", 7
    )


def zipped() -> bytes:
    return b"PK\3\4" + b"x" * 20 + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0, 0, 0, 24, 0)


@pytest.mark.parametrize("make", [png, jpeg, gif, webp, mp4, zipped, lambda: bmp(3, 400)])
def test_each_format_ends_where_it_ends(make) -> None:
    whole = make()
    data = bytes(512) + whole + b"\xab" * 700
    assert list(carved(data, aligned=True, whole=len(data))) == [(512, len(whole))]
    assert list(carved(b"\1" + data, aligned=True, whole=len(data))) == []
    assert list(carved(b"\1" + data, aligned=False, whole=len(data))) == [(513, len(whole))]
    assert list(carved(data[: 512 + len(whole) - 2], aligned=True, whole=600)) == []
    assert looks_like(whole[:16])


def test_ranges_add_up() -> None:
    assert list(union([(5, 5), (0, 3), (8, 4), (-1, 9), (20, 0)])) == [(0, 3), (5, 7)]
    assert list(complement(0, 20, [(5, 5), (15, 50)])) == [(0, 5), (10, 5)]
    assert limited([(100, 10), (-1, 10), (300, 10)], 25) == (
        ((100, 10), (-1, 10), (300, 5)),
        ((305, 5),),
    )


def test_gaps_are_counted_once() -> None:
    def gap(offset: int, length: int, reason: GapReason = GapReason.READ_ERROR) -> Gap:
        return Gap(offset=offset, length=length, reason=reason)

    bad = GapReason.BAD_WHEN_ACQUIRED
    assert joined([gap(5, 5), gap(0, 5), gap(3, 4)]) == [gap(0, 10)]
    assert joined([gap(0, 5), gap(3, 4, bad)]) == [gap(0, 5), gap(5, 2, bad)]


@pytest.mark.parametrize(
    "head", [b"RIFF\0\0\x80\0AVI LIST", bmp(1, 64)[:2] + b"\0\0\x80\0\0\0\0\0\x36\0\0\0\x28\0\0\0"]
)
def test_what_stands_behind_a_head_that_is_left_over_is_found(head: bytes) -> None:
    picture = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(10) + b"\xff\xd9"
    data = bytearray(9 * 1024 * 1024)
    data[: len(head)] = head
    at = [4096 * number for number in range(1, 21)]
    for each in at:
        data[each : each + len(picture)] = picture
    found = list(carved(bytes(data), aligned=True, whole=len(data)))
    assert found[0][0] == 0
    assert found[1:] == [(each, len(picture)) for each in at]


def test_heads_alone_are_believed_for_so_many_bytes_only() -> None:
    head = b"RIFF\0\0\xff\0AVI LIST"
    data = (head + bytes(512 - len(head))) * (2 * 17 * 1024 * 2)
    found = list(carved(data, aligned=True, whole=len(data)))
    assert 1 < len(found) <= 4 * len(data) // 0xFF0000 + 1


def test_a_sector_of_the_medium_is_where_the_medium_has_one() -> None:
    picture = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(10) + b"\xff\xd9"
    data = bytes(412) + picture + bytes(100)
    assert list(carved(data, aligned=True, whole=len(data), base=100)) == [(412, len(picture))]
    assert list(carved(data, aligned=True, whole=len(data))) == []
