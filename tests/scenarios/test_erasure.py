"""What was retracted, has expired or was purged can be read nowhere on the node that erased it."""

import base64
import contextlib
import http.client
import json
import mmap
import os
import re
import subprocess
import sys
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.tips.intake.ispws import REPORT
from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tests.tips.triage.filed import file_tip
from tipbridge import pipeline
from tipbridge.demo.nodes import CLEARING, LIAISON, DemoNode, running, set_clocks, settle
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.node import Node, key_file_of, load_settings
from tipbridge.foundation.storage import erasing
from tipbridge.foundation.storage.engine import open_database, raw_connection
from tipbridge.foundation.storage.ground import settle as settle_ground
from tipbridge.foundation.storage.vault import Sealed, Vault
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.office.terminal import acting
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import store as exchange_store
from tipbridge.sharing.referral import actions as referral
from tipbridge.sharing.referral.model import SourceKind, State
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.intake import providers

START = datetime(2014, 3, 1, tzinfo=UTC)
_SENT = re.compile(rb"&lt;sent&gt;|&lt;</?sent&gt;")
_CANARY = re.compile(rb"canary[0-9a-f]{24}")
_BOUNDARY = "canary-boundary"


@dataclass
class Canaries:
    """Strings that occur nowhere else, planted in every free text and every file."""

    planted: list[bytes] = field(default_factory=list)

    def fresh(self) -> bytes:
        """One more: random, so that no compression shortens it."""
        self.planted.append(b"canary" + os.urandom(12).hex().encode())
        return self.planted[-1]

    def plant(self, document: bytes) -> bytes:
        """A document with a canary in each of its free texts."""
        return _SENT.sub(lambda _: self.fresh(), document)

    def found_below(self, *folders: Path) -> set[tuple[str, bytes]]:
        """Every file in which one can be read, with the canary."""
        found: set[tuple[str, bytes]] = set()
        for path in (path for each in folders for path in (each, *each.rglob("*"))):
            if path.is_file() and not path.is_symlink() and path.stat().st_size:
                with path.open("rb") as file, _mapped(file.fileno()) as raw:
                    found |= {(str(path), hit) for hit in _CANARY.findall(raw)}
        return found


@contextlib.contextmanager
def _mapped(file: int) -> Generator[mmap.mmap]:
    with mmap.mmap(file, 0, access=mmap.ACCESS_READ) as raw:
        yield raw


class Esp:
    """A provider's client of the running clearinghouse."""

    def __init__(self, node: DemoNode, canaries: Canaries) -> None:
        self._node, self._canaries = node, canaries
        with open_work(node.node, acting(node.node, None)) as work:
            providers.add_provider(
                work, name="esp-one", username="usr123", password="correct horse"
            )

    def open(self, document: bytes, files: int) -> str:
        """A report with files and details, not finished."""
        answer = self.post("submit", self._canaries.plant(document))
        number = re.search(rb"<reportId>(\d+)<", answer)[1].decode()
        ids = [self._upload(number) for _ in range(files)]
        for body, _ in maximal_file_details(number, ids)[: files * 2] if ids else ():
            self.post("fileinfo", self._canaries.plant(body))
        return number

    def end(self, verb: str, number: str) -> None:
        """Finish or retract it."""
        self.post(verb, f"id={number}".encode(), "application/x-www-form-urlencoded")

    def keep(self) -> None:
        """A report that stays, with a file: nothing of it is searched for."""
        number = re.search(rb"<reportId>(\d+)<", self.post("submit", REPORT))[1].decode()
        self._upload(number, b"name", b"data")
        self.end("finish", number)

    def _upload(self, number: str, name: bytes = b"", data: bytes = b"") -> str:
        name, data = name or self._canaries.fresh(), data or self._canaries.fresh() * 3000
        body = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{number}\r\n'
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="'
        ).encode() + name + b'"\r\n\r\n' + data + f"\r\n--{_BOUNDARY}--\r\n".encode()  # fmt: skip
        answer = self.post("upload", body, f"multipart/form-data; boundary={_BOUNDARY}")
        return re.search(rb"<fileId>(\w+)<", answer)[1].decode()

    def post(self, path: str, body: bytes, content_type: str = "text/xml; charset=utf-8") -> bytes:
        """An answer of success."""
        connection = http.client.HTTPConnection("127.0.0.1", self._node.port, timeout=60)
        basic = base64.b64encode(b"usr123:correct horse").decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": content_type}
        with contextlib.closing(connection):
            connection.request("POST", f"/ispws/{path}", body, headers)
            answer = connection.getresponse().read()
        assert b"<responseCode>0</responseCode>" in answer or b"<responseCode>" not in answer
        return answer


def _agree(clearing: DemoNode, liaison: DemoNode) -> None:
    document = template_text(
        "standing-referral", sender=CLEARING.node_id, receiver=LIAISON.node_id
    ).encode()
    for here, there in ((clearing, liaison), (liaison, clearing)):
        with open_work(there.node, acting(there.node, None)) as work:
            card = exchange.show_card(work)
        with open_work(here.node, acting(here.node, None)) as work:
            exchange.add_peer(work, card=card, url=there.gate, mutual=True)
            agreements.add_agreement(work, document=document)


def _as_owner(node: DemoNode, *statements: str) -> None:
    server = open_database(node.data)
    with raw_connection(server.owner_url) as owner:
        owner.execute("SET tipbridge.actor = 'test'; SET tipbridge.actor_kind = 'system'")
        for statement in statements:
            owner.execute(statement.encode())
    server.stop()


