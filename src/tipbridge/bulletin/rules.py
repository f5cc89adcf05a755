"""Counting: from rows of people and cases to the tables of a bulletin; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median
from zoneinfo import ZoneInfo

from tipbridge.bulletin.model import (
    SPANS,
    UNKNOWN,
    Bulletin,
    CaseRow,
    Cell,
    Definitions,
    Dimension,
    Items,
    LawCount,
    Period,
    PersonRow,
    Span,
    Step,
    Table,
    View,
)
from tipbridge.bulletin.vocabulary import sort_key
from tipbridge.knowledge.law.model import Custody

TABLES: tuple[tuple[str, tuple[Dimension, ...]], ...] = (
    ("outcomes", (Dimension.STAGE, Dimension.CUSTODY, Dimension.REASON)),
    (
        "dispositions",
        (Dimension.STAGE, Dimension.CUSTODY, Dimension.AGE_BAND, Dimension.REASON),
    ),
    ("offences", (Dimension.OFFENCE, Dimension.ACT)),
    ("places", (Dimension.PLACE, Dimension.AGE_BAND)),
    ("schools", (Dimension.SCHOOL,)),
    ("self-produced", (Dimension.SELF_PRODUCED, Dimension.MOTIVE)),
    ("origins", (Dimension.ORIGIN, Dimension.CHANNEL)),
)
"""The tables and what each counts people by.

