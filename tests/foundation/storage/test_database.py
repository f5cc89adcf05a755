"""The runtime role is bound by row-level security, and others are refused."""

import pytest
from sqlalchemy import text

from tests.nodes import CONSOLE, Database, acting
from tipbridge.foundation.base.errors import Forbidden, Unavailable
from tipbridge.foundation.storage.engine import check_runtime_role, open_database, plain_url
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
