"""What is due is erased wherever it is, a hold always wins, and the record names nobody."""

import os
from collections.abc import Callable, Generator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.nodes import CONSOLE, acting, run_followups
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case, file_of, looked_after, outcome_of, recorded, suspect, verified
from tests.police.retention.pairs import BATCH, Pairs, copied, left_of
from tests.sharing import net
from tests.sharing.referral.road import Road, open_road
from tipbridge import pipeline
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Mark, Offence, Outcome
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.children.model import ChildFacts
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands.model import (
    DemandFacts,
    DemandKind,
    FactKind,
    LetterLanguage,
    Said,
)
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary.model import DocumentKind
from tipbridge.police.cases.errors import AlreadyErased
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import moving
from tipbridge.police.removals.model import PlaceForm, RemovalState
from tipbridge.police.retention import actions as retention
from tipbridge.police.retention import store
from tipbridge.police.retention.errors import Held
from tipbridge.police.retention.model import CaseDue, HoldGround, Plan, Waits
from tipbridge.police.striking import joining
from tipbridge.police.welfare import actions as welfare

CANARY = "canary-7f3a"
PAIRS = int(os.environ.get("TIPBRIDGE_PAIRS", "8"))
"""`make holds` takes more."""
A_YEAR_ON = datetime(2015, 6, 4, tzinfo=UTC)
CHILD = {"birth": verified(date(2006, 5, 5)), "offence": Offence.DISTRIBUTION}


def owner_dump(node: Node) -> str:
    """Every row of every table as text, read by the database's owner."""
    url = node.engine.url.set(username=str(node.engine.url.username).replace("_app", "_owner"))
    engine = create_engine(url)
    try:
        with acting(engine, WORKER) as db:
            tables = db.execute(
                text(
                    "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN"
                    " ('public', 'queue')"
                )
            ).all()
            return "\n".join(
                str(row)
                for schema, name in tables
                for row in db.execute(text(f'SELECT t::text FROM "{schema}"."{name}" t'))
            )
    finally:
        engine.dispose()


def closed(node: Node, case_id: str, person_id: str) -> None:
    """A child below ten: decided, and the welfare records of the case closed."""
    with open_work(node, CONSOLE) as work:
        outcomes.decide_outcome(work, person_id, outcome=Outcome.WELFARE_ONLY)
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        for line in welfare.list_records(work):
            if line.welfare.case_id == case_id:
                looked_after(work, line.welfare)


def filled(node: Node) -> tuple[str, str]:
    """A case with something about somebody in every table that staff write."""
    file = a_case(node, account_parts(CANARY))
    case_id = file.case.id
    person = recorded(
        node,
        file,
        suspect(
            **CHILD,
            roles=frozenset({PersonRole.SUSPECT, PersonRole.VICTIM}),
            name=CANARY,
            reference=CANARY,
            guardian=CANARY,
            counsel=CANARY,
        ),
    )
    asked = DemandFacts(
        kind=DemandKind.SUBSCRIBER,
        addressee="Example Telecom",
        language=LetterLanguage.KOREAN,
        authority=CANARY,
        person_id=person,
        account=CANARY,
    )
    with open_work(node, CONSOLE) as work:
        cases.add_person(work, case_id, roles=[PersonRole.VICTIM])
        diary.add_note(work, case_id, note=CANARY, person=person)
        diary.add_task(work, case_id, title=CANARY)
        diary.add_document(
            work,
            case_id,
            [CANARY.encode()],
            kind=DocumentKind.LETTER,
            title=CANARY,
            media_type="text/plain",
        )
        demand = demands.draft_demand(work, case_id, asked)
        demands.send_demand(work, case_id, demand.id)
        said = [Said(kind=FactKind.SUBSCRIBER_NAME, value=CANARY)]
        demands.answer_demand(work, case_id, demand.id, said=said)
        fairness.record_favour(work, case_id, person, text=CANARY)
        fairness.note_defence(work, case_id, person, asked=CANARY)
        child = children.open_child_file(work, case_id, person)
        children.record_child(work, case_id, child.id, ChildFacts(name=CANARY, needs=CANARY))
        place = removals.add_place(
            work, case_id, address=f"https://{CANARY}.example/1", form=PlaceForm.URL
        )
        moving.record_state(work, place.id, RemovalState.REMOVED)
    closed(node, case_id, person)
    return case_id, person


