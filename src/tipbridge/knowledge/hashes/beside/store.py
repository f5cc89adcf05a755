"""Every SQL statement about votes on entries, feeds of lists, and alarms about look-ups."""

from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    Connection,
    DateTime,
    LargeBinary,
    Text,
    TextClause,
    bindparam,
    func,
    select,
    tuple_,
)
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

_MARKS = """
    SELECT array_agg(DISTINCT coalesce(e.mark, '') ORDER BY coalesce(e.mark, ''))
      FROM hash_list_entries e WHERE e.list_id = {0}.list_id AND e.kind = {0}.kind
       AND e.digest = {0}.digest AND """
IN_EFFECT = "e.added_in <= l.active_version AND coalesce(e.removed_in > l.active_version, true)"
_LATEST = "e.removed_in IS NULL"
COUNTED = f"""
    JOIN hash_lists l ON l.id = v.list_id
    LEFT JOIN hash_feeds f ON f.list_id = v.list_id
   WHERE v.voter IS DISTINCT FROM 'member:' || f.member
     AND v.marks = ({_MARKS.format("v")}{IN_EFFECT})"""
"""Of votes `v` those that count: on the class the entry has in effect, and none of our own come back."""
_VOTES = sql(f"""
    SELECT v.list_id, v.kind, v.digest, v.voter, v.affirmative
      FROM unnest(:lists, :kinds, :digests) AS asked (list_id, kind, digest)
     CROSS JOIN LATERAL (
           SELECT * FROM hash_list_votes h
            WHERE h.list_id = asked.list_id AND h.kind = asked.kind AND h.digest = asked.digest
           OFFSET 0) v {COUNTED}
     ORDER BY v.at
""").bindparams(  # noqa: S608 - our own pieces
    bindparam("lists", type_=ARRAY(Text)),
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("digests", type_=ARRAY(LargeBinary)),
)


def _noting(which: str, only: str = "") -> TextClause:
    """A voter's vote on the class that an entry has; it replaces an earlier one on the same class."""
    return sql(f"""
        INSERT INTO hash_list_votes
               (list_id, kind, digest, voter, marks, affirmative, reason, feed_reason, at, pushed_at)
        SELECT new.list_id, new.kind, new.digest, :voter, now.marks, :affirmative, :reason,
               :feed_reason, :at, :pushed_at
          FROM (SELECT :list_id AS list_id, :kind AS kind, :digest AS digest) new
          JOIN hash_lists l ON l.id = new.list_id
         CROSS JOIN LATERAL ({_MARKS.format("new")}{which}) AS now (marks)
         WHERE now.marks IS NOT NULL {only}
            ON CONFLICT (list_id, kind, digest, voter, marks) DO UPDATE
           SET affirmative = excluded.affirmative, reason = excluded.reason,
               feed_reason = excluded.feed_reason, at = excluded.at, pushed_at = excluded.pushed_at
         WHERE hash_list_votes.at <= excluded.at
    """).bindparams(  # noqa: S608 - our own pieces
        bindparam("list_id", type_=Text),
        bindparam("kind", type_=Text),
        bindparam("digest", type_=LargeBinary),
        bindparam("voter", type_=Text),
        bindparam("reason", type_=Text),
        bindparam("feed_reason", type_=Text),
        bindparam("at", type_=DateTime(timezone=True)),
        bindparam("pushed_at", type_=DateTime(timezone=True)),
    )


_NO_NEWS = """
    AND NOT EXISTS (
        SELECT 1 FROM hash_list_votes v
         WHERE v.list_id = new.list_id AND v.kind = new.kind AND v.digest = new.digest
           AND v.voter = :voter AND v.marks <> now.marks AND v.at >= :at)"""
