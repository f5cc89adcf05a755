"""How long what was reported is kept, from dated and cited data."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import cast

from tipbridge.tips.filing.rules import kept_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One jurisdiction's period, from a day on."""

    jurisdiction: str
    from_on: date
    days: int | None
    years: int | None
    citation: str


@functools.cache
def periods() -> tuple[Period, ...]:
    """Every known period, as shipped."""
    text = files("tipbridge.tips.filing").joinpath("data/preservation.toml").read_text("utf-8")
    entries = cast("list[dict[str, object]]", tomllib.loads(text)["period"])
    return tuple(
        Period(
            jurisdiction=str(entry["jurisdiction"]),
            from_on=cast("date", entry["from"]),
            days=cast("int | None", entry.get("days")),
            years=cast("int | None", entry.get("years")),
            citation=str(entry["citation"]),
        )
        for entry in entries
    )


def preserved_until(jurisdiction: str, filed_on: date) -> tuple[date, str] | None:
    """The last day of preservation and the law that says so; None where none is known."""
    held = [
        one for one in periods() if one.jurisdiction == jurisdiction and one.from_on <= filed_on
    ]
    if not held:
        return None
    newest = max(held, key=lambda one: one.from_on)
    return kept_until(filed_on, days=newest.days, years=newest.years), newest.citation
