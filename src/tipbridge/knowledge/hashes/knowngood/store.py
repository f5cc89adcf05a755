"""Every SQL statement put to a set that comes as a SQLite database; it is never written to.

The database is another's: no view, trigger, virtual table or computed column of it is run, and its
table is checked page by page before the first row is taken.
"""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

TABLES = ("FILE", "METADATA")
"""Where the digests stand: `FILE` of a minimal set, `METADATA` of a full one, whose FILE is a view."""
COLUMNS = ("sha256", "sha1", "md5")
VALUE_BYTES = 1_000_000
_CACHE_KIB = 32 * 1024
_GUARDS = (
    "PRAGMA query_only = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    f"PRAGMA cache_size = -{_CACHE_KIB}",
)
_CHECKS = {name: f"PRAGMA quick_check({name})" for name in TABLES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table of a set that holds its digests, and which kinds of them."""

    name: str
    columns: tuple[str, ...]


@contextmanager
def opened(path: Path) -> Generator[sqlite3.Connection]:
    """A database opened for reading alone; no file is made beside it. Errors: sqlite3.Error."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as db:
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES)
        db.text_factory = bytes
        for guard in _GUARDS:
            db.execute(guard)
        yield db


def table_of(db: sqlite3.Connection) -> Table | None:
    """The table that holds digests, None when there is none. Errors: sqlite3.Error."""
    for name in TABLES:
        plain = db.execute(
            "SELECT count(*) FROM sqlite_schema"
            " WHERE type = 'table' AND rootpage > 0 AND upper(name) = ?",
            (name,),
        ).fetchone()
        if not plain[0]:
            continue
        own = db.execute(
            "SELECT lower(name) FROM pragma_table_xinfo(?) WHERE hidden = 0", (name,)
        ).fetchall()
        present = {bytes(each[0]).decode(errors="replace") for each in own}
        columns = tuple(each for each in COLUMNS if each in present)
        if columns:
            return Table(name=name, columns=columns)
    return None


def fault_of(db: sqlite3.Connection, table: Table) -> str | None:
    """The first thing wrong with the pages of a table; None when all fit. Errors: sqlite3.Error."""
    found = db.execute(_CHECKS[table.name]).fetchone()
    told = bytes(found[0]).decode(errors="replace") if found else "no answer"
    return None if told == "ok" else told.splitlines()[-1][:200]


def digests(db: sqlite3.Connection, table: Table) -> Generator[tuple[object, ...]]:
    """The digests of every row in the order of `table.columns`. Errors: sqlite3.Error."""
    yield from db.execute(
        f"SELECT {', '.join(table.columns)} FROM {table.name}"  # noqa: S608 - names of our own
    )
