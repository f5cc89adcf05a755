"""Pictures and videos are hashed in the box; what fails there comes back as a reason."""

import hashlib
import io
from collections.abc import Generator, Iterator

import pytest
from PIL import Image

from bench.films import Film, make
from tests.knowledge.hashes.engine.recipes import Recipe, file_of, pixels_of
from tipbridge.foundation.box.model import Done, Failed, Reason, Walls
from tipbridge.foundation.box.pool import Box, open_box
from tipbridge.knowledge.hashes import hashing
from tipbridge.knowledge.hashes.engine import pictures, videos
from tipbridge.knowledge.hashes.hashing import PictureHashes, VideoHashes


@pytest.fixture(scope="module")
def box() -> Generator[Box]:
    plan = hashing.plan()
    with open_box(type(plan)(tasks=plan.tasks, warm=plan.warm, walls=Walls.KERNEL)) as opened:
        yield opened


def in_pieces(data: bytes, size: int = 1000) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def jpeg(height: int, width: int) -> bytes:
    held = io.BytesIO()
    Image.fromarray(pixels_of(Recipe("clouds", height, width, 30))).save(held, "JPEG")
    return held.getvalue()


@pytest.mark.parametrize("data", [jpeg(300, 420), file_of(Recipe("clouds", 90, 130, 31, "P"))])
def test_a_picture_comes_out_of_the_box_as_it_does_without(box, data):
    found = hashing.hash_picture(box, data)
    bare = pictures.hash_picture(data)
    assert isinstance(found, PictureHashes)
    assert (found.pdq, found.quality) == (bare.found.hash_, bare.found.quality)
    assert found.turned == bare.turned
    assert found.lane == "reference"
    assert found.shown_pdq == (bare.as_shown.hash_ if bare.as_shown else None)


def test_the_fast_lane_is_chosen_by_the_caller(box):
    large = jpeg(1300, 1600)
    fast = hashing.hash_picture(box, large, fast=True)
    assert isinstance(fast, PictureHashes)
    assert fast.lane == "fast"


def test_a_video_comes_out_of_the_box_as_it_does_without(box, tmp_path):
    make(Film(name="short", width=96, height=80, frames=60), tmp_path / "film.mp4")
    data = (tmp_path / "film.mp4").read_bytes()
    bare = videos.hash_video(io.BytesIO(data))
    found = hashing.hash_video(box, in_pieces(data))
    assert isinstance(found, VideoHashes)
    assert [(each.number, each.pdq) for each in found.frames] == [
        (each.number, each.found.hash_) for each in bare.frames
    ]
    keys = hashing.hash_video(box, data, key_frames=True)
    assert isinstance(keys, VideoHashes)
    assert keys.lane == "key-frames"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.UNSUPPORTED),
        (b"no picture", Reason.UNSUPPORTED),
        (jpeg(200, 200)[:2000], Reason.UNDECODABLE),
    ],
)
def test_what_is_no_picture_has_a_reason(box, data, reason):
    failed = hashing.hash_picture(box, data)
    assert isinstance(failed, Failed)
    assert failed.reason is reason


def test_a_file_is_read_once_for_its_digests_and_its_hash(box):
    data = jpeg(300, 420)
    reads: list[int] = []

    def chunks() -> Iterator[bytes]:
        for piece in in_pieces(data):
            reads.append(len(piece))
            yield piece

    digests, found = hashing.digest_and_hash(
        chunks(), lambda stream: hashing.hash_picture(box, stream)
    )
    assert sum(reads) == len(data)
    assert digests.sha256 == hashlib.sha256(data).hexdigest()
    assert isinstance(found, PictureHashes)


def test_the_digests_are_whole_when_the_decoder_stops_early():
    data = bytes(range(256)) * 50
    digests, first = hashing.digest_and_hash(in_pieces(data), next)
    assert first == data[:1000]
    assert digests.md5 == hashlib.md5(data).hexdigest()
    assert digests.size_bytes == len(data)


PICTURE = {
    "pdq": "0" * 64,
    "quality": 5,
    "lane": "reference",
    "height": 9,
    "width": 9,
    "turned": ["0" * 64] * 8,
    "shown_pdq": None,
    "shown_quality": None,
}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        PICTURE | {"pdq": "0" * 63},
        PICTURE | {"pdq": 5},
        PICTURE | {"quality": 101},
        PICTURE | {"quality": True},
        PICTURE | {"lane": "other"},
        PICTURE | {"turned": ["0" * 64] * 7},
        PICTURE | {"turned": None},
        PICTURE | {"height": -1},
        PICTURE | {"shown_pdq": "zz"},
    ],
)
def test_an_answer_of_another_shape_is_a_failure_and_no_hash(value):
    class Answering:
        def run(self, *_arguments, **_options):
            return Done(value=value)

    failed = hashing.hash_picture(Answering(), b"")
    assert isinstance(failed, Failed)
    assert failed.reason is Reason.RESULT_MALFORMED
    film = hashing.hash_video(Answering(), b"")
    assert isinstance(film, Failed)
    assert film.reason is Reason.RESULT_MALFORMED
