"""When a record opens: by rule, for a minor in any role, and what its days are."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.rules import law_on
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.cases.seeing import day_there
from tipbridge.police.welfare import rules, store
from tipbridge.police.welfare.clocks import known_clocks
from tipbridge.police.welfare.model import Clock, ClockStep, Reason, Welfare
from tipbridge.police.welfare.noting import change_record


def ensure_record(work: Work, case: Case, person: Person) -> bool:
    """Open the record that somebody's facts want, or add to its reasons.

    Shape: says whether it was opened, for the first time or again.
    """
    today = day_of(work, case.jurisdiction)
    reasons = reasons_now(work, case, person)
    standing = store.standing_of(work.db, person.id)
    if standing is not None:
        return _add_reasons(work, standing.welfare_id, person, reasons)
    if not reasons:
        return False
    record = Welfare(
        id=work.ids.new(),
        case_id=case.id,
        person_id=person.id,
        jurisdiction=case.jurisdiction,
        reasons=reasons,
        opened_at=work.now,
        due_on=today,
    )
    clocks = rules.clocks_of(known_clocks(), record, person.roles, today)
    dated = replace(record, due_on=_first_due(clocks, today))
    return store.insert_record(work.db, dated, clocks)


def reasons_now(work: Work, case: Case, person: Person) -> tuple[Reason, ...]:
    """Why somebody's record would open today; nothing for a grown-up."""
    today = day_of(work, case.jurisdiction)
    marked = cases.self_production_marked(work, person)
    law = _law(case.jurisdiction, today)
    return rules.reasons_to_open(law, person, today, marked=marked)


def _add_reasons(work: Work, welfare_id: str, person: Person, reasons: tuple[Reason, ...]) -> bool:
    """A later fact adds a reason, and with it perhaps a day; none is ever taken away.

    Shape: says whether a closed record was opened again: it has new days then, and those from
    before stay as they were. In an open one a sooner day takes the place of one not met yet.
    """
    welfare = store.record_by_id(work.db, welfare_id)
    if welfare is None:
        return False
    again = rules.reopens(welfare, reasons)
    added = tuple(reason for reason in reasons if reason not in welfare.reasons)
    if not again and (welfare.closed_at is not None or not added):
        return False
    grown = replace(welfare, reasons=(*welfare.reasons, *added), ending=None, closed_at=None)
    today = day_of(work, welfare.jurisdiction)
    clocks = rules.clocks_of(known_clocks(), grown, person.roles, today)
    if again:
        new = tuple(replace(each, again_from=today) for each in clocks)
    else:
        new = rules.sooner(store.clocks_of(work.db, [grown.id]), clocks)
    if new:
        steps = ClockStep if again else {each.step for each in new}
        done = store.replace_clocks(work.db, grown.id, steps, at=work.now)
        new = tuple(replace(each, round=done + 1) for each in new)
        grown = replace(grown, due_on=_first_due(new, today if again else grown.due_on))
    change_record(work, welfare, grown)
    for clock in new if again else (*new, *clocks):
        store.add_clock(work.db, clock)
    return again


def day_of(work: Work, jurisdiction: str, *, at: datetime | None = None) -> date:
    """The day it is, or was at a moment, where a record's law applies; the node's own without."""
    return day_there(jurisdiction, at or work.now)


def _first_due(clocks: Iterable[Clock], otherwise: date) -> date:
    due = [clock.due_on for clock in clocks if clock.step is ClockStep.AGENCY_CONTACT]
    return min(due, default=otherwise)


def _law(jurisdiction: str, on: date) -> LawVersion | None:
    try:
        return law_on(shipped_laws(), jurisdiction, on)
    except NoLaw:
        return None
