"""People in cases for tests of outcomes, welfare and removals."""

from datetime import UTC, date, datetime

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, taken
from tipbridge.foundation.base.actors import WORKER, Actor
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.knowledge.law.model import Birth, Certainty, Offence, SchoolLevel
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import Act, PersonFacts, PersonRole
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.outcomes.model import PersonOutcome
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare.model import (
    ClockStep,
    Consent,
    ConsentBy,
    Ending,
    GuardianNotice,
    OwnMaterial,
    TalkWith,
    Welfare,
    WelfareFacts,
)

NOW = datetime(2014, 6, 2, 3, tzinfo=UTC)
ACT = date(2014, 3, 10)


def a_case(node: Node, given: list[Part] | None = None, now: datetime = NOW) -> CaseFile:
    """A case opened by a referral, on a node whose clock stands in the operation."""
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=now)
    result = taken(node, account_parts() if given is None else given)
    return file_of(node, result.case_id)


def file_of(node: Node, case_id: str, actor: Actor = CONSOLE) -> CaseFile:
    """A case as staff see it."""
    with open_work(node, actor) as work:
        return actions.read_case(work, case_id)


def verified(day: date) -> Birth:
    """A birth date that somebody checked."""
    return Birth(earliest=day, latest=day, certainty=Certainty.VERIFIED)


def suspect(**changes: object) -> PersonFacts:
    """Facts of an adult suspect who possessed material."""
    values: dict[str, object] = {
        "roles": frozenset({PersonRole.SUSPECT}),
        "birth": verified(date(1980, 5, 5)),
        "offence": Offence.POSSESSION,
        "act": Act.POSSESSED,
        "act_on": ACT,
        "school_level": SchoolLevel.NONE,
        "self_produced": False,
    }
    return PersonFacts(**(values | changes))  # type: ignore[arg-type]


def recorded(node: Node, file: CaseFile, facts: PersonFacts, index: int = 0) -> str:
    """Write facts of a case's person down; the person's id."""
    person_id = file.people[index].person.id
    with open_work(node, CONSOLE) as work:
        actions.record_person(work, person_id, facts)
    with open_work(node, WORKER) as work:
        welfare.review_case(work, case_id=file.case.id)
    with open_work(node, WORKER) as work:
        outcomes.review_case(work, case_id=file.case.id)
    return person_id


def outcome_of(node: Node, case_id: str, person_id: str) -> PersonOutcome:
    """A person's advice, decision, duties and welfare."""
    with open_work(node, CONSOLE) as work:
        found = outcomes.read_outcomes(work, case_id)
    return next(line for line in found if line.person.id == person_id)


def record_of(node: Node, person_id: str, actor: Actor = CONSOLE) -> Welfare:
    """Somebody's welfare record, as staff see it."""
    with open_work(node, actor) as work:
        standing = welfare.review_person(work, person_id)
        assert standing is not None
        return welfare.read_record(work, standing.welfare_id).welfare


def contacted(node: Node, person_id: str) -> str:
    """The agency stands beside somebody; the record's id."""
    record = record_of(node, person_id)
    facts = WelfareFacts(agency="Agency", contact_made=True)
    with open_work(node, CONSOLE) as work:
        welfare.record_welfare(work, record.id, facts)
    return record.id


def looked_after(work: Work, record: Welfare) -> None:
    """Everything is done for a child, and the record closed.

    Shape: where places of its own material are known, they were asked, or are gone.
    """
    facts = WelfareFacts(
        agency=record.agency or "Agency",
        contact_made=True,
        guardian_notice=GuardianNotice.GIVEN,
        consent=Consent.GIVEN,
        consent_by=ConsentBy.BOTH,
    )
    welfare.record_welfare(work, record.id, facts)
    view = welfare.read_record(work, record.id)
    due = [each.met_on for each in view.clocks if each.step is ClockStep.REMOVAL_REQUEST]
    if None in due and not view.removal_waits:
        nowhere = WelfareFacts(own_material=OwnMaterial.NO_PLACE_KNOWN)
        welfare.record_welfare(work, record.id, nowhere)
    welfare.record_talk(work, record.id, talk_with=TalkWith.CHILD)
    welfare.close_welfare(work, record.id, ending=Ending.SUPPORT_GIVEN)
