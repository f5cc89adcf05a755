"""What tells a provider where it stands: countdown, receipt, orphans and doubles."""

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from tests.nodes import CONSOLE
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
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.scope import move_clock
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions, providers, receipts
from tipbridge.tips.intake.api import EXPIRES, EXPIRES_IN
from tipbridge.tips.report.receipt import RECEIPT_TYPE, verified_receipt

START = datetime(2013, 11, 1, tzinfo=UTC)
DATA = b"synthetic bytes"
OTHER_REPORT = REPORT.replace(b"ts@esp.example", b"desk@esp.example")


def at(node: Node, moment: datetime) -> None:
    with open_work(node, WORKER) as work:
        assert move_clock(work.db, moment)


@pytest.fixture
def esp(node):
    at(node, START)
    add_provider(node)
    with serving(node) as address, client(address) as found:
        yield found


def left(answer) -> tuple[str, int]:
    return answer.headers[EXPIRES], int(answer.headers[EXPIRES_IN])


def filed(esp, body: bytes = REPORT, data: bytes = DATA) -> str:
    report_id = open_report(esp, body)
    assert code(upload(esp, report_id, data)) == 0
    assert code(esp.post("/finish", data={"id": report_id})) == 0
    return report_id


def test_answers_on_an_open_report_count_down_to_its_end(esp, node):
    opened = esp.post("/submit", content=REPORT)
    report_id = said(opened)["reportId"]
    assert left(opened) == ("2013-11-02T00:00:00Z", 86_400)
    at(node, START + timedelta(hours=1))
    sent = upload(esp, report_id, DATA)
    assert left(sent) == ("2013-11-02T00:00:00Z", 82_800)
    at(node, START + timedelta(hours=23, minutes=30))
    told = esp.post("/fileinfo", content=details(report_id, said(sent)["fileId"]))
    assert left(told) == ("2013-11-02T00:30:00Z", 3_600)
    at(node, START + timedelta(hours=24, minutes=29))
    assert left(upload(esp, report_id, DATA)) == ("2013-11-02T01:29:00Z", 3_600)
    for answer in (esp.post("/finish", data={"id": report_id}), upload(esp, report_id, DATA)):
        assert EXPIRES not in answer.headers


def test_a_repeated_finish_answers_5102_with_the_files(esp):
    report_id = open_report(esp)
    files = [said(upload(esp, report_id, data))["fileId"] for data in (b"one", b"two")]
    first = said(esp.post("/finish", data={"id": report_id}))
    again = said(esp.post("/finish", data={"id": report_id}))
    assert (again["root"], again["responseCode"]) == ("reportDoneResponse", "5102")
    assert (again["reportId"], again["files"]) == (report_id, ",".join(files))
    assert again["files"] == first["files"]


def test_a_refused_finish_has_the_schemas_elements_in_their_order_and_its_reason_last(esp):
    report_id = open_report(esp)
    assert code(esp.post("/finish", data={"id": report_id})) == 0
    for number in (report_id, "5", "no number"):
        refused = re.findall(r"<(\w+)[/>]", esp.post("/finish", data={"id": number}).text)
        wanted = ["reportDoneResponse", "responseCode", "reportId", "files", "responseDescription"]
        assert refused == wanted, "a client that reads in order finds its three"


def test_a_finished_report_has_a_receipt_that_its_provider_verifies_alone(esp, node, tmp_path):
    report_id = open_report(esp)
    file_id = said(upload(esp, report_id, DATA))["fileId"]
    told = details(report_id, file_id)
    assert code(esp.post("/fileinfo", content=told)) == 0
    early = esp.get(f"/reports/{report_id}/receipt")
    assert (early.status_code, code(early)) == (400, 4000)
    assert code(esp.post("/finish", data={"id": report_id})) == 0

    answer = esp.get(f"/reports/{report_id}/receipt")
    assert answer.headers["content-type"] == RECEIPT_TYPE
    assert esp.get(f"/reports/{report_id}/receipt").content == answer.content
    receipt = verified_receipt(node.card(), answer.content)
    assert (receipt.report_id, receipt.username) == (report_id, "usr123")
    assert receipt.opened_at == receipt.finished_at == START
    assert [one.sha256 for one in receipt.documents] == [
        hashlib.sha256(body).hexdigest() for body in (REPORT, told)
    ]
    assert [one.about for one in receipt.documents] == ["report", "file"]
    (file,) = receipt.files
    assert (file.file_id, file.size_bytes) == (file_id, len(DATA))
    assert file.sha256 == hashlib.sha256(DATA).hexdigest()

    names = {
        "receipt": answer.content,
        "card": node.keys.sign_card(node.card()),
        "report.xml": REPORT,
        "a.jpg": DATA,
        "other.jpg": b"never filed",
    }
    for name, data in names.items():
        (tmp_path / name).write_bytes(data)

    def verify(*more: str):
        words = ["receipts", "verify", str(tmp_path / "receipt"), "--json"]
        words += ["--card", str(tmp_path / "card")]
        for name in more:
            words += ["--filed", str(tmp_path / name)]
        return CliRunner().invoke(cli, words)

    done = verify("report.xml", "a.jpg")
    assert done.exit_code == 0, done.exception
    assert json.loads(done.output)["receipt"]["report_id"] == report_id
    assert "other.jpg" in str(verify("other.jpg").exception)
    (tmp_path / "receipt").write_bytes(answer.content.replace(b"sig", b"gis"))
    assert "signature" in str(verify().exception)


