"""Every answer code of `POST /scan`: a file and bare digests, by each kind of refusal."""

import re
from collections.abc import Callable, Generator
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.databases import Database, fresh_database
from tests.foundation.test_lost_commit import lost_at_commit
from tests.nodes import CONSOLE, build_node
from tests.tips.filing.listed import known_list
from tipbridge.app import build_app
from tipbridge.foundation.base.errors import Kind
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.files.boxes import close_boxes
from tipbridge.tips.filing.scan import scanners
from tipbridge.tips.filing.scan.api import JSON_BYTES, PATH
from tipbridge.web.errors import STATUS

PER_MINUTE = 5
DATA = b"synthetic words"
DIGEST = digest_bytes(DATA).md5
NEVER = {
    Kind.FORBIDDEN: "a token is for this alone; whoever has none that holds is not known",
    Kind.NOT_FOUND: "nothing is named that could not be there",
    Kind.CONFLICT: "the same file or digest again gives the same draft",
    Kind.NO_AGREEMENT: "the platform asks its own node",
    Kind.LIMIT: "too long a body is said with what is allowed (400), whatever it holds",
    Kind.INTEGRITY: "the bytes are what they are: nothing was signed or counted before",
}
SHELL = {403: "a page of another site", 405: "another method", 421: "another host name"}
"""Given before this door is reached."""


class House:
    """A provider's node, and a hand on its database; each call comes from a service of its own."""

    def __init__(self, node: Node, database: Database, web: TestClient) -> None:
        self.node, self.database, self.web = node, database, web
        self._count = 0

    def token(self) -> str:
        self._count += 1
        with open_work(self.node, CONSOLE) as work:
            return scanners.add_scanner(work, name=f"service-{self._count}")

    def file(self, data: bytes = DATA, token: str | None = None, **said: str) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token or self.token()}"}
        headers |= {"content-type": "application/octet-stream", **said}
        return self.web.post(PATH, content=data, headers=headers)

    def digests(self, *digests: str, token: str | None = None, **more: object) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token or self.token()}"}
        return self.web.post(PATH, json={"digests": digests or [DIGEST], **more}, headers=headers)


@pytest.fixture(scope="module")
def house(server, tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    with fresh_database(server) as database, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIPBRIDGE_SCAN_PER_MINUTE", str(PER_MINUTE))
        folder = tmp_path_factory.mktemp("codes")
        node = build_node(folder / "node", database, node_id="esp.one", profiles=("provider",))
        known_list(node, [DATA])
        with TestClient(
            build_app(node), base_url="http://localhost", raise_server_exceptions=False
        ) as web:
            yield House(node, database, web)
        close_boxes()


def too_many(ask: Callable[[House, str], httpx2.Response]) -> Callable[[House], httpx2.Response]:
    def asked(house: House) -> httpx2.Response:
        token = house.token()
        answers = [ask(house, token) for _ in range(PER_MINUTE + 1)]
        assert [each.status_code for each in answers[:-1]] == [200] * PER_MINUTE
        return answers[-1]

    return asked


def lost(ask: Callable[[House, str], httpx2.Response]) -> Callable[[House], httpx2.Response]:
    def asked(house: House) -> httpx2.Response:
        token = house.token()
        with lost_at_commit(house.node, kept=False) as hits:
            answer = ask(house, token)
        assert hits
        return answer

    return asked


def fault(ask: Callable[[House, str], httpx2.Response]) -> Callable[[House], httpx2.Response]:
    def asked(house: House) -> httpx2.Response:
        token = house.token()
        with house.database.owner.begin() as db:
            db.exec_driver_sql("ALTER TABLE scans RENAME COLUMN asked TO meant")
        try:
            return ask(house, token)
        finally:
            with house.database.owner.begin() as db:
                db.exec_driver_sql("ALTER TABLE scans RENAME COLUMN meant TO asked")

    return asked


KEEPS_NOTHING = {Kind.INVALID, Kind.UNAUTHENTICATED, "fault"}


def kept(house: House) -> list[str]:
    """Every file that lies sealed."""
    return sorted(path.name for path in house.node.vault.folder.rglob("*") if path.is_file())


def a_file(house: House, token: str) -> httpx2.Response:
    return house.file(token=token)


def a_digest(house: House, token: str) -> httpx2.Response:
    return house.digests(token=token)


CELLS: dict[tuple[str, str], Callable[[House], httpx2.Response]] = {
    ("file", ""): House.file,
    ("file", Kind.INVALID): lambda house: house.file(**{"tipbridge-facts": "[]"}),
    ("file", Kind.UNAUTHENTICATED): lambda house: house.file(token="none"),
    ("file", Kind.TOO_OFTEN): too_many(a_file),
    ("file", Kind.UNAVAILABLE): lost(a_file),
    ("file", "fault"): fault(a_file),
    ("digests", ""): House.digests,
    ("digests", Kind.INVALID): lambda house: house.digests("x"),
    ("digests", Kind.UNAUTHENTICATED): lambda house: house.digests(token="none"),
    ("digests", Kind.TOO_OFTEN): too_many(a_digest),
    ("digests", Kind.UNAVAILABLE): lost(a_digest),
    ("digests", "fault"): fault(a_digest),
}
"""What is sent and the kind of refusal ("" for none) → how it comes about."""


@pytest.mark.parametrize(("what", "kind"), sorted(CELLS))
def test_a_scan_is_answered_with_this_status(house: House, what: str, kind: str) -> None:
    before = kept(house)
    answer = CELLS[what, kind](house)
    if kind in KEEPS_NOTHING:
        assert kept(house) == before
    if kind == "fault":
        assert answer.status_code == 500
        assert re.fullmatch(r"Internal error, reference [0-9a-f]{32}\.\n", answer.text)
    elif kind == "":
        assert (answer.status_code, list(answer.json())) == (200, ["results", "not_searched"])
    else:
        assert answer.status_code == STATUS[Kind(kind)], answer.text
        assert answer.json()["message"]
        assert ("retry-after" in answer.headers) == (kind == Kind.TOO_OFTEN)
    assert house.digests().status_code == 200, "and the node goes on"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"[]", "the body: "),
        (b'{"digests": ["x"], "name": 1}', "name: "),
        (b" " * (JSON_BYTES + 1), f"at most {JSON_BYTES} bytes"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(house: House, body: bytes, told: str) -> None:
    headers = {"authorization": f"Bearer {house.token()}", "content-type": "application/json"}
    answer = house.web.post(PATH, content=body, headers=headers)
    assert answer.status_code == 400
    assert told in answer.json()["message"]


def test_the_shell_refuses_another_site_another_method_and_another_host(house: House) -> None:
    foreign = {"origin": "http://share.example"}
    assert house.web.post(PATH, content=DATA, headers=foreign).status_code == 403
    assert house.web.get(PATH).status_code == 405
    assert house.web.post(PATH, headers={"host": "share.example"}).status_code == 421


def test_each_kind_of_refusal_is_tried_or_said_why_not() -> None:
    for what in ("file", "digests"):
        tried = {kind for one, kind in CELLS if one == what}
        assert tried == {"", "fault", *(set(Kind) - set(NEVER))}


def test_the_guide_names_the_same_statuses() -> None:
    guide = Path("docs/scanning.md").read_text("utf-8")
    table = guide[guide.index("| HTTP | when |") : guide.index("## Staff")]
    told = [int(number) for number in re.findall(r"^\| (\d{3}) \|", table, re.MULTILINE)]
    given = {int(STATUS[Kind(kind)]) for _, kind in CELLS if kind in set(Kind)}
    assert told == sorted({200, 500, *given, *SHELL})
