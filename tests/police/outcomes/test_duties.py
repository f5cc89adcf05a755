"""Duties are shown before a decision, and follow what is recorded: no word stands against it."""

from datetime import date
from html import unescape

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, outcome_of, record_of, recorded, suspect, verified
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Birth, Certainty, Outcome
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.outcomes import actions, store
from tipbridge.police.outcomes.errors import OnlyByRecord
from tipbridge.police.outcomes.model import OpenDuty
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare.model import GuardianNotice, WelfareFacts

WHY = "A reason of ten letters and more."
FROM_13_TO_15 = Birth(
    earliest=date(1999, 1, 1), latest=date(2001, 1, 1), certainty=Certainty.ESTIMATED
)


def _decided(node: Node, person_id: str, outcome: Outcome, grounds: str | None = None) -> None:
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=outcome, grounds=grounds)


def _duty(node: Node, case_id: str, person_id: str, code: str) -> OpenDuty:
    return next(d for d in outcome_of(node, case_id, person_id).duties if d.code == code)


def _refused(node: Node, duty: OpenDuty) -> None:
    with open_work(node, CONSOLE) as work, pytest.raises(OnlyByRecord, match=duty.code):
        actions.finish_duty(work, duty.id)


def test_an_age_is_resolved_by_an_age_and_by_no_word(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=FROM_13_TO_15))
    _decided(node, person_id, Outcome.NO_CRIME_MADE_OUT, WHY)
    duty = _duty(node, file.case.id, person_id, "resolve-age")
    assert (duty.is_done, duty.settled) == (False, False)
    _refused(node, duty)
    with open_work(node, CONSOLE) as work:  # as it was ticked off before
        assert store.finish_duty(work.db, duty.id, by=work.actor.id, at=work.now)
    told = outcome_of(node, file.case.id, person_id)
    assert not _duty(node, file.case.id, person_id, "resolve-age").is_done, "the age is still open"
    assert (told.history.closed, told.history.kept_until) == (False, None)
    recorded(node, file, PersonFacts(birth=verified(date(1999, 1, 1))))
    assert _duty(node, file.case.id, person_id, "resolve-age").is_done
    assert outcome_of(node, file.case.id, person_id).history.closed


def test_contact_and_notice_of_the_welfare_record_finish_their_duties(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2001, 5, 5))))
    _decided(node, person_id, Outcome.JUVENILE_DIVISION)
    for code in ("welfare-referral", "guardian-notice"):
        _refused(node, _duty(node, file.case.id, person_id, code))
    contacted(node, person_id)
    assert _duty(node, file.case.id, person_id, "welfare-referral").is_done
    assert not _duty(node, file.case.id, person_id, "guardian-notice").is_done
    with open_work(node, CONSOLE) as work:
        facts = WelfareFacts(guardian_notice=GuardianNotice.GIVEN)
        welfare.record_welfare(work, record_of(node, person_id).id, facts)
    assert _duty(node, file.case.id, person_id, "guardian-notice").is_done
    counsel = _duty(node, file.case.id, person_id, "counsel")
    assert counsel.settled is None, "of counsel the record says nothing: a word does"
    with open_work(node, CONSOLE) as work:
        actions.finish_duty(work, counsel.id)
    assert _duty(node, file.case.id, person_id, "counsel").is_done


def test_before_a_decision_the_page_says_which_duties_come_by_when_whose_and_by_which_rule(
    node: Node,
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2001, 5, 5))))
    coming = {each.duty.code: each for each in outcome_of(node, file.case.id, person_id).coming}
    assert coming["counsel"].duty.due_on == date(2014, 6, 2)
    client = signed_in(node, Role.INVESTIGATOR)
    shown = unescape(client.get(f"/cases/{file.case.id}/outcomes").text)
    for said in ("KR-JA-4-2", "PRACTICE-GUARDIAN", "PRACTICE-COUNSEL"):
        assert f"({said})" in shown.split("Duties that come with a decision")[1].split("</ul>")[0]
    assert "16 June 2014" in shown or "2014-06-16" in shown
    client.get("/language/ko")
    shown = unescape(client.get(f"/cases/{file.case.id}/outcomes").text)
    assert "결정에 따르는 의무" in shown
    assert "변호인" in shown.split("결정에 따르는 의무")[1].split("</ul>")[0]
    _decided(node, person_id, Outcome.JUVENILE_DIVISION)
    assert outcome_of(node, file.case.id, person_id).coming == ()


def test_an_unsettled_age_shows_its_duty_and_a_victim_only_has_those_of_a_depicted_child(
    node: Node,
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=FROM_13_TO_15))
    told = outcome_of(node, file.case.id, person_id)
    assert "resolve-age" in {each.duty.code for each in told.coming}
    victim = frozenset({PersonRole.VICTIM})
    recorded(node, file, PersonFacts(roles=victim, birth=verified(date(2001, 5, 5))))
    told = outcome_of(node, file.case.id, person_id)
    assert told.advice is None, "nothing is decided about a victim"
    coming = {each.duty.code: each.settled for each in told.coming}
    assert coming["welfare-referral"] is False
    assert "removal-of-own-material" in coming
    contacted(node, person_id)
    coming = {e.duty.code: e.settled for e in outcome_of(node, file.case.id, person_id).coming}
    assert coming["welfare-referral"] is True
    shown = signed_in(node, Role.INVESTIGATOR).get(f"/cases/{file.case.id}/outcomes").text
    assert "PRACTICE-WELFARE" in shown
