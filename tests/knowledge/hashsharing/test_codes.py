"""Every answer of the hash-sharing interface: each call, by each kind of refusal it can meet."""

import re
from collections.abc import Callable, Generator
from pathlib import Path
from typing import cast

import httpx2
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.databases import Database, fresh_database
from tests.foundation.test_lost_commit import lost_at_commit
from tests.knowledge.hashsharing.sharing import PASSWORD, Sharer, document, enrol, image, submission
from tests.nodes import build_node
from tests.tips.intake.ispws import add_provider
from tipbridge.app import build_app
from tipbridge.foundation.base.errors import Kind
from tipbridge.foundation.node import Node
from tipbridge.knowledge.hashsharing.api import PATH, build_hashsharing
from tipbridge.knowledge.hashsharing.reading import MAX_BYTES, NAMESPACE
from tipbridge.web.errors import STATUS
from tipbridge.web.provider_gate import ProviderGate

VOTE = f'<feedbackSubmission xmlns="{NAMESPACE}"><affirmative/></feedbackSubmission>'.encode()
CALLS = {
    "status": ("GET", "/v2/status"),
    "members": ("GET", "/v2/members"),
    "categorizations": ("GET", "/v2/categorizations"),
    "reasons": ("GET", "/v2/feedback/MD5/reasons"),
    "entries": ("GET", "/v2/entries"),
    "fingerprint": ("GET", "/v2/entries/{member}/a/fingerprints/MD5"),
    "submit": ("POST", "/v2/entries"),
    "vote": ("PUT", "/v2/entries/{member}/a/MD5/feedback"),
}
BODIES = {"submit": submission(image("a")), "vote": VOTE}
UNFIT = {
    "reasons": "/v2/feedback/CRC/reasons",
    "entries": "/v2/entries?size=0",
    "fingerprint": "/v2/entries/{member}/a/fingerprints/CRC",
    "vote": "/v2/entries/{member}/a/CRC/feedback",
}
NOT_THERE = {
    "fingerprint": "/v2/entries/{member}/none/fingerprints/MD5",
    "vote": "/v2/entries/{member}/none/MD5/feedback",
}
NEVER = {
    Kind.NO_AGREEMENT: "members share under the membership itself; no agreement is asked",
    Kind.TOO_OFTEN: "there is no rate here: a range is read once, and turns bound what runs at once",
    Kind.INTEGRITY: "fingerprints lie in the database, whose own checks would fail as a fault",
}


class House:
    """A node, one of its members, a provider who is none, and a hand on its database."""

    def __init__(self, node: Node, database: Database) -> None:
        self.node, self.database = node, database
        self.two, self.one = enrol(node, "esp-two", "esp-one")
        self.one.submit(image("a"))
        add_provider(node, "esp-new", "esp-new", PASSWORD)

    def ask(self, call: str, path: str = "", content: bytes = b"", **more) -> httpx2.Response:
        method, usual = CALLS[call]
        where = PATH + (path or usual).format(member=self.one.member)
        return self.http.request(method, where, content=content or BODIES.get(call, b""), **more)

    @property
    def http(self) -> TestClient:
        return self.one.http


