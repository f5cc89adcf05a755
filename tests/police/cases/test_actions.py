"""Verbs on cases: who may do what, and what is kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE, add_unit
from tests.police.cases.builders import account_parts, part, taken
from tests.police.folk import a_case, file_of, suspect, verified
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Forbidden, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Birth, Certainty
from tipbridge.police.cases import actions, identifiers, identifying
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import (
    Custody,
    IdentifierKind,
    LinkState,
    PersonFacts,
    PersonRole,
    Stage,
)

FUTURE = date(2030, 1, 1)


@pytest.fixture
def investigator(node: Node, staff: Callable[..., Actor]) -> Actor:
    """An investigator of the root unit."""
    return staff(node, Role.INVESTIGATOR)


def test_what_is_left_out_stays_as_it_was(node: Node) -> None:
    file = a_case(node)
    person_id = file.people[0].person.id
    with open_work(node, CONSOLE) as work:
        actions.record_person(work, person_id, suspect())
        changed = actions.record_person(work, person_id, PersonFacts(reference="person-001"))
    assert changed.birth == verified(date(1980, 5, 5))
    assert changed.reference == "person-001"
    assert file_of(node, file.case.id).people[0].person == changed


@pytest.mark.parametrize(
    "facts",
    [
        PersonFacts(birth=verified(FUTURE)),
        PersonFacts(
            birth=Birth(
                earliest=date(2000, 1, 2), latest=date(2000, 1, 1), certainty=Certainty.ESTIMATED
            )
        ),
        PersonFacts(
            birth=Birth(
                earliest=date(2000, 1, 1), latest=date(2000, 1, 2), certainty=Certainty.VERIFIED
            )
        ),
        PersonFacts(act_on=FUTURE),
        PersonFacts(birth=verified(date(2014, 1, 2)), act_on=date(2014, 1, 1)),
        PersonFacts(roles=frozenset()),
        PersonFacts(country="Korea"),
        PersonFacts(reference=" "),
        PersonFacts(name="a\x00b"),
    ],
)
def test_facts_that_cannot_be_are_refused(node: Node, facts: PersonFacts) -> None:
    file = a_case(node)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid):
        actions.record_person(work, file.people[0].person.id, facts)


def test_a_birth_after_the_act_is_refused_naming_both_days_in_whatever_order_they_come(
    node: Node,
) -> None:
    person_id = a_case(node).people[0].person.id
    born = Birth(earliest=date(2000, 1, 2), latest=date(2000, 1, 9), certainty=Certainty.ESTIMATED)
    both = r"birth \(2000-01-02\) lies after the act \(2000-01-01\)"
    with open_work(node, CONSOLE) as work:
        actions.record_person(work, person_id, PersonFacts(birth=born))
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match=both):
        actions.record_person(work, person_id, PersonFacts(act_on=date(2000, 1, 1)))
    with open_work(node, CONSOLE) as work:
        actions.record_person(work, person_id, PersonFacts(act_on=date(2000, 1, 2)))
    later = verified(date(2000, 1, 3))
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match=r"2000-01-03.*2000-01-02"):
        actions.record_person(work, person_id, PersonFacts(birth=later))


def test_an_act_of_this_morning_in_korea_is_not_in_the_future(node: Node) -> None:
    file = a_case(node, now=datetime(2014, 6, 1, 23, tzinfo=UTC))  # 08:00 of 2 June in Seoul
    person_id = file.people[0].person.id
    with open_work(node, CONSOLE) as work:
        actions.record_person(work, person_id, PersonFacts(act_on=date(2014, 6, 2)))
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid):
        actions.record_person(work, person_id, PersonFacts(act_on=date(2014, 6, 3)))


def test_somebody_whom_no_referral_named_is_brought_in_with_a_role(node: Node) -> None:
    file = a_case(node)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid):
        actions.add_person(work, file.case.id, roles=[])
    with open_work(node, CONSOLE) as work:
        person_id = actions.add_person(work, file.case.number, roles=[PersonRole.VICTIM])
    added = file_of(node, file.case.id).people[1].person
    assert (added.id, added.position, added.roles) == (person_id, 2, {PersonRole.VICTIM})


def test_an_identifier_that_staff_found_attaches_the_next_referral(node: Node) -> None:
    file = a_case(node)
    known = identifiers.phone("+82 10-2000-0001", None)
    assert known is not None
    with open_work(node, CONSOLE) as work:
        identifying.add_identifier(work, file.people[0].person.id, known)
    phone = part("people/0/phones/0", {"number": "+821020000001"})
    assert taken(node, [part("people/0/role", "reported"), phone]).case_id == file.case.id


def test_a_case_goes_to_a_unit_below_and_not_to_one_beside(
    node: Node, staff: Callable[..., Actor]
) -> None:
    file = a_case(node)
    below, beside = add_unit(node, "below"), add_unit(node, "beside")
    there = staff(node, Role.INVESTIGATOR, unit=below)
    with open_work(node, staff(node, Role.INVESTIGATOR)) as work:
        actions.assign_case(work, file.case.id, unit="below")
    assert file_of(node, file.case.id, there).unit == "below"
    with pytest.raises(NotFound), open_work(node, there) as work:
        actions.assign_case(work, file.case.id, unit="beside")
    with pytest.raises(NotFound):
        file_of(node, file.case.id, staff(node, Role.INVESTIGATOR, unit=beside))


def test_a_case_is_not_pushed_to_a_unit_beside_the_one_that_has_it(
    node: Node, staff: Callable[..., Actor]
) -> None:
    """Not even by who is above both: a hand-over is accepted by those who will have it."""
    add_unit(node, "below")
    add_unit(node, "beside")
    file, above = a_case(node), staff(node, Role.INVESTIGATOR)
    for unit in ("below", "headquarters", "beside"):  # down, up again, down elsewhere
        with open_work(node, above) as work:
            actions.assign_case(work, file.case.id, unit=unit)
    with pytest.raises(Conflict, match="hand it over"), open_work(node, above) as work:
        actions.assign_case(work, file.case.id, unit="below")
    assert file_of(node, file.case.id, above).unit == "beside"


def test_a_restriction_keeps_others_out_until_it_is_lifted(
    node: Node, staff: Callable[..., Actor], investigator: Actor
) -> None:
    other, third = staff(node, Role.INVESTIGATOR), staff(node, Role.INVESTIGATOR)
    case_id = a_case(node).case.id
    with open_work(node, investigator) as work:
        actions.restrict_case(work, case_id, members=[other.name])
    assert file_of(node, case_id, other).case.members == tuple(sorted([investigator.id, other.id]))
    with pytest.raises(NotFound):
        file_of(node, case_id, third)
    with pytest.raises(NotFound), open_work(node, investigator) as work:
        actions.restrict_case(work, case_id, members=["nobody"])
    with open_work(node, investigator) as work:
        actions.lift_restriction(work, case_id)
    assert not file_of(node, case_id, third).case.restricted


def test_a_proposed_link_is_decided_once_and_joins_nothing(node: Node) -> None:
    ip = part("people/0/ips/0", {"address": "203.0.113.9"})
    first = a_case(node, [*account_parts("a"), ip])
    second = taken(node, [*account_parts("b"), ip]).case_id
    (link,) = file_of(node, second).links
    assert (link.other_id, link.kind) == (first.case.id, IdentifierKind.IP)
    with open_work(node, CONSOLE) as work:
        joining.decide_link(work, second, link.id, confirmed=True)
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        joining.decide_link(work, second, link.id, confirmed=False)
    assert file_of(node, first.case.id).links[0].state is LinkState.CONFIRMED
    for confirmed, state in ((True, LinkState.CONFIRMED), (False, LinkState.REJECTED)):
        (was,) = file_of(node, second).links
        assert (was.state, was.decided_by, was.reopened_by) == (
            LinkState.CONFIRMED, "console", None
        )  # fmt: skip
        with open_work(node, CONSOLE) as work:  # taken back from the other case, and attributed
            joining.reopen_link(work, first.case.id, link.id)
        (again,) = file_of(node, second).links
        assert (again.state, again.reopened_by) == (LinkState.PROPOSED, "console")
        with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
            joining.reopen_link(work, first.case.id, link.id)
        with open_work(node, CONSOLE) as work:
            joining.decide_link(work, second, link.id, confirmed=confirmed)
        assert file_of(node, second).links[0].state is state
    assert len(file_of(node, first.case.id).people) == 1


def test_a_decided_stage_never_becomes_an_inquiry_again(node: Node) -> None:
    person = a_case(node).people[0].person
    with open_work(node, CONSOLE) as work:
        actions.set_stage(work, person, stage=Stage.BOOKED, custody=Custody.NOT_DETAINED)
        booked = actions.person_seen(work, person.id)
        with pytest.raises(Conflict):
            actions.set_stage(work, booked, stage=Stage.INQUIRY, custody=Custody.NOT_DETAINED)


def test_only_investigators_see_cases(node: Node, staff: Callable[..., Actor]) -> None:
    case_id = a_case(node).case.id
    for role in set(Role) - {Role.INVESTIGATOR}:
        with pytest.raises(Forbidden):
            file_of(node, case_id, staff(node, role))


def test_unknown_things_are_not_found(node: Node) -> None:
    with open_work(node, CONSOLE) as work:
        with pytest.raises(NotFound):
            actions.read_case(work, "none")
        with pytest.raises(NotFound):
            actions.record_person(work, "none", PersonFacts())
        with pytest.raises(NotFound):
            diary.finish_task(work, "none", "none")


def test_steps_are_times_of_the_road_in_order(node: Node) -> None:
    received = part("report/received_at", "2014-01-03T00:00:00Z")
    file = a_case(node, [*account_parts(), received])
    (step,) = file.referrals
    assert step.reported_at == datetime(2014, 1, 3, tzinfo=UTC)
    assert step.first_sent_at is not None
    times = [step.reported_at, step.first_sent_at, step.sent_at, step.received_at, step.taken_at]
    assert times == sorted(times)
