"""Every SQL statement that reads a whole version of a list: PostgreSQL writes, nothing is parsed.

Python takes rows as they come, many at a time. No statement here joins: right after a first
import the planner knows nothing of the table yet.
"""

import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection as Driver
from psycopg import Copy
from psycopg import Error as DriverError
from sqlalchemy import ARRAY, Connection, Text, bindparam
from sqlalchemy import text as sql

from tipbridge.foundation.base.errors import IntegrityFailure, Unavailable
from tipbridge.knowledge.hashes.model import DigestKind

_IN_VERSION = """
     WHERE list_id = {list_id} AND added_in <= {version}
       AND (removed_in IS NULL OR removed_in > {version})"""
_COPIED = _IN_VERSION.format(list_id="%(list_id)s", version="%(version)s")
_CONTENT = f"""
    COPY (SELECT kind, encode(digest, 'hex'), mark, item, frame, quality FROM hash_list_entries
          {_COPIED} AND kind = %(kind)s ORDER BY digest, item COLLATE "C", frame, id)
      TO STDOUT (NULL '')"""  # noqa: S608 - our own pieces
_ROWS = f"""
    COPY (SELECT digest, id, coalesce((%(words)s::jsonb -> mark)::int, 0) FROM hash_list_entries
          {_COPIED} AND kind = ANY (%(kinds)s))
      TO STDOUT (FORMAT binary)"""  # noqa: S608 - our own pieces
_VERSION = _IN_VERSION.format(list_id=":list_id", version=":version")
_KINDS = sql(f"SELECT DISTINCT kind FROM hash_list_entries {_VERSION}")  # noqa: S608 - our own pieces
_MARKS = sql(f"""
    SELECT mark FROM (SELECT DISTINCT mark FROM hash_list_entries {_VERSION}
                         AND kind = ANY (:kinds) AND mark IS NOT NULL) each ORDER BY mark COLLATE "C"
""").bindparams(bindparam("kinds", type_=ARRAY(Text)))  # noqa: S608 - our own pieces
_HEAD_BYTES, _END_BYTES = 19, 2
_PIECE_BYTES = 1 << 22


def content_lines(db: Connection, list_id: str, version: int) -> Generator[bytes]:
    """One line for each entry of a version, in the one order that its digest is taken over.

    Shape: kind, digest in hexadecimal, mark, item, frame and quality, tabs between them, empty
    where unknown. Marks and items are printable: of what PostgreSQL escapes they may hold a
    backslash alone. Kind by kind, for a sort by digest alone takes a third of the time.
    """
    given = {"list_id": list_id, "version": version}
    for kind in sorted(db.execute(_KINDS, given).scalars()):
        with _copied(db, _CONTENT, given | {"kind": kind}) as copy:
            for line in copy:
                yield bytes(line).replace(b"\\\\", b"\\")


def marks(db: Connection, list_id: str, version: int, kinds: Iterable[DigestKind]) -> list[str]:
    """Every mark that entries of these kinds have in a version."""
    given = {"list_id": list_id, "version": version, "kinds": [each.value for each in kinds]}
    return list(db.execute(_MARKS, given).scalars())


def index_rows(  # noqa: PLR0917 - one file of one version
    db: Connection,
    list_id: str,
    version: int,
    kinds: Iterable[DigestKind],
    words: Mapping[str, int],
    width: int,
) -> Generator[NDArray[Any]]:
    """Every entry of these kinds, many at a time: its digest, its row's id, its mark's number.

    Shape: arrays with the fields `digest` (`width` bytes), `id` and `mark`; 0 is no mark.
    Errors: IntegrityFailure for a digest of another width.
    """
    row = np.dtype([
        ("fields", ">i2"),
        ("digest_bytes", ">i4"), ("digest", np.uint8, (width,)),
        ("id_bytes", ">i4"), ("id", ">i8"),
        ("mark_bytes", ">i4"), ("mark", ">i4"),
    ])  # fmt: skip
    given = {
        "list_id": list_id,
        "version": version,
        "kinds": [each.value for each in kinds],
        "words": json.dumps(words, ensure_ascii=False),
    }
    held = bytearray()
    with _copied(db, _ROWS, given) as copy:
        for block in copy:
            held += block
            if len(held) >= _PIECE_BYTES:
                end = _HEAD_BYTES + (len(held) - _HEAD_BYTES) // row.itemsize * row.itemsize
                yield _whole_rows(held[_HEAD_BYTES:end], row, width)
                held = held[:_HEAD_BYTES] + held[end:]
    yield _whole_rows(held[_HEAD_BYTES:-_END_BYTES], row, width)


def _whole_rows(held: bytearray, row: np.dtype[Any], width: int) -> NDArray[Any]:
    """Rows as they were copied. Errors: IntegrityFailure unless each is as long as it must be."""
    fits = len(held) % row.itemsize == 0
    found = np.frombuffer(held, row) if fits else np.empty(0, row)
    if not fits or (found["digest_bytes"] != width).any():
        raise IntegrityFailure(f"An entry's digest has not the {width} bytes of its kind.")
    return found


@contextmanager
def _copied(
    db: Connection, statement: LiteralString, given: Mapping[str, object]
) -> Generator[Copy]:
    """What PostgreSQL copies out, in the transaction of the caller. Errors: Unavailable."""
    driver = cast("Driver[Any]", db.connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement, given) as copy:
            yield copy
    except DriverError as error:
        raise Unavailable("The database did not give out what a list holds.") from error
