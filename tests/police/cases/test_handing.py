"""A case on its way to another unit, its list, and a child's own file."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.nodes import CONSOLE, add_unit, run_followups
from tests.police.folk import a_case, file_of, suspect, verified
from tipbridge.foundation.access.desks.model import DeskTask
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office import actions as office
from tipbridge.office.desks import actions as desks
from tipbridge.police.cases import actions, store
from tipbridge.police.cases.access import read_access
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.children.model import ChildFacts, ChildFile
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.handing.model import HandOver, HandOverGround, HandOverState
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare.model import WelfareFacts

Staff = Callable[..., Actor]


@pytest.fixture
def city(node: Node, staff: Staff) -> Actor:
    """An investigator of a city's unit."""
    return staff(node, Role.INVESTIGATOR, unit=add_unit(node, "city"))


@pytest.fixture
def port(node: Node, staff: Staff) -> Actor:
    """An investigator of a unit beside it."""
    return staff(node, Role.INVESTIGATOR, unit=add_unit(node, "port"))


def case_of(node: Node, unit: str) -> str:
    case_id = a_case(node).case.id
    with open_work(node, whoever_sees_all()) as work:
        actions.assign_case(work, case_id, unit=unit)
    return case_id


def whoever_sees_all() -> Actor:
    """Somebody above every unit."""
    return Actor(**{**_fields(CONSOLE), "units": tuple(range(1, 9))})


def _fields(actor: Actor) -> dict[str, object]:
    return {name: getattr(actor, name) for name in actor.__dataclass_fields__}


def offer(node: Node, by: Actor, case_id: str, unit: str = "port") -> HandOver:
    with open_work(node, by) as work:
        return handing.offer_case(
            work, case_id, unit=unit, ground=HandOverGround.PLACE_OF_ACT, words="The act was here."
        )


def accept(node: Node, by: Actor, offer_id: str) -> None:
    with open_work(node, by) as work:
        handing.accept_case(work, offer_id)
    run_followups(node)


def offers(node: Node, by: Actor) -> list[tuple[HandOverState, bool]]:
    with open_work(node, by) as work:
        return [(line.offer.state, line.mine_to_answer) for line in handing.list_hand_overs(work)]


def test_a_case_is_handed_over_when_accepted_and_the_first_unit_lets_go(
    node: Node, city: Actor, port: Actor
) -> None:
    case_id = case_of(node, "city")
    made = offer(node, city, case_id)
    with pytest.raises(NotFound):
        file_of(node, case_id, port)  # the offer shows no case
    assert offers(node, port) == [(HandOverState.OFFERED, True)]
    assert offers(node, city) == [(HandOverState.OFFERED, False)]
    with pytest.raises(NotFound):
        accept(node, city, made.id)  # nobody takes over from themselves
    accept(node, port, made.id)
    assert file_of(node, case_id, port).unit == "port"
    with pytest.raises(NotFound):
        file_of(node, case_id, city)
    with pytest.raises(Conflict):
        accept(node, port, made.id)
    assert offers(node, port) == [(HandOverState.DONE, False)]


def test_completing_a_hand_over_again_changes_nothing(node: Node, city: Actor, port: Actor) -> None:
    case_id = case_of(node, "city")
    made = offer(node, city, case_id)
    accept(node, port, made.id)
    back = offer(node, port, case_id, "city")
    accept(node, city, back.id)
    with open_work(node, WORKER) as work:
        handing.complete_hand_over(work, offer_id=made.id)
    assert file_of(node, case_id, city).unit == "city"


def test_a_refused_or_withdrawn_case_stays_and_says_why(
    node: Node, city: Actor, port: Actor
) -> None:
    case_id = case_of(node, "city")
    made = offer(node, city, case_id)
    with pytest.raises(Conflict, match="offered already"):
        offer(node, city, case_id)
    with open_work(node, port) as work:
        handing.refuse_case(work, made.id, answer="It was elsewhere.")
    again = offer(node, city, case_id)
    with open_work(node, city) as work:
        handing.withdraw_offer(work, case_id, again.id)
        shown = read_access(work, case_id).offers
    assert [(line.offer.state, line.offer.answer) for line in shown] == [
        (HandOverState.WITHDRAWN, None),
        (HandOverState.REFUSED, "It was elsewhere."),
    ]
    assert file_of(node, case_id, city).unit == "city"
    with pytest.raises(Conflict):
        accept(node, port, again.id)


