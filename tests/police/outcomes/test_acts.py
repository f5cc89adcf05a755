"""Several acts of one person in one case: advice and age for each, and which a decision covers."""

from dataclasses import replace
from datetime import UTC, date, datetime

import lxml.html
import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, file_of, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Offence, Outcome, SchoolLevel, Stage
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.acts import acts_of, check_acts, read_act
from tipbridge.police.cases.model import PersonFacts, PersonRole, TaskKind
from tipbridge.police.outcomes import actions, pages, steps
from tipbridge.police.outcomes.errors import OutcomeForbidden
from tipbridge.police.outcomes.model import Change, Decision, StepFacts

PUPIL = suspect(
    birth=verified(date(2000, 2, 1)),  # 14 on 1 February 2014
    school_level=SchoolLevel.MIDDLE,
    further_acts=("distribution 2014-01-31",),
)
FIRST, EARLIER = "possession 2014-03-10 suspect not-own", "distribution 2014-01-31 suspect"
WHY = "The other act is decided about by itself."
GUIDANCE = ("guidance-by-parents", "guidance-by-school")


def _decided(node: Node, person_id: str, outcome: Outcome, **chosen: object) -> Decision:
    with open_work(node, CONSOLE) as work:
        return actions.decide_outcome(work, person_id, outcome=outcome, **chosen)  # type: ignore[arg-type]


def _waits(node: Node, case_id: str) -> list[bool]:
    """The tasks on changed advice that there are, and whether each waits."""
    with open_work(node, WORKER) as work:
        actions.review_case(work, case_id=case_id)
    kind = TaskKind.ADVICE_CHANGED
    return [task.done_at is None for task in file_of(node, case_id).tasks if task.kind is kind]


def test_each_act_has_its_own_age_and_advice_and_what_one_forbids_is_forbidden(
    node: Node,
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    told = outcome_of(node, file.case.id, person_id)
    assert told.advice is not None
    found = [
        (
            each.act.text,
            each.advice.ages_at_act and each.advice.ages_at_act.low,
            each.advice.permitted[0].outcome,
        )
        for each in told.acts
    ]
    assert found == [(FIRST, 14, Outcome.GUIDANCE), (EARLIER, 13, Outcome.JUVENILE_DIVISION)]
    rules = {each.outcome: each.source.rule for each in told.advice.forbidden}
    assert rules[Outcome.BOOKED_AT_LIBERTY] == "KR-JA-4-2"
    assert rules[Outcome.JUVENILE_DIVISION] == "KR-JUV-14"
    assert [each.outcome for each in told.advice.permitted] == [Outcome.NO_SUSPICION]
    assert "juvenile-division-transfer" in {duty.code for duty in told.advice.duties}
    assert not told.advice.punishable
    for outcome in (Outcome.BOOKED_AT_LIBERTY, Outcome.GUIDANCE):
        with pytest.raises(OutcomeForbidden, match="KR-JA-4-2"):
            _decided(node, person_id, outcome, grounds=WHY, conditions=GUIDANCE)
    with pytest.raises(OutcomeForbidden, match="KR-JA-4-2"):
        _decided(node, person_id, Outcome.GUIDANCE, acts=(EARLIER,), conditions=GUIDANCE)


def test_a_decision_names_its_acts_and_the_matter_is_open_while_one_is_left_out(
    node: Node,
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    with pytest.raises(Invalid, match=f"There are: {FIRST}; {EARLIER}"):
        _decided(node, person_id, Outcome.GUIDANCE, acts=("viewing 2014-03-10 suspect",))
    made = _decided(node, person_id, Outcome.GUIDANCE, acts=(FIRST,), conditions=GUIDANCE)
    assert made.acts == (FIRST,)
    told = outcome_of(node, file.case.id, person_id)
    assert [each.covered for each in told.acts] == [True, False]
    assert not told.history.closed
    assert _waits(node, file.case.id) == [True]
    _decided(
        node,
        person_id,
        Outcome.NO_SUSPICION,
        change=Change.NEW_FACTS,
        grounds="Somebody else did both of them.",
    )
    told = outcome_of(node, file.case.id, person_id)
    assert told.decision is not None
    assert told.decision.acts == (FIRST, EARLIER)
    assert told.history.closed
    assert _waits(node, file.case.id) == [False]


def test_an_act_that_comes_later_is_left_open_by_what_was_decided(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    assert _waits(node, file.case.id) == []
    recorded(node, file, PersonFacts(further_acts=("production 2014-02-01..2014-02-03 suspect",)))
    told = outcome_of(node, file.case.id, person_id)
    assert [each.covered for each in told.acts] == [True, False]
    assert _waits(node, file.case.id) == [True]
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=Stage.SENT_TO_PROSECUTOR))


def test_steps_and_coercion_follow_the_acts_that_are_covered(node: Node) -> None:
    """Booked for what was done at 14: sent on, though the act at 13 can never be."""
    file = a_case(node)
    person_id = recorded(node, file, PUPIL)
    contacted(node, person_id)
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY, acts=(FIRST,))
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=Stage.SENT_TO_PROSECUTOR))
    told = outcome_of(node, file.case.id, person_id)
    waits = {duty.code for duty in told.duties if duty.keeps_open and duty.done_at is None}
    assert waits == set(), "nothing of the juvenile division came with this decision"
    assert not told.history.closed


