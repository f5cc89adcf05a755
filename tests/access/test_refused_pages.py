"""Every page and form, refused in Korean: what is not there, and what is left out."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.access.attempts import browser
from tests.access.cells import ROLES
from tests.access.expected_routes import ROUTES
from tests.access.requests import FILES, FORMS, path_of
from tests.access.world import World
from tipbridge.app import build_app
from tipbridge.web.session import cookie_name

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

PAGES = sorted(
    name
    for name, cell in ROUTES.items()
    if cell.who <= set(ROLES) and "/api/" not in name and not name.startswith("GET /bulletin.json")
)
ENGLISH = re.compile(r"[A-Za-z']{2,} [a-z']{2,} [a-z']{2,}")
"""Three words in a row: a sentence, or a part of one, that nobody translated."""


@pytest.fixture(scope="module")
def app(world: World) -> FastAPI:
    """The running program of the world's node."""
    return build_app(world.node)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser whose reader reads Korean."""
    with browser(app) as client:
        client.headers["accept-language"] = "ko-KR"
        yield client


def refused(world: World, client: TestClient, route: str, who: str, *, empty: bool) -> str:
    """What is said when somebody asks for what is not there, or sends nothing."""
    method, _, _ = route.partition(" ")
    ids = world.ids if empty else world.strange
    client.cookies.clear()
    client.cookies.set(cookie_name(world.node), world.sessions[who])
    sent: dict[str, object] = {}
    if method == "POST":
        sent["data"] = {} if empty else FORMS.get(route, lambda _: {})(ids)
        if route in FILES and not empty:
            sent["files"] = {"file": FILES[route](ids)}
    try:
        answer = client.request(
            method,
            path_of(route, ids),
            headers={"accept": "text/html", "origin": "http://localhost"},
            **sent,  # type: ignore[arg-type]
        )
    finally:
        world.mend()
    if answer.status_code < 400:
        return ""
    words = answer.text.partition('<p class="empty-subtitle text-secondary">')[2]
    return words.partition("</p>")[0] or answer.text


@pytest.mark.parametrize("route", PAGES)
def test_whatever_a_page_refuses_is_said_in_korean(
    world: World, client: TestClient, route: str
) -> None:
    who = ROUTES[route].who
    may = "investigator" if "investigator" in who else min(who)
    tries = (True, False) if route.startswith("POST") else (False,)
    with world.owned("own"):
        said = [refused(world, client, route, may, empty=empty) for empty in tries]
    if ROUTES[route].where == "rows" and "{" in route:
        assert said[-1], "what is not there is refused"
    for words in filter(None, said):
        assert re.search("[가-힣]", words), words
        assert not ENGLISH.search(words), words
