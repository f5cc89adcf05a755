"""Words planted through every form of a case are nowhere on the node once the case is erased (E6)."""

import logging
import os
import re
import tempfile
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.nodes import CONSOLE, SERVER_FOLDER, add_unit, run_followups
from tests.police.cases.builders import account_parts, file_part
from tests.police.folk import a_case, file_of, looked_after
from tests.police.retention.test_erasing import A_YEAR_ON, plan_of
from tests.scenarios.test_erasure import Canaries
from tests.web.pages import add_member, browser, sign_in
from tipbridge import pipeline
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.logs import configure_logs
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage import erasing
from tipbridge.foundation.storage.engine import raw_connection
from tipbridge.foundation.storage.ground import settle as settle_ground
from tipbridge.foundation.storage.launcher import OWNER_ROLE
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import erase_text, set_clock
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import moving
from tipbridge.police.retention import store
from tipbridge.police.welfare import actions as welfare

LEAST = int(os.environ.get("TIPBRIDGE_CANARIES", "40"))
"""`make canaries` plants 1,000."""

CASE_FORMS: dict[str, dict[str, str]] = {
    "/cases/{case}/numbers": {"agency": "hsi", "number": "@"},
    "/cases/{case}/people": {"role": "victim"},
    "/cases/{case}/people/{person}": {
        "roles": "suspect|victim", "reference": "@", "name": "@", "birth_earliest": "2006-05-05",
        "birth_latest": "2006-05-05", "birth_certainty": "verified", "offence": "distribution",
        "act": "posted", "act_on": "2014-03-10", "place_service": "@", "guardian": "@",
        "guardian_contact": "@", "counsel": "@", "counsel_contact": "@", "because": "@",
    },
    "/cases/{case}/people/{person}/exploitation": {"answer": "no-exploitation", "source": "@"},
    "/cases/{case}/people/{person}/withdrawal": {"facts": "guardian|counsel", "because": "@"},
    "/cases/{case}/notes": {"note": "@\n@\n@\n@", "person": "{person}"},
    "/cases/{case}/tasks": {"title": "@"},
    "/cases/{case}/people/{person}/favours": {"text": "@\n@"},
    "/cases/{case}/people/{person}/defence": {"asked": "@\n@"},
    "/cases/{case}/defence/{defence}/answer": {"answer": "@\n@"},
    "/cases/{case}/askings": {"grounds": "@"},
    "/cases/{case}/demands": {
        "kind": "subscriber", "addressee": "@", "language": "ko", "authority": "@",
        "person": "{person}", "account": "@",
    },
    "/cases/{case}/demands/{demand}/sending": {},
    "/cases/{case}/demands/{demand}/answer": {"kind": "subscriber-name", "value": "@"},
    "/cases/{case}/hand-overs": {"unit": "below", "ground": "workload", "words": "@"},
    "/cases/{case}/hand-overs/{offer}/withdrawal": {},
    "/cases/{case}/children": {"person": "{person}"},
    "/cases/{case}/children/{child}": {
        "name": "@", "guardian": "@", "guardian_contact": "@", "school": "@", "address": "@",
        "statement": "@\n@\n@\n@", "needs": "@\n@",
    },
    "/cases/{case}/children/{child}?": {"name": "@", "statement": "@\n@"},
    "/search": {"about": "{case}", "grounds": "@", "text": "@"},
    "/cases/{case}/removals": {"address": "https://@.example/@"},
    "/cases/{case}/removals/{removal}/authorities": {"words": "@", "until": "2030-01-01"},
    "/cases/{case}/removals/{removal}/words": {"host": "@.example", "because": "@"},
    "/exhibits": {
        "case": "{case}", "mark": "@", "kind": "device", "description": "@", "identifiers": "@",
        "place": "@", "authority": "@", "person": "{person}", "grounds": "@",
    },
    "/exhibits/{exhibit}/return": {"to": "@", "reason": "@"},
    "/disclosures": {"case": "{case}", "recipient": "@", "purpose": "court"},
    "/retention/holds": {"case": "{case}", "ground": "court-proceedings", "words": "@"},
    "/retention/holds/lift": {"case": "{case}", "words": "@"},
    "/cases/{case}/people/{person}/steps": {"step": "search", "grounds": "@"},
    "/cases/{case}/people/{person}/outcome": {"outcome": "welfare-only", "grounds": "@"},
    "/cases/{case}/people/{person}/appeals": {"filed_by": "counsel", "appeal_grounds": "@"},
    "/cases/{case}/appeals/{appeal}": {"state": "rejected", "answer": "@"},
    "/welfare/{welfare}": {"agency": "@", "contact_made": "yes", "consent_by": "guardian"},
    "/welfare/{welfare}?": {"agency": "@"},
}  # fmt: skip
"""What is sent to each form in turn; "@" is a canary, a name in braces an id that came before,
"|" stands between several values; a path ends on "?" where the same form is sent once more."""

TAKEN = {"/disclosures": {409}}
"""This case's referral came by no exchange: nobody gave leave for a court, and it is refused."""

ID_OF = {
    "defence": "case_defence", "demand": "case_demands", "offer": "case_handovers",
    "child": "child_files", "removal": "removals", "exhibit": "exhibits",
    "appeal": "outcome_appeals", "welfare": "welfare_records",
}  # fmt: skip
"""Where the id of what a form made is read."""


