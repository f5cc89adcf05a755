"""Every SQL statement about shared entries, and the lock that gives them their order."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ARRAY, Connection, Text, bindparam, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from tipbridge.knowledge.hashsharing.model import (
    NODE_MEMBER,
    Change,
    Classification,
    Disputed,
    EntryKind,
    Fingerprint,
    FingerprintType,
    Listed,
    Member,
    MemberLine,
    Range,
    Stored,
    Vote,
)
from tipbridge.knowledge.hashsharing.tables import (
    hash_entries,
    hash_fingerprints,
    hash_members,
    hash_votes,
)

_STAMP = text("""
    UPDATE hash_clock
       SET latest = greatest(latest, settled + interval '1 second',
                             date_trunc('second', cast(:now AS timestamptz)))
    RETURNING latest
""")
_SETTLED = text("SELECT settled >= :until FROM hash_clock")
_SETTLE = text("UPDATE hash_clock SET settled = greatest(settled, :until)")
_NEXT = text("SELECT nextval('hash_positions')")
_PUBLISH = text("""
    INSERT INTO hash_entries (member_id, entry_id, kind, deleted, classification,
                              position, stamp, added_at)
    SELECT :member, encode(digest, 'hex'), :kind, false,
           CASE WHEN mark = ANY (:classes) THEN mark END,
           nextval('hash_positions'), :stamp, :now
      FROM hash_list_entries WHERE list_id = :list_id AND added_in <= :version
       AND (removed_in IS NULL OR removed_in > :version)
       AND kind IN ('md5', 'sha1', 'sha256', 'pdq')
    ON CONFLICT (member_id, entry_id) DO NOTHING
""").bindparams(bindparam("classes", type_=ARRAY(Text)))
_PUBLISH_DIGESTS = text("""
    INSERT INTO hash_fingerprints (entry, type, value)
    SELECT e.id, upper(line.kind), line.digest
      FROM hash_entries e JOIN hash_list_entries line
        ON line.list_id = :list_id AND line.digest = decode(e.entry_id, 'hex')
       AND line.added_in <= :version AND (line.removed_in IS NULL OR line.removed_in > :version)
       AND line.kind IN ('md5', 'sha1', 'sha256', 'pdq')
     WHERE e.member_id = :member AND e.stamp = :stamp AND NOT e.deleted
    ON CONFLICT (entry, type) DO NOTHING
""")
_LINES = text("""
    SELECT m.id, m.name, m.provider_id, m.added_at, m.ended_at,
           (SELECT count(*) FROM hash_entries e WHERE e.member_id = m.id AND NOT e.deleted)
               AS entry_count,
           (SELECT count(DISTINCT v.entry) FROM hash_votes v
              JOIN hash_entries e ON e.id = v.entry
              JOIN hash_fingerprints f ON f.entry = v.entry AND f.type = v.type
               AND sha256(f.value) = v.value_sha256
             WHERE e.member_id = m.id AND NOT v.affirmative) AS disputed_count
      FROM hash_members m ORDER BY m.id
""")
_DISPUTED = text("""
    SELECT e.member_id, m.name AS member_name, e.entry_id, v.type,
           count(*) FILTER (WHERE NOT v.affirmative) AS against,
           count(*) FILTER (WHERE v.affirmative) AS in_favour,
           array(SELECT DISTINCT reason FROM hash_votes w, unnest(w.reasons) AS reason
                  WHERE w.entry = e.id AND w.type = v.type ORDER BY reason) AS reasons
      FROM hash_votes v JOIN hash_entries e ON e.id = v.entry
      JOIN hash_members m ON m.id = e.member_id
      JOIN hash_fingerprints f ON f.entry = v.entry AND f.type = v.type
       AND sha256(f.value) = v.value_sha256
     GROUP BY e.id, e.member_id, m.name, e.entry_id, v.type
    HAVING count(*) FILTER (WHERE NOT v.affirmative) > 0
     ORDER BY against DESC, e.id, v.type LIMIT :most
""")


def take_stamp(db: Connection, now: datetime) -> datetime:
    """The time under which this work's changes stand; other writers wait until it is over.

    Unit: a whole second. It is later than every range that was answered so far, and no
    earlier than any time given before, so that positions and times have one order.
    """
    return db.execute(_STAMP, {"now": now}).scalar_one()


def settle(db: Connection, until: datetime) -> None:
    """Wait for writers at work, and let nobody write at or before `until` any more."""
    if not db.execute(_SETTLED, {"until": until}).scalar_one():
        db.execute(_SETTLE, {"until": until})


def member_of_provider(db: Connection, provider_id: str) -> Member | None:
    """The member that a provider is, while it is one."""
    c = hash_members.c
    query = select(c.id, c.name).where(c.provider_id == provider_id, c.ended_at.is_(None))
    row = db.execute(query).one_or_none()
    return None if row is None else Member(id=row.id, name=row.name)


def members(db: Connection) -> list[Member]:
    """Every member that shares here now; the node's own name is left empty."""
    c = hash_members.c
    rows = db.execute(select(c.id, c.name).where(c.ended_at.is_(None)).order_by(c.id))
    return [Member(id=row.id, name=row.name) for row in rows]


