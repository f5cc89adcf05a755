"""Every line of the table of advice, whole: permitted in order, forbidden, duties, unknown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.knowledge.law.builders import born, forbidden, outcomes
from tests.knowledge.law.table import DUTIES, OUTCOMES, TABLE
from tests.knowledge.law.table_closing import CLOSING
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import (
    Birth,
    Certainty,
    Limitation,
    Offence,
    Part,
    PersonFacts,
    Running,
    SchoolLevel,
)
from tipbridge.knowledge.law.rules import advise

LAWS = shipped_laws()
SCHOOLS = {
    "E": SchoolLevel.ELEMENTARY,
    "M": SchoolLevel.MIDDLE,
    "H": SchoolLevel.HIGH,
    "U": SchoolLevel.UNIVERSITY,
    "-": SchoolLevel.NONE,
    "?": None,
}
ELSEWHERE = {OUTCOMES["LR"], OUTCOMES["AR"]}
STANDINGS = {
    Running.RUNS: "runs",
    Running.RUN_OUT: "over",
    Running.UNKNOWN: "open",
    Running.NEVER: "never",
}
KEEPING = {"juvenile-division-transfer", "resolve-age"}
ANSWERS = {"+": True, "-": False, "?": None}
PARTS = {"victim": {Part.DEPICTED}, "both": {Part.DEPICTED, Part.SUSPECT}}


@dataclass(frozen=True)
class Line:
    """One case of the table."""

    jurisdiction: str
    act_on: date | None
    decided_on: date
    facts: PersonFacts
    permitted: list[str]
    forbidden: dict[str, str]
    duties: set[str]
    unknowns: set[str]


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, day.day)


def _birth(who: str, act_on: date | None) -> Birth | None:
    if who == "?":
        return None
    if who.startswith("said:"):
        return born(date.fromisoformat(who[5:]), certainty=Certainty.DECLARED)
    if "-" in who:
        first, *last = (date.fromisoformat(day) for day in who.split(".."))
        return born(first, *last)
    assert act_on is not None
    low, _, high = who.partition("..")
    if high:
        earliest = _years_before(act_on, int(high) + 1) + timedelta(days=1)
        return born(earliest, _years_before(act_on, int(low)), Certainty.ESTIMATED)
    return born(_years_before(act_on, int(low)) - timedelta(days=100))


def _facts(birth: Birth | None, offence: str, words: list[str]) -> PersonFacts:
    school, own, force, sale, made, risk = "-", "-", "?", False, False, False
    parts, pictured, child = {Part.SUSPECT}, None, None
    for word in words:
        if word in SCHOOLS:
            school = word
        elif word[0] == "s" and word[1:] in ANSWERS:
            own = word[1:]
        elif word[0] == "x" and word[1:] in ANSWERS:
            force = word[1:]
        elif word.startswith("pic:"):
            days = [date.fromisoformat(day) for day in word[4:].split("..")]
            pictured = (days[0], days[-1])
        elif word.startswith("child:"):
            days = [date.fromisoformat(day) for day in word[6:].split("..")]
            child = born(days[0], None if days[0] == days[-1] else days[-1])
        elif word == "sale":
            sale = True
        elif word == "risk":
            risk = True
        elif word == "made":
            force, made = "+", True
        else:
            parts = PARTS[word]
    return PersonFacts(
        birth=birth,
        offence=None if offence == "?" else Offence(offence),
        school_level=SCHOOLS[school],
        prepared_sales_site=sale,
        self_produced=ANSWERS[own],
        exploitation=ANSWERS[force],
        coerced=made,
        at_risk=risk,
        depicted_on=pictured,
        depicted_born=child,
        parts=frozenset(parts),
    )


def _forbidden(column: str) -> dict[str, str]:
    groups = (group.split(":") for group in column.split(";") if group.strip())
    return {OUTCOMES[code]: rule.strip() for rule, codes in groups for code in codes.split()}


def _lines() -> Iterator[tuple[str, Line]]:
    for text in TABLE.splitlines():
        if not text.strip() or text.startswith("#"):
            continue
        columns = [column.strip() for column in text.split("|")]
        where, act, decided, whos, offences, words, permitted, closed, duties, unknowns = columns
        act_on = None if act == "?" else date.fromisoformat(act)
        for who in whos.split():
            for offence in offences.split():
                yield (
                    f"{where} {act} {decided} {who} {offence} {words}",
                    Line(
                        jurisdiction=where,
                        act_on=act_on,
                        decided_on=date.fromisoformat(decided),
                        facts=_facts(_birth(who, act_on), offence, words.split()),
                        permitted=[OUTCOMES[code] for code in permitted.split()],
                        forbidden=_forbidden(closed),
                        duties={d for code in duties.split() for d in DUTIES[code].split()},
                        unknowns=set(unknowns.split()),
                    ),
                )


LINES = dict(_lines())


def test_the_table_has_its_two_hundred_cases_and_none_twice() -> None:
    assert len(LINES) == len(list(_lines()))
    assert len(LINES) >= 200


@pytest.mark.parametrize("name", LINES)
def test_the_advice_is_the_one_written_by_hand(name: str) -> None:
    line = LINES[name]
    advice = advise(LAWS, line.jurisdiction, line.facts, line.act_on, line.decided_on)
    assert outcomes(advice) == line.permitted
    assert {o: r for o, r in forbidden(advice).items() if o not in ELSEWHERE} == line.forbidden
    assert {duty.code for duty in advice.duties} == line.duties
    assert set(advice.unknowns) == line.unknowns


def _limitation(found: Limitation | None) -> str:
    if found is None:
        return "-"
    days = [day.isoformat() if day else "?" for day in (found.earliest, found.latest)]
    if found.standing is Running.NEVER:
        days = []
    return " ".join([STANDINGS[found.standing], *dict.fromkeys(days)])


def test_limitation_and_the_young_at_risk_are_as_written_by_hand() -> None:
    """All lines in one test; what differs is listed line by line."""
    wrong: list[tuple[str, object]] = []
    asked = 0
    for text in CLOSING.splitlines():
        if not text.strip() or text.startswith("#"):
            continue
        columns = [column.strip() for column in text.split("|")]
        act, decided, whos, offences, words, permitted, closed, limitation, duties = columns
        act_on = None if act == "?" else date.fromisoformat(act)
        for who in whos.split():
            for offence in offences.split():
                given = _facts(_birth(who, act_on), offence, words.split())
                advice = advise(LAWS, "KR", given, act_on, date.fromisoformat(decided))
                said = {o: r for o, r in forbidden(advice).items() if o in ELSEWHERE}
                found = (
                    list(outcomes(advice)),
                    said,
                    _limitation(advice.limitation),
                    {duty.code for duty in advice.duties} & KEEPING,
                )
                expected = (
                    [OUTCOMES[code] for code in permitted.split()],
                    _forbidden(closed),
                    limitation,
                    {DUTIES[code] for code in duties.split()},
                )
                asked += 1
                if found != expected:
                    wrong.append((f"{act} {decided} {who} {offence} {words}", found))
    assert wrong == [], "\n".join(map(str, wrong))
    assert asked >= 50
