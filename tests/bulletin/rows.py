"""Rows of people for tests of the bulletin."""

from datetime import UTC, datetime, timedelta

from tipbridge.bulletin.definitions import load_definitions
from tipbridge.bulletin.model import Bulletin, CaseRow, Dimension, Period, PersonRow, Step
from tipbridge.bulletin.rules import compute_bulletin

START = datetime(2013, 11, 1, 9, tzinfo=UTC)
PERIOD = Period(from_on=START.date(), to_on=datetime(2014, 10, 31, tzinfo=UTC).date())


def a_person(number: int = 1, *, age: int | None = 30, day: int = 10, **facts: str) -> PersonRow:
    """One adult booked for possession after a provider's tip, unless said otherwise."""
    known = {
        Dimension.STAGE: "booked",
        Dimension.CUSTODY: "not-detained",
        Dimension.REASON: "suspicion",
        Dimension.OFFENCE: "11(5)",
        Dimension.ACT: "possessed",
        Dimension.PLACE: "cloud-drive",
        Dimension.SCHOOL: "none",
        Dimension.SELF_PRODUCED: "no",
        Dimension.MOTIVE: "unknown",
        Dimension.ORIGIN: "provider-tip",
        Dimension.CHANNEL: "agreement",
    } | {Dimension(name.replace("_", "-")): value for name, value in facts.items()}
    decided = START + timedelta(days=day)
    return PersonRow(
        person_id=f"p{number:03}",
        case_id=f"c{number:03}",
        decided_at=decided,
        ages_at_act=None if age is None else (age, age),
        facts=known,
        steps={
            Step.REPORTED: START,
            Step.RECEIVED: START + timedelta(days=4),
            Step.DECIDED: decided,
        },
    )


def a_bulletin(people: list[PersonRow], cases: list[CaseRow] | None = None) -> Bulletin:
    """The full view over the twelve months."""
    return compute_bulletin(
        people,
        cases or [CaseRow(case_id=person.case_id, items=3) for person in people],
        node_name="Police of tests",
        synthetic=True,
        period=PERIOD,
        as_of=START + timedelta(days=365),
        definitions=load_definitions(),
    )


def cells_of(bulletin: Bulletin, name: str) -> dict[tuple[str, ...], int | None]:
    """One table as a mapping."""
    table = next(table for table in bulletin.tables if table.name == name)
    return {cell.values: cell.count for cell in table.cells}
