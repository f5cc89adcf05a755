"""A decision names the body that made it, beside the named person who wrote it down."""

from contextlib import nullcontext
from datetime import date

import pytest

from tests.knowledge.law.builders import ACT, DECIDED, aged, facts
from tests.nodes import CONSOLE
from tests.police.folk import a_case, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Ages, Mark, Outcome, SchoolLevel
from tipbridge.knowledge.law.rules import advise
from tipbridge.police.outcomes import actions, pages
from tipbridge.police.outcomes.bodies import Asked, body_of, offered
from tipbridge.police.outcomes.model import BodyFacts, Decision
from tipbridge.police.outcomes.rules import outside

PUPIL = suspect(birth=verified(date(1999, 1, 1)), school_level=SchoolLevel.MIDDLE)
GUIDANCE = ("guidance-by-parents", "guidance-by-school")
COMMITTEE = "guidance-screening-committee"
REVIEW = "investigation-review-committee"
MET = date(2014, 5, 28)


def _decided(node: Node, person_id: str, body: BodyFacts | None) -> Decision:
    with open_work(node, CONSOLE) as work:
        return actions.decide_outcome(
            work, person_id, outcome=Outcome.GUIDANCE, conditions=GUIDANCE, body=body
        )


def test_a_committees_decision_is_kept_with_its_day_rule_and_who_wrote_it_down(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    for named, says in (
        (BodyFacts(body="jury"), "There are: police-chief, guidance-screening-committee"),
        (BodyFacts(body=COMMITTEE, on=date(2014, 6, 3)), "future"),
        (BodyFacts(body=COMMITTEE, on=date(2014, 3, 9)), "lies before the act, 2014-03-10"),
        (BodyFacts(body="police-chief", on=MET), "Not police-chief: here guidance-screening-"),
        (BodyFacts(body="investigation-review-committee", on=MET), "here guidance-screening-"),
    ):
        with pytest.raises(Invalid, match=says):
            _decided(node, person_id, named)
    assert outcome_of(node, file.case.id, person_id).decision is None
    _decided(node, person_id, BodyFacts(body=COMMITTEE, on=MET, minutes="2014-17"))
    told = outcome_of(node, file.case.id, person_id)
    assert told.decision is not None
    body = told.decision.body
    assert body is not None
    assert (body.body, body.on, body.minutes) == (COMMITTEE, MET, "2014-17")
    assert (body.source.rule, body.source.mark) == ("KR-GUIDE-2012", Mark.UNCONFIRMED)
    assert told.decision.decided_by == CONSOLE.id
    assert COMMITTEE in told.bodies
    assert COMMITTEE in {each.body for each in told.offered}


def test_any_body_may_have_decided_what_the_law_leaves_to_the_investigator(node: Node) -> None:
    person_id = recorded(node, a_case(node), suspect())
    with open_work(node, CONSOLE) as work:
        made = actions.decide_outcome(
            work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY, body=BodyFacts(body=REVIEW)
        )
    assert made.body is not None
    assert (made.ground.decides, made.body.body) == ("investigator", REVIEW)


def test_a_body_decides_only_what_and_about_whom_the_law_gives_it() -> None:
    law = next(each for each in shipped_laws() if each.id == "KR/2013-06-19")
    for outcome, ages, says in (
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=14, high=14), None),
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=18, high=30), None),
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=12, high=14), None),
        (Outcome.BOOKED_AT_LIBERTY, None, None),
        (Outcome.BOOKED_DETAINED, Ages(low=15, high=15), "does not decide booked-detained, only g"),
        (Outcome.NO_SUSPICION, Ages(low=15, high=15), "does not decide no-suspicion"),
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=19, high=19), "aged 14 to 18 at the act, not 19: Gui"),
        (Outcome.BOOKED_AT_LIBERTY, Ages(low=12, high=13), "not 12 to 13"),
    ):
        expected = nullcontext() if says is None else pytest.raises(Invalid, match=says)
        with expected:
            body_of(
                law,
                BodyFacts(body=COMMITTEE),
                MET,
                asked=Asked(outcome=outcome, ages=ages, decides="investigator"),
            )


def test_the_police_chief_decides_what_the_law_gives_the_chief_and_books_nobody() -> None:
    law = next(each for each in shipped_laws() if each.id == "KR/2013-06-19")
    for outcome, years, says in (
        (Outcome.JUVENILE_DIVISION, 12, None),
        (Outcome.JUVENILE_AT_RISK, 18, None),
        (Outcome.WELFARE_ONLY, 8, None),
        (Outcome.NO_SUSPICION, 15, None),
        (Outcome.NO_SUSPICION, 19, "aged 0 to 18 at the act, not 19"),
        (Outcome.BOOKED_AT_LIBERTY, 15, "police-chief does not decide booked-at-liberty, only wel"),
        (Outcome.DISMISSAL, 15, "does not decide dismissal"),
    ):
        asked = Asked(outcome=outcome, ages=Ages(low=years, high=years), decides="investigator")
        with nullcontext() if says is None else pytest.raises(Invalid, match=says):
            body_of(law, BodyFacts(body="police-chief"), MET, asked=asked)


def test_the_bodies_offered_are_those_that_may_have_decided_what_is_open_here() -> None:
    laws = shipped_laws()
    law = next(each for each in laws if each.id == "KR/2013-06-19")

    def at(years: int, level: SchoolLevel = SchoolLevel.MIDDLE) -> dict[str, tuple[Outcome, ...]]:
        ask = facts(birth=aged(years), school_level=level)
        advice = advise(laws, "KR", ask, ACT, DECIDED)
        found = offered(law, advice, outside(law, advice))
        for each in found:
            for outcome in each.outcomes:
                decides = {p.outcome: p.decides for p in advice.permitted}
                asked = Asked(
                    outcome=outcome,
                    ages=advice.ages_at_act,
                    decides=decides.get(outcome, "investigator"),
                )
                assert body_of(law, BodyFacts(body=each.body), MET, asked=asked)
        return {each.body: each.outcomes for each in found}

    pupil = at(15)
    assert pupil[COMMITTEE] == (
        Outcome.GUIDANCE,
        Outcome.SUMMARY_TRIAL,
        Outcome.BOOKED_AT_LIBERTY,
    )
    assert pupil["police-chief"] == (Outcome.NO_SUSPICION,)
    assert not {Outcome.GUIDANCE, Outcome.SUMMARY_TRIAL} & set(pupil[REVIEW])
    assert at(15, SchoolLevel.NONE)[COMMITTEE] == pupil[COMMITTEE]
    child = at(12)
    assert child["police-chief"] == (Outcome.JUVENILE_DIVISION, Outcome.NO_SUSPICION)
    assert COMMITTEE not in child
    assert at(8)["police-chief"][0] is Outcome.WELFARE_ONLY
    assert set(at(30)) == {REVIEW}, "neither committee nor chief for an adult"


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
    shown = client.get(f"{at}/outcomes").text
    assert "not recorded that it did" in shown
    form = shown[shown.index('name="body"') :]
    options = form[: form.index("</select>")]
    assert f'value="{COMMITTEE}">the guidance screening committee: not booked, under gu' in options
    assert 'value="police-chief">the police chief: no suspicion</option>' in options
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
