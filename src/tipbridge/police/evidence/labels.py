"""Labels of exhibits with a QR code, as PDF: one page a label, 100 by 60 mm, black on white.

The code holds the exhibit's id and nothing of the case, so that a lost label tells nothing.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

import segno
from PIL import Image, ImageDraw, ImageFont

_DOTS_A_MILLIMETRE = 12
_WIDTH, _HEIGHT = 100 * _DOTS_A_MILLIMETRE, 60 * _DOTS_A_MILLIMETRE
_DPI = 25.4 * _DOTS_A_MILLIMETRE
_EDGE = 4 * _DOTS_A_MILLIMETRE
_CODE_SIDE = 40 * _DOTS_A_MILLIMETRE
_TEXT_LEFT = _EDGE + _CODE_SIDE + _EDGE
_SIZES = (96, 54, 44)
_LINES = 3
PREFIX = "tipbridge:exhibit:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on one label. Shape: `words` are lines under the mark, in the reader's language."""

    exhibit_id: str
    mark: str
    words: tuple[str, ...]
    synthetic: bool


def write_labels(labels: Sequence[Label], at: datetime) -> bytes:
    """The labels as one PDF; the same labels at the same time give the same bytes."""
    pages = [draw_label(label) for label in labels]
    out = io.BytesIO()
    moment = at.utctimetuple()
    pages[0].save(
        out, "PDF", resolution=_DPI, save_all=True, append_images=pages[1:],
        creationDate=moment, modDate=moment, producer="Tipbridge", title="Labels",
    )  # fmt: skip
    return out.getvalue()


def draw_label(label: Label) -> Image.Image:
    """One label at 305 dots an inch."""
    page = Image.new("1", (_WIDTH, _HEIGHT), 1)
    draw = ImageDraw.Draw(page)
    code = code_of(label.exhibit_id)
    page.paste(code, (_EDGE, _EDGE))
    top = _EDGE
    top = _written(draw, label.mark, top, _SIZES[0])
    for number, words in enumerate(label.words):
        top = _written(draw, words, top, _SIZES[1] if number == 0 else _SIZES[2])
    small = _font(30)
    draw.text((_EDGE, _HEIGHT - 3 * _DOTS_A_MILLIMETRE), label.exhibit_id, 0, small, anchor="ls")
    if label.synthetic:
        draw.text(
            (_WIDTH - _EDGE, _HEIGHT - 3 * _DOTS_A_MILLIMETRE), "SYNTHETIC", 0, small, anchor="rs"
        )
    return page


def code_of(exhibit_id: str) -> Image.Image:
    """The QR code, every module the same whole number of dots, quiet around as ISO 18004 asks."""
    made = segno.make(f"{PREFIX}{exhibit_id}", error="q", micro=False)
    rows = [bytes(255 * (1 - (module & 1)) for module in row) for row in made.matrix_iter(border=4)]
    plain = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    scale = _CODE_SIDE // len(rows)
    return plain.resize(
        (scale * len(rows[0]), scale * len(rows)), Image.Resampling.NEAREST
    ).convert("1")


def _written(draw: ImageDraw.ImageDraw, words: str, top: int, size: int) -> int:
    """Write words, broken where they reach the edge, cut after three lines; where the next begins."""
    font = _font(size)
    lines = _broken(draw, words, font)
    for line in lines:
        draw.text((_TEXT_LEFT, top), line, 0, font)
        top += round(size * 1.25)
    return top + size // 4


def _broken(draw: ImageDraw.ImageDraw, words: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines, line = list[str](), ""
    for letter in words:
        if draw.textlength(line + letter, font) > _WIDTH - _EDGE - _TEXT_LEFT:
            lines.append(line)
            line = letter.lstrip()
        else:
            line += letter
    lines.append(line)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1][:-1] + "…"]
    return lines


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    data = resources.files("tipbridge.web").joinpath(
        "static/vendor/Pretendard-SemiBold.subset.woff2"
    )
    return ImageFont.truetype(io.BytesIO(data.read_bytes()), size)