def later(node: Node, at: datetime = A_YEAR_ON) -> None:
    """The synthetic clock moves; what is due is done, and what follows from it."""
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=at)
    pipeline.tick(node)
    run_followups(node)


def plan_of(node: Node, on: date | None = None, page: int = 1) -> Plan:
    with open_work(node, CONSOLE) as work:
        return retention.read_plan(work, on=on, page=page)


def case_in(plan: Plan, case_id: str) -> CaseDue:
    return next(each for each in plan.cases if each.case_id == case_id)


def keys(node: Node, case_id: str) -> list[Path]:
    return list((node.data / "vault").rglob(f"case-{case_id}/*"))


def test_nothing_of_a_case_is_left_when_its_time_has_come(node: Node) -> None:
    case_id, _ = filled(node)
    assert owner_dump(node).count(CANARY) > 12
    assert keys(node, case_id)
    due = case_in(plan_of(node, date(2015, 6, 2)), case_id)
    assert (due.waits, due.kept and due.kept.source.mark) == ((), Mark.PRACTICE)
    later(node, A_YEAR_ON - timedelta(days=3))
    assert case_in(plan_of(node), case_id).waits == (Waits.PERIOD_RUNS,)
    later(node)
    assert CANARY not in owner_dump(node)
    assert keys(node, case_id) == []
    assert file_of(node, case_id).people == ()
    (erased,) = plan_of(node).erased
    assert (erased.case_id, erased.person_id) == (case_id, None)
    assert (erased.kept.outcome, erased.kept.days) == (Outcome.WELFARE_ONLY, 365)
    assert erased.rows_gone > 20
    with open_work(node, WORKER) as work:
        entries = audit_store.latest_entries(work.db, limit=99, subject=case_id)
    (told,) = [each.event for each in entries if each.event.event == "retention.case.erased"]
    assert (told.facts["rows"], told.facts["whole"]) == (erased.rows_gone, True)
    later(node, A_YEAR_ON + timedelta(days=1))
    assert plan_of(node).erased[0].keys_gone_at is not None
    assert len(plan_of(node).erased) == 1


def test_what_was_erased_is_noted_for_the_tables_files_to_be_written_anew(node: Node) -> None:
    filled(node)
    later(node)
    with open_work(node, WORKER) as work:
        noted = set(work.db.execute(text("SELECT table_name FROM ended_texts")).scalars())
    assert {"case_people", "case_notes", "case_facts", "child_files", "outcome_decisions"} <= noted


def test_a_hold_beats_the_clock_until_it_is_lifted(node: Node) -> None:
    case_id, _ = filled(node)
    with open_work(node, CONSOLE) as work:
        retention.place_hold(work, case_id, ground=HoldGround.COURT, words="A trial.")
    with pytest.raises(Held), open_work(node, CONSOLE) as work:
        retention.place_hold(work, case_id, ground=HoldGround.COMPLAINT, words="Another.")
    later(node)
    assert case_in(plan_of(node), case_id).waits == (Waits.HELD,)
    with open_work(node, WORKER) as work:
        assert store.erase_case(work.db, case_id, work.now) is None
    assert CANARY in owner_dump(node)
    with open_work(node, CONSOLE) as work:
        retention.lift_hold(work, case_id, words="It is over.")
    with pytest.raises(Held), open_work(node, CONSOLE) as work:
        retention.lift_hold(work, case_id, words="Again.")
    later(node, A_YEAR_ON + timedelta(hours=1))
    assert CANARY not in owner_dump(node)
    with pytest.raises(AlreadyErased), open_work(node, CONSOLE) as work:
        retention.place_hold(work, case_id, ground=HoldGround.COURT, words="Too late.")


def test_one_person_goes_on_their_own_day_while_another_keeps_the_case(node: Node) -> None:
    file = a_case(node, [*account_parts(CANARY), *account_parts("grown-up", person=1)])
    child = recorded(node, file, suspect(**CHILD, name=CANARY))
    grown = recorded(node, file, suspect(name="person-002"), index=1)
    with open_work(node, CONSOLE) as work:  # another record of the child, joined to it
        twin = cases.add_person(work, file.case.id, roles=[PersonRole.SUSPECT])
        cases.record_person(work, twin, PersonFacts(name=f"{CANARY} too"))
        joining.join_people(work, file.case.id, child, other=twin, because="One child.")
    closed(node, file.case.id, child)
    with open_work(node, CONSOLE) as work:
        diary.add_note(work, file.case.id, note=CANARY, person=child)
    later(node)
    assert CANARY not in owner_dump(node)
    (left,) = file_of(node, file.case.id).people
    assert (left.person.id, left.person.name) == (grown, "person-002")
    (erased,) = plan_of(node).erased
    assert erased.person_id == child
    assert outcome_of(node, file.case.id, grown).advice is not None


