"""Lists that nobody keeps any more: said at the change, shown to whoever supervises, taken over."""

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.test_handing import (
    Staff,
    a_narrowed_record,
    case_of,
    child_file,
    city,
    file_of,
    port,
)
from tipbridge.foundation.access.model import Unit
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Forbidden, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office import actions as office
from tipbridge.police.cases import actions
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.leaving import actions as leaving
from tipbridge.police.cases.leaving.model import LeftEnd, LeftLine, ListKind
from tipbridge.police.cases.leaving.rules import supervising_unit
from tipbridge.police.welfare import actions as welfare

__all__ = ["city", "port"]  # fixtures

ALL = [ListKind.CASE, ListKind.CHILD_FILE, ListKind.WELFARE_RECORD]


def change(
    node: Node, member: Actor, *, role: str = "investigator", unit: str = "city", **how: bool
) -> None:
    """Change a member of staff as an administrator does, and do what follows."""
    with open_work(node, CONSOLE) as work:
        office.change_staff(
            work, username=member.name, roles=(role,), unit=unit, **{"active": True, **how}
        )
    run_followups(node)


def left_for(node: Node, actor: Actor) -> list[LeftLine]:
    with open_work(node, actor) as work:
        return leaving.list_left(work)


def waiting(node: Node, actor: Actor) -> list[ListKind]:
    return [line.left.kind for line in left_for(node, actor) if line.left.ended is None]


@pytest.fixture
def kept_alone(node: Node, city: Actor) -> str:
    """A restricted case with a child's own file and a narrowed record, kept by one alone."""
    case_id = case_of(node, "city")
    run_followups(node)
    child_file(node, city, case_id)
    a_narrowed_record(node, city, case_id)
    with open_work(node, city) as work:
        actions.restrict_case(work, case_id, members=())
    return case_id


@pytest.mark.parametrize("how", [{"role": "examiner"}, {"unit": "port"}, {"active": False}])
def test_a_change_that_leaves_lists_names_them_and_is_done_only_when_said_so(
    node: Node, city: Actor, port: Actor, staff: Staff, kept_alone: str, how: dict[str, str]
) -> None:
    above = staff(node, Role.INVESTIGATOR)
    number = file_of(node, kept_alone, city).case.number
    named = rf"restricted case {number} \(unit city\); a child's own file in case {number}"
    with pytest.raises(Conflict, match=named):
        change(node, city, **how)  # type: ignore[arg-type]
    assert left_for(node, above) == []
    change(node, city, leave_lists=True, **how)  # type: ignore[arg-type]
    # Whoever moves keeps a record of welfare whose list opens it without the case.
    left = ALL[:2] if "unit" in how else ALL
    assert waiting(node, above) == left
    assert waiting(node, port) == []
    with pytest.raises(NotFound):
        file_of(node, kept_alone, above)  # a number is all that is shown


def test_a_list_is_taken_over_by_whoever_supervises_with_grounds_and_on_record(
    node: Node, city: Actor, staff: Staff, kept_alone: str
) -> None:
    assert city.unit is not None
    above, colleague = staff(node, Role.INVESTIGATOR), staff(node, Role.INVESTIGATOR, city.unit)
    change(node, city, active=False, leave_lists=True)
    assert waiting(node, colleague) == []  # there is somebody above, who is asked first
    lines = {line.left.kind: line.left.id for line in left_for(node, above)}
    with pytest.raises(NotFound), open_work(node, colleague) as work:
        leaving.take_over(work, lines[ListKind.CASE], grounds="Mine.")
    with pytest.raises(Invalid), open_work(node, above) as work:
        leaving.take_over(work, lines[ListKind.CASE], grounds=" ")
    with pytest.raises(Forbidden), open_work(node, staff(node, Role.AUDITOR)) as work:
        leaving.take_over(work, lines[ListKind.CASE], grounds="Mine.")
    with open_work(node, above) as work:
        leaving.take_over(work, lines[ListKind.CHILD_FILE], grounds="The city's officer left.")
    run_followups(node)
    assert file_of(node, kept_alone, above).case.members == tuple(sorted((city.id, above.id)))
    with open_work(node, above) as work:
        (file,) = children.files_of(work, kept_alone)
        handing.admit_member(work, kept_alone, username=colleague.name)
        children.admit_to_child(work, kept_alone, file.id, username=colleague.name)
        assert welfare.list_records(work) == []
        leaving.take_over(work, lines[ListKind.WELFARE_RECORD], grounds="The same.")
    run_followups(node)
    with open_work(node, above) as work:
        (record,) = welfare.list_records(work)
        assert above.id in record.welfare.members
        with pytest.raises(Conflict, match="again already"):
            leaving.take_over(work, lines[ListKind.WELFARE_RECORD], grounds="Again.")
    with open_work(node, CONSOLE) as work:
        told = [each.event for each in office.read_audit(work, subject=kept_alone)]
    taken = [each for each in told if each.event == "cases.left_list.taken_over"]
    assert [each.actor_id for each in taken] == [above.id, above.id]
    (done, *_) = [each for each in left_for(node, above) if each.left.taken_by]
    assert (done.taken_by, done.left.ended) == (above.name, LeftEnd.TAKEN_OVER)


