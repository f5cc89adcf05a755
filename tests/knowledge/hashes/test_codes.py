"""Every answer code of `POST /api/v1/match`: by each kind of refusal, for a provider and for staff."""

import re
from collections.abc import Callable, Generator
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.databases import Database, fresh_database
from tests.foundation.test_lost_commit import lost_at_commit
from tests.knowledge.hashes.lists import listed
from tests.knowledge.hashes.test_matching import MD5, build
from tests.nodes import build_node
from tests.tips.intake.ispws import add_provider
from tests.web.pages import PASSWORD, add_member, sign_in
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Kind
from tipbridge.foundation.node import Node
from tipbridge.knowledge.hashes.api import MAX_BYTES, PATH
from tipbridge.web.errors import STATUS

PER_MINUTE = 60
KNOWN = {"items": [{"md5": MD5}]}
NEVER = {
    Kind.CONFLICT: "a look-up changes nothing",
    Kind.NO_AGREEMENT: "providers and staff ask the node's own lists",
    Kind.INTEGRITY: "a damaged index is passed over and named under not_searched",
}
SHELL = {403: "a page of another site", 405: "another method", 421: "another host name"}
"""Given before this door is reached."""


class House:
    """A node with a list, a provider, an analyst and somebody who may not ask."""

    def __init__(self, node: Node, database: Database, web: TestClient) -> None:
        self.node, self.database, self.web = node, database, web

    def provider(self, password: str = "pw-1", name: str = "usr123", **sent) -> httpx2.Response:
        self.web.cookies.clear()
        return self.web.post(PATH, auth=(name, password), **(sent or {"json": KNOWN}))

    def staff(self, name: str = "analyst-1", **more: object) -> httpx2.Response:
        self.web.cookies.clear()
        if name:
            sign_in(self.web, name, PASSWORD)
        return self.web.post(PATH, json=KNOWN | more)


@pytest.fixture(scope="module")
def house(server, tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    with fresh_database(server) as database, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIPBRIDGE_MATCH_ITEMS_PER_MINUTE", str(PER_MINUTE))
        node = build_node(tmp_path_factory.mktemp("codes") / "node", database)
        listed(node, "national", MD5)
        build(node)
        add_provider(node)
        add_provider(node, "esp-fast", "usr-fast", "pw-1")
        add_member(node, "analyst-1", Role.ANALYST)
        add_member(node, "press-1", Role.PRESS)
        with TestClient(
            build_app(node),
            base_url="http://localhost",
            follow_redirects=False,
            raise_server_exceptions=False,
        ) as web:
            web.headers["origin"] = "http://localhost"
            yield House(node, database, web)


def too_many(house: House) -> httpx2.Response:
    items = [{"md5": MD5}] * PER_MINUTE
    answers = [house.provider(name="usr-fast", json={"items": items}) for _ in range(2)]
    return answers[1]


def unrecorded(house: House) -> httpx2.Response:
    with house.database.owner.begin() as db:
        db.exec_driver_sql("REVOKE INSERT ON audit_events FROM tipbridge_app")
    try:
        return house.provider()
    finally:
        with house.database.owner.begin() as db:
            db.exec_driver_sql("GRANT INSERT ON audit_events TO tipbridge_app")


def lost(house: House) -> httpx2.Response:
    house.staff()  # signed in by now: nothing else is recorded on the way
    with lost_at_commit(house.node, kept=False) as hits:
        answer = house.web.post(PATH, json=KNOWN)
    assert hits
    return answer


def fault(house: House) -> httpx2.Response:
    sign_in(house.web, "analyst-1", PASSWORD)
    with house.database.owner.begin() as db:
        db.exec_driver_sql("ALTER TABLE hash_lists RENAME COLUMN handling TO meant")
    try:
        return house.web.post(PATH, json=KNOWN)
    finally:
        with house.database.owner.begin() as db:
            db.exec_driver_sql("ALTER TABLE hash_lists RENAME COLUMN meant TO handling")


CELLS: dict[tuple[str, str], Callable[[House], httpx2.Response]] = {
    ("provider", ""): House.provider,
    ("provider", Kind.INVALID): lambda house: house.provider(json={"items": []}),
    ("provider", Kind.UNAUTHENTICATED): lambda house: house.provider("wrong"),
    ("provider", Kind.LIMIT): lambda house: house.provider(content=b" " * (MAX_BYTES + 1)),
    ("provider", Kind.TOO_OFTEN): too_many,
    ("provider", Kind.UNAVAILABLE): unrecorded,
    ("staff", ""): House.staff,
    ("staff", Kind.INVALID): lambda house: house.staff(radius=48),
    ("staff", Kind.UNAUTHENTICATED): lambda house: house.staff(""),
    ("staff", Kind.FORBIDDEN): lambda house: house.staff("press-1"),
    ("staff", Kind.NOT_FOUND): lambda house: house.staff(lists=["none"]),
    ("staff", Kind.UNAVAILABLE): lost,
    ("staff", "fault"): fault,
}
"""Who asks and the kind of refusal ("" for none) → how it comes about."""


@pytest.mark.parametrize(("who", "kind"), sorted(CELLS))
def test_a_look_up_is_answered_with_this_status(house: House, who: str, kind: str) -> None:
    answer = CELLS[who, kind](house)
    if kind == "fault":
        assert answer.status_code == 500
        assert re.fullmatch(r"Internal error, reference [0-9a-f]{32}\.\n", answer.text)
        return
    told = answer.json()
    if kind == "":
        assert (answer.status_code, list(told)) == (200, ["answers", "not_searched"])
        return
    assert (answer.status_code, told["error"]) == (STATUS[Kind(kind)], kind)
    assert told["message"]
    assert ("retry-after" in answer.headers) == (kind == Kind.TOO_OFTEN)
    assert house.staff().status_code == 200, "and the node goes on"


def test_the_shell_refuses_another_site_another_method_and_another_host(house: House) -> None:
    foreign = house.web.post(PATH, json=KNOWN, headers={"origin": "http://share.example"})
    assert foreign.status_code == 403
    assert house.web.get(PATH).status_code == 405
    elsewhere = house.web.post(PATH, json=KNOWN, headers={"host": "share.example"})
    assert elsewhere.status_code == 421


def test_each_kind_of_refusal_is_tried_or_said_why_not() -> None:
    assert {kind for _, kind in CELLS} == {"", "fault", *(set(Kind) - set(NEVER))}


def test_the_guide_names_the_same_statuses() -> None:
    guide = Path("docs/lists.md").read_text("utf-8")
    table = guide[
        guide.index("| code of `/api/v1/match` |") : guide.index("Providers are answered")
    ]
    told = [int(number) for number in re.findall(r"^\| (\d{3}) \|", table, re.MULTILINE)]
    given = {int(STATUS[Kind(kind)]) for _, kind in CELLS if kind in set(Kind)}
    assert told == sorted({200, 500, *given, *SHELL})
