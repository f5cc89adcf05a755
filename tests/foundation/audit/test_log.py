"""The log over a real database: gap-free, and every edit is found and named."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from tests.databases import Database
from tipbridge.foundation.audit import log, store
from tipbridge.foundation.audit.merkle import Tree, leaf_hash
from tipbridge.foundation.audit.model import AuditEvent, Verification
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.foundation.storage.scope import set_actor

ORIGIN = "test.node"
IDS = SystemIds()


def sign(note: bytes) -> str:
    return "signed:" + note.decode()


def open_note(note: str) -> bytes | None:
    return note.removeprefix("signed:").encode() if note.startswith("signed:") else None


def write_events(engine: Engine, count: int, *, cancel_each: int = 0) -> None:
    """`count` events, each in a transaction of its own; some rolled back."""
    for number in range(count):
        with engine.connect() as db, db.begin() as transaction:
            set_actor(db, actor_id="worker", kind="system", units="{}")
            store.insert_events(
                db,
                [
                    AuditEvent(
                        id=IDS.new(),
                        at=datetime(2014, 1, 2, tzinfo=UTC),
                        machine_at=datetime(2026, 1, 2, tzinfo=UTC),
                        actor_kind="system",
                        actor_id="worker",
                        event="test.thing.done",
                        subject=f"thing-{number}",
                        facts={"number": number},
                    )
                ],
            )
            if cancel_each and number % cancel_each == 0:
                transaction.rollback()


def verify(engine: Engine) -> Verification:
    with engine.connect() as db:
        set_actor(db, actor_id="worker", kind="system", units="{}")
        return log.verify(db, ORIGIN, open_note)


def tampered(database: Database, statement: str) -> Verification:
    """What is found after the owner of the tables ran `statement` behind our back."""
    with database.owner.begin() as db:
        set_actor(db, actor_id="intruder", kind="system", units="{}")
        db.execute(text("ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY"))
        db.execute(text("ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_event_id_fkey"))
        db.execute(text(statement))
    return verify(database.app)


@pytest.fixture
def logged(database: Database) -> Database:
    """A database whose log has ten entries, sequenced in two goes."""
    write_events(database.app, 6)
    assert log.sequence(database.app, ORIGIN, sign) == 6
    write_events(database.app, 4)
    assert log.sequence(database.app, ORIGIN, sign) == 4
    return database


def test_an_untouched_log_is_intact_and_names_what_waits(logged: Database) -> None:
    write_events(logged.app, 1)
    found = verify(logged.app)
    assert found.intact
    assert (found.size, found.checkpoints, len(found.unsequenced)) == (10, 2, 1)


def at(position: int) -> str:
    """SQL that names the event at a position."""
    return f"(SELECT event_id FROM audit_entries WHERE position = {position})"


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE audit_events SET subject = 'other' WHERE subject = 'thing-5'", 5),
        (f"UPDATE audit_events SET facts = '{{}}' WHERE id = {at(7)}", 7),
        (f"DELETE FROM audit_events WHERE id = {at(3)}", 3),
        ("DELETE FROM audit_entries WHERE position = 4", 4),
        ("DELETE FROM audit_entries WHERE position > 7", 8),
        ("UPDATE audit_entries SET leaf = decode(repeat('00', 32), 'hex') WHERE position = 2", 2),
        ("UPDATE audit_checkpoints SET root = decode(repeat('00', 32), 'hex') WHERE size = 6", 5),
        ("UPDATE audit_checkpoints SET note = 'forged' WHERE size = 10", 9),
        ("UPDATE audit_head SET size = 8", 8),
    ],
)  # fmt: skip
def test_every_edit_is_found_at_its_place(logged: Database, statement: str, position: int) -> None:
    if "audit_head" in statement:
        statement += ", frontier = decode(repeat('00', 32), 'hex')"
    found = tampered(logged, statement)
    assert not found.intact
    assert found.broken_at == position


def rewrite(database: Database, position: int, *, forget_from: int) -> None:
    """What the owner of the tables can do without the node's key: all but a signature."""
    with database.owner.begin() as db:
        set_actor(db, actor_id="intruder", kind="system", units="{}")
        db.execute(text("ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY"))
        db.execute(text(f"UPDATE audit_events SET subject = 'other' WHERE id = {at(position)}"))
        tree = Tree()
        for entry in list(store.log_entries(db)):
            assert entry.event is not None
            leaf = leaf_hash(log.entry_bytes(entry.event))
            tree = tree.append(leaf)
            db.execute(
                text("UPDATE audit_entries SET leaf = :leaf WHERE position = :position"),
                {"leaf": leaf, "position": entry.position},
            )
        store.write_head(db, tree)
        db.execute(text(f"DELETE FROM audit_checkpoints WHERE size >= {forget_from}"))


@pytest.mark.parametrize(("position", "forget_from", "found_at"), [(7, 7, 6), (7, 0, 0), (3, 7, 5)])
def test_a_tail_rewritten_with_its_tree_is_found_without_its_signature(
    logged: Database, position: int, forget_from: int, found_at: int
) -> None:
    rewrite(logged, position, forget_from=forget_from)
    found = verify(logged.app)
    assert not found.intact
    assert found.broken_at == found_at


def test_the_running_program_can_neither_change_nor_delete_events(logged: Database) -> None:
    for statement in (
        "UPDATE audit_events SET subject = 'x'",
        "DELETE FROM audit_events",
        "UPDATE audit_entries SET leaf = leaf",
        "DELETE FROM audit_checkpoints",
    ):
        with logged.app.connect() as db, pytest.raises(ProgrammingError, match="denied"):
            db.execute(text(statement))


def test_writers_and_two_sequencers_at_once_leave_no_gap(database: Database) -> None:
    writers = [
        threading.Thread(target=write_events, args=(database.app, 25), kwargs={"cancel_each": 9})
        for _ in range(4)
    ]
    for writer in writers:
        writer.start()
    sequencers = [
        threading.Thread(target=log.sequence, args=(database.app, ORIGIN, sign)) for _ in range(8)
    ]
    for sequencer in sequencers:
        sequencer.start()
    for thread in (*writers, *sequencers):
        thread.join()
    log.sequence(database.app, ORIGIN, sign)
    found = verify(database.app)
    assert found.intact
    assert (found.size, found.unsequenced) == (4 * 22, ())


def test_an_event_that_comes_while_the_log_is_verified_looks_like_no_forgery(
    logged: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_checkpoints = store.all_checkpoints

    def meanwhile(db: Connection) -> list[store.Checkpoint]:
        write_events(logged.app, 1)
        log.sequence(logged.app, ORIGIN, sign)
        return read_checkpoints(db)

    monkeypatch.setattr(store, "all_checkpoints", meanwhile)
    assert verify(logged.app).intact
    monkeypatch.undo()
    assert log.sequence(logged.app, ORIGIN, sign) == 1
    assert verify(logged.app).size == 11
