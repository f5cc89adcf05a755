"""Time alone changes advice: a birthday, the end of limitation; each raises one task."""

from datetime import UTC, date, datetime, timedelta

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case, contacted, file_of, outcome_of, recorded, suspect, verified
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome, SchoolLevel
from tipbridge.office.actions import set_clock
from tipbridge.pipeline import tick
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import Task, TaskKind
from tipbridge.police.outcomes import actions, turning

SEOUL_EVENING = 15  # 00:00 in Seoul, in hours of UTC
TURNS_19 = date(2014, 7, 1)


def _tasks(node: Node, file: CaseFile) -> list[Task]:
    found = file_of(node, file.case.id).tasks
    return [each for each in found if each.kind is TaskKind.ADVICE_CHANGED and not each.done_at]


def _goes_on(node: Node, to: datetime) -> None:
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=to)
    tick(node)
    run_followups(node)


def _midnight(day: date) -> datetime:
    """The first moment of a day in Seoul."""
    before = day - timedelta(days=1)
    return datetime(before.year, before.month, before.day, SEOUL_EVENING, tzinfo=UTC)


def _pupil(node: Node, account: str) -> tuple[CaseFile, str]:
    file = a_case(node, account_parts(account))
    facts = suspect(birth=verified(date(1995, 7, 1)), school_level=SchoolLevel.HIGH)
    return file, recorded(node, file, facts)


def test_a_birthday_raises_a_task_for_who_is_not_decided_about_and_no_second_one(
    node: Node,
) -> None:
    """Until the birthday the guidance committee is open; the day begins at midnight in Seoul."""
    file, person_id = _pupil(node, "kid1")
    _goes_on(node, datetime(2014, 6, 3, tzinfo=UTC))
    _goes_on(node, _midnight(TURNS_19) - timedelta(seconds=1))
    assert _tasks(node, file) == []
    _goes_on(node, _midnight(TURNS_19))
    (task,) = _tasks(node, file)
    assert task.person_id == person_id
    with open_work(node, WORKER) as work:
        assert turning.watch_days(work) == 0, "one look a day"
    _goes_on(node, _midnight(TURNS_19) + timedelta(days=1))
    assert _tasks(node, file) == [task]
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    run_followups(node)
    assert _tasks(node, file) == [], "decided on the advice of today"


def test_limitation_that_runs_out_raises_a_task_about_what_stands_and_changes_nothing(
    node: Node,
) -> None:
    """Five years for possession, from the 19th birthday of who made it of themselves."""
    file = a_case(node)
    own = suspect(
        birth=verified(date(1996, 5, 1)), school_level=SchoolLevel.HIGH, self_produced=True
    )
    person_id = recorded(node, file, own)
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    ends = date(2020, 5, 1)
    _goes_on(node, datetime(2014, 6, 3, tzinfo=UTC))
    _goes_on(node, _midnight(ends) - timedelta(seconds=1))
    (grown,) = _tasks(node, file)  # nineteen since: the guidance committee is closed
    with open_work(node, CONSOLE) as work:
        diary.finish_task(work, file.case.id, grown.id)
    _goes_on(node, _midnight(ends))
    (task,) = _tasks(node, file)
    assert task.person_id == person_id
    told = outcome_of(node, file.case.id, person_id)
    assert told.advice is not None
    assert told.advice.permitted[0].outcome is Outcome.LIMITATION_RUN_OUT
    assert told.decision is not None
    assert told.decision.outcome is Outcome.BOOKED_AT_LIBERTY