def test_a_case_is_offered_to_another_unit_that_exists(node: Node, city: Actor) -> None:
    case_id = case_of(node, "city")
    for unit in ("city", "nowhere"):
        with pytest.raises(Invalid, match="unit"):
            offer(node, city, case_id, unit)


def test_a_restricted_case_goes_to_whoever_accepts_it_alone(
    node: Node, city: Actor, port: Actor, staff: Staff
) -> None:
    assert port.unit is not None
    colleague = staff(node, Role.INVESTIGATOR, unit=port.unit)
    case_id = case_of(node, "city")
    with open_work(node, city) as work:
        actions.restrict_case(work, case_id, members=())
    accept(node, port, offer(node, city, case_id).id)
    assert file_of(node, case_id, port).case.members == (port.id,)
    with pytest.raises(NotFound):
        file_of(node, case_id, colleague)


def test_a_list_grows_and_shrinks_and_is_never_empty(
    node: Node, city: Actor, port: Actor, staff: Staff
) -> None:
    assert city.unit is not None
    colleague = staff(node, Role.EXAMINER, unit=city.unit)
    clerk = staff(node, Role.PRESS, unit=city.unit)
    case_id = case_of(node, "city")
    with pytest.raises(Conflict, match="not restricted"), open_work(node, city) as work:
        handing.admit_member(work, case_id, username=colleague.name)
    with open_work(node, city) as work:
        actions.restrict_case(work, case_id, members=())
        handing.admit_member(work, case_id, username=colleague.name)
    assert set(file_of(node, case_id, city).case.members) == {city.id, colleague.id}
    for nobody in (port, clerk):
        with pytest.raises(Conflict, match="open nothing"), open_work(node, city) as work:
            handing.admit_member(work, case_id, username=nobody.name)
    with open_work(node, city) as work:
        handing.dismiss_member(work, case_id, username=colleague.name)
    with pytest.raises(Conflict, match="stays"), open_work(node, city) as work:
        handing.dismiss_member(work, case_id, username=city.name)
    assert file_of(node, case_id, city).case.members == (city.id,)


def test_whoever_is_the_last_on_a_list_does_not_end_unseen(
    node: Node, city: Actor, staff: Staff
) -> None:
    def end(member: Actor, *, leave_lists: bool = False) -> None:
        with open_work(node, CONSOLE) as work:
            office.change_staff(
                work,
                username=member.name,
                roles=("investigator",),
                unit="city",
                active=False,
                leave_lists=leave_lists,
            )
            assert store.case_by_id(work.db, case_id) is None, "who counts sees no more"

    assert city.unit is not None
    colleague = staff(node, Role.INVESTIGATOR, unit=city.unit)
    case_id = case_of(node, "city")
    child_file(node, city, case_id)
    a_narrowed_record(node, city, case_id)
    with open_work(node, city) as work:
        actions.restrict_case(work, case_id, members=())
    with pytest.raises(Conflict, match="last one on 3 lists"):
        end(city)
    with open_work(node, city) as work:
        handing.admit_member(work, case_id, username=colleague.name)
    with pytest.raises(Conflict, match="last one on 2 lists"):
        end(city)
    end(colleague)
    with pytest.raises(Conflict, match="last one on 3 lists"):
        end(city)
    end(city, leave_lists=True)
    with open_work(node, CONSOLE) as work:
        told = office.read_audit(work, subject=city.id)[0].event
    assert (told.event, told.facts["lists_left"]) == ("office.staff.changed", 3)


