"""Every command × every role × own unit, other unit, restricted: typed on a real node."""

import pytest
import typer
from click.testing import CliRunner

from tests.access.attempts import COMMAND_LINE, open_instead, type_command
from tests.access.cells import ROLES
from tests.access.command_lines import LINES, MARKS
from tests.access.expected_commands import COMMANDS
from tests.access.program import commands
from tests.access.trying import Came, Ids, differences
from tests.access.world import World
from tipbridge.foundation.base.errors import Forbidden
from tipbridge.office import terminal

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

GUARDED = sorted(name for name, cell in COMMANDS.items() if "public" not in cell.who)


@pytest.fixture
def terminal_of_world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Commands open the world's node, which keeps nothing, instead of one by its folder."""
    open_instead(world, monkeypatch)
    return world


def test_every_command_has_a_cell_and_every_cell_a_command() -> None:
    assert commands() == sorted(COMMANDS)


def test_every_guarded_command_can_be_typed() -> None:
    assert sorted(LINES) == GUARDED


@pytest.mark.parametrize("name", sorted(set(GUARDED) & set(commands())))
def test_a_command_is_open_to_those_of_its_cell_and_to_nobody_else(
    terminal_of_world: World, name: str
) -> None:
    world = terminal_of_world

    def attempt(who: str, ids: Ids) -> Came:
        return type_command(world, name, who, ids)

    mark = MARKS.get(name, "")
    cell, scopes = COMMANDS[name], ("own", "other", "restricted")
    found = differences(world, name, cell, attempt, actors=ROLES, mark=mark, scopes=scopes)
    assert list(found) == []


@pytest.mark.parametrize("name", sorted(set(GUARDED) & set(commands())))
def test_without_a_name_a_real_node_only_sets_up(
    terminal_of_world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a synthetic node the console has every role; on a real one it may only set up."""
    world = terminal_of_world
    assert type_command(world, name, "", world.ids).how != Forbidden.__name__
    monkeypatch.setattr(
        terminal, "console_actor", lambda db, *, synthetic: _console(db, synthetic=False)
    )
    sets_up = COMMANDS[name].who & {"administrator", "provider-manager"}
    assert (type_command(world, name, "", world.ids).how != Forbidden.__name__) == bool(sets_up)


def _console(db, *, synthetic: bool):
    from tipbridge.foundation.access.actors import console_actor

    return console_actor(db, synthetic=synthetic)


def test_nobody_acts_under_a_name_that_nobody_has(terminal_of_world: World) -> None:
    runner = CliRunner()
    words = ["staff", "list", "--data", str(terminal_of_world.node.data), "--as", "nobody-here"]
    done = runner.invoke(COMMAND_LINE, words, standalone_mode=False)
    assert "nobody-here" in str(done.exception)
    assert not isinstance(done.exception, typer.Exit)
