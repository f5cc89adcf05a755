"""A person corrected as the wrong one is cleared: never accused again, never stuck."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.databases import fresh_database
from tests.nodes import CONSOLE, build_node, run_followups
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case, file_of, outcome_of, recorded, suspect
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import Server
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Advice, Outcome, Stage
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import PersonFacts, PersonRole, Task, TaskKind
from tipbridge.police.outcomes import actions, comparing, pages, steps
from tipbridge.police.outcomes.errors import OutcomeForbidden, WrongPerson
from tipbridge.police.outcomes.model import AdviceChange, Change, Decision, StepFacts

REASON = "Somebody else had the address by then."
ON_THE_DAY = "Corrected as the wrong person on 2014-06-02"
SUSPECT, VICTIM, RECIPIENT = PersonRole.SUSPECT, PersonRole.VICTIM, PersonRole.RECIPIENT
_NUMBERS = count()


@pytest.fixture(scope="module")
def node(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """One node for all of them: each looks at nothing but its own case."""
    with fresh_database(server) as database:
        yield build_node(tmp_path_factory.mktemp("node"), database, node_id="kr.police")


def _somebody(node: Node, *roles: PersonRole) -> tuple[CaseFile, str]:
    file = a_case(node, account_parts(f"wrong-{next(_NUMBERS)}"))
    return file, recorded(node, file, suspect(roles=frozenset(roles or (SUSPECT,))))


def _decide(node: Node, person_id: str, outcome: Outcome, **chosen: object) -> Decision:
    with open_work(node, CONSOLE) as work:
        made = actions.decide_outcome(work, person_id, outcome=outcome, **chosen)  # type: ignore[arg-type]
    run_followups(node)
    return made


def _step(node: Node, person_id: str, stage: Stage) -> None:
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=stage))


def _correct(node: Node, file: CaseFile, person_id: str) -> None:
    with open_work(node, CONSOLE) as work:
        fairness.correct_person(work, file.case.id, person_id, grounds="Another had it.")
    run_followups(node)


def _review(node: Node, file: CaseFile) -> None:
    with open_work(node, WORKER) as work:
        actions.review_case(work, case_id=file.case.id)


def _tasks(node: Node, file: CaseFile) -> list[Task]:
    found = file_of(node, file.case.id).tasks
    return [each for each in found if each.kind is TaskKind.ADVICE_CHANGED]


def _advice(node: Node, person_id: str) -> Advice:
    with open_work(node, CONSOLE) as work:
        return actions.read_advice(work, person_id)


def _listed(node: Node, person_id: str, language: str = "en") -> list[AdviceChange]:
    with open_work(node, CONSOLE) as work:
        found = comparing.list_differences(work, language=language)
    return [each for each in found if each.person_id == person_id]


def _cleared(node: Node, file: CaseFile, person_id: str) -> None:
    """They can be decided no suspicion, which closes the one task and leaves nothing behind."""
    (task,) = _tasks(node, file)
    assert (task.person_id, task.done_at) == (person_id, None)
    _review(node, file)
    assert _tasks(node, file) == [task], "a repeat opens none"
    _decide(
        node, person_id, Outcome.NO_SUSPICION, grounds=REASON, change=Change.CORRECTION
    )  # fmt: skip
    _review(node, file)
    assert [each.done_at is not None for each in _tasks(node, file)] == [True]
    assert _listed(node, person_id) == []
    after = outcome_of(node, file.case.id, person_id)
    assert after.person.stage is Stage.NOT_BOOKED
    assert after.decision is not None
    assert after.decision.outcome is Outcome.NO_SUSPICION


@pytest.mark.parametrize("roles", [(SUSPECT,), (SUSPECT, RECIPIENT), (SUSPECT, VICTIM)])
def test_who_was_booked_and_corrected_is_released_and_not_booked_again(
    node: Node, roles: tuple[PersonRole, ...]
) -> None:
    file, person_id = _somebody(node, *roles)
    _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    assert _tasks(node, file) == []
    _correct(node, file, person_id)
    advice = _advice(node, person_id)
    assert [each.outcome for each in advice.permitted] == [Outcome.NO_SUSPICION]
    assert Outcome.BOOKED_AT_LIBERTY in {each.outcome for each in advice.forbidden}
    for outcome in (Outcome.BOOKED_AT_LIBERTY, Outcome.BOOKED_DETAINED, Outcome.WELFARE_ONLY):
        with pytest.raises(WrongPerson, match=ON_THE_DAY):
            _decide(node, person_id, outcome, grounds=REASON, change=Change.NEW_FACTS)
    with pytest.raises(WrongPerson, match=ON_THE_DAY):
        _step(node, person_id, Stage.SENT_TO_PROSECUTOR)
    shown = outcome_of(node, file.case.id, person_id)
    assert shown.history.next_steps == ()
    (listed,) = _listed(node, person_id)
    assert not listed.allowed
    assert listed.says[0].startswith(ON_THE_DAY)
    assert "오인으로 정정됨" in _listed(node, person_id, "ko")[0].says[0]
    _cleared(node, file, person_id)
    with pytest.raises(WrongPerson, match=ON_THE_DAY):
        _decide(
            node, person_id, Outcome.BOOKED_AT_LIBERTY, grounds=REASON, change=Change.NEW_FACTS
        )  # fmt: skip


def test_who_was_corrected_before_any_decision_is_never_booked(node: Node) -> None:
    file, person_id = _somebody(node)
    _correct(node, file, person_id)
    assert _tasks(node, file) == [], "nothing was decided that must change"
    with pytest.raises(WrongPerson, match=ON_THE_DAY):
        _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    with open_work(node, CONSOLE) as work:  # also when somebody calls them a suspect again
        cases.record_person(work, person_id, PersonFacts(roles=frozenset({SUSPECT})))
    with pytest.raises(WrongPerson, match=ON_THE_DAY):
        _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY, grounds=REASON)
    made = _decide(node, person_id, Outcome.NO_SUSPICION)
    assert made.ground.citation.startswith(ON_THE_DAY)


def test_who_was_sent_to_the_prosecutor_and_corrected_is_not_charged(node: Node) -> None:
    file, person_id = _somebody(node)
    _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    _step(node, person_id, Stage.SENT_TO_PROSECUTOR)
    _correct(node, file, person_id)
    for stage in (Stage.CHARGED, Stage.SUMMARY_ORDER, Stage.SUSPENDED):
        with pytest.raises(WrongPerson, match=ON_THE_DAY):
            _step(node, person_id, stage)
    ways = outcome_of(node, file.case.id, person_id).history.next_steps
    assert Stage.CHARGED not in {way.leads_to for way in ways}
    assert Stage.NOT_CHARGED in {way.leads_to for way in ways}, "what lets them go stays open"
    _cleared(node, file, person_id)


def test_a_closed_task_of_a_correction_does_not_come_back(node: Node) -> None:
    file, person_id = _somebody(node)
    _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    _correct(node, file, person_id)
    (task,) = _tasks(node, file)
    with open_work(node, CONSOLE) as work:
        diary.finish_task(work, file.case.id, task.id)
    _review(node, file)
    assert len(_tasks(node, file)) == 1
    assert not _listed(node, person_id)[0].allowed, "it stays listed until they are cleared"


def test_who_was_decided_about_and_is_no_suspect_any_more_is_cleared_and_nothing_else(
    node: Node,
) -> None:
    file, person_id = _somebody(node)
    _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    with open_work(node, CONSOLE) as work:
        cases.record_person(work, person_id, PersonFacts(roles=frozenset({VICTIM})))
    run_followups(node)
    with pytest.raises(OutcomeForbidden, match="Neither reported nor suspect any more"):
        _decide(
            node, person_id, Outcome.BOOKED_DETAINED, grounds=REASON, change=Change.NEW_FACTS
        )  # fmt: skip
    with pytest.raises(OutcomeForbidden, match="Neither reported nor suspect any more"):
        _step(node, person_id, Stage.SENT_TO_PROSECUTOR)
    _cleared(node, file, person_id)
    file, other = _somebody(node, VICTIM)
    with pytest.raises(Conflict, match="neither reported nor suspect"):
        _decide(node, other, Outcome.NO_SUSPICION, grounds=REASON)


def test_the_page_offers_no_suspicion_alone_to_who_was_corrected(node: Node) -> None:
    file, person_id = _somebody(node, SUSPECT, RECIPIENT)
    _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    _correct(node, file, person_id)
    add_member(node, "desk", Role.INVESTIGATOR)
    desk = browser(shell_app(node, routers=(pages.router,)))
    sign_in(desk, "desk")
    shown = desk.get(f"/cases/{file.case.id}/outcomes").text
    assert 'value="no-suspicion"' in shown
    assert 'value="booked-at-liberty"' not in shown
    assert ON_THE_DAY in shown
    address = f"/cases/{file.case.id}/people/{person_id}/outcome"
    said = {"grounds": REASON, "change": "correction"}
    assert desk.post(address, data={"outcome": "booked-at-liberty", **said}).status_code == 409
    desk.post(address, data={"outcome": "no-suspicion", **said})
    assert outcome_of(node, file.case.id, person_id).person.stage is Stage.NOT_BOOKED