def test_staff_can_erase_nothing_and_the_function_asks_for_the_worker(node: Node) -> None:
    case_id, person = filled(node)
    for statement in (
        f"SELECT tb_erase_case('{case_id}', now())",
        f"SELECT tb_erase_person('{case_id}', '{person}')",
        f"SELECT tb_erase_rows('cases', $$id = '{case_id}'$$, true)",
        f"DELETE FROM case_people WHERE case_id = '{case_id}'",
        f"UPDATE cases SET erased_at = now() WHERE id = '{case_id}'",
    ):
        refused = pytest.raises(DBAPIError, match=r"only the worker|permission denied")
        with refused, open_work(node, CONSOLE) as work:
            work.db.execute(text(statement))
    assert CANARY in owner_dump(node)


def test_of_a_hold_and_an_erasure_at_once_the_accepted_hold_wins(node: Node) -> None:
    """Wherever the hold was accepted, all of the case is there, and nothing elsewhere (E7)."""
    pairs, template = Pairs(node), _small(node)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=A_YEAR_ON)
    for first in range(0, PAIRS, BATCH):
        made = copied(node, template, first, min(BATCH, PAIRS - first))
        for case_id in made:
            pairs.run(case_id)
        assert left_of(node, made) == pairs.held & {*made}
        assert (pairs.held ^ pairs.erased) >= {*made}
    assert len(pairs.held) + len(pairs.erased) == PAIRS
    print(f"held {len(pairs.held)}, erased {len(pairs.erased)}")
    assert left_of(node, [template]) == {template}


def _small(node: Node) -> str:
    file = a_case(node, account_parts("kid-1"))
    person = recorded(node, file, suspect(**CHILD))
    closed(node, file.case.id, person)
    return file.case.id


def test_every_table_of_a_case_is_reached_from_it(node: Node) -> None:
    """A table that names a case without a foreign key would be left behind: it fails here."""
    with node.engine.connect() as db:
        naming = set(
            db.execute(
                text(
                    "SELECT table_name FROM information_schema.columns WHERE table_schema ="
                    " 'public' AND column_name = 'case_id'"
                )
            ).scalars()
        )
        assert naming == reached(db)


def reached(db: Connection) -> set[str]:
    """The tables whose rows are of a case by a foreign key."""
    query = text(
        "SELECT c.conrelid::regclass::text FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " WHERE c.contype = 'f' AND c.confrelid = 'cases'::regclass AND a.attname = 'case_id'"
    )
    return set(db.execute(query).scalars())


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes that follow the pipeline."""
    with open_road(make_node) as made:
        made.settle = lambda: net.settle(made.nodes, pipeline.follow)  # type: ignore[method-assign]
        yield made


def test_what_came_with_the_referral_goes_too(road: Road) -> None:
    road.carry(road.tip())
    with open_work(road.police, CONSOLE) as work:
        (line,) = cases.list_cases(work)
        now = work.now
    file = file_of(road.police, line.id)
    person = recorded(
        road.police, file, suspect(birth=verified(date(2006, 1, 1)), act_on=date(2014, 2, 1))
    )
    closed(road.police, line.id, person)
    with open_work(road.police, CONSOLE) as work:
        for each in removals.list_removals(work, line.id):
            moving.record_state(work, each.removal.id, RemovalState.REMOVED)
    assert _parts(road.police) > 0
    later(road.police, now + timedelta(days=370))
    assert [each.waits for each in plan_of(road.police).cases] == []
    assert _parts(road.police) == 0
    (erased,) = plan_of(road.police).erased
    assert len(erased.packages) == 1
    with pytest.raises(NotFound, match="key"), open_work(road.police, WORKER) as work:
        header = retention.exchange.received_package(work, erased.packages[0]).header
        work.node.vault.read(header)


def _parts(node: Node) -> int:
    with open_work(node, WORKER) as work:
        return work.db.execute(text("SELECT count(*) FROM referral_parts")).scalar_one()
