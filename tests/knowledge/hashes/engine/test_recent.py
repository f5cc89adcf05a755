"""The ring of recent hashes: counted like brute force does, compiled or not, also once it is full."""

import random
from typing import Any, cast

import pytest

from tipbridge.knowledge.hashes.engine import compiled, recent
from tipbridge.knowledge.hashes.engine.recent import Recent
from tipbridge.knowledge.hashes.engine.warming import warm_up

BITS = 62


def moved(hash_: bytes, bits: int, draw: random.Random) -> bytes:
    number = int.from_bytes(hash_)
    for place in draw.sample(range(256), bits):
        number ^= 1 << place
    return number.to_bytes(32)


def counted(kept: dict[bytes, tuple[bool, float]], hash_: bytes, since: float) -> tuple[int, int]:
    near = [
        hit
        for other, (hit, at) in kept.items()
        if at >= since and (int.from_bytes(other) ^ int.from_bytes(hash_)).bit_count() <= BITS
    ]
    return sum(near), len(near) - sum(near)


@pytest.mark.parametrize("is_compiled", [True, False])
def test_it_counts_what_is_near_and_kept(monkeypatch, is_compiled: bool) -> None:
    monkeypatch.setattr(compiled, "wanted", lambda: is_compiled)
    draw = random.Random(7)
    picture, ring, kept = draw.randbytes(32), Recent(40), dict[bytes, tuple[bool, float]]()
    seen = set[tuple[int, int]]()
    for step in range(300):
        hash_ = moved(picture, draw.choice((0, 20, 40, 62, 63, 90)), draw)
        if kept and draw.random() < 0.2:
            gone = draw.choice([*kept])
            ring.forget(gone)
            ring.forget(gone)
            del kept[gone]
        at, hit = step + draw.random(), draw.random() < 0.5
        if step < 30 or draw.random() < 0.1:
            kept[hash_] = hit, at
            ring.keep(hash_, hit=hit, at=at)
        assert len(kept) <= 40, "the ring is not full in this test"
        since = draw.choice((0.0, step - 20.0))
        found = ring.near(picture, BITS, since=since)
        assert found == counted(kept, picture, since)
        seen.add(found)
    assert len(seen) > 20


def test_the_first_gives_way_and_one_asked_again_stays_one() -> None:
    ring = Recent(3)
    hashes = [bytes([number]) * 32 for number in range(5)]
    for at, hash_ in enumerate(hashes):
        ring.keep(hash_, hit=True, at=at)
    assert [ring.near(each, 0, since=0.0)[0] for each in hashes] == [0, 0, 1, 1, 1]
    ring.keep(hashes[2], hit=False, at=9)
    assert ring.near(hashes[2], 0, since=9.0) == (0, 1)
    ring.forget(hashes[2])
    ring.keep(hashes[2], hit=True, at=10)  # in the next place; its old one is dead
    ring.keep(hashes[0], hit=True, at=11)
    ring.keep(hashes[1], hit=True, at=12)
    assert [ring.near(each, 0, since=0.0)[0] for each in hashes] == [1, 1, 1, 0, 0]


def test_the_kernel_is_loaded_before_the_first_question() -> None:
    warm_up()
    if compiled.wanted():
        loaded = {*cast("Any", recent.count_near).signatures}
        Recent(9).near(bytes(32), BITS, since=1.5)
        assert loaded
        assert {*cast("Any", recent.count_near).signatures} == loaded
