"""A survival curve as the points of a drawing, and as words of a table."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from tipbridge.police.removals.survival import BACK_HORIZONS, HORIZONS, Point

WIDTH, HEIGHT = 240, 60
_WHOLE = HORIZONS[-1]
_WHOLE_BACK = BACK_HORIZONS[-1]


def drawn(curve: Sequence[Point]) -> str:
    """The steps of a curve over 28 days, as the points of an SVG polyline."""
    return _drawn(curve, _WHOLE)


def drawn_back(curve: Sequence[Point]) -> str:
    """How much of what went is back, over 42 days: a line that rises, as points of a polyline."""
    return _drawn(curve, _WHOLE_BACK, rising=True)


def _drawn(curve: Sequence[Point], whole: timedelta, *, rising: bool = False) -> str:
    points, up = [(Fraction(0), Fraction(1))], Fraction(1)
    for point in curve:
        if point.after > whole:
            break
        at = Fraction(point.after // timedelta(seconds=1), whole // timedelta(seconds=1))
        points += [(at, up), (at, point.up)]
        up = point.up
    points.append((Fraction(1), up))
    heights = ((x, y if rising else 1 - y) for x, y in points)
    return " ".join(f"{_whole(x, WIDTH)},{_whole(y, HEIGHT)}" for x, y in heights)


def _whole(share: Fraction, of: int) -> int:
    return round(share * of)
