"""Every answer code of the protocol: asked for with a real request, or said why never given."""

import base64
import re
from collections.abc import Callable, Generator
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.foundation.test_lost_commit import lost_at_commit
from tests.nodes import Database, build_node, fresh_database
from tests.tips.intake.ispws import (
    REPORT,
    add_provider,
    client,
    code,
    details,
    open_report,
    said,
    serving,
    upload,
)
from tipbridge.app import build_app
from tipbridge.foundation.node import Node
from tipbridge.tips.intake.answers import Code

PROTOCOL = {
    0, 1000, 1100, 1110, 1111, 1210, 1300, 2000, 3000, 3100, 3300,
    4000, 4100, 4110, 4200, 5001, 5002, 5101, 5102,
}  # fmt: skip
"""The list of the protocol's documentation (notes, section 2), by hand."""
NEVER = {
    1110: "1100: whatever could not be kept, the report stands as before and the call is repeated",
    1111: "1100, for the same reason",
    1300: "1100, for the same reason",
    3100: "a credential that holds may open reports; one that does not is 2000",
    3300: "another's report is 5001: that it exists is not told",
}


class Asker:
    """A provider at a node's door, and a hand on the node's database."""

    def __init__(self, node: Node, database: Database, address: str, esp: httpx2.Client) -> None:
        self.node, self.database, self.address, self.esp = node, database, address, esp

    def finish(self, number: str) -> httpx2.Response:
        return self.esp.post("/finish", data={"id": number})

    def with_file(self) -> tuple[str, str]:
        number = open_report(self.esp)
        return number, said(upload(self.esp, number, b"synthetic"))["fileId"]


@pytest.fixture(scope="module")
def asker(server, tmp_path_factory: pytest.TempPathFactory) -> Generator[Asker]:
    with fresh_database(server) as database:
        node = build_node(tmp_path_factory.mktemp("codes") / "node", database)
        add_provider(node)
        with serving(node) as address, client(address) as esp:
            yield Asker(node, database, address, esp)


def fault(asker: Asker) -> httpx2.Response:
    """A table is not what the program knows: a bug, as far as a client can tell."""
    with asker.database.owner.begin() as db:
        db.exec_driver_sql("ALTER TABLE report_originals RENAME COLUMN about TO meant")
    answer = asker.esp.post("/submit", content=REPORT)
    with asker.database.owner.begin() as db:
        db.exec_driver_sql("ALTER TABLE report_originals RENAME COLUMN meant TO about")
    return answer


def lost(asker: Asker) -> httpx2.Response:
    """The database is lost before it has said that it kept the report."""
    with lost_at_commit(asker.node, kept=False):
        return asker.esp.post("/submit", content=REPORT)


def forged(asker: Asker) -> httpx2.Response:
    """A page of somebody else's makes a browser ask."""
    basic = base64.b64encode(b"usr123:pw-1").decode()
    headers = {"Sec-Fetch-Site": "cross-site", "Authorization": f"Basic {basic}"}
    with TestClient(build_app(asker.node), base_url="http://localhost") as web:
        return web.post("/ispws/submit", content=REPORT, headers=headers)


def stranger(asker: Asker) -> httpx2.Response:
    return httpx2.get(f"{asker.address}/ispws/status", auth=("usr123", "wrong"), trust_env=False)


def retracted(asker: Asker) -> httpx2.Response:
    number = open_report(asker.esp)
    asker.esp.post("/retract", data={"id": number})
    return asker.finish(number)


def finished(asker: Asker) -> httpx2.Response:
    number = open_report(asker.esp)
    asker.finish(number)
    return upload(asker.esp, number, b"late")


def unknown_file(asker: Asker) -> httpx2.Response:
    number, _ = asker.with_file()
    return asker.esp.post("/fileinfo", content=details(number, "ab" * 16))


GIVEN: dict[int, tuple[int, Callable[[Asker], httpx2.Response]]] = {
    0: (200, lambda asker: asker.finish(asker.with_file()[0])),
    1000: (500, fault),
    1100: (500, lost),
    1210: (404, lambda asker: asker.esp.get("/nothing")),
    2000: (401, stranger),
    3000: (403, forged),
    4000: (400, lambda asker: asker.finish("no number")),
    4100: (400, lambda asker: asker.esp.post("/submit", content=b"<report/>")),
    4110: (400, lambda asker: asker.esp.post("/submit", content=b"<report")),
    4200: (400, lambda asker: asker.esp.post("/upload", content=b"no form")),
    5001: (400, lambda asker: asker.finish("999999999")),
    5002: (400, unknown_file),
    5101: (400, retracted),
    5102: (400, finished),
}
"""Code → HTTP status, and a request that is answered so."""


@pytest.mark.parametrize("wanted", GIVEN)
def test_a_request_is_answered_with_this_code_and_its_status(asker: Asker, wanted: int) -> None:
    status, ask = GIVEN[wanted]
    answer = ask(asker)
    assert (code(answer), answer.status_code) == (wanted, status), answer.text
    assert code(asker.esp.get("/status")) == 0, "and the node goes on"


def test_each_code_of_the_protocol_is_given_or_said_why_not() -> None:
    assert set(GIVEN) | set(NEVER) == PROTOCOL
    assert not set(GIVEN) & set(NEVER)


def test_no_code_outside_the_list_can_be_given() -> None:
    assert {int(each) for each in Code} == set(GIVEN), "the program's codes are those tried here"
    room = Path("src/tipbridge/tips/intake")
    writers = {path.name for path in room.rglob("*.py") if "<responseCode>" in path.read_text()}
    assert writers == {"answers.py"}, "one file writes codes, and takes them from the list"


def test_the_guide_for_clients_lists_the_same_codes() -> None:
    guide = Path("docs/ispws.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (\d+) \|", guide, re.MULTILINE)
    assert {int(number): int(status) for number, status in rows} == {
        number: status for number, (status, _) in GIVEN.items()
    }
