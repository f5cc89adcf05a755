"""What the law says of a person, there and then: advice with reasons, never a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tipbridge.knowledge.law.ages import ages_before, ages_on, plausible, year_age
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.model import (
    BOOKING,
    Advice,
    Ages,
    Band,
    Birth,
    Diversion,
    Duty,
    Forbidden,
    LawVersion,
    OffenceText,
    Outcome,
    Permitted,
    PersonFacts,
    Source,
)


def law_on(laws: Iterable[LawVersion], jurisdiction: str, day: date) -> LawVersion:
    """The version of a jurisdiction's law that held on a day.

    Errors: NoLaw.
    """
    for law in laws:
        holds = law.valid_from <= day and (law.valid_to is None or day <= law.valid_to)
        if law.jurisdiction == jurisdiction and holds:
            return law
    raise NoLaw(jurisdiction, day.isoformat())


def local_day(laws: Iterable[LawVersion], jurisdiction: str, at: datetime) -> date:
    """The day a moment falls on where the law applies: birthdays begin at local midnight.

    Errors: NoLaw.
    """
    for law in laws:
        if law.jurisdiction == jurisdiction:
            return at.astimezone(ZoneInfo(law.time_zone)).date()
    raise NoLaw(jurisdiction, at.date().isoformat())


def is_juvenile(law: LawVersion, birth: Birth | None, on: date) -> bool | None:
    """Whether somebody is a juvenile on a day, by birthdays; None when it is uncertain."""
    if birth is None:
        return None
    ages = ages_on(birth, on, law.declared_margin_years)
    if ages.high < law.juvenile_below:
        return True
    return False if ages.low >= law.juvenile_below else None


def counts_as_child(law: LawVersion, birth: Birth | None, on: date) -> bool | None:
    """Whether somebody is "child or youth" in the offences, by calendar year; None: uncertain."""
    if birth is None:
        return None
    earliest, latest = plausible(birth, law.declared_margin_years)
    if year_age(earliest, on) < law.child_year_age:
        return True
    return False if year_age(latest, on) >= law.child_year_age else None


def advise(
    laws: Iterable[LawVersion],
    jurisdiction: str,
    facts: PersonFacts,
    act_on: date | None,
    decided_on: date,
) -> Advice:
    """Permitted outcomes in order, forbidden ones with their rule, duties, and what is unknown.

    The offence and the age bands follow the day of the act, the ways out of booking and the
    duties the day of the decision.
    Errors: NoLaw.
    """
    versions = tuple(laws)
    question = _question(versions, jurisdiction, facts, act_on, decided_on)
    permitted, forbidden = _outcomes(question)
    return Advice(
        jurisdiction=jurisdiction,
        law_of_act=question.act_law.id,
        law_of_decision=question.law.id,
        permitted=permitted,
        forbidden=forbidden,
        duties=_duties(question),
        unknowns=_unknowns(question, act_on),
        inputs=_inputs(question, act_on),
        age_resolved=question.resolved,
        ages_at_act=question.ages,
        minor=question.minor,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """The facts brought together with the law versions that speak of them."""

    facts: PersonFacts
    act_law: LawVersion
    law: LawVersion
    decided_on: date
    ages: Ages | None
    bands: tuple[Band, ...]
    minor: bool | None

    @property
    def resolved(self) -> bool:
        return len(self.bands) == 1

    @property
    def text(self) -> OffenceText | None:
        found = [text for text in self.act_law.offences if text.offence is self.facts.offence]
        return found[0] if found else None


def _question(
    laws: tuple[LawVersion, ...],
    jurisdiction: str,
    facts: PersonFacts,
    act_on: date | None,
    decided_on: date,
) -> _Question:
    law = law_on(laws, jurisdiction, decided_on)
    act_law = law if act_on is None else law_on(laws, jurisdiction, act_on)
    ages = _ages_at_act(law, facts.birth, act_on, decided_on)
    return _Question(
        facts=facts,
        act_law=act_law,
        law=law,
        decided_on=decided_on,
        ages=ages,
        bands=tuple(band for band in act_law.bands if ages is None or _touches(band, ages)),
        minor=is_juvenile(law, facts.birth, decided_on),
    )


def _ages_at_act(
    law: LawVersion, birth: Birth | None, act_on: date | None, decided_on: date
) -> Ages | None:
    if birth is None:
        return None
    if act_on is None:
        return ages_before(birth, decided_on, law.declared_margin_years)
    return ages_on(birth, act_on, law.declared_margin_years)


def _touches(band: Band, ages: Ages) -> bool:
    return ages.high >= band.from_age and (band.below_age is None or ages.low < band.below_age)


def _outcomes(question: _Question) -> tuple[tuple[Permitted, ...], tuple[Forbidden, ...]]:
    forbidden: dict[Outcome, Source] = {}
    if not question.resolved:
        forbidden = dict.fromkeys(sorted(BOOKING), question.law.unresolved)
    for band in question.bands:
        for outcome in band.forbidden:
            forbidden.setdefault(outcome, band.source)
    ways_out: list[Permitted] = []
    for diversion in question.law.diversions:
        refusal = _diversion_refusal(diversion, question)
        if isinstance(refusal, Source):
            forbidden.setdefault(diversion.outcome, refusal)
        elif refusal is None and diversion.outcome not in forbidden:
            ways_out.append(_permitted(diversion.outcome, diversion))
    permitted = [*ways_out, *_by_band(question, forbidden)]
    return tuple(permitted), tuple(
        Forbidden(outcome=outcome, source=forbidden[outcome])
        for outcome in Outcome
        if outcome in forbidden
    )


def _by_band(question: _Question, forbidden: dict[Outcome, Source]) -> list[Permitted]:
    """What every possible band permits; no booking before the offence is known."""
    first, *others = question.bands
    return [
        _permitted(outcome, first)
        for outcome in first.permitted
        if outcome not in forbidden
        and all(outcome in band.permitted for band in others)
        and not (outcome in BOOKING and question.facts.offence is None)
    ]


def _permitted(outcome: Outcome, by: Band | Diversion) -> Permitted:
    conditions = by.conditions if isinstance(by, Diversion) else ()
    return Permitted(outcome=outcome, source=by.source, conditions=conditions, decides=by.decides)


def _diversion_refusal(diversion: Diversion, question: _Question) -> Source | str | None:
    """The rule that closes this way out, the unknown that leaves it open, or None: it is open."""
    facts, text = question.facts, question.text
    if facts.prepared_sales_site or (text is not None and text.serious):
        return question.law.serious
    ages = question.ages
    if ages is None or not (diversion.from_age <= ages.low and ages.high < diversion.below_age):
        outside = ages is not None and (
            ages.high < diversion.from_age or ages.low >= diversion.below_age
        )
        return diversion.source if outside else "age"
    if text is None:
        return "offence"
    if text.offence not in diversion.offences or (diversion.needs_fine and not text.fine_possible):
        return diversion.source
    if facts.school_level is None:
        return "school-level"
    return None if facts.school_level in diversion.school_levels else diversion.source


def _duties(question: _Question) -> tuple[Duty, ...]:
    law = question.law
    codes: list[str] = []
    if question.resolved:
        codes += question.bands[0].duties
    else:
        codes += law.unresolved_duties
    if question.minor:
        codes += law.minor_duties
    if question.facts.self_produced and question.minor is not False:
        codes += law.self_produced_duties
    rules = {rule.code: rule for rule in law.duties}
    return tuple(
        Duty(
            code=code,
            source=rules[code].source,
            due_on=question.decided_on + timedelta(days=rules[code].due_days),
            who=rules[code].who,
        )
        for code in dict.fromkeys(codes)
    )


def _unknowns(question: _Question, act_on: date | None) -> tuple[str, ...]:
    facts = question.facts
    missing = {
        "birth-date": facts.birth is None,
        "age-at-act": facts.birth is not None and not question.resolved,
        "act-date": act_on is None,
        "offence": facts.offence is None,
        "school-level": any(
            _diversion_refusal(diversion, question) == "school-level"
            for diversion in question.law.diversions
        ),
        "self-produced": facts.self_produced is None and question.minor is not False,
    }
    return tuple(name for name, is_missing in missing.items() if is_missing)


def _inputs(question: _Question, act_on: date | None) -> tuple[str, ...]:
    facts, ages = question.facts, question.ages
    found = {
        "act-date": act_on.isoformat() if act_on else None,
        "decision-date": question.decided_on.isoformat(),
        "birth-certainty": facts.birth.certainty if facts.birth else None,
        "age-at-act": f"{ages.low}-{ages.high}" if ages else None,
        "offence": facts.offence,
        "school-level": facts.school_level,
        "prepared-sales-site": "yes" if facts.prepared_sales_site else None,
        "self-produced": None if facts.self_produced is None else str(facts.self_produced).lower(),
    }
    return tuple(f"{name}={value}" for name, value in found.items() if value is not None)