@pytest.fixture(scope="module")
def house(server, tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    with fresh_database(server) as database:
        node = build_node(tmp_path_factory.mktemp("codes") / "node", database)
        yield House(node, database)


def fault(house: House, call: str) -> httpx2.Response:
    with house.database.owner.begin() as db:
        db.exec_driver_sql("ALTER TABLE audit_events RENAME COLUMN facts TO meant")
    try:
        return house.ask(call)
    finally:
        with house.database.owner.begin() as db:
            db.exec_driver_sql("ALTER TABLE audit_events RENAME COLUMN meant TO facts")


def lost(house: House, call: str) -> httpx2.Response:
    with lost_at_commit(house.node, kept=False):
        return house.ask(call)


def against(house: House, call: str) -> httpx2.Response:
    """An entry of one kind under the id of another."""
    other = image("a").replace("image", "video")
    return house.ask(call, content=submission(other))


def unfit(house: House, call: str) -> httpx2.Response:
    if call == "submit":
        return house.ask(call, content=b"no document")
    return house.ask(call, UNFIT[call])


def forged(house: House, call: str) -> httpx2.Response:
    """A page of somebody else's makes a browser ask: the shell refuses before this interface."""
    with TestClient(build_app(house.node), base_url="http://localhost") as web:
        method, path = CALLS[call]
        where = PATH + path.format(member=1)
        return web.request(method, where, headers={"Sec-Fetch-Site": "cross-site"})


CELLS: dict[tuple[str, str], tuple[int, Callable[[House, str], httpx2.Response]]] = {
    **{(call, ""): (200, lambda house, call: house.ask(call)) for call in CALLS},
    **{(call, "fault"): (500, fault) for call in CALLS},
    **{(call, Kind.UNAVAILABLE): (503, lost) for call in CALLS},
    **{
        (call, Kind.UNAUTHENTICATED): (
            401,
            lambda house, call: house.ask(call, auth=("esp-one", "wrong")),
        )
        for call in CALLS
    },
    **{
        (call, Kind.FORBIDDEN): (
            403,
            lambda house, call: house.ask(call, auth=("esp-new", PASSWORD)),
        )
        for call in CALLS
    },
    **{(call, Kind.INVALID): (400, unfit) for call in (*UNFIT, "submit")},
    **{
        (call, Kind.NOT_FOUND): (404, lambda house, call: house.ask(call, NOT_THERE[call]))
        for call in NOT_THERE
    },
    ("submit", Kind.CONFLICT): (409, against),
    **{
        (call, Kind.LIMIT): (
            413,
            lambda house, call: house.ask(call, content=b"x" * (MAX_BYTES + 1)),
        )
        for call in BODIES
    },
}
"""Call and kind of refusal ("" for none) → HTTP status, and how it comes about."""


@pytest.mark.parametrize(("call", "kind"), sorted(CELLS))
def test_a_call_is_answered_with_this_status_in_our_form(
    house: House, call: str, kind: str
) -> None:
    status, ask = CELLS[call, kind]
    answer = ask(house, call)
    if kind == "" and call == "fingerprint":
        assert (answer.status_code, answer.headers["content-type"][:10]) == (200, "text/plain")
        return
    told = document(answer, status)
    assert (told.tag == "error") == (kind != "")
    if kind:
        assert told.findtext("kind") == kind
        assert told.findtext("description")


@pytest.mark.parametrize("call", ["submit", "vote"])
def test_the_shell_refuses_in_our_form_too(house: House, call: str) -> None:
    assert document(forged(house, call), 403).findtext("kind") == "forbidden"


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST"])
def test_another_method_and_another_address_are_refused_in_our_form(
    house: House, method: str
) -> None:
    wrong = house.http.request(method, f"{PATH}/v2/members")
    assert document(wrong, 405).findtext("kind") == "method-not-allowed"
    nowhere = house.http.request(method, f"{PATH}/v2/nothing")
    assert document(nowhere, 404).findtext("kind") == "not-found"


def test_each_call_and_each_kind_of_refusal_is_tried_or_said_why_not(house: House) -> None:
    gate = cast("ProviderGate", build_hashsharing(house.node))
    served = {
        (method, re.sub(r"\{(\w+)\}", "{}", route.path))
        for route in cast("list[Route]", gate.routes)
        for method in (route.methods or set()) - {"HEAD"}
    }
    tried = {
        (method, path.replace("/MD5", "/{}").replace("/a/", "/{}/").replace("{member}", "{}"))
        for method, path in CALLS.values()
    }
    assert tried == served
    kinds = {kind for _, kind in CELLS}
    assert kinds == {"", "fault", *(set(Kind) - set(NEVER))}
    for (_, kind), (status, _) in CELLS.items():
        if kind in set(Kind):
            assert STATUS[Kind(kind)] == status


def test_the_guide_names_the_same_statuses() -> None:
    guide = Path("docs/hashsharing.md").read_text("utf-8")
    refusals = guide[guide.index("**Refusals**") : guide.index("**Staff**")]
    told = {int(number) for number in re.findall(r"\b[45]\d\d\b", refusals)}
    assert told == {status for status, _ in CELLS.values() if status != 200} | {405}


def test_a_sharer_is_still_answered_after_all_this(house: House) -> None:
    assert isinstance(house.two, Sharer)
    assert house.two.everything().find("images/image/id") is not None
