"""A node whose providers share hashes, its interface as a client, and documents to send."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi import FastAPI
from lxml import etree
from starlette.testclient import TestClient

from tests.nodes import CONSOLE
from tests.tips.intake.ispws import add_provider
from tipbridge.foundation.base.actors import Actor, ActorKind
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashsharing import actions
from tipbridge.knowledge.hashsharing.api import PATH, build_hashsharing
from tipbridge.knowledge.hashsharing.model import Change, EntryKind, Fingerprint, FingerprintType
from tipbridge.knowledge.hashsharing.reading import NAMESPACE

PASSWORD = "long-enough-1"
MD5, PDQ = "0123456789abcdef" * 2, "0f" * 32


@dataclass(frozen=True, kw_only=True)
class Sharer:
    """One member, as an actor and as a client of the interface."""

    member: int
    actor: Actor
    http: TestClient = field(repr=False)

    def get(self, path: str, status: int = 200) -> Any:
        """The document at a path below the environment's root."""
        return document(self.http.get(PATH + path), status)

    def submit(self, inside: str, status: int = 200) -> Any:
        """The answer to a submission."""
        return document(self.http.post(f"{PATH}/v2/entries", content=submission(inside)), status)

    def vote(self, path: str, inside: str, status: int = 200) -> Any:
        """The answer to a vote."""
        body = f'<feedbackSubmission xmlns="{NAMESPACE}">{inside}</feedbackSubmission>'
        return document(self.http.put(f"{PATH}/v2/entries/{path}/feedback", content=body), status)

    def everything(self) -> Any:
        """One page of every entry there is, those of this second too."""
        return self.get("/v2/entries")


def document(answer: httpx2.Response, status: int) -> Any:
    """The answer's document with our namespace taken off its tags."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/xml;charset=UTF-8"
    root = etree.fromstring(answer.content)
    for node in root.iter():
        assert node.tag.startswith(f"{{{NAMESPACE}}}")
        node.tag = node.tag.partition("}")[2]
    return root


def submission(inside: str) -> bytes:
    return f'<entrySubmission xmlns="{NAMESPACE}">{inside}</entrySubmission>'.encode()


def image(entry_id: str, md5: str = MD5, *, more: str = "", after: str = "") -> str:
    return (
        f"<image><id>{entry_id}</id>{after}"
        f"<fingerprints><md5>{md5}</md5>{more}</fingerprints></image>"
    )


def change(entry_id: str, number: int = 1) -> Change:
    value = Fingerprint(type=FingerprintType.MD5, value=number.to_bytes(16, "big"))
    return Change(entry_id=entry_id, kind=EntryKind.IMAGE, fingerprints=(value,))


def enrol(node, *names: str) -> list[Sharer]:
    """Members of hash sharing, one for each name."""
    app = FastAPI()
    app.mount(PATH, build_hashsharing(node))
    found = []
    for name in names:
        provider = add_provider(node, name, name, PASSWORD)
        with open_work(node, CONSOLE) as work:
            member = actions.enrol_member(work, provider=name)
        http = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
        http.auth = (name, PASSWORD)
        actor = Actor(kind=ActorKind.PROVIDER, id=provider, name=name)
        found.append(Sharer(member=member.id, actor=actor, http=http))
    return found
