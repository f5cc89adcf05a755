"""A case that goes to another unit takes along what was merged into it."""

from collections.abc import Callable

import pytest

from tests.nodes import acting, add_unit
from tests.police.cases.builders import account_parts, taken
from tests.police.cases.test_handing import accept, offer, whoever_sees_all
from tests.police.folk import file_of
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions, store
from tipbridge.police.cases.access import read_access
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.joining.model import Relation

Staff = Callable[..., Actor]


def _whole(node: Node, city: Actor) -> list[str]:
    """A case of a city's unit, one merged into it, and one merged into that."""
    found = [taken(node, account_parts(f"person-{each}")).case_id for each in range(3)]
    for case_id in found:
        with open_work(node, whoever_sees_all()) as work:
            actions.assign_case(work, case_id, unit="city")
    for case_id, part in ((found[1], found[2]), (found[0], found[1])):
        with open_work(node, city) as work:
            joining.join_cases(
                work, case_id, other=part, relation=Relation.MERGED, grounds="One circle."
            )
    return found


@pytest.fixture
def city(node: Node, staff: Staff) -> Actor:
    """An investigator of a city's unit."""
    return staff(node, Role.INVESTIGATOR, unit=add_unit(node, "city"))


@pytest.fixture
def port(node: Node, staff: Staff) -> Actor:
    """An investigator of a unit beside it."""
    return staff(node, Role.INVESTIGATOR, unit=add_unit(node, "port"))


def test_what_was_merged_goes_along_when_a_case_is_handed_over(
    node: Node, city: Actor, port: Actor
) -> None:
    whole, part, deeper = _whole(node, city)
    accept(node, port, offer(node, city, whole).id)
    there = file_of(node, whole, port)
    assert [each.case.id for each in there.joined] == [part, deeper]
    for case_id in (whole, part, deeper):
        with pytest.raises(NotFound):
            file_of(node, case_id, city)
    (line,) = there.relations
    with open_work(node, port) as work:
        joining.undo_relation(work, whole, line.relation.id)


def test_what_was_merged_goes_along_when_a_case_is_assigned(node: Node, city: Actor) -> None:
    whole, part, deeper = _whole(node, city)
    harbour = add_unit(node, "harbour", parent=city.unit or 1)
    with open_work(node, whoever_sees_all()) as work:
        actions.assign_case(work, whole, unit="harbour")
    with acting(node.engine, WORKER) as db:
        found = {case_id: store.case_by_id(db, case_id) for case_id in (whole, part, deeper)}
    assert {case.unit_id for case in found.values() if case is not None} == {harbour}


def test_a_restricted_part_that_the_offering_member_does_not_see_stays(
    node: Node, staff: Staff, city: Actor, port: Actor
) -> None:
    whole, part, deeper = _whole(node, city)
    keeper = staff(node, Role.INVESTIGATOR, unit=2)
    with acting(node.engine, WORKER) as db:
        store.set_members(db, part, [keeper.id], restricted=True)
    accept(node, port, offer(node, city, whole).id)
    assert file_of(node, whole, port).joined == ()
    assert file_of(node, part, keeper).case.unit_id == city.unit
    assert file_of(node, deeper, city).case.unit_id == city.unit


def test_a_restricted_part_goes_to_whoever_accepts_it_alone(
    node: Node, staff: Staff, city: Actor, port: Actor
) -> None:
    whole, part, _ = _whole(node, city)
    with acting(node.engine, WORKER) as db:
        store.set_members(db, part, [city.id], restricted=True)
    accept(node, port, offer(node, city, whole).id)
    assert file_of(node, part, port).case.members == (port.id,)


def _parts_told(node: Node, case_id: str, event: str) -> object:
    with acting(node.engine, WORKER) as db:
        entries = audit_store.latest_entries(db, limit=50, subject=case_id)
    return next(each.event.facts["parts"] for each in entries if each.event.event == event)


def test_the_page_and_the_event_say_what_goes_along(
    node: Node, staff: Staff, city: Actor, port: Actor
) -> None:
    whole, part, deeper = _whole(node, city)
    numbers = [file_of(node, each, city).case.number for each in (part, deeper)]
    with open_work(node, city) as work:
        assert list(read_access(work, whole).going_along) == numbers
    assert list(file_of(node, whole, city).going_along) == numbers
    keeper = staff(node, Role.INVESTIGATOR, unit=2)
    with acting(node.engine, WORKER) as db:
        store.set_members(db, deeper, [keeper.id], restricted=True)
    with open_work(node, city) as work:
        assert list(read_access(work, whole).going_along) == numbers[:1]
    accept(node, port, offer(node, city, whole).id)
    assert _parts_told(node, whole, "cases.handover.done") == 1
    assert list(file_of(node, whole, port).going_along) == numbers[:1]
    assert file_of(node, part, port).going_along == ()
    add_unit(node, "harbour", parent=port.unit or 1)
    with open_work(node, whoever_sees_all()) as work:
        actions.assign_case(work, whole, unit="harbour")
    assert _parts_told(node, whole, "cases.case.assigned") == 1
