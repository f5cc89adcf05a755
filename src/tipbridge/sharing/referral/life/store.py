"""Every SQL statement about sayings."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ARRAY, Connection, RowMapping, Text, bindparam, literal, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.sharing.referral.life.model import (
    ACKNOWLEDGEMENTS,
    WITHDRAWALS,
    Kept,
    Saying,
    Why,
    Word,
)
from tipbridge.sharing.referral.life.tables import referral_sayings
from tipbridge.sharing.referral.model import Direction

_ALL = select(*referral_sayings.c).order_by(referral_sayings.c.at, referral_sayings.c.saying_id)
_OF_REFERRAL = _ALL.where(referral_sayings.c.referral_id == bindparam("referral"))
_BY_PACKAGE = _ALL.where(referral_sayings.c.package_id == bindparam("package"))
_BY_ID = _ALL.where(referral_sayings.c.saying_id == bindparam("saying"))

_WITHDRAWN = sorted(word.value for word in WITHDRAWALS)
_ACKNOWLEDGED = sorted(word.value for word in ACKNOWLEDGEMENTS)
_OWING = text("""
    SELECT DISTINCT w.referral_id
      FROM referral_sayings w JOIN referrals r ON r.id = w.referral_id
     CROSS JOIN LATERAL (
           SELECT r.peer_id AS holder
            UNION SELECT s.signer FROM relayed_receipts s WHERE s.package_id = r.package_id
            UNION SELECT unnest(t.told) FROM referral_sayings t
                   WHERE t.referral_id = w.referral_id AND t.about = w.saying_id) h
     WHERE w.direction = 'out' AND w.word = ANY (:words)
       AND NOT EXISTS (
           SELECT 1 FROM referral_sayings a
            WHERE a.referral_id = w.referral_id AND a.about = w.saying_id
              AND a.word = ANY (:answers) AND coalesce(a.by_node, a.node_id) = h.holder)
     ORDER BY w.referral_id
""").bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in ("words", "answers")))

_ANSWERS = text("""
    SELECT r.id FROM referrals r JOIN referral_parts p ON p.referral_id = r.id
     WHERE r.direction = 'in' AND r.peer_id = :peer AND p.label = 'release/' || r.peer_id
       AND p.value -> 'answers' @> to_jsonb(CAST(:package AS text))
     ORDER BY r.opened_at, r.id
""")


def insert_saying(db: Connection, kept: Kept, at: datetime) -> bool:
    """Keep a saying with its referral; false when it is there already."""
    saying = kept.saying
    query = (
        upsert(referral_sayings)
        .values(
            referral_id=kept.referral_id,
            saying_id=saying.id,
            direction=kept.direction.value,
            word=saying.word.value,
            why=None if saying.why is None else saying.why.value,
            labels=list(saying.labels),
            about=saying.about,
            instead=saying.instead,
            node_id=saying.node_id,
            at=saying.at,
            by_node=saying.by,
            told=list(saying.told),
            package_id=kept.package_id,
            kept_at=at,
        )
        .on_conflict_do_nothing()
        .returning(literal(1))
    )
    return db.execute(query).one_or_none() is not None


def sayings_of(db: Connection, referral_id: str) -> list[Kept]:
    """Everything said about a referral, oldest first."""
    return [_to_kept(row) for row in db.execute(_OF_REFERRAL, {"referral": referral_id}).mappings()]


def sayings_by_id(db: Connection, saying_id: str) -> list[Kept]:
    """Where one saying is kept: with the referral it came about, and those it went on about."""
    return [_to_kept(row) for row in db.execute(_BY_ID, {"saying": saying_id}).mappings()]


def saying_in(db: Connection, package_id: str) -> Kept | None:
    """The saying that went out in one package."""
    rows = db.execute(_BY_PACKAGE, {"package": package_id}).mappings()
    found = [_to_kept(row) for row in rows]
    return next((each for each in found if each.direction is Direction.OUT), None)


def was_corrected(db: Connection, referral_id: str) -> bool:
    """Whether a correction came about a received referral."""
    found = db.execute(_OF_REFERRAL, {"referral": referral_id}).mappings()
    corrected = (Word.CORRECTION.value, Direction.IN.value)
    return any((row["word"], row["direction"]) == corrected for row in found)


def came_in(db: Connection, saying_id: str, package_id: str) -> bool:
    """Whether a saying is kept as having come in this package."""
    found = db.execute(_BY_ID, {"saying": saying_id}).mappings()
    return any(row["package_id"] == package_id for row in found)


def corrected_by(db: Connection, packages: Collection[str]) -> list[str]:
    """The referrals for which a correction names one of these packages as giving the right parts."""
    column = referral_sayings.c
    query = select(column.referral_id).where(column.instead.in_([*packages]))
    return list(dict.fromkeys(db.execute(query.order_by(column.at)).scalars()))


def lacked_in(db: Connection, referral_ids: Collection[str]) -> frozenset[tuple[str, Why]]:
    """These sent referrals that were returned, each with what its receiver lacked in it."""
    column = referral_sayings.c
    query = select(column.referral_id, column.why).where(
        column.referral_id.in_([*referral_ids]),
        column.direction == Direction.IN.value,
        column.word == Word.RETURNED.value,
        column.why.is_not(None),
    )
    return frozenset((row.referral_id, Why(row.why)) for row in db.execute(query))


def answers_to(db: Connection, peer_id: str, package_id: str) -> list[str]:
    """The received referrals whose sender says that they answer the return of this package."""
    return list(db.execute(_ANSWERS, {"peer": peer_id, "package": package_id}).scalars())


def owing(db: Connection) -> list[str]:
    """The sent referrals of which somebody who holds them has not acknowledged a withdrawal."""
    return list(db.execute(_OWING, {"words": _WITHDRAWN, "answers": _ACKNOWLEDGED}).scalars())


def withdrawn(db: Connection, *, limit: int) -> list[str]:
    """The sent referrals about which a withdrawal went out, newest first."""
    words = [word.value for word in WITHDRAWALS]
    query = (
        select(referral_sayings.c.referral_id)
        .where(
            referral_sayings.c.word.in_(words),
            referral_sayings.c.direction == Direction.OUT.value,
        )
        .order_by(referral_sayings.c.at.desc())
        .limit(limit)
    )
    return list(dict.fromkeys(db.execute(query).scalars()))


def _to_kept(row: RowMapping) -> Kept:
    return Kept(
        referral_id=row["referral_id"],
        direction=Direction(row["direction"]),
        saying=Saying(
            id=row["saying_id"],
            word=Word(row["word"]),
            why=None if row["why"] is None else Why(row["why"]),
            labels=tuple(row["labels"]),
            about=row["about"],
            instead=row["instead"],
            node_id=row["node_id"],
            at=row["at"],
            by=row["by_node"],
            told=tuple(row["told"]),
        ),
        package_id=row["package_id"],
    )
