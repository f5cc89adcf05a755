"""Referrals into cases, on the real database."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.nodes import CONSOLE, acting, add_unit
from tests.police.cases.builders import (
    account_parts,
    file_part,
    part,
    sha256,
    taken,
    varied,
)
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import store
from tipbridge.police.cases.items import store as items
from tipbridge.police.cases.joining import store as joining_store
from tipbridge.police.cases.model import IdentifierKind, PersonRole, Stage
from tipbridge.police.cases.numbers import store as numbers


def _restrict(node: Node, case_id: str, member: str) -> None:
    with acting(node.engine, WORKER) as db:
        store.set_members(db, case_id, [member], restricted=True)


def test_a_referral_about_somebody_unknown_opens_a_case(node: Node) -> None:
    endless = part("people/0/devices/0", {"type": "imei", "value": varied(2083)})
    result = taken(node, [*account_parts(), file_part(1), part("report/id", "77"), endless])
    assert result.opened
    assert result.unread == 1, "what is too long to be compared stops no case"
    with acting(node.engine, CONSOLE) as db:
        case = store.case_by_id(db, result.case_id)
        assert case is not None
        assert case.number == "2014-000001" or case.number.endswith("-000001")
        (person,) = store.people_of(db, case.id)
        assert person.roles == {PersonRole.REPORTED_USER}
        assert person.stage is Stage.INQUIRY
        assert items.item_count(db, case.id) == 1
        assert numbers.numbers_of(db, case.id) == [("us.hsi", "77")]
        (referral,) = store.referrals_of(db, case.id)
        assert referral.channel == "hsi-knpa-mou"
        assert referral.first_sent_at == datetime(2014, 1, 12, tzinfo=UTC)


def test_the_same_account_attaches_and_adds_no_second_person(node: Node) -> None:
    first = taken(node, [*account_parts("kid1"), file_part(1)])
    second = taken(
        node,
        [
            *account_parts("kid1", "EXAMPLE-SOCIAL"),
            file_part(1),
            file_part(2, 1),
            part("people/0/emails/0", {"address": "kid@mail.example"}),
        ],
    )
    assert (second.case_id, second.opened) == (first.case_id, False)
    assert (second.new_people, second.new_items) == (0, 1)
    third = taken(
        node,
        [
            part("people/0/role", "victim"),
            part("people/0/emails/0", {"address": "KID@mail.example"}),
        ],
    )
    assert third.case_id == first.case_id
    with acting(node.engine, CONSOLE) as db:
        (person,) = store.people_of(db, first.case_id)
        assert person.roles == {PersonRole.REPORTED_USER, PersonRole.VICTIM}


def test_the_same_name_at_another_service_is_somebody_else(node: Node) -> None:
    assert taken(node, account_parts("kid1", "one")).opened
    assert taken(node, account_parts("kid1", "two")).opened


def test_the_same_referral_again_changes_nothing(node: Node) -> None:
    first = taken(node, [*account_parts(), file_part(1)], referral_id="r1")
    again = taken(node, [*account_parts("other"), file_part(2)], referral_id="r1")
    assert (again.case_id, again.opened, again.new_items) == (first.case_id, False, 0)


def test_an_address_device_or_file_proposes_a_link(node: Node) -> None:
    ip = part("people/0/ips/0", {"address": "203.0.113.7"})
    device = part("people/0/devices/0", {"type": "imei", "value": "9"})
    first = taken(node, [*account_parts("a"), ip, device, file_part(5)])
    second = taken(node, [*account_parts("b"), ip, device, file_part(5)])
    assert second.opened
    with acting(node.engine, CONSOLE) as db:
        links = joining_store.links_of(db, first.case_id)
        assert {link.kind for link in links} == {
            IdentifierKind.IP,
            IdentifierKind.DEVICE,
            IdentifierKind.FILE,
        }
        assert {link.other_id for link in links} == {second.case_id}
        assert {link.other_id for link in joining_store.links_of(db, second.case_id)} == {
            first.case_id
        }


def test_a_restricted_case_hears_of_a_match_and_nobody_else_does(
    node: Node, staff: Callable[..., Actor]
) -> None:
    owner, other = staff(node, Role.INVESTIGATOR), staff(node, Role.INVESTIGATOR)
    first = taken(node, account_parts("kid1"))
    _restrict(node, first.case_id, owner.id)
    second = taken(node, account_parts("kid1"))
    assert second.opened
    with acting(node.engine, owner) as db:
        (notice,) = joining_store.notices_of(db, first.case_id)
        assert notice.about_case_id == second.case_id
    with acting(node.engine, other) as db:
        assert store.case_by_id(db, first.case_id) is None
        assert joining_store.notices_of(db, first.case_id) == []
        assert joining_store.links_of(db, second.case_id) == []
        assert [line.id for line in store.case_lines(db)] == [second.case_id]


def test_a_case_below_the_referrals_unit_is_attached_to_and_one_beside_is_not(
    node: Node,
) -> None:
    below, beside = add_unit(node, "below"), add_unit(node, "beside")
    first = taken(node, account_parts("kid1"))
    with open_work(node, WORKER) as work:
        store.set_unit(work.db, first.case_id, below)
    assert taken(node, account_parts("kid1")).case_id == first.case_id
    assert taken(node, account_parts("kid1"), unit_id=beside).opened


def test_items_count_once_per_case_and_stay_in_their_case(node: Node) -> None:
    many = [file_part(number, number) for number in range(300)]
    result = taken(node, [*account_parts(), *many, file_part(1, 400)])
    assert result.new_items == 300
    with acting(node.engine, CONSOLE) as db:
        matches = items.cases_with_items(db, [(sha256(299), None, None)])
        assert [match.case_id for match in matches] == [result.case_id]


def test_a_restricted_referral_has_a_case_of_its_own_that_alone_hears_of_others(
    node: Node, staff: Callable[..., Actor]
) -> None:
    owner, other = staff(node, Role.INVESTIGATOR), staff(node, Role.INVESTIGATOR)
    first = taken(node, [*account_parts("kid1"), file_part(3)])
    second = taken(
        node, [*account_parts("kid1"), file_part(3)], restricted=True, members=(owner.id,)
    )
    assert second.opened
    with acting(node.engine, owner) as db:
        notices = joining_store.notices_of(db, second.case_id)
        assert {notice.about_case_id for notice in notices} == {first.case_id}
    with acting(node.engine, other) as db:
        assert store.case_by_id(db, second.case_id) is None
        assert joining_store.links_of(db, first.case_id) == []
        assert joining_store.notices_of(db, first.case_id) == []
