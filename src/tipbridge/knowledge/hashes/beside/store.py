"""Every SQL statement about votes on entries, feeds of lists, and alarms about look-ups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, Connection, LargeBinary, Text, bindparam, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from tipbridge.foundation.access.tables import providers
from tipbridge.knowledge.hashes.lookups import Alarm
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.probing import ProbingRule
from tipbridge.knowledge.hashes.tables import (
    hash_alarms,
    hash_feeds,
    hash_list_entries,
    hash_list_votes,
)

MOST_ALARMS = 200
Place = tuple[str, DigestKind, bytes]
"""An entry, whatever version it is in: list, kind and digest."""

_VOTES = sql("""
    SELECT v.list_id, v.kind, v.digest, v.voter, v.affirmative FROM hash_list_votes v
      JOIN unnest(:lists, :kinds, :digests) AS asked (list_id, kind, digest)
     USING (list_id, kind, digest) ORDER BY v.at
""").bindparams(
    bindparam("lists", type_=ARRAY(Text)),
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("digests", type_=ARRAY(LargeBinary)),
)
_UNPUSHED = sql("""
    SELECT v.kind, v.digest, bool_and(v.affirmative) AS affirmative,
           (SELECT e.item FROM hash_list_entries e
             WHERE e.list_id = v.list_id AND e.kind = v.kind AND e.digest = v.digest
               AND e.removed_in IS NULL LIMIT 1) AS item
      FROM hash_list_votes v
     WHERE v.list_id = :list_id AND v.voter LIKE 'person:%'
     GROUP BY v.list_id, v.kind, v.digest
    HAVING bool_or(v.pushed_at IS NULL) ORDER BY v.kind, v.digest LIMIT :most
""")


def votes(db: Connection, places: Iterable[Place]) -> dict[Place, dict[str, bool]]:
    """The newest vote of each voter on entries; those without a vote are left out."""
    asked = list(places)
    given = {
        "lists": [list_id for list_id, _, _ in asked],
        "kinds": [kind.value for _, kind, _ in asked],
        "digests": [digest for _, _, digest in asked],
    }
    found: dict[Place, dict[str, bool]] = {}
    for list_id, kind, digest, voter, affirmative in db.execute(_VOTES, given):
        found.setdefault((list_id, DigestKind(kind), digest), {})[voter] = affirmative
    return found


def add_alarm(
    db: Connection, alarm_id: str, *, provider_id: str, rule: str, at: datetime, lookups: int
) -> None:
    """Keep an alarm about a provider's questions."""
    db.execute(
        hash_alarms.insert().values(
            id=alarm_id, provider_id=provider_id, rule=rule, at=at, lookups=lookups
        )
    )


def alarms(db: Connection) -> list[Alarm]:
    """Alarms about providers' questions, the newest first."""
    a = hash_alarms.c
    query = (
        select(a.id, a.rule, a.at, a.lookups, a.seen_at, a.seen_by, providers.c.name)
        .join(providers, providers.c.id == a.provider_id)
        .order_by(a.at.desc(), a.id.desc())
        .limit(MOST_ALARMS)
    )
    return [
        Alarm(
            id=row.id,
            provider=row.name,
            rule=ProbingRule(row.rule),
            at=row.at,
            lookups=row.lookups,
            seen_at=row.seen_at,
            seen_by=row.seen_by,
        )
        for row in db.execute(query)
    ]


def alarms_unseen(db: Connection) -> int:
    """How many alarms nobody has looked at."""
    query = select(func.count()).where(hash_alarms.c.seen_at.is_(None))
    return db.execute(query).scalar_one()


def note_seen(db: Connection, alarm_id: str, *, at: datetime, by: str) -> bool:
    """Write down who looked at an alarm; False when there is none that waits."""
    a = hash_alarms.c
    change = hash_alarms.update().where(a.id == alarm_id, a.seen_at.is_(None))
    return db.execute(change.values(seen_at=at, seen_by=by)).rowcount == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a feed was pulled: everything up to `after`, and a range that is under way."""

    after: datetime | None
    until: datetime | None
    following: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpushed:
    """An entry our people voted on since the feed was last told."""

    kind: DigestKind
    digest: bytes
    item: str | None
    affirmative: bool


def cursor(db: Connection, list_id: str) -> Cursor | None:
    """How far a list's feed was pulled; None before the first time."""
    f = hash_feeds.c
    query = select(f.after, f.until, f.following).where(f.list_id == list_id)
    row = db.execute(query).one_or_none()
    return (
        None if row is None else Cursor(after=row.after, until=row.until, following=row.following)
    )


def keep_cursor(db: Connection, list_id: str, kept: Cursor, *, at: datetime) -> None:
    """Write down how far a list's feed was pulled."""
    values = {
        "after": kept.after,
        "until": kept.until,
        "following": kept.following,
        "pulled_at": at,
    }
    new = insert(hash_feeds).values(list_id=list_id, **values)
    db.execute(new.on_conflict_do_update(index_elements=[hash_feeds.c.list_id], set_=values))


def note_vote(
    db: Connection,
    place: Place,
    *,
    voter: str,
    affirmative: bool,
    reason: str | None,
    at: datetime,
    pushed: bool,
) -> None:
    """Keep a voter's newest vote on an entry; `pushed` when its feed knows it."""
    list_id, kind, digest = place
    values = {
        "affirmative": affirmative,
        "reason": reason,
        "at": at,
        "pushed_at": at if pushed else None,
    }
    v = hash_list_votes.c
    new = insert(hash_list_votes).values(
        list_id=list_id, kind=kind.value, digest=digest, voter=voter, **values
    )
    db.execute(
        new.on_conflict_do_update(
            index_elements=[v.list_id, v.kind, v.digest, v.voter], set_=values
        )
    )


def holds_entry(db: Connection, place: Place, version: int) -> bool:
    """Whether a version of a list holds an entry."""
    list_id, kind, digest = place
    e = hash_list_entries.c
    query = select(e.id).where(
        e.list_id == list_id,
        e.kind == kind.value,
        e.digest == digest,
        e.added_in <= version,
        e.removed_in.is_(None) | (e.removed_in > version),
    )
    return db.execute(query.limit(1)).first() is not None


def unpushed(db: Connection, list_id: str, *, most: int) -> list[Unpushed]:
    """Entries our people voted on since the feed was told, with what they say together."""
    rows = db.execute(_UNPUSHED, {"list_id": list_id, "most": most})
    return [
        Unpushed(
            kind=DigestKind(row.kind),
            digest=row.digest,
            item=row.item,
            affirmative=row.affirmative,
        )
        for row in rows
    ]


def note_pushed(db: Connection, place: Place, *, at: datetime) -> None:
    """Write down that a list's feed was told of our votes on an entry."""
    list_id, kind, digest = place
    v = hash_list_votes.c
    change = hash_list_votes.update().where(
        v.list_id == list_id, v.kind == kind.value, v.digest == digest, v.pushed_at.is_(None)
    )
    db.execute(change.values(pushed_at=at))
