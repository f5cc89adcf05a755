"""What a welfare record and a child's own file said before stays, with who changed it."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import text

from tests.nodes import CONSOLE
from tests.police.folk import NOW, a_case, looked_after, record_of, recorded, suspect, verified
from tests.police.folk import file_of as case_file
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.children.model import ChildFacts, ChildFile
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.welfare import actions
from tipbridge.police.welfare.model import (
    Consent,
    ConsentBy,
    Ending,
    WelfareChange,
    WelfareFact,
    WelfareFacts,
)

CHILD = verified(date(1999, 1, 1))
LATER = NOW + timedelta(days=3)


def _changes(node: Node, welfare_id: str) -> list[WelfareChange]:
    with open_work(node, CONSOLE) as work:
        return list(actions.read_record(work, welfare_id).changes)


def test_a_record_keeps_what_it_said_before_and_who_changed_it(
    node: Node, staff: Callable[..., Actor]
) -> None:
    record = record_of(node, recorded(node, a_case(node), suspect(birth=CHILD)))
    agreed = WelfareFacts(
        agency="Agency", contact_made=True, consent=Consent.GIVEN, consent_by=ConsentBy.CHILD
    )
    other = staff(node, Role.INVESTIGATOR)
    with open_work(node, CONSOLE) as work:
        actions.record_welfare(work, record.id, agreed)
        set_clock(work, at=LATER)
    with open_work(node, other) as work:
        said = WelfareFacts(consent=Consent.WITHDRAWN, contact_on=date(2014, 5, 30))
        actions.record_welfare(work, record.id, said)
    with open_work(node, other) as work:
        actions.record_welfare(work, record.id, said)  # says nothing new
    changes = _changes(node, record.id)
    assert len({each.id for each in changes}) == 2
    last = {each.fact: each.before for each in changes if each.at == LATER}
    assert last == {
        WelfareFact.CONSENT: Consent.GIVEN,
        WelfareFact.CONSENT_ON: date(2014, 6, 2),
        WelfareFact.CONTACT_ON: date(2014, 6, 2),
    }
    first = {each.fact: each.before for each in changes if each.at == NOW}
    assert set(first.values()) == {None}, "who wrote down what stood first is known too"
    assert WelfareFact.AGENCY in first
    assert [each.by for each in changes] == [other.id] * 3 + [CONSOLE.id] * 6


def test_a_record_that_opens_again_keeps_its_ending(node: Node) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD)))
    with open_work(node, CONSOLE) as work:
        looked_after(work, record)
    recorded(node, file, suspect(birth=CHILD, self_produced=True))
    assert record_of(node, record.person_id).ending is None
    ended = [each.before for each in _changes(node, record.id) if each.fact is WelfareFact.ENDING]
    assert ended == [Ending.SUPPORT_GIVEN, None]


def _file(node: Node, by: Actor, case_id: str, file_id: str) -> ChildFile:
    with open_work(node, by) as work:
        return children.read_child_file(work, case_id, file_id)


def test_a_childs_own_file_keeps_what_it_said_before_for_its_list_alone(
    node: Node, staff: Callable[..., Actor]
) -> None:
    file = a_case(node)
    case_id = file.case.id
    roles = frozenset({PersonRole.VICTIM})
    person_id = recorded(node, file, suspect(birth=CHILD, roles=roles))
    with open_work(node, CONSOLE) as work:
        made = children.open_child_file(work, case_id, person_id)
        said = ChildFacts(school="First school", needs="Quiet.")
        children.record_child(work, case_id, made.id, said)
        set_clock(work, at=LATER)
    with open_work(node, CONSOLE) as work:
        children.record_child(work, case_id, made.id, ChildFacts(school="Second school"))
        children.record_child(work, case_id, made.id, ChildFacts(school="Second school"))
    read = _file(node, CONSOLE, case_id, made.id)
    assert [(each.fact, each.before, each.by, each.at) for each in read.changes] == [
        ("school", "First school", CONSOLE.id, LATER),
        ("needs", None, CONSOLE.id, NOW),
        ("school", None, CONSOLE.id, NOW),
    ]
    assert read.facts == ChildFacts(school="Second school", needs="Quiet.")
    colleague = staff(node, Role.INVESTIGATOR)
    assert case_file(node, case_id, colleague).case.id == case_id
    with open_work(node, colleague) as work:
        seen = work.db.execute(text("SELECT count(*) FROM child_file_changes")).scalar_one()
    assert seen == 0
    done = "cases.child.recorded"  # what was done in the file is told to its list alone, too
    assert done not in _timeline(node, colleague, case_id)
    assert done in _timeline(node, CONSOLE, case_id)


def _timeline(node: Node, actor: Actor, case_id: str) -> set[str]:
    with open_work(node, actor) as work:
        return {each.event for each in diary.read_diary(work, case_id).timeline}
