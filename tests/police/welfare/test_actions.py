"""Welfare records on the real database."""

from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part
from tests.police.folk import a_case, outcome_of, recorded, suspect, verified
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import SchoolLevel
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.welfare import actions
from tipbridge.police.welfare.model import WelfareFacts


def test_a_minor_in_any_role_has_one_welfare_record_and_an_adult_none(node: Node) -> None:
    file = a_case(
        node,
        [
            *account_parts("a", person=0),
            *account_parts("b", person=1),
            part("people/2/role", "victim"),
            part("people/2/emails/0", {"address": "v@mail.example"}),
        ],
    )
    child = {"roles": frozenset({PersonRole.SUSPECT, PersonRole.VICTIM})}
    both = recorded(node, file, suspect(birth=verified(date(2002, 1, 1)), **child), 0)
    adult = recorded(node, file, suspect(), 1)
    victim = file.people[2].person.id
    recorded(node, file, suspect(birth=verified(date(2002, 1, 2)), **child), 0)
    assert outcome_of(node, file.case.id, both).welfare is not None
    assert outcome_of(node, file.case.id, adult).welfare is None
    assert outcome_of(node, file.case.id, victim).welfare is not None


def test_a_pupil_whose_age_nobody_knows_has_a_welfare_record(node: Node) -> None:
    file = a_case(node)
    facts = PersonFacts(school_level=SchoolLevel.MIDDLE, self_produced=False)
    person_id = recorded(node, file, facts)
    assert outcome_of(node, file.case.id, person_id).welfare is not None


def test_welfare_records_contact_and_talks_and_closes_after_contact_is_answered(
    node: Node,
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2002, 1, 1))))
    welfare = outcome_of(node, file.case.id, person_id).welfare
    assert welfare is not None
    assert (welfare.agency, welfare.contact_made) == (None, None)
    assert welfare.due_on > date(2014, 6, 2)
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict):
        actions.close_welfare(work, welfare.id)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid):
        actions.record_welfare(work, welfare.id, WelfareFacts(child_talk_on=date(2015, 1, 1)))
    facts = WelfareFacts(
        agency="Child protection agency", contact_made=False, school_talk_on=date(2014, 6, 1)
    )
    with open_work(node, CONSOLE) as work:
        actions.record_welfare(work, welfare.id, facts)
        actions.close_welfare(work, welfare.id)
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict):
        actions.record_welfare(work, welfare.id, WelfareFacts(contact_made=True))
    closed = outcome_of(node, file.case.id, person_id).welfare
    assert closed is not None
    assert closed.contact_made is False
    assert closed.closed_at is not None


def test_a_review_again_changes_nothing(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2002, 1, 1))))
    first = outcome_of(node, file.case.id, person_id).welfare
    with open_work(node, WORKER) as work:
        actions.review_case(work, case_id=file.case.id)
    assert outcome_of(node, file.case.id, person_id).welfare == first


def test_a_report_marked_self_production_opens_welfare_while_no_age_is_known(
    node: Node,
) -> None:
    marks = part("files/0/marks", {"possible_self_production": True})
    file = a_case(node, [*account_parts(), marks])
    person_id = file.people[0].person.id
    with open_work(node, WORKER) as work:
        actions.review_case(work, case_id=file.case.id)
    assert outcome_of(node, file.case.id, person_id).welfare is not None
