"""Every route × every role × own unit, other unit, restricted: asked of a real node."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.access.attempts import ask, browser
from tests.access.cells import ROLES
from tests.access.expected_routes import ROUTES
from tests.access.program import routes
from tests.access.requests import MARKS, PERIOD
from tests.access.trying import FAULT, FORBIDDEN, Came, Ids, differences, row_found
from tests.access.world import World
from tipbridge.app import build_app
from tipbridge.web.session import cookie_name

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

STAFF = sorted(name for name, cell in ROUTES.items() if cell.who <= set(ROLES))
PROVIDER = sorted(name for name, cell in ROUTES.items() if "provider" in cell.who)
PUBLIC = sorted(name for name, cell in ROUTES.items() if "public" in cell.who)


@pytest.fixture(scope="session")
def app(world: World) -> FastAPI:
    """The running program of the world's node."""
    return build_app(world.node)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser."""
    with browser(app) as client:
        yield client


def test_every_route_has_a_cell_and_every_cell_a_route(app: FastAPI) -> None:
    assert routes(app) == sorted(ROUTES)


@pytest.mark.parametrize("route", STAFF)
def test_a_page_is_open_to_the_roles_of_its_cell_and_to_nobody_else(
    world: World, client: TestClient, route: str
) -> None:
    def attempt(who: str, ids: Ids) -> Came:
        return ask(world, client, route, ids, who=who)

    cell, mark = ROUTES[route], MARKS.get(route, "")
    scopes = ("own", "other", "restricted")
    found = differences(world, route, cell, attempt, actors=ROLES, mark=mark, scopes=scopes)
    assert list(found) == []


@pytest.mark.parametrize("route", STAFF)
def test_a_page_is_closed_to_who_is_not_signed_in(
    world: World, client: TestClient, route: str
) -> None:
    assert ask(world, client, route, world.ids).how == "sign-in"
    assert ask(world, client, route, world.ids, login="esp-one").how == "sign-in"


@pytest.mark.parametrize("route", PROVIDER)
def test_the_reporting_interface_is_open_to_the_reports_own_provider_alone(
    world: World, client: TestClient, route: str
) -> None:
    assert ask(world, client, route, world.ids).how == "sign-in"
    staff = ROUTES[route].who & set(ROLES)
    for role in ROLES:
        expected = ("200" if role in staff else FORBIDDEN) if staff else "sign-in"
        assert ask(world, client, route, world.ids, who=role).how == expected

    def attempt(who: str, ids: Ids) -> Came:
        return ask(world, client, route, ids, login=who)

    assert attempt("esp-one", world.ids).how == "200"
    if ROUTES[route].where == "rows":
        assert row_found(world, "esp-one", attempt) == "passes"
        assert row_found(world, "esp-two", attempt) == "hidden"


@pytest.mark.parametrize("route", PUBLIC)
def test_a_public_route_answers_everybody_alike(
    world: World, client: TestClient, route: str
) -> None:
    if route == "POST /sign-in":
        assert ask(world, client, route, world.ids).how == "sign-in"  # 401: nobody has that name
        return
    nobody = ask(world, client, route, world.ids)
    assert nobody.how not in {FAULT, FORBIDDEN}
    if route not in {"GET /sign-in", "POST /sign-out"}:
        assert {ask(world, client, route, world.ids, who=role) for role in ROLES} == {nobody}


@pytest.mark.parametrize("role", ROLES)
def test_small_cells_are_shown_to_few(world: World, client: TestClient, role: str) -> None:
    """The full view counts what the public one suppresses."""
    client.cookies.clear()
    client.cookies.set(cookie_name(world.node), world.sessions[role])
    may = role in {"investigator", "auditor"}
    for path in (f"/bulletin.json{PERIOD}&view=full", "/bulletin?view=full"):
        assert client.get(path).status_code == (200 if may else 403)