def test_a_list_that_somebody_keeps_again_waits_for_nobody(
    node: Node, city: Actor, staff: Staff, kept_alone: str
) -> None:
    above = staff(node, Role.INVESTIGATOR)
    change(node, city, active=False, leave_lists=True)
    change(node, city)
    assert waiting(node, above) == []
    assert {line.left.ended for line in left_for(node, above)} == {LeftEnd.KEPT_AGAIN}
    assert file_of(node, kept_alone, city).case.restricted


def test_lists_with_another_keeper_are_not_left(
    node: Node, city: Actor, staff: Staff, kept_alone: str
) -> None:
    assert city.unit is not None
    above, examiner = staff(node, Role.INVESTIGATOR), staff(node, Role.EXAMINER, city.unit)
    colleague = staff(node, Role.INVESTIGATOR, city.unit)
    with open_work(node, city) as work:
        handing.admit_member(work, kept_alone, username=examiner.name)
    with pytest.raises(Conflict, match="last one on 3 lists"):
        change(node, city, active=False)  # an examiner lets nobody in
    with open_work(node, city) as work:
        handing.admit_member(work, kept_alone, username=colleague.name)
    change(node, city, active=False, leave_lists=True)
    assert waiting(node, above) == ALL[1:]


def test_no_change_of_a_list_leaves_one_to_nobody(node: Node, city: Actor, staff: Staff) -> None:
    assert city.unit is not None
    colleague = staff(node, Role.INVESTIGATOR, city.unit)
    examiner = staff(node, Role.EXAMINER, city.unit)
    case_id = case_of(node, "city")
    run_followups(node)
    file = child_file(node, city, case_id)
    # Whoever restricts the case can't shut out the only one who reads the child's own file.
    with pytest.raises(Conflict, match="a child's own file"), open_work(node, colleague) as work:
        actions.restrict_case(work, case_id, members=())
    with open_work(node, city) as work:
        actions.restrict_case(work, case_id, members=[examiner.name, colleague.name])
        children.admit_to_child(work, case_id, file.id, username=colleague.name)
    with pytest.raises(Conflict, match="another member"), open_work(node, city) as work:
        handing.dismiss_member(work, case_id, username=city.name)  # whoever is off sees no case
    with open_work(node, colleague) as work:
        children.dismiss_from_child(work, case_id, file.id, username=city.name)
    with pytest.raises(Conflict, match="child's own file"), open_work(node, city) as work:
        handing.dismiss_member(work, case_id, username=colleague.name)
    ended = staff(node, Role.INVESTIGATOR, city.unit)
    change(node, ended, active=False)
    for nobody in (ended, staff(node, Role.PRESS, city.unit)):
        with pytest.raises((Conflict, NotFound)), open_work(node, city) as work:
            actions.restrict_case(work, case_id, members=[nobody.name])


def test_the_nearest_unit_above_with_an_investigator_is_asked() -> None:
    units = [
        Unit(id=id_, parent_id=parent, code=str(id_), name=str(id_))
        for id_, parent in ((1, None), (2, 1), (3, 2), (4, 3))
    ]
    asked = [supervising_unit(units, 4, working) for working in ({1, 2, 4}, {1}, {4}, {9}, set())]
    assert asked == [2, 1, 4, 1, 1]
    assert supervising_unit(units, 1, set()) == 1
