"""Reads the dated law files, strictly: an unknown or missing key is an error."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import pairwise
from zoneinfo import available_timezones

from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.model import (
    Band,
    Diversion,
    DutyRule,
    LawVersion,
    Offence,
    OffenceText,
    Outcome,
    SchoolLevel,
)
from tipbridge.knowledge.law.reading import Reader


@cache
def shipped_laws() -> tuple[LawVersion, ...]:
    """Every law version of the package, by jurisdiction and first day."""
    folder = resources.files(__package__ or "") / "jurisdictions"
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")]
    laws = sorted((load_law(text) for text in texts), key=lambda law: (law.jurisdiction, law.id))
    check_succession(laws)
    return tuple(laws)


def check_succession(laws: Iterable[LawVersion]) -> None:
    """Two versions of one jurisdiction never hold on the same day.

    Errors: NotALaw.
    """
    ordered = sorted(laws, key=lambda law: (law.jurisdiction, law.valid_from))
    for earlier, later in pairwise(ordered):
        if earlier.jurisdiction != later.jurisdiction:
            continue
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            raise NotALaw(f"{earlier.id} and {later.id} hold on the same day.")


def load_law(text: str) -> LawVersion:
    """One law version from TOML.

    Errors: NotALaw naming the key.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotALaw(f"Not TOML: {error}") from error
    law = _law(Reader("law", document))
    _check(law)
    return law


def _law(top: Reader) -> LawVersion:
    juvenile, child, unresolved = (top.table(key) for key in ("juvenile", "child", "unresolved"))
    law = LawVersion(
        id=top.text("id"),
        jurisdiction=top.text("jurisdiction"),
        title=top.text("title"),
        time_zone=top.text("time_zone"),
        valid_from=top.day("valid_from"),
        valid_to=top.optional_day("valid_to"),
        juvenile_below=juvenile.number("below_age"),
        juvenile=juvenile.source(),
        child_year_age=child.number("year_age"),
        child=child.source(),
        declared_margin_years=top.table("declared").number("margin_years"),
        offences=tuple(_offence(item) for item in top.tables("offences")),
        bands=tuple(_band(item) for item in top.tables("bands")),
        diversions=tuple(_diversion(item) for item in top.tables("diversions")),
        duties=tuple(_duty(item) for item in top.tables("duties")),
        unresolved=unresolved.source(),
        unresolved_duties=unresolved.words("duties"),
        serious=top.table("serious").source(),
        minor_duties=top.table("minor").words("duties"),
        self_produced_duties=top.table("self_produced").words("duties"),
    )
    top.done()
    return law


def _offence(item: Reader) -> OffenceText:
    return OffenceText(
        offence=item.choice("offence", Offence),
        source=item.source(),
        penalty=item.text("penalty"),
        fine_possible=item.flag("fine_possible"),
        serious=item.flag("serious"),
    )


def _band(item: Reader) -> Band:
    return Band(
        source=item.source(),
        from_age=item.number("from_age"),
        below_age=item.optional_number("below_age"),
        permitted=item.choices("permitted", Outcome),
        forbidden=item.choices("forbidden", Outcome),
        duties=item.words("duties"),
        decides=item.text("decides"),
    )


def _diversion(item: Reader) -> Diversion:
    return Diversion(
        source=item.source(),
        outcome=item.choice("outcome", Outcome),
        from_age=item.number("from_age"),
        below_age=item.number("below_age"),
        school_levels=frozenset(item.choices("school_levels", SchoolLevel)),
        offences=frozenset(item.choices("offences", Offence)),
        needs_fine=item.flag("needs_fine"),
        conditions=item.words("conditions"),
        decides=item.text("decides"),
    )


def _duty(item: Reader) -> DutyRule:
    return DutyRule(
        code=item.text("code"),
        source=item.source(),
        due_days=item.number("due_days"),
        who=item.text("who"),
    )


def _check(law: LawVersion) -> None:
    """Bands cover every age once, every duty named is defined, every offence has its text."""
    ends: list[int | None] = [0, *(band.below_age for band in law.bands)]
    if [band.from_age for band in law.bands] != ends[:-1] or ends[-1] is not None:
        raise NotALaw("bands: each begins where the one before ends, from 0 without end.")
    if law.time_zone not in available_timezones():
        raise NotALaw(f"time_zone: {law.time_zone} is not known.")
    known = {duty.code for duty in law.duties}
    named = {*law.minor_duties, *law.self_produced_duties, *law.unresolved_duties}
    named.update(code for band in law.bands for code in band.duties)
    if named - known:
        raise NotALaw(f"duties not defined: {sorted(named - known)}.")
    if sorted(text.offence for text in law.offences) != sorted(Offence):
        raise NotALaw("offences: each of the closed list exactly once.")
    for band in law.bands:
        if set(band.permitted) & set(band.forbidden):
            raise NotALaw(f"{band.source.rule}: an outcome is both permitted and forbidden.")
