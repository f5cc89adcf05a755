"""Packages from node to node, against `age` and `sha256sum` on the same bytes.

Ours: a queued package is sealed to the receiver, sent over HTTP to a running node, opened, verified
and kept in its vault; answered with a signed receipt once all of it is durable. Small ones wait before
they are sent, and go as a worker sends what waits: several in one request (ADR 0280); a large one goes
by itself. The peer, in turns:
`sha256sum` and `age --encrypt` at one end, `age --decrypt` and `sha256sum` at the other; no vault, no
signature, no database, no wire.

What stands on our side of the scale and not on the peer's: the file is opened from the sender's vault
and sealed anew into the receiver's, so two ciphers more at each byte, and one digest more, of the
whole package; all of it synced before the answer. Counted too is what follows the receipt: the
receiver's worker takes the package on while the next ones come, which is more than half of what a
small one costs its node; and what both nodes cost at rest. EXCHANGE_MIB sets another size than 1 GiB.

What is held to the goal is throughput, packages and bytes a second by the clock (ADR 0282): two nodes
work at once, as two machines do. Processor time stands beside it.
"""

import contextlib
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.claims import Measured, Unmeasured
from bench.lifecycle import free_port
from bench.processor import postmaster_of, seconds_so_far
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.engine import open_database
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass, Part, Purpose
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.office.terminal import opened_node
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.convoying import sending
from tipbridge.sharing.exchange.convoying.framing import MOST_PACKAGES
from tipbridge.sharing.exchange.model import (
    Basis,
    BasisKind,
    Draft,
    OutboxState,
    PackageKind,
    SaltedPart,
)

WHOLE_MIB = int(os.environ.get("EXCHANGE_MIB", "1024"))
GOAL = 0.7
TURNS = 5
SMALL, SMALL_BYTES = 40, 100_000
PIECE = 1024 * 1024
SENDER, RECEIVER = "us.clearing", "us.hsi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A sender that is opened here, and a receiver that runs; what each of them costs is counted."""

    sender: Node
    agreement: str
    receiver: int
    postmasters: tuple[int, int]

    def spent(self) -> float:
        """Processor time so far of both nodes, both databases, and programs that we ran to an end."""
        return seconds_so_far(self.receiver, *self.postmasters)


def _program(folder: Path, *words: str, feed: str = "") -> str:
    environ = {name: text for name, text in os.environ.items() if not name.startswith("TIPBRIDGE_")}
    environ["XDG_STATE_HOME"] = str(folder / "state")
    done = subprocess.run(
        [sys.executable, "-m", "tipbridge", *words], check=True, env=environ, input=feed,
        text=True, capture_output=True,
    )  # fmt: skip
    return done.stdout


def _initialised(folder: Path, node_id: str, profile: str) -> Path:
    data = folder / node_id
    _program(folder, "init", "--data", str(data), "--profile", profile, "--node-id", node_id,
             "--name", node_id, "--synthetic")  # fmt: skip
    (folder / f"{node_id}.card").write_text(_program(folder, "peers", "card", "--data", str(data)))
    return data


@contextlib.contextmanager
def open_road(folder: Path) -> Generator[Road]:
    """Two nodes that know each other and hold the same agreement."""
    there = _initialised(folder, RECEIVER, "liaison")
    here = _initialised(folder, SENDER, "clearinghouse")
    port = free_port()
    document = folder / "agreement.toml"
    text = template_text("standing-referral", sender=SENDER, receiver=RECEIVER)
    document.write_text(text.replace("2015-12-31", "2099-12-31"))
    added = ""
    for data, other, url in ((here, RECEIVER, f"http://127.0.0.1:{port}"), (there, SENDER, "")):
        words = ["peers", "add", str(folder / f"{other}.card"), "--data", str(data)]
        _program(folder, *words, *(["--url", url] if url else []))
        added = _program(folder, "agreements", "add", str(document), "--data", str(data), "--json")
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    program = [sys.executable, "-m", "tipbridge", "up", "--data", str(there), "--port", str(port)]
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((folder / "node.log").open("wb"))
        sender = stack.enter_context(opened_node(here))
        urls: list[str] = []
        for data in (there, here):
            server = open_database(data)
            stack.callback(server.stop)
            urls.append(server.owner_url.replace("postgresql+psycopg", "postgresql"))
        process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=log)
        stack.callback(process.wait, 60)
        stack.callback(process.terminate)
        assert process.stdout is not None
        if not process.stdout.readline().startswith(b"ready"):
            raise RuntimeError((folder / "node.log").read_text()[-2000:])
        yield Road(
            sender=sender,
            agreement=json.loads(added)["sha256"],
            receiver=process.pid,
            postmasters=(postmaster_of(urls[0]), postmaster_of(urls[1])),
        )