def enrol(db: Connection, *, provider_id: str, name: str, at: datetime) -> int:
    """Make a provider a member, or one again; its number stays for ever."""
    new = insert(hash_members).values(provider_id=provider_id, name=name, added_at=at)
    new = new.on_conflict_do_update(
        index_elements=[hash_members.c.provider_id], set_={"name": name, "ended_at": None}
    )
    return db.execute(new.returning(hash_members.c.id)).scalar_one()


def end_member(db: Connection, member_id: int, at: datetime) -> bool:
    """End a membership; False when there is none to end."""
    c = hash_members.c
    change = update(hash_members).where(
        c.id == member_id, c.id != NODE_MEMBER, c.ended_at.is_(None)
    )
    return db.execute(change.values(ended_at=at)).rowcount == 1


def member_lines(db: Connection) -> list[MemberLine]:
    """Every member there was, with its entries and how many of them are disputed."""
    return [MemberLine(**row) for row in db.execute(_LINES).mappings()]


def stored(db: Connection, member_id: int, entry_ids: Collection[str]) -> dict[str, Stored]:
    """What is kept of a member's entries, deleted ones included, by entry id."""
    c = hash_entries.c
    query = select(
        c.id, c.entry_id, c.kind, c.deleted, c.classification, c.visible_to
    ).where(c.member_id == member_id, c.entry_id.in_(entry_ids))  # fmt: skip
    rows = db.execute(query).all()
    values = _fingerprints(db, [row.id for row in rows], without=())
    return {
        row.entry_id: Stored(
            row=row.id,
            change=Change(
                entry_id=row.entry_id,
                kind=EntryKind(row.kind),
                deleted=row.deleted,
                classification=row.classification and Classification(row.classification),
                fingerprints=values.get(row.id, ()),
                visible_to=frozenset(row.visible_to or ()),
            ),
        )
        for row in rows
    }


def write(
    db: Connection, member_id: int, change: Change, *, row: int | None, stamp: datetime
) -> None:
    """Keep an entry's newest state at a new position."""
    state = {
        "deleted": change.deleted,
        "classification": change.classification,
        "position": db.execute(_NEXT).scalar_one(),
        "stamp": stamp,
    }
    if not change.deleted:  # those who saw an entry also see that it is gone
        state["visible_to"] = sorted(change.visible_to) or None
    if row is None:
        new = insert(hash_entries).values(
            member_id=member_id,
            entry_id=change.entry_id,
            kind=change.kind,
            added_at=stamp,
            **state,
        )
        row = db.execute(new.returning(hash_entries.c.id)).scalar_one()
    else:
        db.execute(update(hash_entries).where(hash_entries.c.id == row).values(**state))
        db.execute(hash_fingerprints.delete().where(hash_fingerprints.c.entry == row))
    lines = [{"entry": row, "type": f.type, "value": f.value} for f in change.fingerprints]
    if lines:
        db.execute(hash_fingerprints.insert(), lines)


def publish(
    db: Connection,
    list_id: str,
    *,
    version: int,
    kind: EntryKind,
    stamp: datetime,
    now: datetime,
) -> int:
    """Make entries of the node out of one version of a hash list; says how many are new."""
    given = {"member": NODE_MEMBER, "stamp": stamp, "list_id": list_id, "version": version}
    classes = [each.value for each in Classification]
    result = db.execute(_PUBLISH, {**given, "kind": kind, "classes": classes, "now": now})
    db.execute(_PUBLISH_DIGESTS, given)
    return result.rowcount


def page(db: Connection, asked: Range, *, without: Collection[FingerprintType]) -> list[Listed]:
    """One entry more than a page of `asked`, in the order of time, as far as the actor sees.

    Shape: fingerprints of the kinds `without` have no value. `asked.last` must be set.
    """
    c = hash_entries.c
    query = (
        select(
            c.id, c.position, c.stamp, c.member_id, hash_members.c.name, c.entry_id, c.kind,
            c.deleted, c.classification,
        )
        .join(hash_members, hash_members.c.id == c.member_id)
        .where(c.position >= asked.start, c.position <= asked.last)
        .where(c.stamp > asked.after, c.stamp <= asked.until)
        .order_by(c.position)
        .limit(asked.size + 1)
    )  # fmt: skip
    rows = db.execute(query).all()
    shown = [row.id for row in rows]
    values, votes = _fingerprints(db, shown, without=without), _votes(db, shown)
    return [
        Listed(
            position=row.position,
            stamp=row.stamp,
            member=Member(id=row.member_id, name=row.name),
            entry_id=row.entry_id,
            kind=EntryKind(row.kind),
            deleted=row.deleted,
            classification=row.classification,
            fingerprints=values.get(row.id, ()),
            votes=votes.get(row.id, ()),
        )
        for row in rows
    ]


