"""A child's own material that is noted, or comes back, after the child's record was closed."""

from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.folk import a_case, looked_after, record_of, recorded, suspect, verified
from tests.police.removals.places import add, clock, file_of, tasks_about
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import moving, noticing
from tipbridge.police.removals.model import Removal, RemovalState
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare.model import Ending


def _closed(node: Node) -> tuple[CaseFile, str, Removal]:
    """A child's case whose one place is gone and whose record is closed."""
    file = a_case(node)
    child = recorded(node, file, suspect(birth=verified(date(2002, 1, 1)), self_produced=True))
    first = add(node, file, "https://host.example/1")
    run_followups(node)
    (notice,) = file_of(node, first).notices
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id)
        moving.record_state(work, first.id, RemovalState.REMOVED)
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        looked_after(work, record_of(node, child))
    assert record_of(node, child).closed_at is not None
    clock(node, 2014, 8, 1, 3)
    return file, child, first


@pytest.mark.parametrize("back", [False, True])
def test_what_shows_a_child_is_asked_about_after_the_record_closed_too(
    node: Node, back: bool
) -> None:
    file, child, place = _closed(node)
    asked_before = 1 if back else 0
    closed = record_of(node, child)
    if back:
        with open_work(node, CONSOLE) as work:
            moving.record_state(work, place.id, RemovalState.REAPPEARED)
    else:
        place = add(node, file, "https://host.example/2")
    run_followups(node)
    found = file_of(node, place)
    assert found.removal.own_material
    assert len(found.notices) == asked_before + 1
    assert tasks_about(node, place) == [TaskKind.OWN_MATERIAL_UP]
    add(node, file, place.address)
    run_followups(node)
    assert len(file_of(node, place).notices) == asked_before + 1, "nobody is asked twice"
    assert tasks_about(node, place) == [TaskKind.OWN_MATERIAL_UP]
    assert record_of(node, child) == closed, "what was recorded of the child stays as it was"


def test_a_record_of_nobody_under_age_has_nobody_asked(node: Node) -> None:
    file = a_case(node)
    child = recorded(node, file, suspect(birth=verified(date(2002, 1, 1)), self_produced=True))
    run_followups(node)
    recorded(node, file, suspect(birth=verified(date(1980, 1, 1)), self_produced=True))
    with open_work(node, CONSOLE) as work:
        welfare.close_welfare(work, record_of(node, child).id, ending=Ending.NOT_A_MINOR)
    place = add(node, file, "https://host.example/1")
    run_followups(node)
    assert file_of(node, place).notices == ()
    assert tasks_about(node, place) == []
