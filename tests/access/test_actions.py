"""Every action × every actor × own unit, other unit, restricted: tried on a real node."""

import functools

import pytest

from tests.access.arguments import ARGUMENTS
from tests.access.cells import KINDS, ROLES, Cell
from tests.access.expected_actions import ACTIONS
from tests.access.marks import MARKS
from tests.access.program import all_actions, callables
from tests.access.trying import Came, Ids, came_of, differences, row_found
from tests.access.world import World
from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.work import open_work

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

REGISTERED = all_actions()


def try_action(world: World, name: str, actor: Actor, ids: Ids) -> Came:
    """Call an action as others do, checks included, in a unit of work that is not kept."""
    values, named = ARGUMENTS[name](ids)

    def call() -> object:
        with open_work(world.node, actor) as work:
            return callables()[name](work, *values, **named)

    try:
        return came_of(call)
    finally:
        world.mend()


def action_differences(world: World, name: str, cell: Cell) -> list[str]:
    """Where an action is not as its cell says; a provider sees no other provider's report."""

    def attempt(who: str, ids: Ids) -> Came:
        return try_action(world, name, world.actors[who], ids)

    found = list(
        differences(world, name, cell, attempt, actors=(*ROLES, *KINDS), mark=MARKS.get(name, ""))
    )
    if cell.where == "rows" and "provider" in cell.who:
        stranger = functools.partial(try_action, world, name, world.strange_actors["provider"])
        seen = row_found(world, "provider", lambda _, ids: stranger(ids))
        if seen != "hidden":
            found.append(f"{name} by another provider: {seen}, expected hidden")
    return found


def test_every_action_of_the_program_has_a_cell_and_every_cell_an_action() -> None:
    assert sorted(REGISTERED) == sorted(ACTIONS)


def test_every_action_can_be_tried() -> None:
    assert sorted(REGISTERED) == sorted(ARGUMENTS)


@pytest.mark.parametrize("name", sorted(set(REGISTERED) & set(ACTIONS) & set(ARGUMENTS)))
def test_an_action_is_open_to_those_of_its_cell_and_to_nobody_else(world: World, name: str) -> None:
    assert action_differences(world, name, ACTIONS[name]) == []
