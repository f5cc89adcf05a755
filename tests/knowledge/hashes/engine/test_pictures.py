"""Hashes of pictures are bit for bit the reference's; the golden file is the reference's word."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.knowledge.hashes.engine.recipes import Recipe, file_of, golden_recipes, pixels_of
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason
from tipbridge.knowledge.hashes.engine import pdq, pdq_kernels, pdq_plain, pictures
from tipbridge.knowledge.hashes.engine.compiled import SWITCH
from tipbridge.knowledge.hashes.engine.pictures import Lane, hash_picture, hash_picture_fast

GOLDEN = [
    line.split("\t") for line in Path(__file__).with_name("golden.tsv").read_text().split("\n")[:-1]
]


def jpeg_of(recipe: Recipe, **options) -> bytes:
    held = io.BytesIO()
    Image.fromarray(pixels_of(recipe)).save(held, "JPEG", quality=88, **options)
    return held.getvalue()


def bits_apart(left: bytes, right: bytes) -> int:
    return (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()


def test_bits_and_quality_are_the_references():
    """Every side from 1 to 200, panoramas, odd modes, blank and nearly blank pictures."""
    recipes = list(golden_recipes())
    assert [list(map(str, recipe)) for recipe in recipes] == [line[:5] for line in GOLDEN]
    assert len(recipes) > 500
    for recipe, line in zip(recipes, GOLDEN, strict=True):
        found = hash_picture(file_of(recipe)).found
        assert [found.hash_.hex(), str(found.quality)] == line[5:], recipe


def test_without_compiled_code_the_hashes_are_the_same(monkeypatch):
    monkeypatch.setenv(SWITCH, "no")
    for recipe, line in list(zip(golden_recipes(), GOLDEN, strict=True))[:-3:9]:
        found = hash_picture(file_of(recipe)).found
        assert [found.hash_.hex(), str(found.quality)] == line[5:], recipe


def test_the_short_way_agrees_with_the_references_way_before_the_last_digits():
    """Both ways to the 64 x 64 picture, far closer to each other than one step of brightness."""
    for height, width in ((300, 400), (1000, 130), (90, 2000)):
        lines, channels = pdq.as_lines(pixels_of(Recipe("clouds", height, width, 11)))
        rows, columns = pdq.operator(height, 1), pdq.operator(width, 1)
        short = pdq_kernels.blocks(lines, channels, *rows, *columns)
        exact = pdq_kernels.reference_blocks(lines, channels, 0)
        assert np.abs(short - exact).max() < 0.01
        assert (exact == pdq_plain.reference_blocks(lines, channels, 0)).all()
        single = pdq_kernels.reference_blocks(lines, channels, 1)
        assert (single == pdq_plain.reference_blocks(lines, channels, 1)).all()
        assert np.abs(pdq_plain.blocks(lines, channels, *rows, *columns) - short).max() < 0.01


@pytest.mark.parametrize("size", [5, 64, 127, 128, 129, 500, 1080, 4000])
@pytest.mark.parametrize("scale", [1, 4, 8])
def test_each_line_of_an_operator_weighs_one(size, scale):
    """However filters are cut at the edges and summed over blocks, flat stays flat."""
    starts, weights = pdq.operator(size, scale)
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-5)
    ends = starts + (weights > 0).cumsum(axis=1).max(axis=1)
    assert starts.min() >= 0
    assert ends.max() <= -(-size // scale)


def test_too_close_to_call_goes_the_references_way():
    """A flat picture's frequencies are rounding alone: the golden file holds such ones."""
    small = np.full((64, 64), 77.1, np.float32)
    assert pdq.is_too_close(pdq.pdq_of(small), small, 1e-6)
    rng = np.random.default_rng(12)
    clear = (rng.random((64, 64)) * 255).astype(np.float32)
    assert not pdq.is_too_close(pdq.pdq_of(clear), clear, 1e-6)


def test_all_eight_rotations_and_flips_are_those_of_the_turned_pixels():
    """Near to what turning the pixels gives: sampling is not quite symmetric, as in the reference."""
    pixels = pixels_of(Recipe("clouds", 512, 512, 13))
    turned = pdq.turned(pdq.hash_pixels(pixels))
    by_hand = [
        pixels,
        np.rot90(pixels, 1),
        np.rot90(pixels, 2),
        np.rot90(pixels, 3),
        pixels[::-1],
        pixels[:, ::-1],
        pixels.transpose(1, 0, 2),
        np.rot90(pixels, 2).transpose(1, 0, 2),
    ]
    assert turned[0] == pdq.hash_pixels(pixels).hash_
    assert len(set(turned)) == 8
    hashes = [pdq.hash_pixels(each).hash_ for each in by_hand]
    for own, claimed in enumerate(turned):
        nearest = min(
            range(8), key=lambda other, claimed=claimed: bits_apart(claimed, hashes[other])
        )
        assert bits_apart(claimed, hashes[nearest]) <= 40, own
    assert {
        min(range(8), key=lambda other, claimed=claimed: bits_apart(claimed, hashes[other]))
        for claimed in turned
    } == set(range(8))


