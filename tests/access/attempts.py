"""How a route is asked and a command typed, on the node of a world, in this process."""

import contextlib
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from anyio.from_thread import start_blocking_portal
from click.testing import CliRunner
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.access.command_lines import LINES, MARKS
from tests.access.material import links_to_material, texts_of_answer, texts_of_folder
from tests.access.requests import BODIES, FILES, FORMS, path_of
from tests.access.trying import FAULT, FORBIDDEN, Came, Ids, came_of
from tests.access.world import World
from tipbridge.cli.main import cli
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import Server
from tipbridge.office import terminal
from tipbridge.web.session import cookie_name

PASSWORD = "long-enough-1"
COMMAND_LINE = typer.main.get_command(cli)  # built once: it takes longer than a command


@contextlib.contextmanager
def browser(app: FastAPI) -> Iterator[TestClient]:
    """A browser on one event loop; a client without its own would start one for each request."""
    client = TestClient(app, base_url="http://localhost", follow_redirects=False)
    with start_blocking_portal() as client.portal:
        yield client


def ask(
    world: World, client: TestClient, route: str, ids: Ids, *, who: str = "", login: str = ""
) -> Came:
    """Ask for a route as a member of staff by session, as a provider by password, or as nobody."""
    client.cookies.clear()
    if who:
        client.cookies.set(cookie_name(world.node), world.sessions[who])
    sent: dict[str, object] = {}
    if route in FORMS:
        sent["data"] = FORMS[route](ids)
    if route in BODIES:
        sent["content"] = BODIES[route](ids)
    if route in FILES:
        sent["files"] = {"file": FILES[route](ids)}
    if login:
        sent["auth"] = (login, PASSWORD)
    try:
        answer = client.request(
            route.partition(" ")[0],
            path_of(route, ids),
            headers={"accept": "text/html", "origin": "http://localhost"},
            **sent,  # type: ignore[arg-type]
        )
    finally:
        world.mend()
    where = answer.headers.get("location", "")
    if answer.status_code == 401 or where.startswith("/sign-in"):
        return Came("sign-in", where)
    if answer.status_code >= 500:
        return Came(FAULT, answer.text)
    texts = texts_of_answer(answer.headers.get("content-type", ""), answer.content)
    if found := links_to_material(texts):
        return Came(FAULT, f"{route} answers with a link to material: {found}")
    how = FORBIDDEN if answer.status_code == 403 else str(answer.status_code)
    return Came(how, where or answer.text)


def open_instead(world: World, patch: pytest.MonkeyPatch) -> None:
    """Let commands open a world's node, which keeps nothing, instead of one by its folder."""
    database = world.database
    beside = Server(owner_url=database.owner_url, app_url=database.app_url)

    @contextlib.contextmanager
    def opened(data: object) -> Iterator[tuple[Node, Server]]:
        del data
        yield world.node, beside

    patch.setattr(terminal, "_opened", opened)


def type_command(world: World, name: str, who: str, ids: Ids, *, form: str | None = None) -> Came:
    """Type a command as a member of staff; of a list, its rows as JSON unless told otherwise."""
    line = LINES[name](ids)
    typed = shlex.split(line) if "'" in line else line.split()
    words = [*name.split(), "--data", str(world.node.data), *typed]
    words += ["--as", world.actors[who].name] if who else []
    if form is None:
        form = "--json" if name in MARKS else ""
    words += form.split()

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
