"""Custody is a field of its own: held or let go while the matter stays where it is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Custody, Offence, Outcome, Stage
from tipbridge.knowledge.law.shape import By
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import PersonFacts
from tipbridge.police.outcomes import actions, holding, pages, steps
from tipbridge.police.outcomes.errors import OutcomeForbidden, StepNotLegal
from tipbridge.police.outcomes.model import CustodyFacts, History, StepFacts
from tipbridge.police.welfare.errors import ContactFirst

NOW = datetime(2021, 6, 2, 3, tzinfo=UTC)
ACT = date(2021, 3, 10)


def _charged(node: Node, *, to: Stage = Stage.CHARGED, **facts: object) -> tuple[str, str]:
    """Case and person, booked and sent on, on 2 June 2021."""
    file = a_case(node, now=NOW)
    given = {"act_on": ACT, "offence": Offence.DISTRIBUTION} | facts
    person_id = recorded(node, file, suspect(**given))
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    for stage in (Stage.SENT_TO_PROSECUTOR, to):
        with open_work(node, CONSOLE) as work:
            steps.record_step(work, person_id, StepFacts(stage=stage))
    return file.case.id, person_id


def _held(node: Node, person_id: str, custody: Custody, **said: object) -> None:
    facts = CustodyFacts(custody=custody, **({"by": By.COURT} | said))  # type: ignore[arg-type]
    with open_work(node, CONSOLE) as work:
        holding.change_custody(work, person_id, facts)


def _history(node: Node, case_id: str, person_id: str) -> History:
    return outcome_of(node, case_id, person_id).history


def test_somebody_charged_is_held_and_let_go_and_the_matter_stays_where_it_is(node: Node) -> None:
    case_id, person_id = _charged(node)
    assert _history(node, case_id, person_id).custodies == (Custody.DETAINED,)
    _held(node, person_id, Custody.DETAINED, note="A warrant at the trial.")
    _held(node, person_id, Custody.NOT_DETAINED, note="Bail.")
    told = outcome_of(node, case_id, person_id)
    assert (told.person.stage, told.person.custody) == (Stage.CHARGED, Custody.NOT_DETAINED)
    taken = [(s.before, s.stage, s.custody, s.by, s.note) for s in told.history.steps[-2:]]
    assert taken == [
        (Stage.CHARGED, Stage.CHARGED, Custody.DETAINED, By.COURT, "A warrant at the trial."),
        (Stage.CHARGED, Stage.CHARGED, Custody.NOT_DETAINED, By.COURT, "Bail."),
    ]
    with pytest.raises(Conflict, match="not-detained already"):
        _held(node, person_id, Custody.NOT_DETAINED)
    with pytest.raises(Invalid, match="before the last step"):
        _held(node, person_id, Custody.DETAINED, on=date(2021, 6, 1))
    with pytest.raises(Invalid, match="future"):
        _held(node, person_id, Custody.DETAINED, on=date(2021, 6, 3))


def test_a_release_does_not_begin_the_period_for_an_appeal_anew(node: Node) -> None:
    case_id, person_id = _charged(node)
    _held(node, person_id, Custody.DETAINED)
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=Stage.GUILTY))
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=NOW + timedelta(days=3))
    _held(node, person_id, Custody.NOT_DETAINED)
    (clock,) = _history(node, case_id, person_id).clocks
    assert clock.due_on == date(2021, 6, 9)


def test_a_release_does_not_move_the_day_until_which_a_closed_matter_is_kept(node: Node) -> None:
    case_id, person_id = _charged(node)
    _held(node, person_id, Custody.DETAINED)
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=Stage.GUILTY))
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=NOW + timedelta(days=800))
    before = _history(node, case_id, person_id)
    assert before.kept is not None
    assert before.kept_until == date(2021, 6, 9) + timedelta(days=before.kept.days)
    _held(node, person_id, Custody.NOT_DETAINED)
    after = _history(node, case_id, person_id)
    assert (after.closed, after.kept_until) == (True, before.kept_until)


def test_a_custody_that_the_stage_does_not_have_is_refused(node: Node) -> None:
    fined = date(2020, 6, 1)  # the last day on which distribution carried a fine
    _, person_id = _charged(node, to=Stage.SUMMARY_ORDER, act_on=fined)
    with pytest.raises(StepNotLegal, match="At summary-order somebody is not-detained"):
        _held(node, person_id, Custody.DETAINED)


def test_what_the_police_decide_is_a_decision_and_what_others_do_is_not(node: Node) -> None:
    file = a_case(node, now=NOW)
    other = recorded(node, file, suspect(act_on=ACT))
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, other, outcome=Outcome.BOOKED_DETAINED)
    with pytest.raises(Conflict, match="the police decide"):
        _held(node, other, Custody.NOT_DETAINED, by=By.POLICE)
    with pytest.raises(
        Invalid, match=r"by one of: court, prosecutor, .*not by child-welfare-agency"
    ):
        _held(node, other, Custody.NOT_DETAINED, by=By.WELFARE)
    _held(node, other, Custody.NOT_DETAINED, note="Habeas review.")
    told = outcome_of(node, file.case.id, other)
    assert (told.person.stage, told.person.custody) == (Stage.BOOKED, Custody.NOT_DETAINED)


def test_who_turns_out_to_be_a_child_is_let_go_and_not_held(node: Node) -> None:
    case_id, person_id = _charged(node)
    _held(node, person_id, Custody.DETAINED)
    with open_work(node, CONSOLE) as work:
        cases.record_person(work, person_id, PersonFacts(birth=verified(date(2005, 1, 1))))
    _held(node, person_id, Custody.NOT_DETAINED)
    with pytest.raises(ContactFirst):
        _held(node, person_id, Custody.DETAINED)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=NOW + timedelta(days=1))
    contacted(node, person_id)
    before = {"custody": Custody.DETAINED, "on": NOW.date()}  # the contact is of the day after
    with pytest.raises(ContactFirst):
        _held(node, person_id, **before)  # type: ignore[arg-type]
    with open_work(node, CONSOLE) as work, pytest.raises(ContactFirst):
        steps.record_step(work, person_id, StepFacts(stage=Stage.GUILTY, **before))  # type: ignore[arg-type]
    _held(node, person_id, Custody.DETAINED)
    with open_work(node, CONSOLE) as work:
        cases.record_person(work, person_id, PersonFacts(birth=verified(date(2008, 1, 1))))
    _held(node, person_id, Custody.NOT_DETAINED)
    with pytest.raises(OutcomeForbidden, match="KR-JA-4-2"):
        _held(node, person_id, Custody.DETAINED)
    assert _history(node, case_id, person_id).custodies == (Custody.DETAINED,)


def test_the_page_writes_it_down_in_both_languages(node: Node) -> None:
    case_id, person_id = _charged(node)
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router,)))
    sign_in(client, "desk")
    for language, says in (("en", "Held or let go"), ("ko", "구속 또는 석방")):
        client.get(f"/language/{language}")
        assert says in client.get(f"/cases/{case_id}/outcomes").text
    at = f"/cases/{case_id}/people/{person_id}/custody"
    sent = {"custody": "detained", "held_by": "court", "held_on": "", "held_note": "Warrant."}
    assert client.post(at, data=sent).status_code in {200, 303}
    (step,) = (s for s in _history(node, case_id, person_id).steps if s.before is s.stage)
    assert (step.custody, step.note) == (Custody.DETAINED, "Warrant.")
