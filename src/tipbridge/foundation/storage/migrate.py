"""Bring a database up to this program's schema, one process at a time."""

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, pool, text

from tipbridge.foundation.base.errors import Unavailable
from tipbridge.foundation.storage.engine import driver_url
from tipbridge.foundation.storage.launcher import APP_ROLE

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x7469706272696467  # "tipbridg"
_HANGUL = "홍길동"
# Row-level security is forced on the owner too; a migration acts as a system actor.
_ACTING = "-c tipbridge.actor=migration -c tipbridge.actor_kind=system -c timezone=UTC"


def _is_current(connection: Connection) -> bool:
    """Whether the newest migration was run here, as it was each time but the first."""
    if connection.scalar(text("SELECT to_regclass('schema_version')")) is None:
        return False
    newest = max(path.stem[:4] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    return connection.scalar(text("SELECT version_num FROM schema_version")) == newest


def _run_migrations(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - slow, and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", "tipbridge.foundation.storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def check_locale(connection: Connection) -> None:
    """Refuse a database in which search over Korean text finds nothing and says nothing.

    Errors: Unavailable.
    """
    found = connection.scalar(text("SELECT cardinality(show_trgm(:word))"), {"word": _HANGUL})
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8" or not found:
        raise Unavailable("The database can't search Korean text; make it with LC_CTYPE C.UTF-8.")


def _prepare(connection: Connection) -> None:
    if not connection.scalar(
        text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": APP_ROLE}
    ):
        raise Unavailable(f"The server has no role '{APP_ROLE}' for the running program.")
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    check_locale(connection)


def _upgrade(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        try:
            _prepare(connection)
            current = _is_current(connection)
            connection.commit()  # each migration is then a transaction of its own
            if not current:
                _run_migrations(connection)
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()


def migrate(owner_url: str) -> None:
    """Upgrade the database of this owner to the newest schema; again does nothing.

    Errors: Unavailable when the server lacks the runtime role or a usable locale.
    """
    engine = create_engine(
        driver_url(owner_url), poolclass=pool.NullPool, connect_args={"options": _ACTING}
    )
    try:
        _upgrade(engine)
    finally:
        engine.dispose()
