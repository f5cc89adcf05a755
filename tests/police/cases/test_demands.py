"""What police ask of others: what it must name, how it goes on, what an answer becomes."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, taken
from tests.police.folk import NOW, a_case, file_of
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Birth, Certainty
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.changing.model import Fact
from tipbridge.police.cases.demands import actions, letters, rules, undoing
from tipbridge.police.cases.demands.model import (
    CaseFact,
    Demand,
    DemandFacts,
    DemandKind,
    DemandState,
    DemandView,
    FactKind,
    LetterLanguage,
    Said,
)
from tipbridge.police.cases.model import PersonFacts, PersonRole, TaskKind
from tipbridge.police.cases.searching.actions import search
from tipbridge.police.cases.searching.model import FoundKind

SEEN = datetime(2014, 2, 20, 1, 0, 5, tzinfo=UTC)
ASKED = DemandFacts(
    kind=DemandKind.SUBSCRIBER,
    addressee="Example Telecom",
    language=LetterLanguage.KOREAN,
    authority="A synthetic ground.",
    ip="203.0.113.7",
    port=51413,
    seen_at=SEEN,
)
NAMED = Said(kind=FactKind.SUBSCRIBER_NAME, value="subscriber-001")


def draft(node: Node, case_id: str, asked: DemandFacts = ASKED) -> Demand:
    with open_work(node, CONSOLE) as work:
        return actions.draft_demand(work, case_id, asked)


def sent(node: Node, case_id: str, due_on: date | None = None) -> Demand:
    demand = draft(node, case_id)
    with open_work(node, CONSOLE) as work:
        return actions.send_demand(work, case_id, demand.id, due_on=due_on)


def answer(node: Node, case_id: str, demand_id: str) -> tuple[CaseFact, ...]:
    with open_work(node, CONSOLE) as work:
        return actions.answer_demand(work, case_id, demand_id, said=[NAMED])


def views(node: Node, case_id: str) -> list[DemandView]:
    with open_work(node, CONSOLE) as work:
        return actions.read_demands(work, case_id)[1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ip": "203.0.113"}, "ip"),
        ({"port": 0}, "port"),
        ({"port": 65536}, "port"),
        ({"ip": None}, "port"),
        ({"ip": None, "port": None}, "account"),
        ({"seen_at": None}, "seen_at"),
        ({"seen_at": datetime(2030, 1, 1, tzinfo=UTC)}, "seen_at"),
        ({"addressee": " "}, "addressee"),
        ({"authority": ""}, "authority"),
    ],
)
def test_a_demand_that_cannot_be_answered_is_refused_by_name(
    node: Node, change: dict[str, object], field: str
) -> None:
    case_id = a_case(node).case.id
    with pytest.raises(Invalid, match=field):
        draft(node, case_id, replace(ASKED, **change))  # type: ignore[arg-type]
    assert views(node, case_id) == []


@pytest.mark.parametrize("kind", list(DemandKind))
@pytest.mark.parametrize("language", list(LetterLanguage))
def test_a_letter_names_case_ground_address_port_and_time(
    kind: DemandKind, language: LetterLanguage
) -> None:
    demand = Demand(
        id="d",
        case_id="c",
        asked=replace(ASKED, kind=kind, language=language),
        state=DemandState.DRAFTED,
        made_by="s",
        made_at=NOW,
    )
    text = letters.letter(demand, "2014-000001", synthetic=True)
    for said in (
        "2014-000001", "A synthetic ground.", "203.0.113.7", "51413", "2014-02-20 01:00:05 UTC",
        "SYNTHETIC",
    ):  # fmt: skip
        assert said in text
    assert "SYNTHETIC" not in letters.letter(demand, "2014-000001", synthetic=False)
    assert ("가입자" in text) == (
        language is LetterLanguage.KOREAN and kind is DemandKind.SUBSCRIBER
    )


def test_an_answer_becomes_facts_with_source_and_writes_nobody_down(node: Node) -> None:
    file = a_case(node)
    asked = replace(ASKED, person_id=file.people[0].person.id)
    demand = draft(node, file.case.id, asked)
    with pytest.raises(Conflict):
        answer(node, file.case.id, demand.id)  # it did not go out yet
    with open_work(node, CONSOLE) as work:
        actions.send_demand(work, file.case.id, demand.id)
    (fact,) = answer(node, file.case.number, demand.id)
    assert (fact.said, fact.source, fact.person_id) == (NAMED, "Example Telecom", asked.person_id)
    (view,) = views(node, file.case.id)
    assert (view.demand.state, view.facts) == (DemandState.ANSWERED, (fact,))
    assert file_of(node, file.case.id).people == file.people
    answer(node, file.case.id, demand.id)  # the rest came later
    (view,) = views(node, file.case.id)
    assert (view.demand.state, len(view.facts)) == (DemandState.ANSWERED, 2)


def test_the_day_of_an_answer_is_given_or_usual_and_never_before_today(node: Node) -> None:
    case_id = a_case(node).case.id
    usual = rules.DEFAULT_DAYS[DemandKind.SUBSCRIBER]
    assert sent(node, case_id).due_on == date(2014, 6, 2 + usual)
    assert sent(node, case_id, date(2014, 6, 5)).due_on == date(2014, 6, 5)
    with pytest.raises(Invalid, match="due_on"):
        sent(node, case_id, date(2014, 6, 1))


def test_what_is_not_answered_expires_once_and_a_late_answer_counts(node: Node) -> None:
    case_id = a_case(node).case.id
    demand = sent(node, case_id, date(2014, 6, 5))
    # The node's later cases come under another law, whose day ends later.
    settings = node.settings.model_copy(update={"jurisdiction": "US"})
    moved = replace(node, settings=settings)

    def expire() -> int:
        with open_work(moved, WORKER) as work:
            return actions.expire_demands(work)

    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2014, 6, 5, 14, 59, tzinfo=UTC))  # 23:59 of its day in Seoul
    assert expire() == 0
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2014, 6, 5, 15, 0, tzinfo=UTC))
    assert [expire(), expire()] == [1, 0]
    assert views(node, case_id)[0].demand.state is DemandState.EXPIRED
    (task,) = file_of(node, case_id).tasks
    assert (task.kind, task.done_at) == (TaskKind.CHASE_DEMAND, None)
    assert task.title == "Example Telecom"  # whom to ask again: a case has several demands
    answer(node, case_id, demand.id)
    assert views(node, case_id)[0].demand.state is DemandState.ANSWERED
    (task,) = file_of(node, case_id).tasks
    assert task.done_at is not None, "nothing is waited for any more"


def test_a_refusal_keeps_its_words(node: Node) -> None:
    case_id = a_case(node).case.id
    demand = sent(node, case_id)
    with open_work(node, CONSOLE) as work:
        actions.refuse_demand(work, case_id, demand.id, words="We hold nothing.")
    (view,) = views(node, case_id)
    assert (view.demand.state, view.demand.words) == (DemandState.REFUSED, "We hold nothing.")


def test_a_wrong_fact_is_withdrawn_and_an_answer_without_one_is_none(node: Node) -> None:
    case_id = a_case(node).case.id
    other = taken(node, account_parts("b")).case_id
    demand = sent(node, case_id, date(2014, 6, 5))
    (wrong,) = answer(node, case_id, demand.id)
    (other_wrong,) = answer(node, case_id, demand.id)

    def withdraw(fact_id: str, where: str = case_id, because: str = "Another line.") -> Demand:
        with open_work(node, CONSOLE) as work:
            return undoing.withdraw_fact(work, where, fact_id, because=because)

    def found() -> int:
        with open_work(node, CONSOLE) as work:
            made = search(work, about=case_id, grounds="To know.", text="subscriber-001")
            return made.counts.get(FoundKind.FACT, 0)

    assert found() == 2
    with pytest.raises(NotFound):
        withdraw(wrong.id, other)
    with pytest.raises(Invalid, match="because"):
        withdraw(wrong.id, because=" ")
    assert withdraw(wrong.id).state is DemandState.ANSWERED  # the other one stands
    assert found() == 1
    with pytest.raises(Conflict, match="before"):
        withdraw(wrong.id)
    waiting = withdraw(other_wrong.id)
    assert (waiting.state, waiting.ended_at) == (DemandState.SENT, None)
    (view,) = views(node, case_id)
    assert [(each.said, each.because) for each in view.facts] == [(NAMED, "Another line.")] * 2
    assert {each.withdrawn_by for each in view.facts} == {CONSOLE.id}
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2014, 6, 6, 15, tzinfo=UTC))
    with open_work(node, WORKER) as work:
        assert actions.expire_demands(work) == 1, "it is waited for again, until its day"


def test_a_refusal_or_a_dropped_draft_is_taken_up_again_and_what_was_said_stays(
    node: Node,
) -> None:
    case_id = a_case(node).case.id
    demand, unsent = sent(node, case_id), draft(node, case_id)

    def again(demand_id: str) -> Demand:
        with open_work(node, CONSOLE) as work:
            return undoing.reopen_demand(work, case_id, demand_id, because="A mistake.")

    with open_work(node, CONSOLE) as work:
        actions.refuse_demand(work, case_id, demand.id, words="Nothing.")
        actions.drop_demand(work, case_id, unsent.id, because="Not needed.")
    dropped = next(each.demand for each in views(node, case_id) if each.demand.id == unsent.id)
    assert (dropped.state, dropped.words) == (DemandState.DROPPED, "Not needed.")
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        actions.send_demand(work, case_id, unsent.id)
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        actions.drop_demand(work, case_id, demand.id, because="It went out.")
    for each, state in ((demand, DemandState.SENT), (unsent, DemandState.DRAFTED)):
        back = again(each.id)
        assert (back.state, back.words, back.ended_at) == (state, None, None)
        with pytest.raises(Conflict, match="refused or dropped"):
            again(each.id)
    former = {each.demand.id: each.former for each in views(node, case_id)}
    assert [(end.state, end.words, end.because) for end in former[demand.id]] == [
        (DemandState.REFUSED, "Nothing.", "A mistake.")
    ]
    assert [end.words for end in former[unsent.id]] == ["Not needed."]


def test_who_refused_may_answer_after_all(node: Node) -> None:
    case_id = a_case(node).case.id
    demand = sent(node, case_id)
    with open_work(node, CONSOLE) as work:
        actions.refuse_demand(work, case_id, demand.id, words="No ground.")
    answer(node, case_id, demand.id)
    (view,) = views(node, case_id)
    assert (view.demand.state, view.demand.words) == (DemandState.ANSWERED, None)
    assert [(end.words, end.because) for end in view.former] == [("No ground.", None)]


def test_a_demand_belongs_to_its_own_case(node: Node) -> None:
    file = a_case(node)
    other = taken(node, account_parts("b")).case_id
    demand = sent(node, file.case.id)
    steps: tuple[Callable[[], object], ...] = (
        lambda: answer(node, other, demand.id),
        lambda: draft(node, other, replace(ASKED, person_id=file.people[0].person.id)),
    )
    for step in steps:
        with pytest.raises(NotFound):
            step()
    assert views(node, file.case.id)[0].demand == demand
    assert views(node, other) == []


@pytest.mark.parametrize(
    ("change", "count"),
    [({}, 2), ({"port": None}, 3), ({"ip": None, "port": None, "account": "a"}, 1)],
)
def test_what_an_answer_cannot_show_stands_beside_it(change: dict[str, object], count: int) -> None:
    assert len(rules.weak_points(replace(ASKED, **change))) == count  # type: ignore[arg-type]


def test_a_letter_names_no_fact_of_a_person_so_no_addressee_is_told_when_one_changes(
    node: Node,
) -> None:
    """An addressee learns case, ground, and the connection or account asked about: nothing of who."""
    file = a_case(node)
    person = file.people[0].person.id
    told = PersonFacts(
        roles=frozenset({PersonRole.SUSPECT, PersonRole.VICTIM}),
        name="canary-name",
        reference="canary-reference",
        birth=Birth(
            earliest=date(1999, 8, 7), latest=date(1999, 8, 7), certainty=Certainty.VERIFIED
        ),
        place_service="canary-service",
        guardian="canary-guardian",
        guardian_contact="canary-contact",
        counsel="canary-counsel",
        nationalities=("ZZ",),
    )
    with open_work(node, CONSOLE) as work:
        cases.record_person(work, person, told)
    for kind in DemandKind:
        for language in LetterLanguage:
            asked = replace(ASKED, kind=kind, language=language, account="user-9")
            draft(node, file.case.id, replace(asked, person_id=person))
    letters_ = [view.letter for view in views(node, file.case.id)]
    assert len(letters_) == len(DemandKind) * len(LetterLanguage)
    for word in ("canary", "1999", "suspect", "victim", "ZZ", person):
        assert not any(word in each for each in letters_)
    assert not {fact.field for fact in Fact} & {each.name for each in fields(DemandFacts)}
