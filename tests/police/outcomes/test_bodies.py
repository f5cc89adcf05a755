"""A decision names the body that made it, beside the named person who wrote it down."""

from contextlib import nullcontext
from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Ages, Mark, Outcome, SchoolLevel
from tipbridge.police.outcomes import actions, pages
from tipbridge.police.outcomes.bodies import Asked, body_of
from tipbridge.police.outcomes.model import BodyFacts, Decision

PUPIL = suspect(birth=verified(date(1999, 1, 1)), school_level=SchoolLevel.MIDDLE)
GUIDANCE = ("guidance-by-parents", "guidance-by-school")
COMMITTEE = "guidance-screening-committee"
MET = date(2014, 5, 28)


def _decided(node: Node, person_id: str, body: BodyFacts | None) -> Decision:
    with open_work(node, CONSOLE) as work:
        return actions.decide_outcome(
            work, person_id, outcome=Outcome.GUIDANCE, conditions=GUIDANCE, body=body
        )


def test_a_committees_decision_is_kept_with_its_day_rule_and_who_wrote_it_down(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    for facts, says in (
        (BodyFacts(body="jury"), "There are: police-chief, guidance-screening-committee"),
        (BodyFacts(body=COMMITTEE, on=date(2014, 6, 3)), "future"),
        (BodyFacts(body=COMMITTEE, on=date(2014, 3, 9)), "lies before the act, 2014-03-10"),
        (BodyFacts(body="police-chief", on=MET), "Not police-chief: here guidance-screening-"),
        (BodyFacts(body="investigation-review-committee", on=MET), "here guidance-screening-"),
    ):
        with pytest.raises(Invalid, match=says):
            _decided(node, person_id, facts)
    assert outcome_of(node, file.case.id, person_id).decision is None
    _decided(node, person_id, BodyFacts(body=COMMITTEE, on=MET, minutes="2014-17"))
    told = outcome_of(node, file.case.id, person_id)
    assert told.decision is not None
    body = told.decision.body
    assert body is not None
    assert (body.body, body.on, body.minutes) == (COMMITTEE, MET, "2014-17")
    assert (body.source.rule, body.source.mark) == ("KR-GUIDE-2012", Mark.CONFIRMED)
    assert told.decision.decided_by == CONSOLE.id
    assert COMMITTEE in told.bodies


def test_any_body_may_have_decided_what_the_law_leaves_to_the_investigator(node: Node) -> None:
    person_id = recorded(node, a_case(node), suspect())
    with open_work(node, CONSOLE) as work:
        made = actions.decide_outcome(
            work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY, body=BodyFacts(body="police-chief")
        )
    assert made.body is not None
    assert (made.ground.decides, made.body.body) == ("investigator", "police-chief")


def test_a_body_decides_only_what_and_about_whom_the_law_gives_it() -> None:
    law = next(each for each in shipped_laws() if each.id == "KR/2013-06-19")
    for outcome, ages, says in (
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=14, high=14), None),
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=18, high=30), None),
        (Outcome.BOOKED_AT_LIBERTY, None, None),
        (Outcome.BOOKED_DETAINED, Ages(low=15, high=15), "does not decide booked-detained, only g"),
        (Outcome.NO_SUSPICION, Ages(low=15, high=15), "does not decide no-suspicion"),
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=19, high=19), "aged 14 to 18 at the act, not 19: Pol"),
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=12, high=13), "not 12 to 13"),
    ):
        expected = nullcontext() if says is None else pytest.raises(Invalid, match=says)
        with expected:
            body_of(
                law,
                BodyFacts(body=COMMITTEE),
                MET,
                asked=Asked(outcome=outcome, ages=ages, decides="investigator"),
                acts=(),
            )


def test_no_committee_for_the_young_books_an_adult(node: Node) -> None:
    person_id = recorded(node, a_case(node), suspect())
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="aged 14 to 18"):
        actions.decide_outcome(
            work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY, body=BodyFacts(body=COMMITTEE)
        )


def test_the_page_takes_a_body_and_says_who_wrote_it_down_in_both_languages(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router,)))
    sign_in(client, "desk")
    at = f"/cases/{file.case.id}"
    sent = {"outcome": "guidance", "conditions": list(GUIDANCE), "body": "", "body_on": ""}
    client.post(f"{at}/people/{person_id}/outcome", data=sent)
    assert "not recorded that it did" in client.get(f"{at}/outcomes").text
    again = {"body": COMMITTEE, "body_on": "2014-05-28", "body_minutes": "2014-17"}
    again |= {"grounds": "The committee met after all.", "change": "new-facts"}
    client.post(f"{at}/people/{person_id}/outcome", data=sent | again)
    for language, says in (
        ("en", ("the guidance screening committee", "written down by desk")),
        ("ko", ("선도심사위원회", "기록: desk")),
    ):
        client.get(f"/language/{language}")
        text = client.get(f"{at}/outcomes").text
        assert "2014-17" in text
        assert "not recorded that it did" not in text
        for each in says:
            assert each in text
