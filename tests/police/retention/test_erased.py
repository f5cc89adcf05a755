"""Of an erased case its number stays and nothing new goes into it, by action or by statement."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case, file_of, recorded, suspect
from tests.police.retention.test_erasing import (
    A_YEAR_ON,
    CHILD,
    closed,
    filled,
    later,
    owner_dump,
    plan_of,
    reached,
)
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.asking import actions as asking
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands.model import DemandFacts, DemandKind, LetterLanguage
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary.model import DocumentKind
from tipbridge.police.cases.errors import AlreadyErased
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.handing.model import HandOverGround
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.evidence import actions as evidence
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals.model import PlaceForm
from tipbridge.police.retention import actions as retention

ASKED = DemandFacts(
    kind=DemandKind.PRESERVATION,
    addressee="Example Telecom",
    language=LetterLanguage.KOREAN,
    authority="A warrant.",
    account="somebody",
)
SEIZED = {"mark": "X-1", "kind": "device", "description": "A phone.", "place": "A flat."}
ADDING: Sequence[Callable[[Work, str, str], object]] = [
    lambda work, case_id, _: cases.add_person(work, case_id, roles=[PersonRole.SUSPECT]),
    lambda work, case_id, _: diary.add_note(work, case_id, note="A note."),
    lambda work, case_id, _: diary.add_task(work, case_id, title="A task."),
    lambda work, case_id, _: diary.add_document(
        work, case_id, [b"text"], kind=DocumentKind.LETTER, title="A", media_type="text/plain"
    ),
    lambda work, case_id, _: demands.draft_demand(work, case_id, ASKED),
    lambda work, case_id, _: asking.ask_others(work, case_id, grounds="To know."),
    lambda work, case_id, _: handing.offer_case(
        work, case_id, unit="elsewhere", ground=HandOverGround.WORKLOAD, words="Yours."
    ),
    lambda work, case_id, _: removals.add_place(
        work, case_id, address="https://x.example/1", form=PlaceForm.URL
    ),
    lambda work, case_id, _: evidence.add_exhibit(work, case_id, **SEIZED, authority="A warrant."),
    lambda work, case_id, other: joining.join_cases(
        work, case_id, other=other, relation=Relation.MERGED, grounds="The same."
    ),
    lambda work, case_id, other: joining.join_cases(
        work, other, other=case_id, relation=Relation.PARENT, grounds="The same."
    ),
]


def test_nothing_new_goes_into_an_erased_case(node: Node) -> None:
    case_id, _ = filled(node)
    later(node)
    other = a_case(node, account_parts("another"), A_YEAR_ON).case.id
    before = owner_dump(node).count(case_id)
    for add in ADDING:
        with pytest.raises(AlreadyErased), open_work(node, CONSOLE) as work:
            add(work, case_id, other)
    for statement in (
        f"INSERT INTO case_tasks (id, case_id, kind, opened_at) VALUES ('n', '{case_id}', 'x', now())",
        f"UPDATE case_people SET case_id = '{case_id}' WHERE case_id = '{other}'",
    ):
        with pytest.raises(DBAPIError, match="was erased"), open_work(node, WORKER) as work:
            work.db.execute(text(statement))
    refusals = len(ADDING)  # each left its trace in the audit log, and nothing else
    assert owner_dump(node).count(case_id) <= before + refusals
    assert file_of(node, case_id).people == ()


def test_every_table_of_a_case_refuses_what_is_put_into_an_erased_one(node: Node) -> None:
    with node.engine.connect() as db:
        guarded = set(
            db.execute(
                text(
                    "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'refuse_erased'"
                    " AND tgenabled = 'O'"
                )
            ).scalars()
        )
        assert guarded == reached(db) - {"case_erasures"}


def test_the_plan_has_pages_and_what_is_due_stands_first(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PAGE_LINES", 2)
    open_cases = []
    for number in range(3):  # decided before, and still open: their time has not come
        file = a_case(node, account_parts(f"grown-{number}"))
        person = recorded(node, file, suspect())
        with open_work(node, CONSOLE) as work:
            outcomes.decide_outcome(work, person, outcome=Outcome.BOOKED_AT_LIBERTY)
        open_cases.append(file.case.id)
    child = a_case(node, account_parts("child"))
    closed(node, child.case.id, recorded(node, child, suspect(**CHILD)))
    plans = [plan_of(node, A_YEAR_ON.date(), page=page) for page in (1, 2, 3)]
    assert [(each.page, each.more, each.due_count, each.case_count) for each in plans] == [
        (1, True, 1, 4),
        (2, False, 1, 4),
        (3, False, 1, 4),
    ]
    shown = [[each.case_id for each in plan.cases] for plan in plans]
    assert shown[0][0] == child.case.id
    assert sorted(shown[0] + shown[1]) == sorted([*open_cases, child.case.id])
    assert shown[2] == []
    with pytest.raises(Invalid, match="page"):
        plan_of(node, page=0)
