"""Every command × every role × own unit, other unit, restricted: typed on a real node."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from click.testing import CliRunner

from tests.access.cells import ROLES
from tests.access.command_lines import LINES, MARKS
from tests.access.expected_commands import COMMANDS
from tests.access.material import links_to_material, texts_of_folder
from tests.access.program import commands
from tests.access.trying import Came, Ids, came_of, differences
from tests.access.world import World
from tipbridge.cli.main import cli
from tipbridge.foundation.base.errors import Forbidden
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import Server
from tipbridge.office import terminal

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

COMMAND_LINE = typer.main.get_command(cli)  # built once: it takes longer than a command
GUARDED = sorted(name for name, cell in COMMANDS.items() if "public" not in cell.who)


@pytest.fixture
def terminal_of_world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Commands open the world's node, which keeps nothing, instead of one by its folder."""

    database = world.database
    beside = Server(owner_url=database.owner_url, app_url=database.app_url)

    @contextlib.contextmanager
    def opened(data: object) -> Iterator[tuple[Node, Server]]:
        del data
        yield world.node, beside

    monkeypatch.setattr(terminal, "_opened", opened)
    return world


def type_command(world: World, name: str, who: str, ids: Ids) -> Came:
    """Type a command as a member of staff."""
    words = [*name.split(), "--data", str(world.node.data), *LINES[name](ids).split()]
    words += ["--as", world.actors[who].name] if who else []
    words += ["--json"] if name in MARKS else []

    absent = [path for path in map(Path, words) if not path.exists()]

    def call() -> str:
        runner = CliRunner()
        done = runner.invoke(COMMAND_LINE, words, input="long-enough-1\n", standalone_mode=False)
        if done.exception is not None:
            raise done.exception
        assert links_to_material([done.output]) == [], f"{name} prints a link to material"
        written = (text for path in absent for text in texts_of_folder(path))
        assert links_to_material(written) == [], f"{name} writes a link to material"
        return done.output

    try:
        return came_of(call)
    finally:
        world.mend()


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