class Desk:
    """A member of staff who fills in forms, with canaries in each free text."""

    def __init__(self, node: Node, client: TestClient, canaries: Canaries) -> None:
        self._node, self._client, self._canaries = node, client, canaries
        self.ids: dict[str, str] = {}

    def fill(self, path: str, fields: dict[str, str]) -> None:
        """Send one form; what is refused leaves its canaries in no log either."""
        sent = {name: self._worded(value).split("|") for name, value in fields.items()}
        address = self._worded(path)
        if fields:
            wrong = self._client.post(address, data={**sent, "beside": self._worded("@")})
            assert wrong.status_code == 400, (path, wrong.status_code)
        answer = self._client.post(address, data=sent)
        assert answer.status_code in TAKEN.get(path, {200, 303}), (path, answer.text)

    def add_document(self) -> None:
        """A document, by the form that streams."""
        words = {"kind": "letter", "title": self._worded("@")}
        letter = "\n".join(self._worded("@") for _ in range(4)).encode() * 300
        for name, status in (("letter.txt", 303), (f"{self._worded('@')}.exe", 400)):
            answer = self._client.post(
                self._worded("/cases/{case}/documents"), data=words, files={"file": (name, letter)}
            )
            assert answer.status_code == status, answer.text

    def learn(self, case_id: str) -> None:
        """The ids of what the forms made in this case."""
        with open_work(self._node, WORKER) as work:
            for name, table in ID_OF.items():
                query = text(f"SELECT max(id) FROM {table} WHERE case_id = :case")
                found = work.db.execute(query, {"case": case_id}).scalar_one()
                if found is not None:
                    self.ids[name] = found

    def _worded(self, value: str) -> str:
        value = re.sub("@", lambda _: self._canaries.fresh().decode(), value)
        return re.sub(r"\{(\w+)\}", lambda found: self.ids[found[1]], value)


@pytest.fixture
def places(node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[list[Path]]:
    """Every folder to which this node may write: data, temporary, log, database, its log ahead."""
    for name in ("temporary", "logs"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with raw_connection(owner_of(node)) as owner:
        own = owner.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        database = own.fetchone()[0]  # pyright: ignore[reportOptionalSubscript]
    ground = settle_ground(Path(os.environ[SERVER_FOLDER]).resolve())
    below = [ground.cluster / name for name in ("pg_wal", "global", f"base/{database}")]
    logs = [tmp_path / "logs", ground.home / "server.log"]
    with (tmp_path / "logs" / "node.log").open("w") as log:
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        configure_logs(log)
        yield [node.data, tmp_path / "temporary", *logs, *below]
    structlog.reset_defaults()  # else all later logs would go to a closed file
    root.handlers[:], root.level = handlers, level


def owner_of(node: Node) -> str:
    return node.engine.url.set(username=OWNER_ROLE).render_as_string(hide_password=False)


def plant(desk: Desk, node: Node, canaries: Canaries) -> str:
    """A case with something in every form, and closed."""
    name = canaries.fresh().decode()
    file = a_case(node, [*account_parts(name), file_part(len(canaries.planted))])
    case_id = file.case.id
    desk.ids = {"case": case_id, "person": file.people[0].person.id}
    for path, fields in CASE_FORMS.items():
        desk.learn(case_id)
        if path == "/welfare/{welfare}":
            run_followups(node)
            desk.learn(case_id)
        desk.fill(path, fields)
    desk.add_document()
    run_followups(node)
    close(node, case_id)
    return case_id


def close(node: Node, case_id: str) -> None:
    """Nobody else is recorded, everything that was up is gone, and the welfare records end."""
    with open_work(node, CONSOLE) as work:
        for each in removals.list_removals(work, case_id):
            moving.record_state(work, each.removal.id, removals.RemovalState.REMOVED)
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        for line in welfare.list_records(work):
            if line.welfare.case_id == case_id and line.welfare.closed_at is None:
                looked_after(work, line.welfare)


def test_no_canary_of_an_erased_case_is_anywhere(node: Node, places: list[Path]) -> None:
    canaries, made = Canaries(), []
    add_unit(node, "below")
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(build_app(node))
    sign_in(client, "desk")
    client.headers["accept"] = "application/json"
    desk = Desk(node, client, canaries)
    while len(canaries.planted) < LEAST:
        made.append(plant(desk, node, canaries))
    with raw_connection(owner_of(node)) as owner:
        owner.execute("ANALYZE")  # as the server does by itself, sooner or later
        owner.execute("CHECKPOINT")
    before = {hit for _, hit in canaries.found_below(*places)}
    assert len(before) > len(canaries.planted) / 2, "else this test could find nothing"

    with open_work(node, CONSOLE) as work:
        set_clock(work, at=A_YEAR_ON + timedelta(days=3650))
    pipeline.tick(node)
    run_followups(node)
    for case_id in made:
        waiting = [each.waits for each in plan_of(node).cases if each.case_id == case_id]
        assert file_of(node, case_id).people == (), waiting
    while erase(node):
        pass
    assert canaries.found_below(*places) == set()
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=A_YEAR_ON + timedelta(days=3651))
    pipeline.tick(node)
    run_followups(node)
    with open_work(node, WORKER) as work:
        gone = {each.case_id: each for each in store.erased_cases(work.db, limit=1000)}
    assert {*made} <= {*gone}
    assert all(each.keys_gone_at for each in gone.values())


def erase(node: Node) -> bool:
    """Write anew what was noted; whether anything was."""
    with open_work(node, WORKER) as work:
        erase_text(work, owner_url=owner_of(node))
    with open_work(node, WORKER) as work:
        return bool(erasing.notes(work.db))
