"""What the reporting API answers with success survives a power cut at any later moment."""

import itertools
from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import event
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.disks import SYNCS, PowerCut, RecordingDisk
from tests.tips.intake.ispws import REPORT, add_provider, code, details, said
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.vault import Sealed, Vault
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions
from tipbridge.tips.intake.api import PATH, build_ispws


class Door:
    """The reporting API; notes when an answer leaves.

    Shape: a hasty door is a planted fault: it speaks as soon as it has heard the request.
    """

    def __init__(self, app: ASGIApp, disk: RecordingDisk, *, hasty: bool) -> None:
        self._app, self._disk, self._hasty = app, disk, hasty

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def heard() -> Message:
            message = await receive()
            if self._hasty and not message.get("more_body", False):
                self._disk.note("answer")
            return message

        async def speak(message: Message) -> None:
            if message["type"] == "http.response.start" and not self._hasty:
                self._disk.note("answer")
            await send(message)

        await self._app(scope, heard, speak)


class Filing:
    """One report filed on a recorded disk: what was answered, and what would be left of it."""

    def __init__(self, node: Node, folder: Path, *, hasty: bool = False) -> None:
        self.disk = RecordingDisk()
        self.root = folder / "now"
        self.root.mkdir()
        self._cuts = (folder / f"cut-{number}" for number in itertools.count())
        vault = Vault(self.root / "vault", node.keys.vault_identity, self.disk)
        self.node = replace(node, vault=vault)
        event.listen(node.engine, "commit", lambda _: self.disk.note("commit"))
        add_provider(self.node)
        app = FastAPI()
        app.mount(PATH, Door(build_ispws(self.node), self.disk, hasty=hasty))
        self.spans: dict[str, range] = {}
        self.kept: dict[str, Sealed] = {}
        self.client = TestClient(app, base_url=f"http://localhost{PATH}")
        self.client.auth = ("usr123", "pw-1")
        self.number = ""
        self._file(self.client)

    def _file(self, client: TestClient) -> None:
        client.get("/status")  # so that the sign-in's own record is not taken for a filing's
        found = self._call("submit", lambda: client.post("/submit", content=REPORT))
        self.number = number = found["reportId"]
        ids: dict[str, str] = {}
        for name, size in (("small", 3_000), ("large", 700_000)):
            form = {"data": {"id": number}, "files": {"file": (name, name.encode() * size)}}
            found = self._call(name, lambda form=form: client.post("/upload", **form))
            ids[name] = found["fileId"]
        body = details(number, ids["small"])
        self._call("details", lambda: client.post("/fileinfo", content=body))
        with open_work(self.node, WORKER) as work:
            record = actions.read_report(work, number)
        by_about = {original.about: original.sealed for original in record.originals}
        by_id = {file.file_id: file.sealed for file in record.files}
        self.kept = {
            "submit": by_about["report"],
            "details": by_about["file"],
            "small": by_id[ids["small"]],
            "large": by_id[ids["large"]],
        }

    def _call(self, name: str, ask) -> dict[str, str]:
        begun = len(self.disk.steps)
        answer = ask()
        assert code(answer) == 0, answer.text
        self.spans[name] = range(begun, len(self.disk.steps))
        return said(answer)

    def broken_promises(self, lost: tuple[int, ...] = ()) -> list[str]:
        """The calls whose answered success a power cut right after would take back."""
        verbs = [step.verb for step in self.disk.steps]
        broken = []
        for name, span in self.spans.items():
            said_at = span.start + verbs[span.start : span.stop].index("answer")
            before = verbs[span.start : said_at]
            written = max((n for n, verb in enumerate(before) if verb in SYNCS), default=None)
            durable_row = written is not None and "commit" in before[written:]
            if not (durable_row and self.opens(said_at, name, lost)):
                broken.append(name)
        return broken

    def opens(self, upto: int, name: str, lost: tuple[int, ...] = ()) -> bool:
        """Whether what `name` filed is readable after a power cut."""
        root = next(self._cuts)
        root.mkdir()
        PowerCut(self.disk.steps[:upto], lost).restore(self.root, root)
        survivor = Vault(root / "vault", self.node.keys.vault_identity)
        try:
            return len(survivor.read(self.kept[name])) == self.kept[name].size_bytes
        except TipbridgeError:
            return False


def test_every_answer_of_success_is_kept_through_a_power_cut(node: Node, tmp_path: Path) -> None:
    assert Filing(node, tmp_path).broken_promises() == []


def test_without_any_one_sync_some_promise_would_be_broken(node: Node, tmp_path: Path) -> None:
    filing = Filing(node, tmp_path)
    needed = {
        (name, step.file, step.path): number  # the last of a call makes good for earlier ones
        for name, span in filing.spans.items()
        for number, step in enumerate(filing.disk.steps)
        if step.verb in SYNCS and number in span
    }
    assert len(needed) == 6 + 3 * 2, "three folders, a key, four files, four times their names"
    for number in needed.values():
        assert filing.broken_promises((number,)), f"nothing missed {filing.disk.steps[number]}"


def test_an_answer_before_the_commit_is_caught(node: Node, tmp_path: Path) -> None:
    assert Filing(node, tmp_path, hasty=True).broken_promises() == [
        "submit",
        "small",
        "large",
        "details",
    ]


def test_an_answered_retraction_stays_done_through_a_power_cut(node: Node, tmp_path: Path) -> None:
    filing = Filing(node, tmp_path)
    assert code(filing.client.post("/retract", data={"id": filing.number})) == 0
    verbs = [step.verb for step in filing.disk.steps]
    answered = len(verbs) - verbs[::-1].index("answer")
    assert not any(filing.opens(answered, name) for name in filing.kept)
