"""Each call of the reporting interface, asked so that it is answered by each code it can give."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
from starlette.testclient import TestClient

from tests.databases import Database
from tests.foundation.test_lost_commit import lost_at_commit
from tests.nodes import CONSOLE
from tests.tips.intake.ispws import REPORT, client, details, open_report, said, upload
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake.actions import read_report

NOBODYS = "999999999"
NO_FILE = "ab" * 16
BATCHED = b"""<report><batchedReport reason="VIRAL_POTENTIAL_MEME"/><incidentSummary>
<incidentType>Child Sex Trafficking</incidentType></incidentSummary>
<reporter><reportingPerson><email>ts@esp.example</email></reportingPerson></reporter>
<personOrUserReported><espIdentifier>user-1</espIdentifier></personOrUserReported></report>"""

PLAIN = ("status", "xsd", "loose-ends", "quality")
"""Calls that name no report and send nothing."""
OF_REPORTS = ("upload", "fileinfo", "finish", "retract", "receipt")
POSTED = ("submit", "upload", "fileinfo", "finish", "retract")
CALLS = (*PLAIN, "submit", *OF_REPORTS)


@dataclass(frozen=True, kw_only=True)
class Asker:
    """A provider at a node's door, a browser at its pages, a hand on its database."""

    node: Node
    database: Database
    address: str
    esp: httpx2.Client = field(repr=False)
    web: TestClient = field(repr=False)

    def ask(
        self, call: str, number: str = NOBODYS, *, by: httpx2.Client | None = None
    ) -> httpx2.Response:
        """A call as its clients make it, about this report and, where it names one, its file."""
        esp = by or self.esp
        if call in PLAIN:
            return esp.get(f"/{call}")
        if call == "receipt":
            return esp.get(f"/reports/{number}/receipt")
        if call == "submit":
            return esp.post("/submit", content=REPORT)
        if call == "upload":
            return upload(esp, number, b"synthetic")
        if call == "fileinfo":
            return esp.post("/fileinfo", content=details(number, self.file_of(number)))
        return esp.post(f"/{call}", data={"id": number})

    def file_of(self, number: str) -> str:
        """A file of an open report, uploaded now; of another report, an id that no file has."""
        uploaded = said(upload(self.esp, number, b"synthetic"))
        return uploaded.get("fileId", NO_FILE)

    def opened(self) -> str:
        """A report that is open."""
        return open_report(self.esp)

    def finished(self) -> str:
        """A report that is finished."""
        number = self.opened()
        self.ask("finish", number)
        return number

    def retracted(self) -> str:
        """A report that is taken back."""
        number = self.opened()
        self.ask("retract", number)
        return number


def done(asker: Asker, call: str) -> httpx2.Response:
    return asker.ask(call, asker.finished() if call == "receipt" else asker.opened())


def fault(asker: Asker, call: str) -> httpx2.Response:
    """A table is not what the program knows: a bug, as far as a client can tell."""
    number = asker.finished() if call == "receipt" else asker.opened()
    body = details(number, asker.file_of(number))
    with asker.database.owner.begin() as db:
        db.exec_driver_sql("ALTER TABLE audit_events RENAME COLUMN facts TO meant")
    try:
        if call == "fileinfo":
            return asker.esp.post("/fileinfo", content=body)
        return asker.ask(call, number)
    finally:
        with asker.database.owner.begin() as db:
            db.exec_driver_sql("ALTER TABLE audit_events RENAME COLUMN meant TO facts")


def lost(asker: Asker, call: str) -> httpx2.Response:
    """The database is lost before it has said that it kept what the call did."""
    number = asker.finished() if call == "receipt" else asker.opened()
    body = details(number, asker.file_of(number))
    with lost_at_commit(asker.node, kept=False):
        if call == "fileinfo":
            return asker.esp.post("/fileinfo", content=body)
        return asker.ask(call, number)


