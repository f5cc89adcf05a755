"""Many rows in one statement are the rows that were given."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tipbridge.foundation.audit.tables import audit_entries
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.sharing.referral.tables import referral_parts, referral_steps, release_requests

PART = {
    "referral_id": "r1",
    "data_class": "incident",
    "form": "exact",
    "salt": bytes(range(32)),
    "hop": 0,
    "sender": "us.clearing",
}
VALUES = {
    "a": None,
    "b": "홍길동 \"\\' {}",
    "c": {"deep": [1, None, 1.5, True]},
    "d": 2**60,
    "e": [],
}


@pytest.fixture
def db(database: Database):
    """The owner's connection, whom no row is hidden from and no other table is asked of."""
    with database.owner.connect() as connection, connection.begin():
        for table in ("referral_parts", "referral_steps", "release_requests", "audit_entries"):
            _let_alone(connection, table)
        yield connection


def _let_alone(connection, table: str) -> None:
    connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
    found = connection.execute(
        text(
            "SELECT conname FROM pg_constraint"
            " WHERE conrelid = CAST(:name AS regclass) AND contype = 'f'"
        ),
        {"name": table},
    )
    for name in found.scalars().all():
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))


def test_every_kind_of_value_comes_back_as_it_was(db) -> None:
    rows = [PART | {"label": label, "value": value} for label, value in VALUES.items()]
    insert_rows(db, referral_parts, rows)
    c = referral_parts.c
    found = db.execute(select(c.label, c.value, c.salt, c.hop).order_by(c.label)).all()
    assert [(row.label, row.value) for row in found] == list(VALUES.items())
    assert {(row.salt, row.hop) for row in found} == {(bytes(range(32)), 0)}
    nothing = text("SELECT count(*) FROM referral_parts WHERE value IS NULL")
    assert db.execute(nothing).scalar_one() == 0, "a null of JSON is a value"


def test_times_and_nothing_come_back_as_they_were(db) -> None:
    at = machine_now()
    request = {
        "id": "q1", "direction": "out", "unit_id": 1, "restricted": False, "members": ["a", "b"],
        "peer_id": "kr.knpa", "referral_id": None, "purpose": "investigation", "offences": [],
        "incident_on": at.date(), "state": "open", "package_id": "p1", "answer": None,
        "opened_at": at, "opened_by": "x",
    }  # fmt: skip
    insert_rows(db, release_requests, [request])
    row = db.execute(select(release_requests)).mappings().one()
    assert {name: row[name] for name in request} == request
    nothing = text("SELECT count(*) FROM release_requests WHERE answer IS NULL")
    assert db.execute(nothing).scalar_one() == 1, "no answer is none"


def test_a_row_that_is_there_stays_or_is_an_error(db) -> None:
    at = machine_now()
    step = {"referral_id": "r1", "step": "opened", "node_id": "us.clearing", "at": at}
    insert_rows(db, referral_steps, [step])
    insert_rows(db, referral_steps, [step | {"at": at.replace(year=2014)}], or_not=True)
    assert db.execute(select(referral_steps.c.at)).scalar_one() == at
    with pytest.raises(IntegrityError):
        insert_rows(db, referral_steps, [step])


def test_no_row_is_no_statement_and_other_columns_are_refused(db) -> None:
    insert_rows(db, audit_entries, [])
    entry = {"position": 0, "event_id": "e0"}
    for other in ({**entry, "leaf": b"x"}, {"position": 1}):
        with pytest.raises(ValueError, match="different columns"):
            insert_rows(db, audit_entries, [entry, other])
    assert db.execute(select(audit_entries.c.position)).first() is None


def test_a_number_that_is_none_is_refused(db) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        insert_rows(db, audit_entries, [{"position": float("nan"), "event_id": "e", "leaf": b""}])


def test_words_of_closed_lists_are_plain_text(db) -> None:
    part = PART | {"label": "x", "value": "v", "form": PlaceKind.SOCIAL_NETWORK}
    insert_rows(db, referral_parts, [part])
    assert db.execute(select(referral_parts.c.form)).scalar_one() == "social-network"