def test_an_act_of_several_days_is_asked_for_its_first_and_its_last(node: Node) -> None:
    file = a_case(node)
    across = suspect(
        birth=verified(date(2000, 2, 1)),
        act_on=date(2014, 2, 2),
        further_acts=("possession 2014-01-20..2014-02-10",),
    )
    person_id = recorded(node, file, across)
    _, further = outcome_of(node, file.case.id, person_id).acts
    ages = further.advice.ages_at_act
    assert ages is not None
    assert (ages.low, ages.high) == (13, 14)
    assert Outcome.BOOKED_AT_LIBERTY in {each.outcome for each in further.advice.forbidden}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("distribution", "no act"),
        ("selling 2014-03-10", "no act"),
        ("distribution 2014-03-12..2014-03-10", "no act"),
        ("distribution 2014-03-10 victim", "no act of theirs"),
        ("distribution 2031-03-10", "future"),
        ("distribution 1979-03-10", "lies after the act"),
        ("possession 2014-03-10 suspect not-own", "as the first already"),
    ],
)
def test_what_is_no_act_is_refused(node: Node, text: str, says: str) -> None:
    file = a_case(node)
    with pytest.raises(Invalid, match=says):
        recorded(node, file, suspect(further_acts=(text,)))
    assert file_of(node, file.case.id).people[0].person.further_acts == ()


def test_a_further_act_that_stands_twice_is_named_however_it_is_written() -> None:
    given = [EARLIER, "viewing ?", EARLIER.removesuffix(" suspect")]
    with pytest.raises(Invalid, match=rf"{EARLIER} stands again"):
        check_acts(given, date(2014, 6, 2))


def test_acts_keep_their_words_and_are_only_those_of_suspects(node: Node) -> None:
    act = read_act("? 2014-03-10..2014-03-12 victim suspect own")
    assert act.text == "? 2014-03-10..2014-03-12 suspect victim own"
    assert read_act(act.text) == act
    assert read_act("viewing ?").text == "viewing ? suspect"
    file = a_case(node)
    roles = frozenset({PersonRole.VICTIM})
    with pytest.raises(Invalid, match="reported user or a suspect"):
        recorded(node, file, PersonFacts(roles=roles, further_acts=("viewing ?",)))


def test_pages_show_and_write_further_acts_and_decide_about_some_in_both_languages(
    node: Node,
) -> None:
    file = a_case(node, now=datetime(2014, 6, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, PUPIL)
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(case_pages.router, pages.router)))
    sign_in(client, "desk")
    at = f"/cases/{file.case.id}"
    sent = {
        "further_acts_given": "yes",
        "further_was": ["", "", ""],
        "further_offence": ["distribution", "viewing", ""],
        "further_on": ["2014-01-31", "2014-03-01", ""],
        "further_until": ["", "2014-03-03", ""],
        "further_role": ["suspect", "suspect", "suspect"],
        "further_own": ["", "own", ""],
    }
    assert client.post(f"{at}/people/{person_id}", data=sent).status_code in {200, 303}
    person = file_of(node, file.case.id).people[0].person
    assert [act.text for act in acts_of(person)[1:]] == [
        EARLIER,
        "viewing 2014-03-01..2014-03-03 suspect own",
    ]
    form = client.get(f"{at}/people/{person_id}").text
    assert 'value="2014-01-31"' in form
    for language, says in (("en", "Several acts, each with its own advice"), ("ko", "여러 행위")):
        client.get(f"/language/{language}")
        assert says in client.get(f"{at}/outcomes").text
    decided = {"outcome": "no-suspicion", "acts": [EARLIER], "grounds": "It was somebody else."}
    client.post(f"{at}/people/{person_id}/outcome", data=decided)
    client.get("/language/ko")
    told = client.get(f"{at}/outcomes").text
    covered = told[told.index("결정 대상 행위") :].partition("<br>")[0].partition("</div>")[0]
    assert "배포" in covered
    assert "distribution" not in covered
    client.post(
        f"{at}/people/{person_id}",
        data=sent | {"further_until": ["", "2014-03-04", ""], "further_was": ["", "", ""]},
    )
    before = client.get(f"{at}/people/{person_id}").text
    known = before[before.index("이전에 파악된 사실") :].partition("</ul>")[0]
    assert "시청" in known
    assert "viewing" not in known
    made = outcome_of(node, file.case.id, person_id).decision
    assert made is not None
    assert made.acts == (EARLIER,)
    assert "아직 결정되지 않음" in client.get(f"{at}/outcomes").text
    assert person.offence is Offence.POSSESSION


def test_a_person_that_is_saved_as_shown_keeps_every_act_as_it_was(node: Node) -> None:
    """Also one in roles that the form does not offer, and one of which nothing is known."""
    kept = ("? ? suspect", "? 2014-01-01 reported-user victim", "viewing 2014-03-01 suspect own")
    file = a_case(node, now=datetime(2014, 6, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, replace(PUPIL, further_acts=kept))
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(case_pages.router,)))
    sign_in(client, "desk")
    path = f"/cases/{file.case.id}/people/{person_id}"

    def acts() -> list[str]:
        person = file_of(node, file.case.id).people[0].person
        return [act.text for act in acts_of(person)[1:]]

    before = acts()
    (form,) = (
        each for each in lxml.html.fromstring(client.get(path).text).forms if each.action == path
    )
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    assert client.post(path, data=sent | {"school_level": ["middle"]}).status_code in {200, 303}
    assert acts() == before == list(kept)
    roles = [*sent["further_role"]]
    roles[0] = ""  # taken away
    client.post(path, data=sent | {"further_role": roles})
    assert acts() == before[1:]
    client.post(path, data=sent)  # from a page that shows all three: they are as it shows them
    assert acts() == before[1:]
