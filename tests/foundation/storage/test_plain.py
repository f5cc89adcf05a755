"""Statements sent as they are written end and fail as all others do."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.databases import Database
from tests.nodes import acting
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.storage.plain import run

ADD = "INSERT INTO units (id, code, name) VALUES (%(id)s, %(code)s, %(code)s) RETURNING id"
SECRET = "person-001"


def codes(database: Database) -> list[str]:
    with acting(database.app, WORKER) as db:
        return list(db.execute(text("SELECT code FROM units ORDER BY id")).scalars())


def test_it_is_kept_with_the_transaction_and_goes_with_it(database: Database) -> None:
    with acting(database.app, WORKER) as db:
        assert run(db, ADD, {"id": 2, "code": "kept"}).fetchall() == [(2,)]
    with pytest.raises(KeyError), acting(database.app, WORKER) as db:
        run(db, ADD, {"id": 3, "code": "gone"})
        raise KeyError
    assert codes(database) == ["headquarters", "kept"]


def test_a_refusal_is_of_the_kind_that_others_raise_and_quotes_no_value(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, acting(database.app, WORKER) as db:
        run(db, ADD, {"id": 1, "code": SECRET})
    assert not caught.value.connection_invalidated
    assert SECRET not in str(caught.value)


def test_when_the_database_is_lost_the_connection_is_given_up(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught, acting(database.app, WORKER) as db:
        ((pid,),) = run(db, "SELECT pg_backend_pid()", {}).fetchall()
        with psycopg.connect(database.app_url.replace("+psycopg", "")) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        run(db, "SELECT 1", {})
    assert caught.value.connection_invalidated
    assert codes(database) == ["headquarters"]