# Long texts are written as they are: compressed ones a search can't read.
_PLAINLY = (
    "ALTER TABLE reports ALTER document SET STORAGE EXTERNAL",
    "ALTER TABLE report_files ALTER details SET STORAGE EXTERNAL",
)


def _among_others(esp: Esp) -> list[str]:
    """Small reports in one page with others that stay: the page stays too, with its gaps."""
    said = b"</reporter><additionalInfo>&lt;sent&gt;</additionalInfo>"
    small = REPORT.replace(b"</reporter>", said)
    found: list[str] = []
    for _ in range(4):
        esp.keep()
        found.append(esp.open(small, 1))
    return found


def _sealed_of(node: DemoNode, number: str) -> list[Sealed]:
    with open_work(node.node, acting(node.node, None)) as work:
        record = intake.read_report(work, number)
    return [*(file.sealed for file in record.files), *(one.sealed for one in record.originals)]


def _refer(clearing: DemoNode, number: str) -> list[Sealed]:
    """Refer a tip; where the package's own sealed copies lie."""
    with open_work(clearing.node, acting(clearing.node, None)) as work:
        id_ = referral.open_referral(
            work, kind=SourceKind.TIP, source_id=number, peer_id=LIAISON.node_id
        )
        assert referral.decide_referral(work, id_).state is State.ALLOWED
        package_id = referral.release_referral(work, id_)
        package = exchange_store.outgoing_by_id(work.db, package_id)
    assert package is not None
    return [package.header, *package.files]


def _wait_until_erased(node: DemoNode) -> None:
    look = threading.Event()
    for _ in range(600):
        with open_work(node.node, acting(node.node, None)) as work:
            if not erasing.notes(work.db):
                return
        look.wait(0.1)
    raise AssertionError("the worker did not erase what it should have")


def _erasing_node(folder: Path) -> list[Path]:
    """Every place where the clearinghouse may have left something: data, database, temporary."""
    data = folder / "nodes" / CLEARING.node_id
    return [data, settle_ground(data).home, folder / "temporary", folder / "state"]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the nodes, and every other place they may write to below it."""
    for name in ("temporary", "state"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setenv("TIPBRIDGE_ERASURE_SECONDS", "0.3")
    return tmp_path


def test_after_its_end_no_byte_of_a_report_can_be_read_where_it_was_erased(places: Path) -> None:
    canaries = Canaries()
    documents = [body for body, _ in maximal_reports()]
    data = places / "nodes" / CLEARING.node_id
    with running(places / "nodes", (CLEARING, LIAISON)) as nodes:
        clearing, liaison = nodes[CLEARING.node_id], nodes[LIAISON.node_id]
        _as_owner(clearing, *_PLAINLY)
        set_clocks(nodes.values(), START)
        _agree(clearing, liaison)
        esp = Esp(clearing, canaries)
        small = _among_others(esp)
        purged = esp.open(documents[0], 2)
        esp.end("finish", purged)
        settle([*nodes.values()])
        retracted, expired = esp.open(documents[1], 1), esp.open(documents[2], 1)
        sealed = [one for number in (purged, retracted, expired)
                  for one in _sealed_of(clearing, number)]  # fmt: skip
        sealed += _refer(clearing, purged)
        settle([*nodes.values()])
        assert len(canaries.planted) > 1000
        assert all(clearing.node.vault.read(one) for one in sealed)
        _as_owner(clearing, "ANALYZE", "CHECKPOINT")
        before = {hit for _, hit in canaries.found_below(*_erasing_node(places))}
        assert len(before) > len(canaries.planted) / 2, "else this test could find nothing"

        for number in (retracted, *small):
            esp.end("retract", number)
        assert json.loads(_command("tips", "purge", data, purged)) == {"purged": purged}
        set_clocks(nodes.values(), START + timedelta(days=3))
        settle([*nodes.values()])
        _wait_until_erased(clearing)
    assert canaries.found_below(*_erasing_node(places)) == set()
    keys = NodeKeys.load(key_file_of(load_settings(data)))
    for one in sealed:
        with pytest.raises(NotFound):
            Vault(data / "vault", keys.vault_identity).read(one)
    assert json.loads(_command("audit", "verify", data))["broken"] is None
    told = json.loads(_command("erasure", "run", data))
    assert told == {"tables": [], "put_off": [], "log": [], "leftovers": 0, "removed": 0}


def _command(group: str, verb: str, data: Path, *words: str) -> str:
    typed = [group, verb, *words, "--json", "--data", str(data)]
    done = subprocess.run(
        [sys.executable, "-m", "tipbridge.cli.main", *typed],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_only_old_groups_that_no_row_names_are_leftovers(node: Node) -> None:
    kept = file_tip(node)
    with open_work(node, WORKER) as work:
        known = intake.read_report(work, kept).key_id
    for name in ("0" * 32, "1" * 32):
        node.vault.create_key(name)
        node.vault.seal(name, "a", b"never acknowledged")
    for folder in node.vault.folder.glob("*/*"):
        if folder.name != "1" * 32:
            os.utime(folder, (0, 0))
    assert known in {folder.name for folder in node.vault.folder.glob("*/*")}
    with open_work(node, WORKER) as work:
        assert pipeline.leftovers(work) == ("0" * 32,)
