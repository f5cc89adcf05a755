"""A hidden row changes no answer: every read of the program, asked on a node that holds such rows and
on one that doesn't.

What `tests.access.hidden` makes on both is seen by the roles of the actors' own unit; the rest is
restricted to others, or stands in a child's record or file that only others see. Every route that
is read and every command is asked, by every role that may: nothing has to be listed to be held,
and what is not asked stands below with its reason.
"""

import difflib
import re
from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import text

from tests.access.attempts import ask, browser, open_instead, type_command
from tests.access.cells import ROLES, Cell
from tests.access.command_lines import LINES
from tests.access.expected_commands import COMMANDS
from tests.access.expected_routes import ROUTES
from tests.access.hidden import pair
from tests.access.trying import FAULT, Came
from tests.access.world import World
from tests.nodes import acting
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.storage.launcher import Server

pytestmark = [
    pytest.mark.xdist_group("access"),  # one world for all of them
    pytest.mark.timeout(600),  # as long as a busy machine takes for all that can be asked
]

NOT_ASKED = {
    "GET /audit": "the log says all that was done, by whomever",
    "audit list": "the same",
    "audit verify": "the same, by its numbers",
    "GET /exhibits/{exhibit_id}/label": "draws an id, which is another on each node",
    "exhibits label": "the same",
}

Answers = Mapping[tuple[str, str], list[str]]

_ID = re.compile(r"(?<![a-z0-9])[0-9a-f]{8,}\b")
_MACHINE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+| \[)")


def asked(world: World) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """What every page and document answers, to each role that may ask."""
    with browser(build_app(world.node)) as client:
        for route, cell in ROUTES.items():
            if route.startswith("GET ") and "provider" not in cell.who and route not in NOT_ASKED:
                for who in _roles(cell):
                    came = ask(world, client, route, world.ids, who=who)
                    yield (route, who), _lines(world, came)


def typed(world: World, patch: pytest.MonkeyPatch) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """What every command prints as JSON, to each role that may type it."""
    open_instead(world, patch)
    for name in LINES:
        for who in _roles(COMMANDS[name]) if name not in NOT_ASKED else ():
            came = type_command(world, name, who, world.ids, form="--json")
            yield (name, who), _lines(world, came)


def _roles(cell: Cell) -> list[str]:
    return sorted(cell.who & set(ROLES))


def _lines(world: World, came: Came) -> list[str]:
    """How it ended and in which words: each id by when it first comes up, no time of the machine."""
    met: dict[str, str] = {}
    words = came.words.replace(str(world.node.data), "DATA")
    words = _ID.sub(lambda found: met.setdefault(found[0], f"id-{len(met)}"), words)
    return [came.how, *_MACHINE_TIME.sub("then", words).replace("\\n", "\n").splitlines()]


def differences(holding: Answers, without: Answers) -> Iterator[str]:
    """What an answer of the first tells that the other doesn't, or the other way."""
    assert holding.keys() == without.keys()
    for (name, who), here in holding.items():
        there = without[name, who]
        if here != there or here[0] == FAULT:
            told = difflib.unified_diff(there, here, "without", "holding", n=0, lineterm="")
            yield "\n".join((f"{name} by {who}: {here[:2]}", *told))


def _count(world: World, table: str) -> int:
    with acting(world.database.app, WORKER) as db:
        return db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_what_is_not_asked_is_there() -> None:
    assert set(NOT_ASKED) <= {*ROUTES, *LINES}


@pytest.fixture(scope="module")
def nodes(
    world: World, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, World]]:
    """The node that holds what is hidden, and the one that doesn't."""
    with pair(world, server, tmp_path_factory.mktemp("pair")) as (holding, without):
        assert _count(holding, "cases") > _count(without, "cases") > 0
        assert _count(holding, "case_detachments") > _count(without, "case_detachments") > 0
        yield holding, without


def test_a_hidden_row_changes_no_page(nodes: tuple[World, World]) -> None:
    holding, without = (dict(asked(each)) for each in nodes)
    assert "\n\n".join(differences(holding, without)) == ""


def test_a_hidden_row_changes_nothing_that_a_command_prints(
    nodes: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    holding, without = (dict(typed(each, monkeypatch)) for each in nodes)
    assert "\n\n".join(differences(holding, without)) == ""