def test_who_is_on_duty_at_the_other_unit_is_shown_with_the_offer(
    node: Node, city: Actor, port: Actor
) -> None:
    case_id = case_of(node, "city")
    with open_work(node, CONSOLE) as work:
        desks.add_desk(
            work, unit="port", code="port-desk", name="Port", task=DeskTask.RECEPTION, contact="1"
        )
        start = work.now - timedelta(hours=1)
        desks.add_turn(
            work,
            desk="port-desk",
            username=port.name,
            from_at=start,
            until_at=start + timedelta(hours=8),
        )
        with pytest.raises(Conflict):
            desks.add_turn(
                work,
                desk="port-desk",
                username=city.name,
                from_at=start,
                until_at=start + timedelta(hours=8),
            )
        for hours in (0, 24 * 8):
            with pytest.raises(Invalid, match="turn"):
                desks.add_turn(
                    work,
                    desk="port-desk",
                    username=port.name,
                    from_at=start,
                    until_at=start + timedelta(hours=hours),
                )
    offer(node, city, case_id)
    with open_work(node, city) as work:
        (line,) = read_access(work, case_id).offers
        (desk,) = desks.list_desks(work)
    assert line.on_duty == desk.on_duty == (port.name,)


def test_the_agency_of_a_case_is_its_units_own_or_the_next_above(node: Node) -> None:
    with open_work(node, CONSOLE) as work:
        office.add_unit(
            work, code="seoul", name="Seoul", parent="headquarters", agency="Seoul Police"
        )
        office.add_unit(work, code="gangnam", name="Gangnam", parent="seoul")
    case_id = a_case(node).case.id
    assert file_of(node, case_id).agency is None
    root = Actor(**{**_fields(CONSOLE), "units": (1, 2, 3)})
    with open_work(node, root) as work:
        actions.assign_case(work, case_id, unit="gangnam")
        view = read_access(work, case_id)
    assert (view.unit, view.agency) == ("gangnam", "Seoul Police")


def child_file(node: Node, by: Actor, case_id: str) -> ChildFile:
    person_id = file_of(node, case_id, by).people[0].person.id
    with open_work(node, by) as work:
        roles = frozenset({PersonRole.VICTIM, PersonRole.REPORTED_USER})
        actions.record_person(work, person_id, PersonFacts(roles=roles))
        return children.open_child_file(work, case_id, person_id)


def test_a_childs_own_file_is_read_by_its_own_list_only(
    node: Node, city: Actor, staff: Staff
) -> None:
    assert city.unit is not None
    colleague = staff(node, Role.INVESTIGATOR, unit=city.unit)
    case_id = case_of(node, "city")
    file = child_file(node, city, case_id)
    with open_work(node, city) as work:
        facts = ChildFacts(name="child-001", needs="A quiet room.")
        children.record_child(work, case_id, file.id, facts)
        children.record_child(work, case_id, file.id, ChildFacts(school="school-001"))
        known = children.read_child_file(work, case_id, file.id).facts
    assert known == ChildFacts(name="child-001", needs="A quiet room.", school="school-001")
    file_of(node, case_id, colleague)  # who sees the case
    with pytest.raises(NotFound), open_work(node, colleague) as work:
        children.read_child_file(work, case_id, file.id)
    with open_work(node, colleague) as work:
        assert read_access(work, case_id).files == ()
    with open_work(node, city) as work:
        children.admit_to_child(work, case_id, file.id, username=colleague.name)
    with open_work(node, colleague) as work:
        children.dismiss_from_child(work, case_id, file.id, username=city.name)
        with pytest.raises(Conflict):
            children.dismiss_from_child(work, case_id, file.id, username=colleague.name)
    with pytest.raises(NotFound), open_work(node, city) as work:
        children.read_child_file(work, case_id, file.id)


def test_a_childs_own_file_admits_nobody_to_whom_it_would_open_nothing(
    node: Node, city: Actor, port: Actor, staff: Staff
) -> None:
    assert city.unit is not None
    examiner = staff(node, Role.EXAMINER, unit=city.unit)
    colleague = staff(node, Role.INVESTIGATOR, unit=city.unit)
    above = staff(node, Role.INVESTIGATOR)
    case_id = case_of(node, "city")
    file = child_file(node, city, case_id)

    def admit(member: Actor) -> None:
        with open_work(node, city) as work:
            children.admit_to_child(work, case_id, file.id, username=member.name)

    for nobody in (examiner, port):
        with pytest.raises(Conflict, match="would open nothing"):
            admit(nobody)
    admit(above)
    with open_work(node, city) as work:
        actions.restrict_case(work, case_id, members=[above.name])
    with pytest.raises(Conflict, match="restricted case's list first"):
        admit(colleague)
    with open_work(node, city) as work:
        handing.admit_member(work, case_id, username=colleague.name)
    admit(colleague)
    with open_work(node, colleague) as work:
        assert len(children.read_child_file(work, case_id, file.id).members) == 3