def damaged(asker: Asker) -> httpx2.Response:
    """The key of an open report lies broken on the disk when a file comes for it."""
    number = asker.opened()
    with open_work(asker.node, CONSOLE) as work:
        key_id = read_report(work, number).key_id
    (key,) = (path for path in asker.node.data.rglob("key") if path.parent.name == key_id)
    key.write_bytes(b"damaged")
    return asker.ask("upload", number)


def stranger(asker: Asker, call: str) -> httpx2.Response:
    with client(asker.address, password="wrong") as unknown:
        return asker.ask(call, by=unknown)


def forged(asker: Asker, call: str) -> httpx2.Response:
    """A page of somebody else's makes a browser ask."""
    basic = base64.b64encode(b"usr123:pw-1").decode()
    headers = {"Sec-Fetch-Site": "cross-site", "Authorization": f"Basic {basic}"}
    return asker.web.post(f"/ispws/{call}", content=b"", headers=headers)


def broken_form(asker: Asker, call: str) -> httpx2.Response:
    """What the call can't take for a request at all."""
    match call:
        case "submit" | "fileinfo":
            return asker.esp.post(f"/{call}", content=REPORT, headers={"content-encoding": "gzip"})
        case "upload":
            return upload(asker.esp, "no number", b"synthetic")
        case "receipt":
            return asker.ask(call, asker.opened())
        case "loose-ends" | "quality":
            return asker.esp.get(f"/{call}?page=none")
        case _:
            return asker.ask(call, "no number")


def wrong_method(asker: Asker, call: str) -> httpx2.Response:
    path = f"/reports/{NOBODYS}/receipt" if call == "receipt" else f"/{call}"
    return asker.esp.put(path, content=b"")


def invalid(asker: Asker, call: str) -> httpx2.Response:
    """A document, or for a finish a report, that a rule forbids."""
    if call == "finish":
        number = open_report(asker.esp, BATCHED)
        for data in (b"one", b"two"):
            upload(asker.esp, number, data)
        return asker.ask(call, number)
    root = {"submit": "report", "fileinfo": "fileDetails"}[call]
    return asker.esp.post(f"/{call}", content=f"<{root}/>".encode())


def malformed(asker: Asker, call: str) -> httpx2.Response:
    return asker.esp.post(f"/{call}", content=b"<report")


def no_form(asker: Asker, call: str) -> httpx2.Response:
    return asker.esp.post(f"/{call}", content=b"no form")


def unknown_file(asker: Asker, call: str) -> httpx2.Response:
    return asker.esp.post(f"/{call}", content=details(asker.opened(), NO_FILE))


def nowhere(asker: Asker, call: str) -> httpx2.Response:
    return asker.esp.get(f"/{call}/nothing")


Ask = Callable[[Asker, str], httpx2.Response]

CELLS: dict[tuple[str, int], tuple[int, Ask]] = {
    **{(call, 0): (200, done) for call in CALLS},
    **{(call, 1000): (500, fault) for call in CALLS},
    **{(call, 1100): (500, lost) for call in CALLS},
    **{(call, 1210): (404, nowhere) for call in CALLS},
    **{(call, 2000): (401, stranger) for call in CALLS},
    **{(call, 3000): (403, forged) for call in POSTED},
    **{(call, 4000): (400, broken_form) for call in CALLS if call not in {"status", "xsd"}},
    **{(call, 4000): (405, wrong_method) for call in ("status", "xsd")},
    **{(call, 4100): (400, invalid) for call in ("submit", "fileinfo", "finish")},
    **{(call, 4110): (400, malformed) for call in ("submit", "fileinfo")},
    ("upload", 4200): (400, no_form),
    **{(call, 5001): (400, lambda asker, call: asker.ask(call)) for call in OF_REPORTS},
    ("fileinfo", 5002): (400, unknown_file),
    **{
        (call, 5101): (400, lambda asker, call: asker.ask(call, asker.retracted()))
        for call in OF_REPORTS
    },
    **{
        (call, 5102): (400, lambda asker, call: asker.ask(call, asker.finished()))
        for call in OF_REPORTS
        if call != "receipt"
    },
}
"""Call and code → HTTP status, and how it comes about."""
