"""Every SQL statement about votes on entries, feeds of lists, and alarms about look-ups."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ARRAY, Connection, LargeBinary, Text, bindparam, func, select
from sqlalchemy import text as sql

from tipbridge.foundation.access.tables import providers
from tipbridge.knowledge.hashes.lookups import Alarm
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.probing import ProbingRule
from tipbridge.knowledge.hashes.tables import hash_alarms

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
