"""What is done and noted in a case, and what the record says happened."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.nodes import CONSOLE, add_staff
from tests.police.cases.builders import account_parts, taken
from tests.police.folk import (
    NOW,
    a_case,
    file_of,
    looked_after,
    outcome_of,
    record_of,
    recorded,
    suspect,
    verified,
)
from tests.sharing.net import set_clock
from tipbridge import pipeline
from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary.model import Diary, Document, DocumentKind
from tipbridge.police.cases.model import Task, TaskKind
from tipbridge.police.cases.numbers import actions as numbers
from tipbridge.police.cases.tasks import actions as tasks
from tipbridge.police.cases.tasks.model import TaskList, Whose
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.welfare import actions as welfare

TEXT = b"a synthetic warrant\n" * 100_000


def read(node: Node, case_id: str) -> Diary:
    with open_work(node, CONSOLE) as work:
        return diary.read_diary(work, case_id)


def add_document(node: Node, case_id: str, pieces: Iterator[bytes]) -> Document:
    with open_work(node, CONSOLE) as work:
        return diary.add_document(
            work,
            case_id,
            pieces,
            kind=DocumentKind.WARRANT,
            title="Warrant 2014-1",
            media_type="application/pdf",
        )


def vault_files(node: Node) -> list[Path]:
    return [path for path in (node.data / "vault").rglob("*.age") if path.is_file()]


def test_a_document_is_sealed_and_shows_digest_size_and_type(node: Node) -> None:
    case_id = a_case(node).case.id
    pieces = iter([TEXT[:7], TEXT[7:500_000], TEXT[500_000:]])
    kept = add_document(node, case_id, pieces)
    assert read(node, case_id).documents == (kept,)
    assert (kept.sha256, kept.size_bytes) == (hashlib.sha256(TEXT).hexdigest(), len(TEXT))
    assert node.vault.read(kept.sealed) == TEXT
    assert all(b"synthetic warrant" not in path.read_bytes() for path in vault_files(node))


def test_a_document_that_was_not_kept_leaves_nothing(node: Node) -> None:
    case_id = a_case(node).case.id

    def broken() -> Iterator[bytes]:
        yield TEXT
        raise OSError("the stick was pulled")

    with pytest.raises(OSError, match="pulled"):
        add_document(node, case_id, broken())
    with pytest.raises(Invalid, match="empty"):
        add_document(node, case_id, iter(()))
    with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
        diary.add_document(
            work, case_id, iter([TEXT]), kind=DocumentKind.OTHER, title=" ", media_type="text/plain"
        )
    assert read(node, case_id).documents == ()
    assert vault_files(node) == []


def test_documents_of_cases_are_no_leftovers_of_the_vault(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = a_case(node).case.id
    kept = add_document(node, case_id, iter([TEXT]))
    monkeypatch.setattr(pipeline, "LEFT_SECONDS", -1.0)
    with open_work(node, WORKER) as work:
        assert kept.sealed.key_id in node.vault.groups(untouched_seconds=-1.0)
        assert kept.sealed.key_id not in pipeline.leftovers(work)


def test_tasks_and_notes_are_kept_with_their_writer(node: Node) -> None:
    file = a_case(node)
    other = taken(node, account_parts("b")).case_id
    with open_work(node, CONSOLE) as work:
        task = diary.add_task(work, file.case.id, title="Visit.", due_on=date(2014, 6, 9))
        note = diary.add_note(
            work, file.case.id, note="Line one.\r\nLine two.", person=file.people[0].person.id
        )
    kept = read(node, file.case.id)
    assert kept.notes == (note,)
    assert note.note == "Line one.\nLine two."
    assert [(each.kind, each.title) for each in kept.tasks] == [(TaskKind.OWN, "Visit.")]
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        diary.finish_task(work, other, task.id)
    with open_work(node, CONSOLE) as work:
        diary.finish_task(work, file.case.id, task.id)
    assert file_of(node, file.case.id).tasks[0].done_at is not None
    for wrong in ({"title": ""}, {"title": "x", "assigned_to": "nobody"}):
        with pytest.raises((Invalid, NotFound)), open_work(node, CONSOLE) as work:
            diary.add_task(work, file.case.id, **wrong)  # type: ignore[arg-type]


def test_own_tasks_of_all_cases_are_listed_by_day_and_overdue_ones_are_marked(node: Node) -> None:
    first = a_case(node, now=NOW - timedelta(days=1)).case.id  # in June 2014
    second = taken(node, account_parts("b")).case_id
    one, other = (add_staff(node, Role.INVESTIGATOR) for _ in range(2))
    with open_work(node, CONSOLE) as work:
        name = access_store.staff_by_id(work.db, one.id).username  # type: ignore[union-attr]
        made = {
            title: diary.add_task(work, case_id, title=title, due_on=due_on, assigned_to=whose)
            for title, case_id, due_on, whose in (
                ("no day", first, None, name),
                ("today", first, date(2014, 6, 2), name),
                ("late", second, date(2014, 6, 1), name),
                ("nobody's", first, None, None),
            )
        }
        cases.restrict_case(work, second, members=[name])
    set_clock(node, NOW)

    def listed(actor: Actor, whose: Whose = Whose.MINE) -> TaskList:
        with open_work(node, actor) as work:
            return tasks.list_tasks(work, whose=whose)

    mine = listed(one)
    assert [(each.task.title, each.overdue) for each in mine.lines] == [
        ("late", True), ("today", False), ("no day", False)
    ]  # fmt: skip
    assert (mine.count, mine.overdue_count) == (3, 1)
    with open_work(node, one) as work:
        assert diary.read_diary(work, second).overdue == {made["late"].id}
    assert file_of(node, second, one).overdue == {made["late"].id}
    assert listed(other).lines == ()
    unseen = listed(other, Whose.ALL)  # the restricted case's changes neither rows nor counts
    assert {each.task.title for each in unseen.lines} == {"today", "no day", "nobody's"}
    assert (unseen.count, unseen.overdue_count) == (3, 0)
    assert [each.task.title for each in listed(other, Whose.NOBODYS).lines] == ["nobody's"]
    with open_work(node, one) as work:
        assert tasks.count_waiting(work) == 3
        diary.finish_task(work, second, made["late"].id)
    assert (listed(one).count, listed(one).overdue_count) == (2, 0)
    with open_work(node, CONSOLE) as work:  # the list shrinks: who has the tasks sees them no more
        others = access_store.staff_by_id(work.db, other.id)
        assert others is not None
        cases.restrict_case(work, first, members=[others.username])
    left = listed(other, Whose.NOBODYS)
    assert {each.task.title for each in left.lines} == {"today", "no day", "nobody's"}
    assert (listed(one).count, left.count) == (0, 3)


def test_an_own_task_gets_another_day_with_a_reason_and_somebody_who_sees_it(node: Node) -> None:
    file = a_case(node)
    one, examiner = (add_staff(node, role) for role in (Role.INVESTIGATOR, Role.EXAMINER))
    with open_work(node, CONSOLE) as work:
        task = diary.add_task(work, file.case.id, title="Visit.", due_on=date(2014, 6, 9))
        other = diary.open_task(work, file.case.id, TaskKind.RESOLVE_AGE, due_on=date(2014, 6, 9))
        names = {
            each.id: access_store.staff_by_id(work.db, each.id).username  # type: ignore[union-attr]
            for each in (one, examiner)
        }

    def day(task_id: str, due_on: date | None, because: str = "Ill.") -> Task:
        with open_work(node, CONSOLE) as work:
            return tasks.set_task_day(work, file.case.id, task_id, due_on=due_on, because=because)

    def assign(task_id: str, to: str | None) -> Task:
        with open_work(node, CONSOLE) as work:
            return tasks.assign_task(work, file.case.id, task_id, to=to)

    assert day(task.id, date(2014, 6, 20)).due_on == date(2014, 6, 20)
    (former,) = read(node, file.case.id).days
    assert (former.was_due_on, former.due_on, former.because, former.set_by) == (
        date(2014, 6, 9), date(2014, 6, 20), "Ill.", CONSOLE.id
    )  # fmt: skip
    wrong: tuple[tuple[type[Exception], str, date | None, str], ...] = (
        (Invalid, task.id, date(2014, 6, 1), "Ill."),
        (Invalid, task.id, None, " "),
        (Conflict, task.id, date(2014, 6, 20), "Ill."),
        (Conflict, other.id, date(2014, 6, 20), "Ill."),  # the law's day, not staff's
    )
    for refusal, task_id, due_on, because in wrong:
        with pytest.raises(refusal):
            day(task_id, due_on, because)
    assert assign(other.id, names[one.id]).assigned_to == names[one.id]
    with pytest.raises(Conflict, match="does not work on this case"):
        assign(other.id, names[examiner.id])
    with pytest.raises(Conflict, match="does not work"), open_work(node, CONSOLE) as work:
        diary.add_task(work, file.case.id, title="x", assigned_to=names[examiner.id])
    with pytest.raises(NotFound):
        assign(other.id, "nobody")
    assert assign(other.id, None).assigned_to is None
    with open_work(node, CONSOLE) as work:
        diary.finish_task(work, file.case.id, task.id)
    for step in (lambda: day(task.id, None), lambda: assign(task.id, None)):
        with pytest.raises(NotFound):
            step()


def test_the_timeline_is_what_the_audit_log_says_of_the_case(node: Node) -> None:
    file = a_case(node)
    with open_work(node, CONSOLE) as work:
        numbers.add_foreign_number(work, file.case.id, agency="INTERPOL", number="77")
        diary.add_note(work, file.case.id, note="Noted.")
    told = [each.event for each in read(node, file.case.id).timeline]
    assert told[:2] == ["cases.note.written", "cases.number.added"]
    assert "cases.case.read" in told
    assert all("Noted" not in str(each.facts) for each in read(node, file.case.id).timeline)


def test_the_timeline_pages_on_says_how_much_there_is_and_holds_the_cases_parts(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_case(node)
    case_id = file.case.id
    child = suspect(birth=verified(date(2001, 1, 1)))
    person_id = recorded(node, file, child)
    record = record_of(node, person_id)
    with open_work(node, CONSOLE) as work:
        outcomes.decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION)
    duties = {each.code: each.id for each in outcome_of(node, case_id, person_id).duties}
    with open_work(node, CONSOLE) as work:
        outcomes.finish_duty(work, duties["counsel"])
    monkeypatch.setattr(diary, "TIMELINE_LINES", 4)
    seen, before = [], None
    while True:
        with open_work(node, CONSOLE) as work:
            page = diary.read_diary(work, case_id, before=before)
        seen += page.timeline
        assert len(page.timeline) <= 4
        if (before := page.earlier) is None:
            break
    told = [each.event for each in seen]
    assert len(seen) == len({each.id for each in seen}) > 8
    assert [each.id for each in seen] == sorted((each.id for each in seen), reverse=True)
    # Each reading is an event itself: the last page counts those of the pages before it too.
    assert page.events == len(seen) + (len(seen) - 1) // 4
    assert {"welfare.record.read", "outcomes.duty.done"} <= set(told)
    # Who does not see the child's record reads nothing of it here either.
    stranger = add_staff(node, Role.INVESTIGATOR)
    monkeypatch.setattr(diary, "TIMELINE_LINES", 400)
    with open_work(node, CONSOLE) as work:
        welfare.change_access(work, record.id, members=[], narrowed=True)
    with open_work(node, stranger) as work:
        other = diary.read_diary(work, case_id)
    assert "welfare.record.read" not in {each.event for each in other.timeline}
    with open_work(node, CONSOLE) as work:
        looked_after(work, record)
        mine = diary.read_diary(work, case_id).timeline
    done = {"welfare.talk.recorded", "welfare.record.changed", "welfare.record.closed"}
    assert done <= {each.event for each in mine}  # who sees the record reads what was done in it
    with open_work(node, stranger) as work:
        later = diary.read_diary(work, case_id)
    assert {each.event for each in later.timeline[: -len(other.timeline)]} == {"cases.diary.read"}
    assert later.events == other.events + 2  # two readings of the diary, and nothing of the record
