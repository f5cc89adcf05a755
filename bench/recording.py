"""What the record of a look-up adds to its answer: groups against a transaction for each.

One process, its event loop and a real database; every note is on disk before its wait ends. A group
stays open for 2 to 5 ms (ADR 0033); the rest of the wait is the database's. The peer is the same
statement with one note in each transaction, by as many threads as groups are written by.
"""

import asyncio
import os
import statistics
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.claims import Measured
from bench.lookups import PASSWORD, USERNAME, make_node
from tipbridge.foundation.access.model import Login
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.audit.model import AuditEvent
from tipbridge.foundation.base.actors import ActorKind
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.grouping import WRITERS, Fate, GroupRecorder, Note
from tipbridge.foundation.node import Node
from tipbridge.office.terminal import opened_node
from tipbridge.web.provider_door import ProviderDoor

EVENT = "hashes.digests.answered"
CLIENTS = (1, 8, 48)
SECONDS = 4.0


def measure(folder: Path) -> Iterator[Measured]:
    """One claim: groups of the busiest, with the waits of all."""
    data = folder / "node"
    before = os.environ.get("XDG_STATE_HOME")
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    try:
        make_node(data, folder, dict(os.environ))
        with opened_node(data) as node:
            yield _measured(node)
    finally:
        if before is None:
            del os.environ["XDG_STATE_HOME"]
        else:
            os.environ["XDG_STATE_HOME"] = before


def _measured(node: Node) -> Measured:
    header = "Basic " + b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    login = ProviderDoor(node).login(header, None)
    recorder = GroupRecorder(node)
    asyncio.run(_waits(recorder, login, CLIENTS[-1], 1.0))
    notes: list[str] = []
    rate = 0.0
    for clients in CLIENTS:
        waits = sorted(asyncio.run(_waits(recorder, login, clients, SECONDS)))
        rate = len(waits) / SECONDS
        notes.append(
            f"{clients} at once: {1000 * statistics.median(waits):.1f} ms in the middle,"
            f" {1000 * waits[len(waits) * 99 // 100]:.1f} ms for 99 of 100, {rate:,.0f} a second"
        )
    alone = _alone(node, login)
    notes.append(f"a transaction for each: {alone:,.0f} a second by {WRITERS} threads")
    return Measured(
        words=f"recorded look-ups a second, {CLIENTS[-1]} at once: in groups / a transaction for each",
        ratio=rate / alone,
        least=2,
        notes=tuple(notes),
    )


async def _waits(
    recorder: GroupRecorder, login: Login, clients: int, seconds: float
) -> list[float]:
    """How long each note of so many clients waited, in seconds."""
    facts = {"items": 1, "hits": 0, "not_searched": 0}
    note = Note(login=login, event=EVENT, action="bench", facts=facts)
    waits: list[float] = []
    until = time.perf_counter() + seconds

    async def client() -> None:
        while (begun := time.perf_counter()) < until:
            if await recorder.record(note) is not Fate.KEPT:
                raise RuntimeError("a note was not kept")
            waits.append(time.perf_counter() - begun)

    await asyncio.gather(*(client() for _ in range(clients)))
    return waits


def _alone(node: Node, login: Login) -> float:
    """Notes a second, each in a transaction of its own."""
    until = time.perf_counter() + SECONDS

    def write(_: int) -> int:
        count = 0
        while time.perf_counter() < until:
            now = machine_now()
            event = AuditEvent(
                id=node.ids.new(), at=now, machine_at=now, actor_kind=ActorKind.PROVIDER,
                actor_id=login.provider_id, event=EVENT, subject=login.provider_id,
                facts={"items": 1, "hits": 0, "not_searched": 0},
            )  # fmt: skip
            on = audit_store.OnCredential(
                event=event, credential_id=login.credential_id, version=login.version
            )
            audit_store.record_groups(node.engine, {login.provider_id: [on]})
            count += 1
        return count

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(write, range(WRITERS))) / SECONDS
