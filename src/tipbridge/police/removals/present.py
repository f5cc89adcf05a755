"""A survival curve as the points of a drawing, and as words of a table."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from tipbridge.police.removals.survival import HORIZONS, Point

WIDTH, HEIGHT = 240, 60
_WHOLE = HORIZONS[-1]


def drawn(curve: Sequence[Point]) -> str:
    """The steps of a curve over 28 days, as the points of an SVG polyline."""
    points, up = [(Fraction(0), Fraction(1))], Fraction(1)
    for point in curve:
        if point.after > _WHOLE:
            break
        at = Fraction(point.after // timedelta(seconds=1), _WHOLE // timedelta(seconds=1))
        points += [(at, up), (at, point.up)]
        up = point.up
    points.append((Fraction(1), up))
    return " ".join(f"{_whole(x, WIDTH)},{_whole(1 - y, HEIGHT)}" for x, y in points)


def _whole(share: Fraction, of: int) -> int:
    return round(share * of)
