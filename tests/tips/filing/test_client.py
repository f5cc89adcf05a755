import contextlib
import socket
import threading
from collections.abc import Generator
from urllib.parse import urlsplit

import pytest

from tests.tips.intake.ispws import add_provider, serving
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.work import open_work
from tipbridge.tips.filing.client import FilingClient
from tipbridge.tips.filing.errors import ClearinghouseSilent, FilingRefused
from tipbridge.tips.intake import actions
from tipbridge.tips.report.model import (
    Account,
    Email,
    FileDetails,
    Incident,
    IpCapture,
    Person,
    PersonRole,
    Report,
)

REPORT = Report(
    incident=Incident(type="Child Sex Trafficking", platform="Example Chat"),
    reporter=Person(role=PersonRole.REPORTED, emails=(Email(address="ts@esp.example"),)),
    people=(
        Person(
            role=PersonRole.REPORTED,
            account=Account(identifier="user-0001", service="Example Chat"),
            ips=(IpCapture(address="203.0.113.7", event="Login", port=44321),),
        ),
    ),
)
DETAILS = FileDetails(report_id=0, file_id="", original_name="a.jpg", viewed_by_provider=True)


@pytest.fixture
def address(node):
    add_provider(node)
    with serving(node) as found:
        yield f"{found}/ispws"


def test_a_report_is_filed_whole_and_arrives_whole(node, address):
    with FilingClient(address, "usr123", "pw-1") as client:
        assert client.status().description.startswith("Remote User")
        assert client.schema().startswith(b"<?xml")
        filed = client.file(REPORT, [(b"one", DETAILS), (b"two", None)])
    with open_work(node, WORKER) as work:
        record = actions.read_report(work, filed.report_id)
    assert record.state == "finished"
    assert record.report == REPORT
    assert {file.file_id for file in record.files} == set(filed.file_ids)
    described = next(file for file in record.files if file.details is not None)
    assert described.details is not None
    assert described.details.original_name == "a.jpg"
    assert filed.file_ids[0].encode() in filed.receipt


def test_a_refused_document_says_why(address):
    with FilingClient(address, "usr123", "pw-1") as client:
        with pytest.raises(FilingRefused, match="4100 Validation failed"):
            client.submit(b"<report/>")
        with pytest.raises(FilingRefused, match="5001"):
            client.finish("900009999")


def test_a_report_refused_half_way_is_retracted(node, address):
    wrong = FileDetails(report_id=0, file_id="", exif_viewed=True, viewed_by_provider=False)
    with FilingClient(address, "usr123", "pw-1") as client, pytest.raises(FilingRefused):
        client.file(REPORT, [(b"one", wrong)])
    with open_work(node, WORKER) as work:
        assert actions.read_report(work, "900000001").state == "retracted"


def test_a_wrong_password_is_told_at_once(address):
    refused = pytest.raises(FilingRefused, match="2000")
    with FilingClient(address, "usr123", "wrong") as client, refused:
        client.status()


def test_a_silent_clearinghouse_is_told_after_several_tries(monkeypatch):
    monkeypatch.setattr("tipbridge.tips.filing.client.FIRST_PAUSE_SECONDS", 0.001)
    refused = pytest.raises(ClearinghouseSilent)
    with FilingClient("http://127.0.0.1:9", "u", "p") as client, refused:
        client.status()


def test_a_lost_answer_to_finish_is_found_again(node, address, monkeypatch):
    monkeypatch.setattr("tipbridge.tips.filing.client.FIRST_PAUSE_SECONDS", 0.001)
    with losing_first_answer(address) as lossy:
        with FilingClient(address, "usr123", "pw-1") as client:
            report_id = client.submit(REPORT)
            file_id = client.upload(report_id, b"x").files[0]
        with FilingClient(lossy, "usr123", "pw-1") as client:
            answer = client.finish(report_id)
    assert (answer.report_id, answer.files) == (report_id, (file_id,))
    with open_work(node, WORKER) as work:
        assert actions.read_report(work, report_id).state == "finished"


@contextlib.contextmanager
def losing_first_answer(address: str) -> Generator[str]:
    """A way to the clearinghouse that swallows the first answer."""
    target = urlsplit(address)
    listener = socket.create_server(("127.0.0.1", 0))
    lost = threading.Event()

    def pass_on(near: socket.socket, far: socket.socket) -> None:
        asked = b""
        while b"id=" not in asked:
            asked += near.recv(65536)
        far.sendall(asked.replace(b"keep-alive", b"close"))
        answer = b""
        while piece := far.recv(65536):
            answer += piece
        if lost.is_set():
            near.sendall(answer)
        lost.set()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                with near, socket.create_connection((target.hostname, target.port)) as far:
                    pass_on(near, far)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}{target.path}"
    finally:
        listener.close()