def a_narrowed_record(node: Node, by: Actor, case_id: str, *, narrowed: bool = True) -> str:
    """The welfare record of a case's minor, for `by` alone."""
    person_id = file_of(node, case_id, by).people[0].person.id
    with open_work(node, by) as work:
        actions.record_person(work, person_id, suspect(birth=verified(date(2002, 1, 1))))
        standing = welfare.review_person(work, person_id)
        assert standing is not None
        members = () if narrowed else (by.name,)
        welfare.change_access(work, standing.welfare_id, members=members, narrowed=narrowed)
    return standing.welfare_id


def reads(node: Node, by: Actor, case_id: str, file_id: str, record_id: str) -> tuple[bool, bool]:
    """Whether somebody reads a child's own file, and a welfare record."""

    def seen(read: Callable[..., object], *given: str) -> bool:
        try:
            with open_work(node, by) as work:
                read(work, *given)
        except NotFound:
            return False
        return True

    return (
        seen(children.read_child_file, case_id, file_id),
        seen(welfare.read_record, record_id),
    )


def test_what_only_a_list_sees_goes_with_the_case_to_whoever_accepted_it(
    node: Node, city: Actor, port: Actor, staff: Staff
) -> None:
    assert port.unit is not None
    colleague = staff(node, Role.INVESTIGATOR, unit=port.unit)
    above = staff(node, Role.INVESTIGATOR)
    specialist = staff(node, Role.INVESTIGATOR, unit=add_unit(node, "beside"))
    case_id = case_of(node, "city")
    record_id = a_narrowed_record(node, city, case_id)
    file_id = child_file(node, city, case_id).id
    with open_work(node, city) as work:
        children.admit_to_child(work, case_id, file_id, username=above.name)
        members = (above.name, specialist.name)
        welfare.change_access(work, record_id, members=members, narrowed=True)
    accept(node, port, offer(node, city, case_id).id)
    told = [reads(node, each, case_id, file_id, record_id) for each in (city, port, colleague)]
    assert told == [(False, False), (True, True), (False, False)]
    assert reads(node, above, case_id, file_id, record_id) == (True, True), "sees both units"
    assert reads(node, specialist, case_id, file_id, record_id) == (False, True), "never by a unit"
    with open_work(node, port) as work:
        welfare.record_welfare(work, record_id, WelfareFacts(agency="Agency", contact_made=True))


def test_what_was_taken_up_has_an_offer_no_more_and_leaves_no_list_to_nobody(
    node: Node, city: Actor, port: Actor, staff: Staff
) -> None:
    case_id = case_of(node, "city")
    record_id = a_narrowed_record(node, city, case_id, narrowed=False)
    file_id = child_file(node, city, case_id).id
    made = offer(node, city, case_id)
    with open_work(node, port) as work:
        handing.accept_case(work, made.id)  # and the worker has not come to it yet
    above = staff(node, Role.INVESTIGATOR)
    with open_work(node, above) as work:
        actions.assign_case(work, case_id, unit="headquarters")
    run_followups(node)
    assert file_of(node, case_id, above).unit == "headquarters"
    assert offers(node, port) == [(HandOverState.LAPSED, False)]
    assert reads(node, above, case_id, file_id, record_id) == (True, True)
    assert reads(node, city, case_id, file_id, record_id) == (False, False)
    with open_work(node, above) as work:
        actions.assign_case(work, case_id, unit="city")
    run_followups(node)
    assert reads(node, above, case_id, file_id, record_id) == (True, True), "still sees the unit"
    assert reads(node, city, case_id, file_id, record_id) == (False, True), "admitted by the list"


def test_a_childs_own_file_is_for_a_victim_and_there_is_one(node: Node, city: Actor) -> None:
    case_id = case_of(node, "city")
    person_id = file_of(node, case_id, city).people[0].person.id
    with pytest.raises(Conflict, match="victim"), open_work(node, city) as work:
        children.open_child_file(work, case_id, person_id)
    child_file(node, city, case_id)
    with pytest.raises(Conflict, match="already"), open_work(node, city) as work:
        children.open_child_file(work, case_id, person_id)
