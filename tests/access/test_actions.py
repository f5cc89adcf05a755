"""Every action × every actor × own unit, other unit, restricted: tried on a real node."""

import functools
from collections.abc import Callable

import pytest

from tests.access.arguments import ARGUMENTS, MARKS
from tests.access.cells import KINDS, ROLES, SEEN, Cell
from tests.access.expected_actions import ACTIONS
from tests.access.program import all_actions, callables
from tests.access.trying import Came, came_of
from tests.access.world import World
from tipbridge.foundation.work import Action, open_work

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

REGISTERED = all_actions()


def test_every_action_of_the_program_has_a_cell_and_every_cell_an_action() -> None:
    assert sorted(REGISTERED) == sorted(ACTIONS)


def test_every_action_can_be_tried() -> None:
    assert sorted(REGISTERED) == sorted(ARGUMENTS)


@pytest.mark.parametrize("name", sorted(set(REGISTERED) & set(ACTIONS) & set(ARGUMENTS)))
def test_an_action_is_open_to_those_of_its_cell_and_to_nobody_else(world: World, name: str) -> None:
    assert list(differences(world, REGISTERED[name], ACTIONS[name])) == []


def differences(world: World, action: Action, cell: Cell):
    """Every place where what came of an action is not what its cell says."""
    scopes = SEEN if cell.where in {"rows", "list"} else {"own": True}
    for scope, seen in scopes.items():
        with world.owned(scope):
            for who in (*ROLES, *KINDS):
                expected = _expected(cell, who, seen=seen)
                found = _found(world, action, cell, who)
                if found != expected:
                    yield f"{action.name} by {who}, {scope}: {found}, expected {expected}"
    if cell.where == "rows" and "provider" in cell.who:
        stranger = _row(world, action, world.strange_actors["provider"])
        if stranger != "hidden":
            yield f"{action.name} by another provider: {stranger}, expected hidden"


def _expected(cell: Cell, who: str, *, seen: bool) -> str:
    if who not in cell.who:
        return "forbidden"
    if cell.where in {"node", "shared"} or who in KINDS:
        return "passes"  # system actors see every row; a provider's rows are its own
    return "passes" if seen else "hidden"


def _found(world: World, action: Action, cell: Cell, who: str) -> str:
    actor = world.actors[who]
    if cell.where == "rows" and who != "system":  # what is due is done, or was already
        return _row(world, action, actor)
    came = _try(world, action, actor, strange=False)
    if came.forbidden or came.how == "fault":
        return "forbidden" if came.forbidden else came.words
    if cell.where == "list" and who not in KINDS:
        mark = world.ids[MARKS[action.name]]
        return "passes" if mark in came.words else "hidden"
    return "passes"


def _row(world: World, action: Action, actor) -> str:
    came = _try(world, action, actor, strange=False)
    if came.forbidden:
        return "forbidden"
    if came.how == "fault":
        return came.words
    return "hidden" if came == _try(world, action, actor, strange=True) else "passes"


def _try(world: World, action: Action, actor, *, strange: bool) -> Came:
    ids = world.strange if strange else world.ids
    values, named = ARGUMENTS[action.name](ids)
    call = functools.partial(_call, world, actor, action, values, named)
    try:
        listing = action.name in MARKS
        return came_of(call, [] if listing else [*world.ids.values(), *world.strange.values()])
    finally:
        world.mend()


def _call(world: World, actor, action: Action, values, named) -> object:
    with open_work(world.node, actor) as work:
        run: Callable[..., object] = callables()[action.name]
        return run(work, *values, **named)
