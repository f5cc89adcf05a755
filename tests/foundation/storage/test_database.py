"""The runtime role is bound by row-level security, and others are refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.databases import Database
from tests.nodes import CONSOLE, acting
from tipbridge.foundation.audit import store
from tipbridge.foundation.audit.model import AuditEvent
from tipbridge.foundation.base.actors import WORKER, Actor, ActorKind
from tipbridge.foundation.base.errors import Forbidden, Unavailable
from tipbridge.foundation.storage import engine
from tipbridge.foundation.storage.engine import (
    check_runtime_role,
    open_database,
    open_engine,
    plain_url,
)
from tipbridge.foundation.storage.migrate import check_locale, migrate


def test_without_an_actor_a_table_reads_empty(database: Database) -> None:
    with database.app.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM units")) == 0


def test_with_an_actor_its_rows_are_there(database: Database) -> None:
    with acting(database.app, CONSOLE) as db:
        assert db.scalar(text("SELECT count(*) FROM units")) == 1


def test_the_actor_does_not_outlive_the_transaction(database: Database) -> None:
    with acting(database.app, CONSOLE):
        pass
    with database.app.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM units")) == 0


def test_a_connection_that_died_while_nobody_used_it_is_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = [open_engine(database.app_url, pool_size=1) for _ in range(2)]
    try:
        with engines[0].connect() as db:
            first = db.scalar(text("SELECT pg_backend_pid()"))
        with engines[0].connect() as db:
            assert db.scalar(text("SELECT pg_backend_pid()")) == first
        with engines[1].connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
        monkeypatch.setattr(engine, "FRESH_SECONDS", 0.0)
        with engines[0].connect() as db:
            assert db.scalar(text("SELECT pg_backend_pid()")) != first
    finally:
        for each in engines:
            each.dispose()


OF_THE_NODE = (
    "units", "staff", "sessions", "sign_in_failures", "agreements", "hash_lists",
    "hash_list_entries", "hash_list_versions", "hash_list_imports", "hash_list_votes",
    "hash_feeds", "hash_alarms", "peers", "grants", "sequences", "inbox", "outbox", "relayed_receipts",
    "audit_events", "audit_pending", "audit_entries", "audit_head", "audit_checkpoints",
)  # fmt: skip
PROVIDER = Actor(kind=ActorKind.PROVIDER, id="esp-one", name="esp-one")
EVENT = AuditEvent(
    id="e" * 32,
    at=datetime(2014, 1, 2, tzinfo=UTC),
    machine_at=datetime(2026, 1, 2, tzinfo=UTC),
    actor_kind="provider",
    actor_id="esp-one",
    event="intake.status.checked",
    subject="esp-one",
    facts={},
)


def test_a_provider_reads_nothing_of_the_node_but_its_own_events(database: Database) -> None:
    with acting(database.app, WORKER) as db:
        store.insert_events(
            db, [replace(EVENT, id="f" * 32, actor_kind="system", actor_id=WORKER.id)]
        )
    with acting(database.app, PROVIDER) as db:
        seen = {name: db.scalar(text(f"SELECT count(*) FROM {name}")) for name in OF_THE_NODE}
        assert seen == dict.fromkeys(OF_THE_NODE, 0)
        store.insert_events(db, [EVENT])
        assert db.scalars(text("SELECT id FROM audit_events")).all() == [EVENT.id]
    with acting(database.app, CONSOLE) as db:
        assert db.scalar(text("SELECT count(*) FROM audit_events")) == 2


@pytest.mark.parametrize(
    "event",
    [replace(EVENT, actor_id="esp-two"), replace(EVENT, actor_kind="staff")],
    ids=["another's name", "another kind"],
)
def test_nobody_writes_an_audit_event_in_anothers_name(
    database: Database, event: AuditEvent
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):  # noqa: SIM117
        with acting(database.app, PROVIDER) as db:
            store.insert_events(db, [event])


@pytest.mark.parametrize("table", ["audit_entries", "audit_head", "audit_checkpoints"])
def test_only_the_system_writes_the_log(database: Database, table: str) -> None:
    with acting(database.app, CONSOLE) as db:
        check = db.scalar(
            text("SELECT with_check FROM pg_policies WHERE tablename = :table"), {"table": table}
        )
    assert check == "tb_system()"


def test_even_the_owner_reads_nothing_without_an_actor(database: Database) -> None:
    with database.owner.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM units")) == 0


def test_the_runtime_role_is_accepted_and_the_owner_refused(database: Database) -> None:
    check_runtime_role(database.app)
    with pytest.raises(Forbidden, match="owns the database, owns tables"):
        check_runtime_role(database.owner)


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database.owner_url)


def test_korean_search_is_checked(database: Database) -> None:
    with database.owner.connect() as db:
        check_locale(db)


@pytest.mark.parametrize("name", ["TIPBRIDGE_DATABASE_OWNER_URL", "TIPBRIDGE_DATABASE_URL"])
def test_one_address_without_the_other_is_refused(tmp_path, name: str) -> None:
    with pytest.raises(Unavailable, match="Give both"):
        open_database(tmp_path, {name: "postgresql://somebody@db.example/tipbridge"})


def test_two_addresses_name_a_server_of_the_operators(tmp_path) -> None:
    found = open_database(
        tmp_path,
        {
            "TIPBRIDGE_DATABASE_OWNER_URL": "postgresql://owner:pw@db.example/tipbridge",
            "TIPBRIDGE_DATABASE_URL": "postgres://app:pw@db.example/tipbridge",
        },
    )
    assert plain_url(found.app_url) == "postgresql://app:pw@db.example/tipbridge"
    assert found.owner_url.startswith("postgresql+psycopg://owner:pw@")
    found.stop()
    assert not list(tmp_path.iterdir())
