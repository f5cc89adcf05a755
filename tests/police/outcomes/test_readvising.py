"""Advice is asked again by itself: other facts, other data, a law that began since."""

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case, contacted, file_of, outcome_of, recorded, suspect, verified
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.loading import law_fingerprint
from tipbridge.knowledge.law.model import Offence, Outcome, SchoolLevel
from tipbridge.office.actions import set_clock
from tipbridge.pipeline import tick
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import stating
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import Act, Exploiting, PersonFacts, PersonRole, Task, TaskKind
from tipbridge.police.outcomes import actions, asking, comparing, readvising, rules, store
from tipbridge.police.outcomes.model import AdviceChange, Change

REASON = "The birth certificate came and says otherwise."


def _decided(node: Node, person_id: str, outcome: Outcome, **chosen: object) -> None:
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=outcome, **chosen)  # type: ignore[arg-type]
    run_followups(node)


def _record(node: Node, person_id: str, **facts: object) -> None:
    with open_work(node, CONSOLE) as work:
        cases.record_person(work, person_id, PersonFacts(**facts))  # type: ignore[arg-type]
    run_followups(node)


def _tasks(node: Node, file: CaseFile) -> list[Task]:
    found = file_of(node, file.case.id).tasks
    return [task for task in found if task.kind is TaskKind.ADVICE_CHANGED]


def _open(node: Node, file: CaseFile) -> list[Task]:
    return [task for task in _tasks(node, file) if task.done_at is None]


def _listed(node: Node) -> list[AdviceChange]:
    with open_work(node, CONSOLE) as work:
        return comparing.list_differences(work)


def _booked(node: Node, account: str = "kid1") -> tuple[CaseFile, str]:
    file = a_case(node, account_parts(account))
    person_id = recorded(node, file, suspect())
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    assert _tasks(node, file) == []
    return file, person_id


FACTS: dict[str, dict[str, object]] = {
    "birth": {"birth": verified(date(2001, 5, 5))},
    "school": {"birth": verified(date(1999, 5, 5)), "school_level": SchoolLevel.MIDDLE},
    "act day": {"act_on": date(2013, 6, 18)},
    "offence": {"offence": Offence.VIEWING},
    "roles": {
        "birth": verified(date(1998, 5, 5)),
        "roles": frozenset({PersonRole.SUSPECT, PersonRole.VICTIM}),
    },
}


def test_a_changed_fact_raises_one_task_and_changes_nothing(node: Node) -> None:
    booked = {name: _booked(node, f"kid-{number}") for number, name in enumerate(FACTS)}
    for name, (file, person_id) in booked.items():
        _record(node, person_id, **FACTS[name])
        (task,) = _open(node, file)
        assert task.person_id == person_id, name
        (found,) = [each for each in _listed(node) if each.person_id == person_id]
        assert found.says, name
        assert found.since is not None, name
        decision = outcome_of(node, file.case.id, person_id).decision
        assert decision is not None
        assert decision.outcome is Outcome.BOOKED_AT_LIBERTY, "nothing changes by itself"
        _record(node, person_id, reference="person-001")
        assert _open(node, file) == [task], "the same differences raise no second task"
    assert len(_listed(node)) == len(FACTS)


def test_a_closed_task_comes_back_when_something_else_differs_and_goes_with_the_difference(
    node: Node,
) -> None:
    file, person_id = _booked(node)
    _record(node, person_id, birth=verified(date(2001, 5, 5)))
    (task,) = _open(node, file)
    with open_work(node, CONSOLE) as work:
        diary.finish_task(work, file.case.id, task.id)
    _record(node, person_id, reference="person-001")
    assert _open(node, file) == []
    _record(node, person_id, birth=verified(date(2005, 5, 5)))
    assert len(_open(node, file)) == 1
    _record(node, person_id, birth=suspect().birth)
    assert _open(node, file) == [], "as it was decided: nothing differs"
    assert _listed(node) == []
    _record(node, person_id, birth=verified(date(2001, 5, 5)))
    assert len(_open(node, file)) == 1
    _decided(node, person_id, Outcome.JUVENILE_DIVISION, grounds=REASON, change=Change.CORRECTION)
    assert _open(node, file) == [], "decided again"
    assert _listed(node) == []


def test_a_law_that_begins_while_a_matter_goes_on_raises_a_task(node: Node) -> None:
    settings = node.settings.model_copy(update={"jurisdiction": "DE"})
    there = replace(node, settings=settings)
    file = a_case(there, now=datetime(2024, 6, 20, 9, tzinfo=UTC))
    facts = suspect(birth=verified(date(2007, 5, 5)), act=Act.POSTED, act_on=date(2024, 3, 10))
    person_id = recorded(there, file, facts)
    with open_work(there, CONSOLE) as work:
        stating.state_exploitation(work, person_id, Exploiting.NONE, source="Messages")
    run_followups(there)
    contacted(there, person_id)
    _decided(there, person_id, Outcome.BOOKED_AT_LIBERTY)
    tick(there)
    run_followups(there)
    assert _tasks(there, file) == []
    with open_work(there, CONSOLE) as work:
        set_clock(work, at=datetime(2024, 6, 28, 9, tzinfo=UTC))
    tick(there)
    run_followups(there)
    (task,) = _open(there, file)
    (found,) = _listed(there)
    assert any("DE-JGG-45" in line for line in found.says)
    tick(there)
    run_followups(there)
    assert _tasks(there, file) == [task]


def test_another_edition_of_the_data_raises_a_task_for_each_matter_it_touches(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    with open_work(node, CONSOLE) as work:
        person, case = cases.person_seen(work, person_id), cases.case_seen(work, file.case.id)
        document = rules.advice_document(asking.advice_of(work, case, person))
        decided = store.standing_about(work.db, person_id)
        assert decided is not None
        # As a decision stands that was made under an edition that knew no such version.
        earlier = replace(decided[0], id=work.ids.new(), replaces=decided[0].id)
        store.insert_decision(work.db, earlier, document | {"law_of_act": "KR/2012"})
        store.note_law(work.db, "0" * 64, work.now)
    tick(node)
    run_followups(node)
    assert [task.person_id for task in _open(node, file)] == [person_id]
    (found,) = _listed(node)
    assert "Law: KR/2012 · KR/2013-06-19 → KR/2013-06-19 · KR/2013-06-19" in found.says


def test_the_same_law_asks_nobody_again(node: Node) -> None:
    with open_work(node, WORKER) as work:
        assert readvising.watch_law(work) == 0, "nobody is decided about"
    _booked(node)
    with open_work(node, WORKER) as work:
        assert readvising.watch_law(work) == 1
    with open_work(node, WORKER) as work:
        assert readvising.watch_law(work) == 0
    assert law_fingerprint(date(2020, 6, 1)) != law_fingerprint(date(2020, 6, 2))
    assert law_fingerprint(date(2014, 6, 1)) == law_fingerprint(date(2014, 6, 2))
