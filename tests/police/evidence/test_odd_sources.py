"""Sources of odd names and kinds are read whole, or refused; none is waited for without an end."""

import os
import time
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.images import bmp, source_of
from tests.police.evidence.test_actions import a_case, an_exhibit
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.sources.model import Gap, GapReason
from tipbridge.police.evidence.sources.opening import opened_image

_PART, _PARTS = 4096, 30


def whole(path: Path) -> tuple[bytes, list[Gap]]:
    with opened_image(path) as image:
        source = source_of(image)
        return source.read(0, source.size_bytes)


def lettered(folder: Path, first: str = "aa") -> list[Path]:
    """Parts as `split` names them: aa, ab, … az, ba."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    names = [f"{'a' * (len(first) - 2)}{one}{two}" for one in alphabet for two in alphabet]
    parts = [folder / f"stick.raw.{name}" for name in names[:_PARTS]]
    for number, part in enumerate(parts):
        part.write_bytes(bmp(number, _PART))
    return parts


@pytest.mark.parametrize("first", ["aa", "aaa"])
def test_parts_with_letters_are_put_together(tmp_path: Path, first: str) -> None:
    parts = lettered(tmp_path, first)
    assert whole(parts[0]) == (b"".join(bmp(number, _PART) for number in range(_PARTS)), [])
    parts[27].unlink()
    data, gaps = whole(parts[0])
    assert gaps == [Gap(offset=27 * _PART, length=_PART, reason=GapReason.MISSING_SEGMENT)]
    assert data[28 * _PART :] == bmp(28, _PART) + bmp(29, _PART)


def test_a_file_that_only_ends_so_stays_one(tmp_path: Path) -> None:
    (tmp_path / "notes.aa").write_bytes(b"one file")
    (tmp_path / "notes.txt").write_bytes(b"another")
    assert whole(tmp_path / "notes.aa") == (b"one file", [])


@pytest.mark.parametrize("digits", [1, 2, 3, 7, 40])
def test_parts_with_many_digits_take_no_longer(tmp_path: Path, digits: int) -> None:
    for number in range(1, 5):
        (tmp_path / f"stick.{number:0{digits}}").write_bytes(bmp(number, _PART))
    begun = time.process_time()
    expected = bmp(1, _PART) if digits == 1 else b"".join(bmp(n, _PART) for n in range(1, 5))
    assert whole(tmp_path / f"stick.{1:0{digits}}") == (expected, [])
    assert time.process_time() - begun < 1


def test_a_part_of_an_impossible_number_is_no_part(tmp_path: Path) -> None:
    (tmp_path / "stick.0000001").write_bytes(bmp(1, _PART))
    (tmp_path / "stick.9000000").write_bytes(bmp(1, _PART))
    with pytest.raises(NoImage, match=r"stick.9000000 would be part 9000000"):
        whole(tmp_path / "stick.0000001")


@pytest.mark.parametrize("name", ["pipe", "pipe.001", "pipe.E01", "pipe.aa"])
def test_a_pipe_is_refused_and_not_waited_for(node, tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    with pytest.raises(NoImage, match="neither a file nor a disk"):
        examine_image(node, CONSOLE, exhibit.id, image=tmp_path / name)