_NOTE, _NOTE_LATEST = _noting(IN_EFFECT), _noting(_LATEST, only=_NO_NEWS)
_UNPUSHED = sql(f"""
    SELECT v.kind, v.digest, bool_and(v.affirmative) AS affirmative, bool_and(same) AS same,
           array_agg(DISTINCT v.feed_reason) FILTER (WHERE NOT v.affirmative) AS reasons,
           array_agg(v.voter) AS voters, array_agg(v.at) AS times,
           (SELECT e.item FROM hash_list_entries e
             WHERE e.list_id = v.list_id AND e.kind = v.kind AND e.digest = v.digest
               AND {_LATEST} LIMIT 1) AS item
      FROM (SELECT v.*, v.marks IS NOT DISTINCT FROM ({_MARKS.format("v")}{_LATEST}) AS same
              FROM hash_list_votes v {COUNTED} AND v.list_id = :list_id AND v.voter LIKE 'person:%') v
     GROUP BY v.list_id, v.kind, v.digest
    HAVING bool_or(v.pushed_at IS NULL) ORDER BY v.kind, v.digest
""")  # noqa: S608 - our own pieces


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
    """How far a feed was pulled: everything up to `after`, and a range that is under way.

    Shape: `member` is the number by which the feed knows us; `pulled_at` when it was last asked.
    """

    after: datetime | None = None
    until: datetime | None = None
    following: str | None = None
    member: str | None = None
    pulled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpushed:
    """An entry our people voted on since the feed was last told.

    Shape: `item` is its own name at the feed; `reasons` are the feed's own, of those against;
    `votes` are the voters and times that were read. `same` says that the feed's newest state of the
    entry, which may wait here, is still of the class that was voted on.
    """

    kind: DigestKind
    digest: bytes
    item: str | None
    affirmative: bool
    reasons: tuple[str, ...]
    same: bool
    votes: tuple[tuple[str, datetime], ...]


def cursor(db: Connection, list_id: str) -> Cursor | None:
    """How far a list's feed was pulled; None before the first time."""
    f = hash_feeds.c
    query = select(f.after, f.until, f.following, f.member, f.pulled_at).where(f.list_id == list_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else Cursor(**row)


def keep_cursor(db: Connection, list_id: str, kept: Cursor) -> None:
    """Write down how far a list's feed was pulled."""
    values = asdict(kept)
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
    feed_reason: str | None = None,
    waiting: bool = False,
    pushed: bool = False,
) -> None:
    """Keep a voter's newest vote on an entry and the class it has; `pushed` when its feed knows it.

    Shape: the class in effect, or with `waiting` the newest one; of an entry that is not there, and
    of a class that somebody who has voted since did not see, nothing is kept.
    """
    list_id, kind, digest = place
    values = {
        "list_id": list_id,
        "kind": kind.value,
        "digest": digest,
        "voter": voter,
        "affirmative": affirmative,
        "reason": reason,
        "feed_reason": feed_reason,
        "at": at,
        "pushed_at": at if pushed else None,
    }
    db.execute(_NOTE_LATEST if waiting else _NOTE, values)


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


def unpushed(db: Connection, list_id: str) -> Generator[Unpushed]:
    """Entries our people voted on since the feed was told, with what they say together."""
    for row in db.execute(_UNPUSHED, {"list_id": list_id}):
        yield Unpushed(
            kind=DigestKind(row.kind),
            digest=row.digest,
            item=row.item,
            affirmative=row.affirmative,
            reasons=tuple(each for each in row.reasons or () if each is not None),
            same=row.same,
            votes=tuple(zip(row.voters, row.times, strict=True)),
        )


def note_pushed(db: Connection, list_id: str, told: Unpushed, *, at: datetime) -> None:
    """Write down that a list's feed was told of these votes, and of none cast meanwhile."""
    v = hash_list_votes.c
    change = hash_list_votes.update().where(
        v.list_id == list_id,
        v.kind == told.kind.value,
        v.digest == told.digest,
        v.pushed_at.is_(None),
        tuple_(v.voter, v.at).in_(told.votes),
    )
    db.execute(change.values(pushed_at=at))
