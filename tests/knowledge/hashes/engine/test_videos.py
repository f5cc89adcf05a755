"""Which frames of a video are hashed, and what happens to a damaged one."""

import io
from collections.abc import Iterable
from itertools import count, pairwise

import numpy as np
import pytest

from bench.films import Film, make
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason
from tipbridge.knowledge.hashes.engine import videos
from tipbridge.knowledge.hashes.engine.videos import (
    FrameHash,
    Frames,
    hash_in_time,
    hash_video,
    step_of,
    video_task,
)

FILM = Film(name="short", width=96, height=80, frames=60)


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    make(FILM, path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("rate", "seconds", "step"),
    [(25, 1, 25), (29.97, 1, 29), (0.5, 1, 1), (30, 0.2, 6), (30, 0.01, 1)],
)
def test_the_step_is_that_of_vpdq(rate, seconds, step):
    assert step_of(rate, seconds) == step


def test_one_frame_a_second_is_hashed(film):
    found = hash_video(io.BytesIO(film))
    assert [each.number for each in found.frames] == [0, 25, 50]
    assert [each.seconds for each in found.frames] == [0.0, 1.0, 2.0]
    assert (found.height, found.width, found.frames_a_second) == (80, 96, 25.0)
    assert found.ended_early == ""
    assert all(each.found.quality > 50 for each in found.frames)
    assert len({each.found.hash_ for each in found.frames}) == 3


def test_key_frames_come_without_the_others(film):
    every = hash_video(io.BytesIO(film), seconds_between=0.01)
    keys = hash_video(io.BytesIO(film), Frames.KEY)
    assert len(every.frames) == 60
    assert 0 < len(keys.frames) < 20
    of_all = {each.found.hash_ for each in every.frames}
    assert all(each.found.hash_ in of_all for each in keys.frames)
    assert keys.lane is Frames.KEY


@pytest.fixture(scope="module")
def slow(tmp_path_factory) -> bytes:
    """Eight seconds with a key frame every half of one."""
    path = tmp_path_factory.mktemp("film") / "film.mkv"
    make(Film(name="slow", width=96, height=80, frames=200, codec="mpeg4"), path)
    return path.read_bytes()


def hashes(frames: Iterable[FrameHash]) -> list[tuple[float, bytes, int]]:
    return [(each.seconds, each.found.hash_, each.found.quality) for each in frames]


def test_of_each_second_one_key_frame_is_decoded(slow):
    seconds = [each.seconds for each in hash_video(io.BytesIO(slow), Frames.KEY).frames]
    assert seconds[0] == 0
    assert all(1 <= later - earlier < 2 for earlier, later in pairwise(seconds))
    assert 6 <= seconds[-1] < 8


def test_a_film_within_its_time_is_what_vpdqs_rule_says_and_nothing_else(slow):
    in_time = hash_in_time(io.BytesIO(slow))
    assert hashes(in_time.frames) == hashes(hash_video(io.BytesIO(slow)).frames)
    assert (in_time.lane, in_time.ended_early, in_time.key_frames) == (Frames.VPDQ, "", ())


def test_a_film_that_takes_too_long_is_known_by_the_key_frames_of_the_rest(slow, monkeypatch):
    keys = hash_video(io.BytesIO(slow), Frames.KEY).frames
    monkeypatch.setattr(videos, "processor_seconds", count().__next__)
    begun = 2 + len(keys)  # two budgets are made, and one is asked before each key frame
    found = hash_in_time(io.BytesIO(slow), begun + 3)
    assert (found.lane, found.ended_early) == (Frames.VPDQ, "out-of-time")
    assert [each.seconds for each in found.frames] == [0, 1, 2]
    assert hashes(found.key_frames) == hashes(each for each in keys if each.seconds > 2)
    assert len(found.key_frames) >= 3


def test_a_film_without_time_for_a_single_frame_is_known_by_its_key_frames(slow):
    found = hash_in_time(io.BytesIO(slow), 0)
    assert (found.lane, found.ended_early) == (Frames.KEY, "out-of-time")
    assert hashes(found.frames) == hashes(hash_video(io.BytesIO(slow), Frames.KEY).frames)
    told = video_task(io.BytesIO(slow), seconds=0)
    assert (told["lane"], told["key_frames"]) == ("key-frames", [])


def test_a_pipe_is_read_as_well_as_a_file(film):
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert video_task(Pipe(film)) == video_task(io.BytesIO(film))


def test_a_cut_film_gives_the_frames_it_has_and_says_that_it_ended_early(tmp_path):
    path = tmp_path / "film.mkv"
    make(Film(name="short", width=96, height=80, frames=100, codec="mpeg4"), path)
    whole = path.read_bytes()
    damaged = bytearray(whole)
    middle = len(whole) // 2
    damaged[middle:] = np.random.default_rng(1).bytes(len(whole) - middle)
    found = hash_video(io.BytesIO(bytes(damaged)))
    every = hash_video(io.BytesIO(whole))
    assert found.frames[0].found.hash_ == every.frames[0].found.hash_
    assert len(found.frames) <= len(every.frames)


def test_no_more_frames_than_the_bound(film, monkeypatch):
    monkeypatch.setattr(videos, "MOST_FRAMES", 2)
    found = hash_video(io.BytesIO(film))
    assert len(found.frames) == 2
    assert found.ended_early == "too-many-frames"


@pytest.mark.parametrize("data", [b"", b"no video at all" * 9])
def test_what_holds_no_video_is_refused(data):
    with pytest.raises(Refused) as refused:
        hash_video(io.BytesIO(data))
    assert refused.value.reason is Reason.UNSUPPORTED


def test_frames_too_small_to_hash_are_refused(tmp_path):
    path = tmp_path / "film.mkv"
    make(Film(name="tiny", codec="ffv1", width=4, height=80, frames=2, pixels="yuv444p"), path)
    with path.open("rb") as source, pytest.raises(Refused) as refused:
        hash_video(source)
    assert refused.value.detail == "too-small"
