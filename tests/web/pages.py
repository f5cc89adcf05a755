"""A browser-like client over one node's pages."""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from tests.nodes import CONSOLE
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office import actions, pages
from tipbridge.web.mount import mount_shell
from tipbridge.web.nav import Approvable, NavEntry

PASSWORD = "correct horse battery"
ORIGIN = "http://localhost"


def add_member(node: Node, username: str, *roles: Role, unit: str = "headquarters") -> None:
    """A member of staff who can sign in with PASSWORD."""
    with open_work(node, CONSOLE) as work:
        actions.add_staff(work, username=username, password=PASSWORD, roles=tuple(roles), unit=unit)


def shell_app(
    node: Node,
    *,
    routers: Iterable[APIRouter] = (),
    navigation: tuple[NavEntry, ...] = pages.NAV,
    approvables: tuple[Approvable, ...] = (),
) -> FastAPI:
    """The shell with the desk's pages, and others that a test brings."""
    app = FastAPI(openapi_url=None)
    mount_shell(app, node, navigation, approvables=approvables)
    for router in (pages.router, *routers):
        app.include_router(router)
    return app


def browser(app: FastAPI, *, language: str = "en") -> TestClient:
    """A client that asks for pages as a browser does."""
    return TestClient(
        app,
        base_url=ORIGIN,
        follow_redirects=False,
        headers={"accept": "text/html", "accept-language": language, "origin": ORIGIN},
    )


def sign_in(client: TestClient, username: str, password: str = PASSWORD) -> None:
    """Sign in by the form."""
    answer = client.post("/sign-in", data={"username": username, "password": password})
    assert answer.status_code == 303, answer.text
