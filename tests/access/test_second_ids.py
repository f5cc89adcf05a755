"""The table itself: what it states it states by hand, and no id in it stands beside the walls."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.access.arguments import ARGUMENTS
from tests.access.cells import ROLES
from tests.access.expected_actions import ACTIONS
from tests.access.giving import Build, given
from tests.access.program import callables
from tests.access.trying import Came, Ids, came_of, without
from tests.access.world import NOBODY, World
from tests.nodes import acting
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.work import open_work

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

STATED = ("cells", "expected_actions", "expected_commands", "expected_doors", "expected_jobs",
          "expected_routes", "expected_tables")  # fmt: skip

OF_THE_NODE = {
    "agreement", "alarm", "contact", "document", "guessing", "hash_entry", "hash_member",
    "owner_url", "publication", "scanner", "token", "turn",
}  # fmt: skip
"""Ids that a `node` operation may be given: of rows that belong to no unit (and an address)."""
SHARED = {"left", "offer", "package"}
"""Ids that a `shared` operation may be given, each with its reason in the table."""

INSIDE = {
    "authority", "child_file", "cleared", "decided_link", "defence", "demand", "demand_refused", "demand_sent",
    "detachment", "fact", "fed", "folder", "follow_up", "link", "mistaken", "move", "of_two_acts", "offer",
    "own_task", "paper", "pass", "person", "relation", "removal_entry", "struck", "struck_out", "talk", "task",
    "telling", "twofold",
}  # fmt: skip
"""Second ids that are a child of the first: found under it alone (`test_nesting`)."""
APART = {
    "police.cases.actions.feed_referral": "received",
    "police.cases.joining.actions.join_cases": "other_case",
    "police.cases.humans.actions.say_same": "human_elsewhere",
    "police.cases.misplaced.actions.move_entry": "other_case",
    "sharing.referral.agreeing.actions.try_agreement": "report",
}
"""Second ids of rows that belong to a unit by themselves; the first is the actor's own here."""
THROUGH_THE_FIRST = {"police.cases.told.actions.read_told": {"received"}}
"""Second ids of such rows that are read through the first, on purpose (ADR 0356)."""


class Asked(dict[str, str]):
    """Ids that note which of them were asked for."""

    def __missing__(self, key: str) -> str:
        """An id of nobody."""
        self[key] = "0" * 32
        return self[key]


def ids_given(name: str) -> list[str]:
    """Which ids an action is tried with, in order."""
    asked = Asked()
    ARGUMENTS[name](asked)
    return list(asked)


OPEN_TO_STAFF = sorted(name for name, cell in ACTIONS.items() if cell.who & set(ROLES))


@pytest.mark.parametrize("module", STATED)
def test_what_is_expected_is_stated_and_takes_nothing_from_the_product(module: str) -> None:
    tree = ast.parse(Path(__file__).with_name(f"{module}.py").read_text("utf-8"))
    taken = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    taken |= {
        name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names
    }
    assert taken <= {"tests.access.cells", "dataclasses"}


def test_no_operation_of_the_node_is_given_a_units_row() -> None:
    """A row behind a `node` cell would be tried on no other unit's and no restricted one."""
    for name in OPEN_TO_STAFF:
        allowed = {"node": OF_THE_NODE, "shared": SHARED}.get(ACTIONS[name].where)
        assert allowed is None or set(ids_given(name)) <= allowed, name


def test_every_second_id_is_a_child_of_the_first_or_is_tried_apart() -> None:
    """All rows of the world move together: a second one's own wall shows only when it moves alone."""
    found = {name: set(ids_given(name)[1:]) for name in OPEN_TO_STAFF}
    rows = {name for name in OPEN_TO_STAFF if ACTIONS[name].where == "rows"}
    apart = {name: ids for name in rows if (ids := found[name] - INSIDE)}
    tried = {name: {key} for name, key in APART.items() if ACTIONS[name].where == "rows"}
    assert apart == tried | THROUGH_THE_FIRST


BESIDE: dict[str, tuple[str, Build]] = {
    "police.evidence.actions.list_exhibits": (
        "other_case",
        lambda ids: given(case=ids["other_case"]),
    ),
    "police.disclosure.actions.list_disclosures": (
        "other_case",
        lambda ids: given(case=ids["other_case"]),
    ),
}
"""Lists that can be narrowed to a case: one that is not the reader's is none."""

TRIED = {name: (key, ARGUMENTS[name]) for name, key in APART.items()} | BESIDE
TABLE_OF = {
    "received": "referrals", "other_case": "cases", "report": "reports", "human_elsewhere": "cases",
}  # fmt: skip
ROW_OF = {"human_elsewhere": "begun"}
"""Somebody is hidden with their case."""


@pytest.mark.parametrize("hidden", ["other", "restricted"])
@pytest.mark.parametrize("name", sorted(TRIED))
def test_a_second_row_that_is_not_the_actors_is_as_if_it_were_not_there(
    world: World, name: str, hidden: str
) -> None:
    key, build = TRIED[name]
    actor = world.actors[min(ACTIONS[name].who & set(ROLES) - {"administrator", "auditor"})]

    def attempt(ids: Ids) -> Came:
        values, named = build(ids)

        def call() -> object:
            with open_work(world.node, actor) as work:
                return callables()[name](work, *values, **named)

        try:
            found = came_of(call)
        finally:
            world.mend()
        return Came(found.how, without(found.words, [*world.ids.values(), *world.strange.values()]))

    nobodys = {**world.ids, key: world.strange[key]}
    with world.owned("own"):
        assert attempt(dict(world.ids)) != attempt(nobodys), "seen, it is there"
        hide(world, TABLE_OF[key], world.ids[ROW_OF.get(key, key)], hidden)
        try:
            assert attempt(dict(world.ids)) == attempt(nobodys)
        finally:
            with world.owned("own"):
                pass


def hide(world: World, table: str, id_: str, how: str) -> None:
    """Give one row to another unit, or restrict it to others."""
    set_ = "unit_id = :unit" if how == "other" else "restricted = true, members = :members"
    values = {"unit": world.units["other"]} if how == "other" else {"members": [NOBODY]}
    with acting(world.database.owner, WORKER) as db:
        done = db.execute(
            text(f"UPDATE {table} SET {set_} WHERE id::text = :id"), {"id": id_, **values}
        )
        assert done.rowcount == 1