Two tables that share dimensions can be set against each other by a reader; no ring of
tables shares them, which is what makes the proof in `suppression` complete.
"""

_TENTH = Decimal("0.1")
_SECONDS_PER_DAY = 86_400


def compute_bulletin(
    people: Iterable[PersonRow],
    cases: Iterable[CaseRow],
    *,
    node_name: str,
    synthetic: bool,
    period: Period,
    as_of: datetime,
    definitions: Definitions,
) -> Bulletin:
    """The full view: every figure, nothing hidden.

    Shape: a person with several decisions counts once, by the last decision in the period, and one
    human of several cases once, by the matter that accuses most.
    """
    decided = decided_in(people, period, ZoneInfo(definitions.time_zone))
    counted = one_of_each(decided)
    tables = tuple(count_by(counted, name, wanted, definitions) for name, wanted in TABLES)
    return Bulletin(
        node_name=node_name,
        synthetic=synthetic,
        view=View.FULL,
        period=period,
        as_of=as_of,
        definitions=definitions,
        people=len(counted),
        tables=tables,
        spans=measure_spans(counted),
        items=count_items(cases, {person.case_id for person in decided}),
        laws=count_laws(counted),
    )


def decided_in(people: Iterable[PersonRow], period: Period, zone: ZoneInfo) -> list[PersonRow]:
    """Each person once, with the last decision that falls in the period."""
    last: dict[str, PersonRow] = {}
    for row in people:
        if not period.from_on <= row.decided_at.astimezone(zone).date() <= period.to_on:
            continue
        known = last.get(row.person_id)
        if known is None or (known.decided_at, known.case_id) < (row.decided_at, row.case_id):
            last[row.person_id] = row
    return [last[person_id] for person_id in sorted(last)]


def one_of_each(people: Iterable[PersonRow]) -> list[PersonRow]:
    """Each human once: of several cases, the matter that accuses most, held before at liberty.

    Shape: among those alike, the one that was decided last.
    """
    found: dict[str, PersonRow] = {}
    for row in people:
        human = row.human or row.person_id
        known = found.get(human)
        if known is None or _gravity(known) < _gravity(row):
            found[human] = row
    return sorted(found.values(), key=lambda row: row.person_id)


def _gravity(row: PersonRow) -> tuple[bool, bool, datetime, str]:
    held = _fact(row, Dimension.CUSTODY) == Custody.DETAINED
    return held, row.accuses, row.decided_at, row.case_id


def age_band_of(ages: tuple[int, int] | None, definitions: Definitions) -> str:
    """The code of the band that holds all these ages; unknown when none does."""
    if ages is None:
        return UNKNOWN
    low, high = ages
    for band in definitions.age_bands:
        if band.from_years <= low and (band.to_years is None or high <= band.to_years):
            return band.code
    return UNKNOWN


def may_have_age(definitions: Definitions, reason: str, band: str) -> bool:
    """Whether the law leaves ages of this band for this reason; all for a reason not listed."""
    ages = next((each for each in definitions.reason_ages if each.reason == reason), None)
    if ages is None:
        return True
    known = next((each for each in definitions.age_bands if each.code == band), None)
    if known is None:
        return ages.unsettled
    old_enough = known.to_years is None or known.to_years >= ages.from_years
    return old_enough and (ages.below_years is None or known.from_years < ages.below_years)


def share_of(part: int, whole: int) -> Decimal | None:
    """Per cent with one decimal, half away from zero; None of nothing."""
    return _tenths(Fraction(100 * part, whole)) if whole else None


def count_by(
    people: Sequence[PersonRow],
    name: str,
    dimensions: tuple[Dimension, ...],
    definitions: Definitions,
) -> Table:
    """People counted by every combination of the dimensions that occurs."""
    counts = Counter(
        tuple(_value(row, dimension, definitions) for dimension in dimensions) for row in people
    )
    cells = [
        Cell(values=values, count=count, share=share_of(count, len(people)))
        for values, count in counts.items()
    ]
    cells.sort(key=lambda cell: sort_key(dimensions, cell.values, definitions))
    return Table(name=name, dimensions=dimensions, cells=tuple(cells))


def measure_spans(people: Sequence[PersonRow]) -> tuple[Span, ...]:
    """Median days between recorded steps, by origin and channel."""
    seconds: dict[tuple[str, str, Step, Step], list[int]] = {}
    for row in people:
        way = (_fact(row, Dimension.ORIGIN), _fact(row, Dimension.CHANNEL))
        for start, end in SPANS:
            if start in row.steps and end in row.steps:
                took = row.steps[end] - row.steps[start]
                seconds.setdefault((*way, start, end), []).append(int(took.total_seconds()))
    return tuple(
        Span(
            origin=origin,
            channel=channel,
            from_step=start,
            to_step=end,
            people=len(values),
            median_days=_tenths(median(map(Fraction, values)) / _SECONDS_PER_DAY),
        )
        for (origin, channel, start, end), values in sorted(seconds.items(), key=_span_order)
    )


def count_items(cases: Iterable[CaseRow], counted_ids: set[str]) -> Items:
    """Items of the cases whose people are counted: total, median and largest."""
    sizes = sorted(case.items for case in cases if case.case_id in counted_ids)
    if not sizes:
        return Items(cases=0, total=0, median_per_case=None, largest_case=None)
    return Items(
        cases=len(sizes),
        total=sum(sizes),
        median_per_case=_tenths(median(map(Fraction, sizes))),
        largest_case=sizes[-1],
    )


def count_laws(people: Sequence[PersonRow]) -> tuple[LawCount, ...]:
    """People by the version of the law under which they were decided."""
    counts = Counter(row.law_of_decision for row in people if row.law_of_decision)
    return tuple(LawCount(law=law, people=counts[law]) for law in sorted(counts))


def _tenths(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_TENTH, ROUND_HALF_UP)


def _fact(row: PersonRow, dimension: Dimension) -> str:
    return row.facts.get(dimension, UNKNOWN)


def _value(row: PersonRow, dimension: Dimension, definitions: Definitions) -> str:
    if dimension is Dimension.AGE_BAND:
        return age_band_of(row.ages_at_act, definitions)
    return _fact(row, dimension)


def _span_order(entry: tuple[tuple[str, str, Step, Step], list[int]]) -> tuple[str, str, int]:
    origin, channel, start, end = entry[0]
    return origin, channel, SPANS.index((start, end))