def test_a_receipt_is_the_own_providers_and_ends_with_its_report(esp, node):
    report_id = filed(esp)
    add_provider(node, name="esp-two", username="usr456", password="pw-2")
    with (
        serving(node) as address,
        client(address, "usr456", "pw-2") as stranger,
    ):
        hidden = stranger.get(f"/reports/{report_id}/receipt")
        assert code(hidden) == 5001
    assert code(esp.get("/reports/no-number/receipt")) == 4000
    with open_work(node, WORKER) as work:
        actions.purge(work, report_id)
    gone = esp.get(f"/reports/{report_id}/receipt")
    assert code(gone) == 5101
    assert "destroyed on its date" in gone.text
    late = open_report(esp)
    at(node, START + timedelta(days=2))
    expired = esp.post("/finish", data={"id": late})
    assert code(expired) == 5101
    assert "has expired" in expired.text


NOTHING = {"test": False, "orphans": [], "doubles": [], "more": False}


def test_loose_ends_come_a_page_at_a_time(esp, monkeypatch):
    monkeypatch.setattr(receipts, "LINES", 2)
    opened = [open_report(esp) for _ in range(3)]
    first, second = (esp.get(f"/loose-ends?page={page}").json() for page in (1, 2))
    assert [one["report_id"] for one in first["orphans"]] == opened[:2]
    assert [one["report_id"] for one in second["orphans"]] == opened[2:]
    assert (first["more"], second["more"]) == (True, False)
    assert code(esp.get("/loose-ends?page=0")) == 4000


def test_orphans_and_probable_doubles_are_listed(esp, node):
    first = filed(esp)
    same = filed(esp)
    other_files = filed(esp, data=b"others")
    filed(esp, OTHER_REPORT)
    lost, fresh = open_report(esp), open_report(esp, REPORT.replace(b"Trafficking", b"Tourism"))
    found = esp.get("/loose-ends").json()
    assert [(one["report_id"], one["same_as"]) for one in found["orphans"]] == [
        (lost, other_files),
        (fresh, None),
    ]
    doubles = [(o["report_id"], o["earlier_id"], o["same_files"]) for o in found["doubles"]]
    assert doubles == [(other_files, same, False), (same, first, True)]

    spaced = filed(esp, REPORT.replace(b"><", b">\n  <"))
    found = esp.get("/loose-ends").json()
    assert found["doubles"][0]["report_id"] == spaced  # the same but for white space
    add_provider(node, username="usr-b", password="pw-b")
    with serving(node) as address, client(address, "usr-b", "pw-b") as twin:
        filed(twin)
        assert twin.get("/loose-ends").json()["doubles"][0]["report_id"] == spaced
    at(node, START + timedelta(days=31))
    assert esp.get("/loose-ends").json() == NOTHING


def test_the_same_report_sent_64_times_at_once_is_64_reports_of_which_63_are_listed_as_doubles(esp):
    """N08: the protocol has no key by which a client says "the same again" (ADR 0046)."""
    with ThreadPoolExecutor(8) as pool:
        opened = sorted(pool.map(lambda _: open_report(esp), range(64)), key=int)
    assert len(set(opened)) == 64, "nothing is merged, and nothing refused"
    waiting = esp.get("/loose-ends").json()
    assert sorted(one["report_id"] for one in waiting["orphans"]) == sorted(opened)
    with ThreadPoolExecutor(8) as pool:
        finish = pool.map(lambda number: esp.post("/finish", data={"id": number}), opened)
        assert {code(answer) for answer in finish} == {0}
    found = esp.get("/loose-ends").json()
    pairs = {(one["report_id"], one["earlier_id"]) for one in found["doubles"]}
    assert pairs == set(zip(opened[1:], opened, strict=False)), "each names the one before it"
    assert found["orphans"] == []


def test_a_retry_after_a_lost_answer_leaves_an_orphan_that_names_its_twin(esp):
    lost = open_report(esp)  # its answer never came, so the client begins anew
    again = filed(esp)
    found = esp.get("/loose-ends").json()
    assert [(one["report_id"], one["same_as"]) for one in found["orphans"]] == [(lost, again)]
    assert code(esp.post("/retract", data={"id": lost})) == 0
    assert esp.get("/loose-ends").json() == NOTHING, "and nothing was filed twice"


def test_a_document_that_has_ended_is_no_double_of_anything(esp, node):
    report_id = filed(esp)
    assert code(esp.post("/retract", data={"id": open_report(esp)})) == 0
    with open_work(node, WORKER) as work:
        actions.purge(work, report_id)
    filed(esp)
    assert esp.get("/loose-ends").json() == NOTHING


def test_a_user_name_changes_over_with_an_overlap_and_ends_at_once_when_told(esp, node):
    add_provider(node, username="usr-new", password="pw-new")
    report_id = open_report(esp)

    def revoke(username: str, **chosen: int) -> None:
        with open_work(node, CONSOLE) as work:
            providers.revoke_provider(work, username=username, **chosen)

    with pytest.raises(Invalid):
        revoke("usr123", in_hours=-1)
    revoke("usr123", in_hours=2)
    assert code(upload(esp, report_id, DATA)) == 0  # no request in between was refused
    with (
        serving(node) as address,
        client(address) as anew,
        client(address, "usr-new", "pw-new") as after,
    ):
        assert code(anew.get("/status")) == 0
        at(node, START + timedelta(hours=2))
        assert [code(each.get("/status")) for each in (esp, anew)] == [2000, 2000]
        assert code(after.post("/finish", data={"id": report_id})) == 0
        with open_work(node, CONSOLE) as work:
            lines = {one.username: one.active for one in providers.list_providers(work)}
        assert lines == {"usr123": False, "usr-new": True}
        revoke("usr-new", in_hours=24)
        assert code(after.get("/status")) == 0
        revoke("usr-new")
        assert code(after.get("/status")) == 2000
    with pytest.raises(NotFound):
        revoke("usr-new")
