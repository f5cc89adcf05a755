"""Every SQL statement about what votes say of the entries of one list."""

from sqlalchemy import Connection
from sqlalchemy import text as sql

from tipbridge.knowledge.hashes.beside.store import COUNTED, IN_EFFECT
from tipbridge.knowledge.hashes.model import DigestKind

_BY_VOTES = sql(f"""
    SELECT yes, no, sum(entries) AS entries FROM (
           SELECT count(*) FILTER (WHERE v.affirmative) AS yes,
                  count(*) FILTER (WHERE NOT v.affirmative) AS no,
                  (SELECT count(*) FROM hash_list_entries e
                    WHERE e.list_id = v.list_id AND e.kind = v.kind AND e.digest = v.digest
                      AND {IN_EFFECT}) AS entries
             FROM hash_list_votes v {COUNTED} AND v.list_id = :list_id
            GROUP BY v.list_id, v.kind, v.digest, l.active_version) voted
     GROUP BY yes, no
""")  # noqa: S608 - our own pieces
_AGAINST = sql(f"""
    SELECT v.kind, v.digest, count(*) FILTER (WHERE v.affirmative) AS yes,
           count(*) FILTER (WHERE NOT v.affirmative) AS no,
           array_agg(DISTINCT v.reason) FILTER (WHERE v.reason IS NOT NULL) AS reasons
      FROM hash_list_votes v {COUNTED} AND v.list_id = :list_id
     GROUP BY v.kind, v.digest HAVING bool_or(NOT v.affirmative)
     ORDER BY max(v.at) DESC, v.kind, v.digest LIMIT :most
""")  # noqa: S608 - our own pieces


def by_votes(db: Connection, list_id: str) -> list[tuple[int, int, int]]:
    """Votes in favour, votes against, and how many entries in effect have just these."""
    rows = db.execute(_BY_VOTES, {"list_id": list_id})
    return [(row.yes, row.no, int(row.entries)) for row in rows]


def disputed(
    db: Connection, list_id: str, *, most: int
) -> list[tuple[DigestKind, bytes, int, int, tuple[str, ...]]]:
    """Entries in effect that somebody voted against, the newest vote first.

    Shape: kind and digest, votes in favour and against, and reasons that were given here.
    """
    rows = db.execute(_AGAINST, {"list_id": list_id, "most": most})
    return [
        (DigestKind(row.kind), row.digest, row.yes, row.no, tuple(row.reasons or ()))
        for row in rows
    ]
