"""Frames that no wanted frame needs are left out, and what is hashed is the same as ever."""

import io
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import av
import numpy as np
import pytest

from bench.films import Film, make
from tipbridge.knowledge.hashes.engine import sampling
from tipbridge.knowledge.hashes.engine.sampling import SETTLING_FRAMES, NotAsPlanned, plan_of
from tipbridge.knowledge.hashes.engine.videos import hash_video

PYRAMID = "keyint=40:bframes=4:b-adapt=0:b-pyramid=normal:scenecut=0"
OPEN = "open-gop=1:keyint=30:min-keyint=15:bframes=3:b-adapt=0:scenecut=0"
KINDS = {
    "as x264 likes": "keyint=60",
    "a pyramid": PYRAMID,
    "open groups": OPEN,
    "no B frames": "bframes=0",
    "refreshed bit by bit": "intra-refresh=1:keyint=30:bframes=0",
    "both fields": "tff=1:keyint=30:bframes=2",
}


@pytest.fixture(scope="module")
def film_of(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")

    @cache
    def made(parameters: str, container: str = "mp4") -> bytes:
        path = folder / f"film.{container}"
        options = {"x264-params": parameters, "preset": "veryfast"}
        make(Film(name="short", width=96, height=80, frames=150, options=options), path)
        return path.read_bytes()

    return made


def told(data: bytes) -> tuple[list[tuple[int, str, int]], str]:
    found = hash_video(io.BytesIO(data))
    frames = [(each.number, each.found.hash_.hex(), each.found.quality) for each in found.frames]
    return frames, found.ended_early


def told_whole(data: bytes, monkeypatch) -> tuple[list[tuple[int, str, int]], str]:
    with monkeypatch.context() as patched:
        patched.setattr(sampling, "planned", lambda *_: None)
        return told(data)


def decoded(data: bytes, monkeypatch, step: int = 25) -> int:
    """How many frames the decoder gives in all when the film is sampled."""
    given: list[object] = []
    decode = sampling._decoded
    with monkeypatch.context() as patched, sampling.opened(io.BytesIO(data)) as container:
        plan = sampling.planned(container, step)
        patched.setattr(
            sampling, "_decoded", lambda packet: [given.append(f) or f for f in decode(packet)]
        )
        assert plan is not None
        with sampling.opened(io.BytesIO(data)) as again:
            list(sampling.wanted_frames(again, plan, step))
    return len(given)


def cut(data: bytes, first: int) -> bytes:
    """The film without its first packets, as a recorder that begins late would write it."""
    held = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as given, av.open(held, "w", "matroska") as taken:
        stream = taken.add_stream_from_template(given.streams.video[0])
        for number, packet in enumerate(given.demux(given.streams.video[0])):
            if packet.dts is None or number < first:
                continue
            packet.stream = stream
            taken.mux(packet)
    return held.getvalue()


def key_places(data: bytes) -> list[int]:
    with av.open(io.BytesIO(data), "r") as given:
        packets: Iterable[av.Packet] = given.demux(given.streams.video[0])
        return [number for number, packet in enumerate(packets) if packet.is_keyframe]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_film_hashes_as_when_all_is_decoded(kind, film_of, monkeypatch):
    data = film_of(KINDS[kind])
    assert told(data) == told_whole(data, monkeypatch)
    assert [number for number, _, _ in told(data)[0]] == [0, 25, 50, 75, 100, 125]


def test_frames_that_nothing_is_made_from_are_not_decoded(film_of, monkeypatch):
    data = film_of(PYRAMID)
    assert decoded(data, monkeypatch) < 115  # of 150; the first 48 are decoded in any case


@pytest.mark.parametrize("container", ["mkv", "ts"])
def test_a_film_that_begins_in_the_middle_hashes_as_when_all_is_decoded(
    container, film_of, monkeypatch
):
    data = film_of(OPEN, container)
    for first in (*key_places(data)[1:4], 7, 50):
        late = cut(data, first)
        assert told(late) == told_whole(late, monkeypatch), first


def test_these_damaged_films_hash_as_when_all_is_decoded(film_of, monkeypatch):
    data = film_of(PYRAMID)
    rng = np.random.default_rng(5)
    for number in range(16):
        damaged = bytearray(data)
        for place in rng.integers(400, len(data) - 4000, 1 + number % 4):
            damaged[place] = int(rng.integers(256))
        quick, whole = told(bytes(damaged)), told_whole(bytes(damaged), monkeypatch)
        assert quick[0][: len(whole[0])] == whole[0], number


def test_what_may_be_left_out():
    every = [(time, time == 0) for time in range(100)]
    plan = plan_of(every, 10)
    assert plan is not None
    assert not any(plan.may_go[:SETTLING_FRAMES])
    kept = [place for place in range(SETTLING_FRAMES, 100) if not plan.may_go[place]]
    assert kept == [50, 60, 70, 80, 90]


def test_frames_shown_before_their_key_frame_are_decoded():
    times = [*range(60), 65, 61, 62, 63, 64, 66]
    plan = plan_of([(time, time in {0, 65}) for time in times], 10)
    assert plan is not None
    assert plan.may_go[-6:] == (False, False, False, False, False, True)


@pytest.mark.parametrize(
    "packets", [[], [(0, False), (1, True)], [(0, True), (1, False), (1, False)]]
)
def test_there_is_no_plan_for_what_is_unusual(packets):
    assert plan_of(packets, 10) is None


def test_frames_that_the_packets_did_not_promise_end_the_plan(film_of):
    data = film_of(PYRAMID)
    with sampling.opened(io.BytesIO(data)) as container:
        plan = sampling.planned(container, 25)
    assert plan is not None
    late = {time + 1: number for time, number in plan.numbers.items()}
    for wrong in (replace(plan, numbers=late), replace(plan, may_go=(False,) * 151)):
        with sampling.opened(io.BytesIO(data)) as container, pytest.raises(NotAsPlanned):
            list(sampling.wanted_frames(container, wrong, 25))
