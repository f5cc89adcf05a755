"""Files digested side by side have the digests that each has alone."""

import random

import pytest

from tipbridge.knowledge.hashes.digests import Digests, digest_bytes
from tipbridge.knowledge.hashes.engine import compiled
from tipbridge.knowledge.hashes.engine.lanes import Lanes

EDGES = [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129]
"""Lengths around what padding and a block make of them."""


def digest_many(contents: list[bytes]) -> list[Digests]:
    """What comes out when these are taken by lanes that took others before, and longer ones."""
    lanes = Lanes()
    for number in range(20):
        lanes.take([b"\xff" * (4000 + number)])
    lanes.digests()
    for each in contents:
        lanes.take([each[:70], each[70:70], each[70:]])
    return lanes.digests()


@pytest.mark.parametrize("count", [1, 15, 16, 31, 32, 33, 100])
def test_each_has_the_digests_that_it_has_alone(count: int) -> None:
    noise = random.Random(count)
    lengths = (EDGES * count)[: count // 2] + [noise.randrange(9000) for _ in range(count)]
    contents = [noise.randbytes(length) for length in lengths]
    assert digest_many(contents) == [digest_bytes(each) for each in contents]


def test_one_long_file_among_short_ones_is_digested_alone() -> None:
    contents = [bytes(100_000), *(bytes(each) for each in range(40))]
    assert digest_many(contents) == [digest_bytes(each) for each in contents]


def test_without_compiled_code_the_same_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(compiled.SWITCH, "no")
    contents = [bytes([each]) * 70 for each in range(40)]
    assert digest_many(contents) == [digest_bytes(each) for each in contents]
