"""How long leaked material stays up, host by host; small numbers hidden in public; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from tipbridge.bulletin.model import CurvePoint, Definitions, LeakFigure, Period
from tipbridge.police.removals.model import Life
from tipbridge.police.removals.survival import HORIZONS, HostRecord, record_of

OTHERS = "other hosts"
HORIZON_HOURS = tuple(horizon // timedelta(hours=1) for horizon in HORIZONS)
_TENTH = Decimal("0.1")


def leak_figures(
    lives: Iterable[Life], period: Period, as_of: datetime, definitions: Definitions
) -> tuple[LeakFigure, ...]:
    """Every host's figures of places first asked about in the period, nothing hidden."""
    return tuple(
        _figure(record) for record in _records(_asked_in(lives, period, definitions), as_of)
    )


def public_leaks(
    lives: Iterable[Life], period: Period, as_of: datetime, definitions: Definitions
) -> tuple[LeakFigure, ...]:
    """The same for publication: hosts with few places stand together, small numbers are hidden.

    Shape: a share is hidden when it, what is left of it, or its step from the share before
    would tell of fewer places than `small_cell`; no curve, whose every step tells of some.
    """
    floor = definitions.small_cell
    asked = _asked_in(lives, period, definitions)
    large, few = dict[str, list[Life]](), list[Life]()
    for host, each in asked.items():
        if len(each) >= floor:
            large[host] = each
        else:
            few += each
    found = [_hidden(record, floor) for record in _records(large, as_of)]
    if few:
        found.append(_hidden(record_of(OTHERS, few, as_of), floor))
    return tuple(found)


def _asked_in(
    lives: Iterable[Life], period: Period, definitions: Definitions
) -> dict[str, list[Life]]:
    zone, found = ZoneInfo(definitions.time_zone), dict[str, list[Life]]()
    for life in lives:
        if period.from_on <= life.noticed_at.astimezone(zone).date() <= period.to_on:
            found.setdefault(life.host, []).append(life)
    return found


def _records(asked: dict[str, list[Life]], as_of: datetime) -> list[HostRecord]:
    found = [record_of(host, lives, as_of) for host, lives in asked.items()]
    return sorted(found, key=lambda record: (-record.noticed, record.host))


def _figure(record: HostRecord) -> LeakFigure:
    return LeakFigure(
        host=record.host,
        places=record.noticed,
        still_up=tuple(_per_cent(value) for value in record.up_at),
        reappeared=record.reappeared,
        curve=tuple(
            CurvePoint(hours=point.after // timedelta(hours=1), still_up=_percent(point.up))
            for point in record.curve
        ),
        noted_elsewhere=record.back_elsewhere,
        counts_elsewhere=True,
    )


def _hidden(record: HostRecord, floor: int) -> LeakFigure:
    if record.noticed < floor:
        return LeakFigure(
            host=record.host,
            places=None,
            still_up=(None,) * 3,
            reappeared=None,
            counts_elsewhere=True,
        )
    still_up: list[Decimal | None] = []
    shown = 0
    for gone, value in zip(record.gone_within, record.up_at, strict=True):
        told = (gone, record.noticed - gone, gone - shown)
        if value is None or _is_small(told, floor):
            still_up.append(None)
        else:
            still_up.append(_percent(value))
            shown = gone
    back = (record.reappeared, record.noticed - record.reappeared)
    found = record.back_elsewhere
    elsewhere = (found, record.gone - found, record.noticed - found)
    return LeakFigure(
        host=record.host,
        places=record.noticed,
        still_up=tuple(still_up),
        reappeared=None if _is_small(back, floor) else record.reappeared,
        noted_elsewhere=None if _is_small(elsewhere, floor) else found,
        counts_elsewhere=True,
    )


def _is_small(numbers: Sequence[int], floor: int) -> bool:
    return any(0 < number < floor for number in numbers)


def _per_cent(value: Fraction | None) -> Decimal | None:
    return None if value is None else _percent(value)


def _percent(value: Fraction) -> Decimal:
    share = Decimal((100 * value).numerator) / Decimal((100 * value).denominator)
    return share.quantize(_TENTH, ROUND_HALF_UP)
