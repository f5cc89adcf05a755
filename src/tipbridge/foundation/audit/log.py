"""The one sequencer, its signed checkpoints, and the verification of it all."""

import base64
import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC

from sqlalchemy import Connection, Engine

from tipbridge.foundation.audit import store
from tipbridge.foundation.audit.merkle import Tree, leaf_hash
from tipbridge.foundation.audit.model import AuditEvent, Verification
from tipbridge.foundation.base.actors import SEQUENCER
from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.storage.scope import set_actor

BATCH = 2000
"""Entries a transaction; small enough that a reader never waits for long."""

SignNote = Callable[[bytes], str]
"""Turns a checkpoint's text into a signed note."""

OpenNote = Callable[[str], bytes | None]
"""Gives back the text of a signed note whose signature fits, or nothing."""


def entry_bytes(event: AuditEvent) -> bytes:
    """The exact bytes of one log entry: the event's canonical JSON."""
    return canonical_json(
        {
            "id": event.id,
            "at": event.at.astimezone(UTC).isoformat(),
            "machine_at": event.machine_at.astimezone(UTC).isoformat(),
            "actor_kind": event.actor_kind,
            "actor_id": event.actor_id,
            "event": event.event,
            "subject": event.subject,
            "facts": event.facts,
        }
    )


def checkpoint_text(origin: str, tree: Tree) -> bytes:
    """A checkpoint's text. Source: C2SP tlog-checkpoint."""
    root = base64.b64encode(tree.root()).decode()
    return f"{origin}\n{tree.size}\n{root}\n".encode()


def sequence(engine: Engine, origin: str, sign: SignNote) -> int:
    """Give every waiting event its place, gap-free; returns how many got one.

    Only the holder of the advisory lock works; another caller returns 0 at once.
    """
    placed = 0
    while True:
        with engine.begin() as db:
            count = _sequence_batch(db, origin, sign)
        placed += count
        if count < BATCH:
            return placed


def _sequence_batch(db: Connection, origin: str, sign: SignNote) -> int:
    set_actor(db, actor_id=SEQUENCER.id, kind=SEQUENCER.kind, units="{}")
    if not store.try_lock(db):
        return 0
    tree = store.read_head(db, for_update=True)
    events = store.take_pending(db, BATCH)
    if not events:
        return 0
    leaves = [leaf_hash(entry_bytes(event)) for event in events]
    entries = [
        (tree.size + step, event.id, leaf)
        for step, (event, leaf) in enumerate(zip(events, leaves, strict=True))
    ]
    tree = tree.extend(leaves)
    store.insert_entries(db, entries)
    store.write_head(db, tree)
    note = sign(checkpoint_text(origin, tree))
    store.insert_checkpoint(
        db,
        store.Checkpoint(size=tree.size, root=tree.root(), at=machine_now(), note=note),
    )
    return len(events)


def verify(db: Connection, origin: str, open_note: OpenNote) -> Verification:
    """Recompute the log from the events and hold it against its entries and checkpoints.

    The caller's connection must act as somebody who may read the log. Until its transaction
    ends, events wait: else one that was placed meanwhile would look like a forged one.
    """
    store.keep_still(db)
    head = store.read_head(db)
    checkpoints = store.all_checkpoints(db)
    trees = _Recomputed(origin, open_note, checkpoints)
    with contextlib.closing(store.log_entries(db)) as entries:
        broken = trees.first_fault(entries)
    if broken is None and (trees.tree.size, trees.tree.root()) != (head.size, head.root()):
        broken = (
            min(trees.tree.size, head.size),
            f"the log has {trees.tree.size} entries, its head says {head.size} or another root",
        )
    return Verification(
        size=trees.tree.size,
        root=trees.tree.root().hex(),
        checkpoints=len(checkpoints),
        unsequenced=store.unsequenced_ids(db),
        broken_at=broken[0] if broken else None,
        broken=broken[1] if broken else None,
    )


class _Recomputed:
    """The tree as the events themselves give it."""

    def __init__(
        self, origin: str, open_note: OpenNote, checkpoints: list[store.Checkpoint]
    ) -> None:
        self.tree = Tree()
        self._origin, self._open_note = origin, open_note
        self._checkpoints = {checkpoint.size: checkpoint for checkpoint in checkpoints}
        self._vouched = 0  # how many entries the last checkpoint that fits vouches for

    def first_fault(self, entries: Iterator[store.StoredEntry]) -> tuple[int, str] | None:
        for entry in entries:
            fault = self._fault_of(entry)
            if fault is not None:
                return (self.tree.size, fault)
            self.tree = self.tree.append(entry.leaf)
            checkpoint = self._checkpoints.pop(self.tree.size, None)
            if checkpoint is not None:
                if not self._fits(checkpoint):
                    return (self.tree.size - 1, f"checkpoint of size {self.tree.size} does not fit")
                self._vouched = self.tree.size
        return self._fault_of_end()

    def _fault_of_end(self) -> tuple[int, str] | None:
        """The sequencer signs each head in the transaction that makes it: it must be there."""
        if self._checkpoints:
            size = min(self._checkpoints)
            return (self.tree.size, f"a checkpoint of size {size} has no entries: log cut short")
        if self._vouched < self.tree.size:
            return (self._vouched, f"no signed checkpoint vouches for position {self._vouched} on")
        return None

    def _fault_of(self, entry: store.StoredEntry) -> str | None:
        if entry.position != self.tree.size:
            return f"position {self.tree.size} is missing"
        if entry.event is None:
            return f"event {entry.event_id} of position {entry.position} is gone"
        if leaf_hash(entry_bytes(entry.event)) != entry.leaf:
            return f"event {entry.event_id} of position {entry.position} was changed"
        return None

    def _fits(self, checkpoint: store.Checkpoint) -> bool:
        text = checkpoint_text(self._origin, self.tree)
        return checkpoint.root == self.tree.root() and self._open_note(checkpoint.note) == text
