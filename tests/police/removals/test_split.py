"""What shows a child is asked about once and met once, wherever a split left child and place."""

from dataclasses import replace
from datetime import date

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, file_part, part
from tests.police.folk import a_case, file_of, record_of, recorded, suspect, verified
from tests.police.removals.places import add, clock
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.defanging import defang
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import store as cases_store
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.removals import actions, noticing, store
from tipbridge.police.removals.model import Notice, PlaceForm
from tipbridge.police.welfare.actions import read_record, standings_seen
from tipbridge.police.welfare.model import ClockStep

NAMED, FOUND = "https://host.example/named", "https://host.example/found"
LATER = "https://host.example/later"
CHILD = suspect(birth=verified(date(2002, 1, 1)), self_produced=True)


def two_people(node: Node) -> CaseFile:
    """A child and somebody else in one referral, which names a place; staff found another one."""
    number = part("report/id", "78")
    file = a_case(node, [*account_parts("a"), *account_parts("b", person=1), file_part(1), number])
    note_named(node, file.case.id)
    add(node, file, FOUND)
    return file


def note_named(node: Node, case_id: str) -> None:
    """Note the place that the case's referral names, as the worker does once it feeds a case."""
    with open_work(node, WORKER) as work:
        (taken,) = cases_store.referrals_of(work.db, case_id)
        place = actions.new_removal(work, case_id, NAMED, form=PlaceForm.URL, host="host.example")
        named = replace(place, referral_id=taken.referral_id, label="files/0/address")
        store.insert_removal(work.db, named, NAMED)


def ask(node: Node, case_id: str) -> None:
    with open_work(node, WORKER) as work:
        noticing.ask_for_own_material(work, case_id=case_id)


def split(node: Node, file: CaseFile) -> CaseFile:
    child = file.people[1].person.id
    with open_work(node, CONSOLE) as work:
        opened = joining.split_case(work, file.case.id, people=[child], grounds="One child.")
    note_named(node, opened.id)
    return file_of(node, opened.id)


def notices(node: Node, *files: CaseFile) -> list[Notice]:
    """The notices of these cases, each of whose places shows a child."""
    with open_work(node, CONSOLE) as work:
        places = [each for file in files for each in store.removals_of(work.db, file.case.id)]
        assert all(each.own_material for each in places)
        return [each for place in places for each in store.notices_of(work.db, place.id)]


def bring(node: Node, notice: Notice) -> None:
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id)
    ask(node, notice.case_id)


def request(node: Node, person_id: str) -> tuple[bool, date | None]:
    """Whether a child's request waits, and the day on which it went out."""
    record = record_of(node, person_id)
    with open_work(node, CONSOLE) as work:
        waits = standings_seen(work, record.case_id)[person_id].removal_waits
        clocks = read_record(work, record.id).clocks
    days = [each.met_on for each in clocks if each.step is ClockStep.REMOVAL_REQUEST]
    return waits, days[0] if days else None


def test_a_child_who_was_split_off_before_it_was_known_has_every_place_asked_about(
    node: Node,
) -> None:
    file = two_people(node)
    offshoot = split(node, file)
    assert (offshoot.item_count, offshoot.foreign_numbers) == (1, file.foreign_numbers)
    child = recorded(node, offshoot, CHILD)
    ask(node, offshoot.case.id)
    ask(node, file.case.id)
    first, second = notices(node, file, offshoot)
    assert {first.case_id, second.case_id} == {file.case.id, offshoot.case.id}
    assert request(node, child) == (True, None)
    bring(node, first)
    assert request(node, child) == (True, None)
    clock(node, 2014, 6, 4, 4)
    bring(node, second)
    assert request(node, child) == (False, date(2014, 6, 4))


def test_places_come_home_with_their_history_when_a_split_is_taken_back(node: Node) -> None:
    file = two_people(node)
    offshoot = split(node, file)
    child = recorded(node, offshoot, CHILD)
    add(node, offshoot, LATER)
    ask(node, offshoot.case.id)
    (asked,) = [each for each in notices(node, offshoot) if each.case_id == offshoot.case.id][1:]
    bring(node, asked)
    with open_work(node, CONSOLE) as work:
        joining.undo_relation(work, file.case.id, offshoot.relations[0].relation.id)
    follow(node, "cases.split.undone", {"case_id": offshoot.case.id, "home_id": file.case.id})
    follow(node, "cases.split.undone", {"case_id": offshoot.case.id, "home_id": file.case.id})
    with open_work(node, CONSOLE) as work:
        at_home = {each.removal.address: each for each in actions.list_removals(work, file.case.id)}
        (left,) = actions.list_removals(work, offshoot.case.id)
    assert set(at_home) == {defang(each) for each in (NAMED, FOUND, LATER)}
    assert left.removal.address == defang(NAMED), "noted at home too: one place, two histories"
    (came,) = at_home[defang(LATER)].notices
    assert (came.id, came.case_id, came.sent_at is not None) == (asked.id, file.case.id, True)
    with open_work(node, CONSOLE) as work:
        assert cases.person_seen(work, child).case_id == file.case.id


def test_places_stay_where_somebody_stays(node: Node) -> None:
    file = two_people(node)
    offshoot = split(node, file)
    add(node, offshoot, LATER)
    with open_work(node, CONSOLE) as work:
        cases.add_person(work, offshoot.case.id, roles=[PersonRole.SUSPECT])
        joining.undo_relation(work, file.case.id, offshoot.relations[0].relation.id)
    follow(node, "cases.split.undone", {"case_id": offshoot.case.id, "home_id": file.case.id})
    with open_work(node, CONSOLE) as work:
        there = [each.removal.address for each in actions.list_removals(work, offshoot.case.id)]
    assert defang(LATER) in there


def test_a_request_that_waited_when_its_child_was_split_off_is_met_where_it_stands(
    node: Node,
) -> None:
    file = two_people(node)
    child = recorded(node, file, CHILD, index=1)
    ask(node, file.case.id)
    assert request(node, child) == (True, None)
    offshoot = split(node, file)
    ask(node, offshoot.case.id)
    asked = notices(node, file, offshoot)
    assert [each.case_id for each in asked] == [file.case.id] * 2, "nobody is asked twice"
    for each in asked:
        bring(node, each)
    assert request(node, child) == (False, date(2014, 6, 2))
    add(node, offshoot, "https://host.example/later")
    ask(node, offshoot.case.id)
    assert request(node, child)[0]
    relation = offshoot.relations[0].relation
    with open_work(node, CONSOLE) as work:
        joining.undo_relation(work, file.case.id, relation.id)
    clock(node, 2014, 6, 3, 3)
    add(node, offshoot, "https://host.example/of-others")
    ask(node, file.case.id)
    assert request(node, child)[0]
    with open_work(node, CONSOLE) as work:
        later, others = store.removals_of(work.db, offshoot.case.id)[1:]
        (notice,) = store.notices_of(work.db, later.id)
        assert store.notices_of(work.db, others.id) == []
    bring(node, notice)
    assert not request(node, child)[0]
