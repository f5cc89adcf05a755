"""The reporting API as a network sees it: real sockets against `tipbridge up`."""

import base64
import resource
import socket
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from tests.large_upload import ALLOWED_BYTES, MIB, rise_during_upload
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
from tests.upped import Upped, upped
from tests.watching import until
from tipbridge.foundation.access.model import Limits
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions, providers
from tipbridge.web.connections import LEAST_BYTES_PER_SECOND

pytestmark = pytest.mark.xdist_group("network")  # one node for all of them

PATIENCE_SECONDS = 3
SLOW_CONNECTIONS = 300
OTHERS_SECONDS = 2.0  # what N04 allows another client at most
BASIC_2 = "Authorization: Basic " + base64.b64encode(b"usr456:pw-2").decode()


@pytest.fixture(scope="module")
def house() -> Generator[Upped]:
    with upped(client_patience_seconds=str(PATIENCE_SECONDS)) as running:
        yield running


@contextmanager
def connections(house: Upped, count: int) -> Generator[list[socket.socket]]:
    """So many connections to the node."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    place = ("127.0.0.1", int(house.address.rpartition(":")[2]))
    try:
        with ExitStack() as stack:
            yield [
                stack.enter_context(socket.create_connection(place, timeout=30))
                for _ in range(count)
            ]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def dripping(sockets: list[socket.socket]) -> Generator[None]:
    """A byte on each connection each second, for as long as its other side takes it."""
    over = threading.Event()

    def drip() -> None:
        alive = list(sockets)
        while not over.wait(1):
            for each in list(alive):
                try:
                    each.send(b"x")
                except OSError:
                    alive.remove(each)

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def heard_until(connection: socket.socket, awaited: bytes) -> bytes:
    """What is answered up to these words, however many pieces it comes in."""
    got = b""
    while awaited not in got:
        piece = connection.recv(65536)
        assert piece, f"closed after {got!r}"
        got += piece
    return got


def heard(connection: socket.socket) -> bytes:
    """All that is answered until the other side closes."""
    got = b""
    try:
        while piece := connection.recv(65536):
            got += piece
    except ConnectionResetError:  # it closed while our last byte was under way
        pass
    return got


def lifecycle_seconds(house: Upped) -> list[float]:
    """How long each request of one whole report took."""
    took: list[float] = []
    with client(house.address) as esp:

        def timed(verb, *values, **named):
            begun = time.monotonic()
            answer = verb(*values, **named)
            took.append(time.monotonic() - begun)
            assert code(answer) == 0, answer.text
            return said(answer)

        report_id = timed(esp.post, "/submit", content=REPORT)["reportId"]
        file_id = timed(upload, esp, report_id, b"synthetic" * 20_000)["fileId"]
        timed(esp.post, "/fileinfo", content=details(report_id, file_id))
        timed(esp.post, "/finish", data={"id": report_id})
    return took


def files_in(node: Node) -> set[str]:
    return {str(path) for path in node.vault.folder.rglob("*") if path.is_file()}


def head(path: str, *headers: str) -> bytes:
    lines = (f"POST /ispws{path} HTTP/1.1", "Host: localhost", BASIC_2, *headers)
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_hundreds_of_slow_connections_cost_nobody_else_and_are_closed(house) -> None:
    report_id = _open_as_two(house)
    lifecycle_seconds(house)  # the other's password is proved once, and that takes its time
    alone = max(lifecycle_seconds(house))
    form = head("/upload", "Content-Type: multipart/form-data; boundary=b", "Content-Length: 9999")
    start = b"POST /ispws/upload HTTP/1.1\r\nHost: localhost\r\nX: "
    part = f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'.encode()
    with connections(house, SLOW_CONNECTIONS) as slow:
        for number, each in enumerate(slow):  # most never end a head, some a body
            each.sendall(form + part if number % 10 == 0 else start[: len(start) - number % 3])
        with dripping(slow):
            took = [seconds for _ in range(5) for seconds in lifecycle_seconds(house)]
        answers = [heard(each) for each in slow]
    # On a machine that is busy with other work each request took long before, too.
    assert max(took) < max(OTHERS_SECONDS, 4 * alone), (alone, took)
    given_up = [answer for answer in answers if answer.startswith(b"HTTP/1.1 408 ")]
    assert len(given_up) > 0.9 * SLOW_CONNECTIONS  # the rest were reset with our byte on its way
    in_xml = [each for each in given_up if b"<responseCode>4000</responseCode>" in each]
    assert 0 < len(in_xml) <= SLOW_CONNECTIONS // 10  # where the path is known; else a plain word
    assert len({each for each in given_up if each not in in_xml}) == 1
    assert all(answer in {b"", *given_up} for answer in answers)
    with client(house.address, "usr456", "pw-2") as other:
        assert code(upload(other, report_id, b"x")) == 0  # its own places are free again


def _open_as_two(house: Upped) -> str:
    with client(house.address, "usr456", "pw-2") as other:
        return open_report(other)


def test_a_body_that_comes_slowly_but_comes_is_taken(house) -> None:
    report_id = _open_as_two(house)
    body = f"id={report_id}&x=".encode() + b"y" * LEAST_BYTES_PER_SECOND * (PATIENCE_SECONDS + 2)
    form = head(
        "/finish", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"
    )
    with connections(house, 1) as (one,):
        one.sendall(form)
        step = LEAST_BYTES_PER_SECOND // 2
        for at in range(0, len(body), step):
            one.sendall(body[at : at + step])
            threading.Event().wait(0.4)
        assert b"<responseCode>0</responseCode>" in heard_until(one, b"Response>")


def test_an_upload_cut_at_any_tenth_leaves_nothing(house) -> None:
    report_id = _open_as_two(house)
    body = (
        f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
    ).encode() + b"z" * 1_500_000
    form = head(
        "/upload", "Content-Type: multipart/form-data; boundary=b", f"Content-Length: {len(body)}"
    )
    before = files_in(house.node)
    with connections(house, 10) as cut:
        for tenth, each in enumerate(cut):
            each.sendall((form + body)[: (len(form) + len(body)) * tenth // 10])
        lifecycle_seconds(house)
        mine = files_in(house.node) - before
    until(lambda: not _of_report(house.node, report_id) and files_in(house.node) - before <= mine)
    with client(house.address, "usr456", "pw-2") as other:
        assert said(other.post("/finish", data={"id": report_id}))["files"] == ""
    kept = {f"{name}" for name in files_in(house.node) - before}
    with open_work(house.node, WORKER) as work:
        key_id = actions.read_report(work, report_id).key_id
    assert not [name for name in kept if key_id in name]


def _of_report(node: Node, report_id: str) -> list[str]:
    with open_work(node, WORKER) as work:
        record = actions.read_report(work, report_id)
        own = set(node.vault.files_of(record.key_id))
    return sorted(own - {one.sealed.file_id for one in record.originals})


def test_many_files_are_uploaded_to_one_report_at_once(house) -> None:
    with client(house.address) as esp, ThreadPoolExecutor(12) as pool:
        report_id = open_report(esp)
        data = [bytes([number]) * (400_000 if number % 3 else 10) for number in range(36)]
        sent = [said(each) for each in pool.map(lambda each: upload(esp, report_id, each), data)]
        assert {one["responseCode"] for one in sent} == {"0"}
        done = said(esp.post("/finish", data={"id": report_id}))
    assert sorted(done["files"].split(",")) == sorted(one["fileId"] for one in sent)
    with open_work(house.node, WORKER) as work:
        held = {one.file_id: one.md5 for one in actions.read_report(work, report_id).files}
    assert held == {one["fileId"]: one["hash"] for one in sent}


def test_a_client_that_waits_to_be_told_to_go_on_is_told(house) -> None:
    report_id = _open_as_two(house)
    body = (
        f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nsynthetic\r\n--b--\r\n'
    ).encode()
    waiting = (
        "Expect: 100-continue",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {len(body)}",
    )
    with connections(house, 2) as (one, nobody):
        one.sendall(head("/upload", *waiting))
        assert heard_until(one, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(body)
        assert b"<responseCode>0</responseCode>" in heard_until(one, b"Response>")
        nobody.sendall(head("/upload", *waiting).replace(BASIC_2.encode(), b"X: y"))
        assert heard_until(nobody, b"\r\n\r\n").startswith(b"HTTP/1.1 401 ")


SECOND = b"POST /ispws/retract HTTP/1.1\r\nHost: localhost\r\n%b\r\nContent-Length: 12\r\n\r\nid=900000000"
AMBIGUOUS = {
    "length and chunks": ("Content-Length: 5", "Transfer-Encoding: chunked"),
    "two lengths": ("Content-Length: 0", "Content-Length: 44"),
    "a length that is none": ("Content-Length: five",),
    "a negative length": ("Content-Length: -1",),
    "chunked twice over": ("Transfer-Encoding: chunked, identity",),
    "two hosts": ("Host: evil.example", "Content-Length: 0"),
}


@pytest.mark.parametrize("what", AMBIGUOUS)
def test_a_request_that_can_be_read_in_two_ways_is_refused_with_what_follows(house, what) -> None:
    with connections(house, 1) as (one,):
        first = head("/retract", *AMBIGUOUS[what])
        one.sendall(first + b"0\r\n\r\n" + SECOND % BASIC_2.encode())
        answers = heard(one)
    assert answers.split(b" ")[1] in {b"400", b"421"}, answers
    assert answers.count(b"HTTP/1.1 ") == 1, answers  # no second request was executed


def test_a_form_of_ten_thousand_parts_is_refused(house) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n'
    with client(house.address) as esp:
        answer = esp.post(
            "/upload",
            content=part * 10_000 + b"--b--\r\n",
            headers={"Content-Type": "multipart/form-data; boundary=b"},
        )
    assert (answer.status_code, code(answer)) == (400, 4200)


def test_a_provider_is_held_to_its_limit_and_others_are_not(house) -> None:
    add_provider(house.node, "esp-slow", "usr-slow", "pw-s")
    with open_work(house.node, CONSOLE) as work:
        providers.set_limits(work, "esp-slow", Limits(upload_bytes_per_second=MIB))
    over: dict[str, float] = {}
    begun = time.monotonic()

    def send(username: str, password: str) -> None:
        with client(house.address, username, password) as esp:
            assert code(upload(esp, open_report(esp), b"x" * 3 * MIB)) == 0
        over[username] = time.monotonic() - begun

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, ("usr-slow", "usr123"), ("pw-s", "pw-1")))
    assert over["usr-slow"] > 2.8
    assert over["usr123"] < over["usr-slow"]


def test_what_there_is_is_shared_by_providers_and_not_by_connections(node: Node) -> None:
    add_provider(node)
    add_provider(node, "esp-two", "usr456", "pw-2")
    chosen = node.settings.model_copy(update={"upload_bytes_per_second": MIB})
    over: dict[str, float] = {}
    with serving(replace(node, settings=chosen)) as address, client(address) as esp:
        report_id = open_report(esp)
        with client(address, "usr456", "pw-2") as other, ThreadPoolExecutor(5) as pool:
            theirs = open_report(other)

            def send(name: str, asked, number: str) -> None:
                assert code(upload(asked, number, b"x" * (MIB // 4))) == 0
                over[name] = time.monotonic()

            begun = time.monotonic()
            sent = [pool.submit(send, f"one-{n}", esp, report_id) for n in range(4)]
            sent.append(pool.submit(send, "two", other, theirs))
            for each in sent:
                each.result()
    assert max(over.values()) - begun > 1.1  # five quarters of a MiB, at one MiB a second
    assert over["two"] < sorted(over[f"one-{n}"] for n in range(4))[2]


def test_a_large_upload_leaves_memory_as_it_was(house) -> None:
    assert rise_during_upload(house, 256 * MIB) < ALLOWED_BYTES
