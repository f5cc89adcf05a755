"""How long material stays up after the first notice: survival curves with censoring; pure.

Source: E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations,
Journal of the American Statistical Association 53 (1958).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from tipbridge.police.removals.model import Life

HORIZONS = (timedelta(hours=24), timedelta(days=3), timedelta(days=28))
BACK_HORIZONS = (timedelta(days=7), timedelta(days=28), timedelta(days=42))
"""When it is told how much of what went came back. Source: Project Arachnid: up to 42 days later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """From `after` on, `up` of the places were still up.

    Shape: `at_risk` places were watched until then; at it `gone` of them went.
    """

    after: timedelta
    at_risk: int
    gone: int
    up: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRecord:
    """What one host did with the notices it got.

    Shape: `gone_within` counts those gone within each of HORIZONS; `watched` those that were
    gone by then or watched for so long, its denominator. `up_at` is the curve at HORIZONS,
    None past the longest watched. `reappeared` counts the same address; `back_on_host` and
    `back_on_other_host` those that went and whose file was noted elsewhere since, `back_elsewhere`
    those of which either holds. `back_curve` is the share of what went that is not back at the same
    address, by the time since it went, and `back_within` the share that came back, at BACK_HORIZONS.
    """

    host: str
    country: str | None
    noticed: int
    gone: int
    reappeared: int
    back_on_host: int
    back_on_other_host: int
    back_elsewhere: int
    escalated: int
    gone_after_escalation: int
    gone_within: tuple[int, ...]
    watched: tuple[int, ...]
    up_at: tuple[Fraction | None, ...]
    curve: tuple[Point, ...]
    back_curve: tuple[Point, ...] = ()
    back_within: tuple[Fraction | None, ...] = ()


def survival(lives: Iterable[tuple[timedelta, bool]]) -> tuple[Point, ...]:
    """The product-limit estimate; each life is how long it was watched and whether it ended.

    Shape: one point for each time at which something went. Whatever was lost from sight at a
    time counts as watched at that time, as usual.
    """
    found, up = list(lives), Fraction(1)
    points: list[Point] = []
    for after in sorted({time for time, ended in found if ended}):
        at_risk = sum(time >= after for time, _ in found)
        gone = sum(ended and time == after for time, ended in found)
        up *= 1 - Fraction(gone, at_risk)
        points.append(Point(after=after, at_risk=at_risk, gone=gone, up=up))
    return tuple(points)


def up_at(curve: Sequence[Point], longest: timedelta, horizon: timedelta) -> Fraction | None:
    """The curve's value at a time; None when nothing was watched for so long."""
    if longest < horizon and not (curve and curve[-1].up == 0):
        return None
    value = Fraction(1)
    for point in curve:
        if point.after <= horizon:
            value = point.up
    return value


def record_of(host: str, lives: Sequence[Life], now: datetime) -> HostRecord:
    """One host's figures."""
    watched = [_watched(life, now) for life in lives]
    curve = survival(watched)
    longest = max((time for time, _ in watched), default=timedelta())
    backs = [back for life in lives if (back := _back(life, now)) is not None]
    back_curve = survival(backs)
    longest_gone = max((time for time, _ in backs), default=timedelta())
    escalated = [life for life in lives if life.escalated_at is not None]
    countries = {life.country for life in lives if life.country is not None}
    return HostRecord(
        host=host,
        country=next(iter(countries)) if len(countries) == 1 else None,
        noticed=len(lives),
        gone=sum(ended for _, ended in watched),
        reappeared=sum(life.reappeared for life in lives),
        back_on_host=sum(life.back_on_host for life in lives),
        back_on_other_host=sum(life.back_on_other_host for life in lives),
        back_elsewhere=sum(life.back_on_host or life.back_on_other_host for life in lives),
        escalated=len(escalated),
        gone_after_escalation=sum(
            life.gone_at is not None
            and life.escalated_at is not None
            and life.gone_at >= life.escalated_at
            for life in escalated
        ),
        gone_within=tuple(
            sum(ended and time <= horizon for time, ended in watched) for horizon in HORIZONS
        ),
        watched=tuple(
            sum((ended and time <= horizon) or time >= horizon for time, ended in watched)
            for horizon in HORIZONS
        ),
        up_at=tuple(up_at(curve, longest, horizon) for horizon in HORIZONS),
        curve=curve,
        back_curve=back_curve,
        back_within=tuple(
            None if away is None else 1 - away
            for away in (up_at(back_curve, longest_gone, each) for each in BACK_HORIZONS)
        ),
    )


def records(lives: Iterable[Life], now: datetime) -> tuple[HostRecord, ...]:
    """Every host's figures, the slowest first."""
    by_host: dict[str, list[Life]] = {}
    for life in lives:
        by_host.setdefault(life.host, []).append(life)
    found = [record_of(host, each, now) for host, each in by_host.items()]
    return tuple(
        sorted(found, key=lambda one: (Fraction(one.gone, one.noticed), -one.noticed, one.host))
    )


def _watched(life: Life, now: datetime) -> tuple[timedelta, bool]:
    """How long a life was watched, and whether it ended within that."""
    if life.gone_at is not None:
        return max(life.gone_at - life.noticed_at, timedelta()), True
    end = max(min(life.last_known_at, now), life.noticed_at)
    return end - life.noticed_at, False


def _back(life: Life, now: datetime) -> tuple[timedelta, bool] | None:
    """How long what went was seen to be gone, and whether it came back; None of what did not go."""
    if life.gone_at is None:
        return None
    if life.back_at is not None and life.back_at > life.gone_at:
        return life.back_at - life.gone_at, True
    seen = life.gone_at if life.gone_seen_at is None else min(life.gone_seen_at, now)
    return max(seen - life.gone_at, timedelta()), False
