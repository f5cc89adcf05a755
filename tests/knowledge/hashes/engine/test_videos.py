"""Which frames of a video are hashed, and what happens to a damaged one."""

import io

import numpy as np
import pytest

from bench.films import Film, make
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason
from tipbridge.knowledge.hashes.engine import videos
from tipbridge.knowledge.hashes.engine.videos import Frames, hash_video, step_of, video_task

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
    hashes = {each.found.hash_ for each in every.frames}
    assert all(each.found.hash_ in hashes for each in keys.frames)
    assert keys.lane is Frames.KEY


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
