"""A node's reporting API on a real server, and documents to file there."""

import contextlib
import socket
import threading
import time
from collections.abc import Generator, Iterable

import httpx2
import uvicorn
from fastapi import FastAPI
from lxml import etree
from starlette.routing import Route

from tests.nodes import CONSOLE
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import providers
from tipbridge.tips.intake.api import PATH, build_ispws

REPORT = b"""<report><incidentSummary>
<incidentType>Child Sex Trafficking</incidentType></incidentSummary>
<reporter><reportingPerson><email>ts@esp.example</email></reportingPerson></reporter></report>"""


def details(report_id: str, file_id: str, extra: str = "") -> bytes:
    return (
        f"<fileDetails><reportId>{report_id}</reportId><fileId>{file_id}</fileId>{extra}"
        "</fileDetails>"
    ).encode()


def add_provider(node, name: str = "esp-one", username: str = "usr123", password: str = "pw-1"):
    with open_work(node, CONSOLE) as work:
        return providers.add_provider(work, name=name, username=username, password=password)


@contextlib.contextmanager
def serving(node, also: Iterable[Route] = ()) -> Generator[str]:
    """The address of a real server with this node's reporting API."""
    app = FastAPI()
    app.mount(PATH, build_ispws(node, also))
    with served(app) as address:
        yield address


@contextlib.contextmanager
def served(app: FastAPI) -> Generator[str]:
    """The address of a real server with this application."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def client(address: str, username: str = "usr123", password: str = "pw-1") -> httpx2.Client:
    return httpx2.Client(
        base_url=f"{address}{PATH}", auth=(username, password), timeout=30, trust_env=False
    )


def said(answer: httpx2.Response) -> dict[str, str]:
    """The values of an answer, with its root's name."""
    root = etree.fromstring(answer.content)
    found = {str(e.tag): e.text or "" for e in root.iter()}
    found["root"] = str(root.tag)
    found["files"] = ",".join(e.text or "" for e in root.iter("fileId"))
    return found


def code(answer: httpx2.Response) -> int:
    return int(said(answer)["responseCode"])


def open_report(c: httpx2.Client, body: bytes = REPORT) -> str:
    answer = c.post("/submit", content=body)
    assert code(answer) == 0, answer.text
    return said(answer)["reportId"]


def upload(c: httpx2.Client, report_id: str, data: bytes, name: str = "a.jpg") -> httpx2.Response:
    return c.post("/upload", data={"id": report_id}, files={"file": (name, data)})
