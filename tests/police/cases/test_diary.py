"""What is done and noted in a case, and what the record says happened."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.nodes import CONSOLE, add_staff
from tests.police.cases.builders import account_parts, taken
from tests.police.folk import (
    a_case,
    file_of,
    outcome_of,
    record_of,
    recorded,
    suspect,
    verified,
)
from tipbridge import pipeline
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary.model import Diary, Document, DocumentKind
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.cases.numbers import actions as numbers
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
        outcomes.finish_duty(work, duties["guardian-notice"])
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
    with open_work(node, CONSOLE) as work:
        welfare.change_access(work, record.id, members=[], narrowed=True)
    with open_work(node, stranger) as work:
        other = diary.read_diary(work, case_id)
    assert "welfare.record.read" not in {each.event for each in other.timeline}