def _drafts(road: Road, file: Path, count: int) -> list[str]:
    """So many packages with this file, queued; sealing it into the vault is intake's cost."""
    digest, size = hashlib.sha256(), file.stat().st_size
    vault = road.sender.vault
    with open_work(road.sender, WORKER) as work:
        key_id = work.ids.new()
        vault.create_key(key_id)
        sealer = vault.sealer(key_id, "a")
        with file.open("rb") as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
                sealer.write(piece)
        sealed = sealer.finish()
        value = {"sha256": digest.hexdigest(), "size_bytes": size}
        part = Part(label="files/0/content", value=value, data_class=DataClass.CONTENT)
        draft = Draft(
            kind=PackageKind.REFERRAL,
            recipient=RECEIVER,
            basis=Basis(kind=BasisKind.AGREEMENT, id=road.agreement),
            purpose=Purpose.INVESTIGATION,
            parts=(),
            files={"files/0/content": sealed},
        )
        return [
            actions.queue_package(
                work,
                replace(
                    draft, parts=(SaltedPart(part=part, salt=work.ids.random_bytes(32), hop=0),)
                ),
            )
            for _ in range(count)
        ]


def _send(road: Road, package_ids: list[str]) -> None:
    """Send as a worker does with packages that wait: together where that goes, else one by one."""
    for first in range(0, len(package_ids), MOST_PACKAGES):
        left = package_ids[first : first + MOST_PACKAGES]
        with open_work(road.sender, WORKER, together=True) as work:
            done = sending.send_together(work, left)
        for package_id in sorted(set(left) - set(done)):
            with open_work(road.sender, WORKER) as work:
                actions.send_package(work, package_id)
    with open_work(road.sender, WORKER) as work:
        for package_id in package_ids:
            sent = actions.sent_package(work, package_id)
            if sent is None or sent.state is not OutboxState.DELIVERED:
                raise RuntimeError(f"package {package_id} is not delivered")


class Peer:
    """`age` and `sha256sum` with a key of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        made = subprocess.run(["age-keygen"], check=True, capture_output=True, text=True)
        self._key = folder / "age.key"
        self._key.write_text(made.stdout)
        self._to = made.stdout.partition("public key: ")[2].split()[0]

    def carry(self, file: Path, times: int) -> None:
        """Digest and encrypt, decrypt and digest."""
        sealed, opened = self._folder / "sealed.age", self._folder / "opened"
        for _ in range(times):
            for words in (
                ["sha256sum", str(file)],
                ["age", "--encrypt", "--recipient", self._to, "--output", str(sealed), str(file)],
                ["age", "--decrypt", "--identity", str(self._key), "--output", str(opened),
                 str(sealed)],
                ["sha256sum", str(opened)],
            ):  # fmt: skip
                subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of both, on the same bytes: seconds by the clock and of processors."""

    ours: float
    ours_cpu: float
    peer: float
    peer_cpu: float


def _timed(road: Road, run: Callable[[], None]) -> tuple[float, float]:
    spent, begun = road.spent(), time.perf_counter()
    run()
    return time.perf_counter() - begun, road.spent() - spent


def _turns(road: Road, peer: Peer, file: Path, count: int) -> Iterator[Turn]:
    for _ in range(TURNS):
        package_ids = _drafts(road, file, count)
        ours, ours_cpu = _timed(road, lambda: _send(road, package_ids))  # noqa: B023 - run at once
        theirs, peer_cpu = _timed(road, lambda: peer.carry(file, count))
        yield Turn(ours=ours, ours_cpu=ours_cpu, peer=theirs, peer_cpu=peer_cpu)


def _measured(turns: list[Turn], words: str, rate: str, units: float, least: float) -> Measured:
    ours, peer = (
        statistics.median(getattr(each, name) for each in turns) for name in ("ours", "peer")
    )
    by_clock = [each.peer / each.ours for each in turns]
    by_processor = statistics.median(each.peer_cpu / each.ours_cpu for each in turns)
    return Measured(
        words=words,
        ratio=statistics.median(by_clock),
        least=least,
        notes=(
            f"by the clock, {TURNS} turns, {min(by_clock):.2f} to {max(by_clock):.2f}:",
            f"{units / ours:.1f} {rate} a second, the peer {units / peer:.1f};",
            f"by processor time {by_processor:.2f}",
        ),
    )


def measure(folder: Path) -> Iterator[Measured | Unmeasured]:
    """Two claims; none where `age` is not installed, which is said."""
    if shutil.which("age") is None or shutil.which("sha256sum") is None:
        why = "age or sha256sum is missing (bench/install-debian)"
        yield Unmeasured(words="packages node to node / age and sha256sum at both ends", why=why)
        return
    small, large = folder / "small", folder / "large"
    small.write_bytes(os.urandom(SMALL_BYTES))
    with large.open("wb") as file:
        for _ in range(WHOLE_MIB):
            file.write(os.urandom(PIECE))
    with open_road(folder) as road:
        peer = Peer(folder)
        _send(road, _drafts(road, small, 3))
        peer.carry(small, 3)
        yield _measured(
            list(_turns(road, peer, small, SMALL)),
            f"packages of {SMALL_BYTES:,} bytes node to node / age and sha256sum at both ends",
            "packages",
            SMALL,
            GOAL,
        )
        yield _measured(
            list(_turns(road, peer, large, 1)),
            f"a package of {WHOLE_MIB:,} MiB node to node / age and sha256sum at both ends",
            "MB",
            WHOLE_MIB * PIECE / 1e6,
            GOAL,
        )