def ends_of(db: Connection, asked: Range) -> tuple[int, int] | None:
    """The first and the last position of a range, as far as the actor sees; None if empty."""
    c = hash_entries.c
    inside = select(c.position).where(c.stamp > asked.after, c.stamp <= asked.until).limit(1)
    first = db.execute(inside.order_by(c.stamp, c.position)).scalar_one_or_none()
    last = db.execute(inside.order_by(c.stamp.desc(), c.position.desc())).scalar_one_or_none()
    return None if first is None or last is None else (first, last)


def fingerprint(
    db: Connection, member_id: int, entry_id: str, type_: FingerprintType
) -> tuple[int, bytes] | None:
    """The row of an entry that the actor sees, and its fingerprint of one kind."""
    e, f = hash_entries.c, hash_fingerprints.c
    query = (
        select(e.id, f.value)
        .join(hash_fingerprints, f.entry == e.id)
        .where(e.member_id == member_id, e.entry_id == entry_id, f.type == type_)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else (row.id, row.value)


def vote(
    db: Connection,
    row: int,
    fingerprint: Fingerprint,
    member_id: int,
    *,
    reasons: Iterable[str],
    at: datetime,
) -> bool:
    """Keep a member's vote on one value, against it when there are reasons.

    Returns False when the member said exactly this before.
    """
    against = sorted(reasons)
    digest = hashlib.sha256(fingerprint.value).digest()
    said = {"value_sha256": digest, "reasons": against, "affirmative": not against}
    new = insert(hash_votes).values(
        entry=row, type=fingerprint.type, member_id=member_id, at=at, **said
    )
    v = hash_votes.c
    new = new.on_conflict_do_update(
        index_elements=[v.entry, v.type, v.member_id],
        set_={**said, "at": at},
        where=(v.value_sha256 != digest) | (v.reasons != against),
    )
    return db.execute(new).rowcount == 1


def restamp(db: Connection, row: int, stamp: datetime) -> None:
    """Give an entry a new place in the order of time: others will fetch it again."""
    position = db.execute(_NEXT).scalar_one()
    change = update(hash_entries).where(hash_entries.c.id == row)
    db.execute(change.values(position=position, stamp=stamp))


def disputed(db: Connection, most: int) -> list[Disputed]:
    """Fingerprints that members voted against, the most disputed first."""
    return [
        Disputed(
            member_id=row.member_id,
            member_name=row.member_name,
            entry_id=row.entry_id,
            type=FingerprintType(row.type),
            against=row.against,
            in_favour=row.in_favour,
            reasons=tuple(row.reasons),
        )
        for row in db.execute(_DISPUTED, {"most": most})
    ]


def _fingerprints(
    db: Connection, entries: Collection[int], *, without: Collection[FingerprintType]
) -> Mapping[int, tuple[Fingerprint, ...]]:
    c = hash_fingerprints.c
    value = case((c.type.in_(without), b""), else_=c.value) if without else c.value
    query = select(c.entry, c.type, value).where(c.entry.in_(entries))
    found: dict[int, dict[str, bytes]] = {}
    for entry, type_, data in db.execute(query):
        found.setdefault(entry, {})[type_] = data
    return {
        entry: tuple(
            Fingerprint(type=each, value=of[each]) for each in FingerprintType if each in of
        )
        for entry, of in found.items()
    }


def _votes(db: Connection, entries: Collection[int]) -> Mapping[int, tuple[Vote, ...]]:
    v, f = hash_votes.c, hash_fingerprints.c
    query = (
        select(v.entry, v.type, v.member_id, hash_members.c.name, v.at, v.affirmative, v.reasons)
        .join(hash_members, hash_members.c.id == v.member_id)
        .join(hash_fingerprints, (f.entry == v.entry) & (f.type == v.type))
        .where(v.entry.in_(entries), func.sha256(f.value) == v.value_sha256)
        .order_by(v.entry, v.type, v.member_id)
    )
    found: dict[int, list[Vote]] = {}
    for row in db.execute(query):
        vote = Vote(
            type=FingerprintType(row.type),
            member=Member(id=row.member_id, name=row.name),
            at=row.at,
            affirmative=row.affirmative,
            reasons=tuple(row.reasons),
        )
        found.setdefault(row.entry, []).append(vote)
    return {entry: tuple(votes) for entry, votes in found.items()}
