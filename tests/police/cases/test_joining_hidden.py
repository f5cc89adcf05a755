"""A relation that somebody doesn't see changes nothing for them, and makes no ring that holds up intake."""

import threading
from collections.abc import Callable

import pytest

from tests.nodes import CONSOLE, acting
from tests.police.cases.builders import account_parts, taken
from tests.police.folk import file_of
from tests.web.pages import add_member, browser, sign_in
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import store
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.joining import store as joining_store
from tipbridge.police.cases.joining.model import CaseRelation, Relation

_HOLDING = (Relation.PARENT, Relation.MERGED)


def _cases(node: Node, count: int) -> list[str]:
    return [taken(node, account_parts(f"person-{each}")).case_id for each in range(count)]


def _restrict(node: Node, case_id: str, *members: Actor) -> None:
    with acting(node.engine, WORKER) as db:
        store.set_members(db, case_id, [each.id for each in members], restricted=True)


def _join(node: Node, actor: Actor, case: str, other: str, relation: Relation) -> CaseRelation:
    with open_work(node, actor) as work:
        return joining.join_cases(work, case, other=other, relation=relation, grounds="One circle.")


@pytest.mark.parametrize("relation", _HOLDING)
def test_a_relation_to_a_hidden_case_stands_in_nobodys_way(
    node: Node, staff: Callable[..., Actor], relation: Relation
) -> None:
    owner, other = staff(node, Role.INVESTIGATOR), staff(node, Role.INVESTIGATOR)
    case, hidden, seen, second = _cases(node, 4)
    _restrict(node, hidden, owner)
    _join(node, owner, hidden, case, relation)
    made = _join(node, other, seen, case, relation)
    with pytest.raises(Conflict):
        _join(node, other, second, case, relation)
    assert [line.relation.id for line in file_of(node, case, other).relations] == [made.id]


@pytest.mark.parametrize("relation", _HOLDING)
def test_the_page_answers_as_for_a_case_that_nobody_holds(
    node: Node, staff: Callable[..., Actor], relation: Relation
) -> None:
    owner = staff(node, Role.INVESTIGATOR)
    held, hidden, one, two, free = _cases(node, 5)
    _restrict(node, hidden, owner)
    _join(node, owner, hidden, held, relation)
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(build_app(node))
    sign_in(client, "desk")
    answers = set[int]()
    for whole, part in ((one, held), (two, free)):
        form = {
            "other": file_of(node, part).case.number,
            "relation": relation.value,
            "grounds": "One circle.",
        }
        answers.add(client.post(f"/cases/{whole}/relations", data=form).status_code)
    assert answers == {303}


def test_what_comes_later_goes_to_the_whole_that_is_open(
    node: Node, staff: Callable[..., Actor]
) -> None:
    owner, other = staff(node, Role.INVESTIGATOR), staff(node, Role.INVESTIGATOR)
    case, hidden, seen = _cases(node, 3)
    _restrict(node, hidden, owner)
    _join(node, owner, hidden, case, Relation.MERGED)
    assert taken(node, account_parts("person-0")).case_id == case
    _join(node, other, seen, case, Relation.MERGED)
    assert taken(node, account_parts("person-0")).case_id == seen


def test_two_merges_at_once_make_no_ring(node: Node) -> None:
    first, second = _cases(node, 2)
    refused: list[Conflict] = []
    made: list[CaseRelation] = []

    def merge(case: str, other: str) -> None:
        try:
            made.append(_join(node, CONSOLE, case, other, Relation.MERGED))
        except Conflict as error:
            refused.append(error)

    with open_work(node, CONSOLE) as work:
        # The second begins while the first is not committed yet, and has to wait for it.
        joining.join_cases(
            work, first, other=second, relation=Relation.MERGED, grounds="One circle."
        )
        thread = threading.Thread(target=merge, args=(second, first))
        thread.start()
        thread.join(timeout=1)
    thread.join(timeout=20)
    assert not made
    assert len(refused) == 1


def test_a_ring_that_nobody_sees_whole_holds_up_nothing(
    node: Node, staff: Callable[..., Actor]
) -> None:
    one, two, three = (staff(node, Role.INVESTIGATOR) for _ in range(3))
    first, second, third = _cases(node, 3)
    _restrict(node, third, one, three)
    _restrict(node, second, one, two)
    _restrict(node, first, two, three)
    _join(node, one, third, second, Relation.MERGED)
    _join(node, two, second, first, Relation.MERGED)
    _join(node, three, first, third, Relation.MERGED)
    for case_id in (first, second, third):
        with acting(node.engine, WORKER) as db:
            store.set_members(db, case_id, [], restricted=False)
    with acting(node.engine, WORKER) as db:
        assert joining_store.whole_of(db, first) in {first, second, third}
    assert len(file_of(node, first).joined) == 2
    assert taken(node, account_parts("person-0")).case_id in {first, second, third}