def test_a_jpeg_is_hashed_by_either_decoder_alike():
    """Baseline, progressive and grey ones; the quick decoder's pixels are Pillow's."""
    for options in ({}, {"progressive": True}, {"subsampling": 0}):
        data = jpeg_of(Recipe("clouds", 333, 501, 14), **options)
        wanted = pdq.hash_pixels(np.asarray(Image.open(io.BytesIO(data))))
        found = hash_picture(data)
        assert (found.found.hash_, found.found.quality) == (wanted.hash_, wanted.quality)
        assert (found.lane, found.height, found.width) == (Lane.REFERENCE, 333, 501)


def test_orientation_is_not_applied():
    """As in the reference: a tag that turns the picture for viewers changes no bit."""
    picture = Image.fromarray(pixels_of(Recipe("clouds", 200, 300, 15)))
    plain, tagged = io.BytesIO(), io.BytesIO()
    tags = Image.Exif()
    tags[0x0112] = 6
    picture.save(plain, "JPEG", quality=95)
    picture.save(tagged, "JPEG", quality=95, exif=tags)
    assert hash_picture(tagged.getvalue()).found.hash_ == hash_picture(plain.getvalue()).found.hash_


def test_a_palette_is_hashed_as_the_reference_does_and_as_it_is_shown():
    """The reference hashes a palette's indices; what a viewer shows stands beside it."""
    picture = Image.fromarray(pixels_of(Recipe("clouds", 200, 300, 16))).convert("P")
    held = io.BytesIO()
    picture.save(held, "PNG")
    result = hash_picture(held.getvalue())
    shown = pdq.hash_pixels(np.asarray(picture.convert("RGB")))
    assert result.as_shown is not None
    assert result.as_shown.hash_ == shown.hash_
    assert result.found.hash_ == pdq.hash_pixels(np.asarray(picture)).hash_ != shown.hash_


@pytest.mark.parametrize("mode", ["I", "F", "PA"])
def test_what_the_reference_does_not_hash_is_marked_as_converted(mode):
    picture = Image.fromarray(pixels_of(Recipe("clouds", 99, 99, 17)))
    picture = picture.convert("L" if mode != "PA" else "P").convert(mode)
    held = io.BytesIO()
    picture.save(held, "TIFF")
    result = hash_picture(held.getvalue())
    assert result.lane is Lane.CONVERTED
    assert result.found.quality > 0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.UNSUPPORTED),
        (b"%PDF-1.7 no picture", Reason.UNSUPPORTED),
        (b"\xff\xd8\xff", Reason.UNSUPPORTED),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(data, reason):
    with pytest.raises(Refused) as refused:
        hash_picture(data)
    assert refused.value.reason is reason


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    for data in (jpeg_of(Recipe("flat", 101, 100, 18)), file_of(Recipe("flat", 101, 100, 18))):
        monkeypatch.setattr(pictures, "MOST_PIXELS", 10_100)
        hash_picture(data)
        monkeypatch.setattr(pictures, "MOST_PIXELS", 10_099)
        with pytest.raises(Refused) as refused:
            hash_picture(data)
        assert refused.value.reason is Reason.TOO_LARGE


def test_a_cut_jpeg_is_an_error_and_no_hash():
    data = jpeg_of(Recipe("clouds", 300, 300, 19))
    with pytest.raises(OSError, match="truncated"):
        hash_picture(data[: len(data) // 2])


def test_the_fast_lane_says_so_and_stays_within_its_drift(monkeypatch):
    """Two megapixels at a quarter; smaller ones and other formats in the reference lane."""
    data = jpeg_of(Recipe("clouds", 1201, 1702, 20))
    whole = hash_picture(data)
    for scale, drift in ((4, 14), (8, 30)):
        monkeypatch.setattr(pictures, "fast_scale", lambda *_, scale=scale: scale)
        fast = hash_picture_fast(data)
        assert (fast.lane, whole.lane) == (Lane.FAST, Lane.REFERENCE)
        assert (fast.height, fast.width) == (1201, 1702)
        assert bits_apart(fast.found.hash_, whole.found.hash_) <= drift
    monkeypatch.undo()
    assert hash_picture_fast(data).lane is Lane.FAST
    small = jpeg_of(Recipe("clouds", 300, 400, 21))
    assert hash_picture_fast(small).lane is Lane.REFERENCE
    assert hash_picture_fast(file_of(Recipe("clouds", 300, 400, 21))).lane is Lane.REFERENCE


def test_the_fast_lanes_scale_follows_the_pixels():
    assert pictures.fast_scale(1000, 1999) == 1
    assert pictures.fast_scale(1000, 2000) == 4
    assert pictures.fast_scale(2000, 4000) == 8


@pytest.mark.parametrize("shape", [(10, 10, 2), (10, 10, 5), (10,), (2, 10, 10, 3)])
def test_other_shapes_are_no_pixels(shape):
    with pytest.raises(ValueError, match="pixels are"):
        pdq.hash_pixels(np.zeros(shape, np.uint8))


def test_a_scaled_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match="is not 100 x 100 at one in 4"):
        pdq.hash_scaled(np.zeros((24, 25), np.uint8), 100, 100, 4)
