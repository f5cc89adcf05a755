"""Bytes behind what was written of an NTFS file are searched as slack, though reading gives zeros."""

from pathlib import Path

import pytest

from tests.police.evidence.images import KIB, Maker, bmp, read
from tests.police.evidence.test_images import KNOWN, hits, sha256, unread
from tipbridge.police.evidence.reading.model import EntryKind

WRITTEN = 10 * KIB
"""Of a file of 40 KiB; its clusters are of 2 KiB."""


def shortened(maker: Maker, name: str, written: int) -> None:
    """What a file's record says when only so much of its length was ever written."""
    data = maker.path.read_bytes()
    at = data.find(b"FILE0")
    while at >= 0:
        record = data[at : at + KIB]
        if name.encode("utf-16-le") in record and record[22] & 1:
            place = int.from_bytes(record[20:22], "little")
            while record[place] != 0x80:
                place += int.from_bytes(record[place + 4 : place + 8], "little")
            assert record[place + 8], "it lies outside its record"
            maker.patch(at + place + 56, written.to_bytes(8, "little"))
        at = data.find(b"FILE0", at + KIB)


def test_what_lies_behind_the_initialised_length_is_searched(tmp_path: Path) -> None:
    maker = Maker("ntfs", tmp_path / "image").make()
    content = bytes(WRITTEN) + bytes(2 * KIB) + KNOWN + bytes(40 * KIB - 12 * KIB - len(KNOWN))
    maker.write("long.bin", content)
    before = read(maker.path)
    assert not hits(before, KNOWN)
    shortened(maker, "long.bin", WRITTEN)
    found = read(maker.path)
    (file,) = [each for each in found if each.entry.path.endswith("/long.bin")]
    assert file.digests is not None
    assert file.digests.sha256 == sha256(bytes(40 * KIB)), "as the file system gives it"
    (carved,) = hits(found, KNOWN)
    assert carved.entry.kind is EntryKind.CARVED
    assert carved.entry.path.startswith("volume/long.bin/$Slack/$Carved@")
    slack = [each.entry for each in found if each.entry.path == "volume/long.bin/$Slack"]
    assert [each.size for each in slack] == [30 * KIB]
    assert unread(found, maker.path.stat().st_size) == 0


@pytest.mark.parametrize("written", [40 * KIB, 1 << 50, (1 << 64) - 1])
def test_a_record_that_says_what_can_not_be_changes_nothing(tmp_path: Path, written: int) -> None:
    maker = Maker("ntfs", tmp_path / "image").make()
    maker.write("long.bin", bmp(3, 40 * KIB))
    shortened(maker, "long.bin", written)
    assert not [each for each in read(maker.path) if each.entry.path.endswith("long.bin/$Slack")]
