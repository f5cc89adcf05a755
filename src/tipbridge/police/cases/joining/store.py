"""Every SQL statement about how cases stand to each other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.cases.joining.model import CaseRelation, Relation
from tipbridge.police.cases.joining.tables import case_relations
from tipbridge.police.cases.model import IdentifierKind, Link, LinkState, Notice
from tipbridge.police.cases.tables import case_links, case_notices, cases

_SAID = ("decided_by", "decided_at", "reopened_by", "reopened_at")
_ABOVE = text("""
    WITH RECURSIVE above (id) AS (
        SELECT case_id FROM case_relations
         WHERE other_id = :id AND relation = 'parent' AND undone_at IS NULL
        UNION
        SELECT r.case_id FROM case_relations r JOIN above ON r.other_id = above.id
         WHERE r.relation = 'parent' AND r.undone_at IS NULL)
    SELECT id FROM above ORDER BY id
""")
_WHOLE = text("""
    WITH RECURSIVE holding (id, depth, passed) AS (
        SELECT CAST(:id AS text), 0, ARRAY[CAST(:id AS text)]
        UNION ALL
        SELECT whole.id, depth + 1, passed || whole.id
          FROM holding CROSS JOIN LATERAL (
               SELECT c.id FROM case_relations r JOIN cases c ON c.id = r.case_id
                WHERE r.other_id = holding.id AND r.relation = 'merged' AND r.undone_at IS NULL
                  AND NOT c.restricted AND c.id <> ALL (holding.passed)
                ORDER BY r.made_at, r.id LIMIT 1) AS whole)
    SELECT id FROM holding ORDER BY depth DESC LIMIT 1
""")
_WHOLES = text("""
    WITH RECURSIVE holding (id) AS (
        SELECT CAST(:id AS text)
        UNION
        SELECT r.case_id FROM case_relations r JOIN holding ON r.other_id = holding.id
         WHERE r.relation = 'merged' AND r.undone_at IS NULL)
    SELECT id FROM holding ORDER BY id
""")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('cases.joining'))")


def lock_joining(db: Connection) -> None:
    """Let one relation at a time be made, so that two made at once never contradict each other."""
    db.execute(_LOCK)


def propose_link(db: Connection, link: Link) -> None:
    """Propose that two cases belong together, once for each kind of reason."""
    # One order for both directions, so that a pair is never proposed twice.
    first, second = sorted((link.case_id, link.other_id))
    query = insert(case_links).values(
        id=link.id,
        case_id=first,
        other_id=second,
        kind=link.kind.value,
        state=link.state.value,
        proposed_at=link.proposed_at,
    )
    db.execute(query.on_conflict_do_nothing())


def settle_link(db: Connection, link_id: str, state: LinkState, *, by: str, at: datetime) -> bool:
    """Decide a proposed link; says whether there was one to decide."""
    query = case_links.update().where(
        case_links.c.id == link_id, case_links.c.state == LinkState.PROPOSED.value
    )
    values = {"state": state.value, "decided_at": at, "decided_by": by}
    values |= {"reopened_at": None, "reopened_by": None}
    return db.execute(query.values(values)).rowcount == 1


def reopen_link(db: Connection, link_id: str, *, by: str, at: datetime) -> bool:
    """Open a decided link again; says whether there was one. Who had decided stays said."""
    table = case_links.c
    query = case_links.update().where(table.id == link_id, table.state != LinkState.PROPOSED.value)
    values = {"state": LinkState.PROPOSED.value, "reopened_at": at, "reopened_by": by}
    return db.execute(query.values(values)).rowcount == 1


def add_notice(db: Connection, notice: Notice) -> None:
    """Tell a restricted case, once for each other case and kind."""
    query = insert(case_notices).values(
        id=notice.id,
        case_id=notice.case_id,
        about_case_id=notice.about_case_id,
        kind=notice.kind.value,
        at=notice.at,
    )
    db.execute(query.on_conflict_do_nothing())


def links_of(db: Connection, case_id: str) -> list[Link]:
    """The links of a case that the actor sees both ends of."""
    table = case_links.c
    other = case((table.case_id == case_id, table.other_id), else_=table.case_id)
    query = (
        select(table.id, other.label("other"), table.kind, table.state, table.proposed_at)
        .add_columns(cases.c.number, *(table[name] for name in _SAID))
        .join_from(case_links, cases, cases.c.id == other)
        .where(or_(table.case_id == case_id, table.other_id == case_id))
        .order_by(table.proposed_at, table.id)
    )
    return [
        Link(
            id=row["id"],
            case_id=case_id,
            other_id=row["other"],
            other_number=row["number"],
            kind=IdentifierKind(row["kind"]),
            state=LinkState(row["state"]),
            proposed_at=row["proposed_at"],
            **{name: row[name] for name in _SAID},
        )
        for row in db.execute(query).mappings()
    ]


def notices_of(db: Connection, case_id: str) -> list[Notice]:
    """What a restricted case was told."""
    query = select(case_notices).where(case_notices.c.case_id == case_id)
    rows = db.execute(query.order_by(case_notices.c.at, case_notices.c.id)).mappings()
    return [
        Notice(
            id=row["id"],
            case_id=row["case_id"],
            about_case_id=row["about_case_id"],
            kind=IdentifierKind(row["kind"]),
            at=row["at"],
        )
        for row in rows
    ]


def insert_relation(db: Connection, made: CaseRelation) -> None:
    """Say how two cases stand to each other."""
    names = ("id", "case_id", "other_id", "grounds", "made_by", "made_at")
    values = {name: getattr(made, name) for name in names}
    values |= {"relation": made.relation.value, "people": list(made.people)}
    values |= {"referrals": list(made.referrals)}
    db.execute(case_relations.insert().values(values))


def undo_relation(db: Connection, relation_id: str, *, by: str, at: datetime) -> bool:
    """Take a relation back; says whether it stood."""
    table = case_relations.c
    query = case_relations.update().where(table.id == relation_id, table.undone_at.is_(None))
    return db.execute(query.values(undone_by=by, undone_at=at)).rowcount == 1


def relations_of(db: Connection, *case_ids: str) -> list[CaseRelation]:
    """Everything said of how cases stand to others, taken back or not; oldest first."""
    table = case_relations.c
    query = select(case_relations).where(
        or_(table.case_id.in_(case_ids), table.other_id.in_(case_ids))
    )
    rows = db.execute(query.order_by(table.made_at, table.id)).mappings()
    return [_to_relation(row) for row in rows]


def splits_of(db: Connection, person_id: str) -> list[CaseRelation]:
    """The splits in which somebody went, taken back or not; oldest first."""
    table = case_relations.c
    query = select(case_relations).where(
        table.relation == Relation.SPLIT.value, table.people.contains([person_id])
    )
    rows = db.execute(query.order_by(table.made_at, table.id)).mappings()
    return [_to_relation(row) for row in rows]


def cases_above(db: Connection, case_id: str) -> list[str]:
    """A case's parents, their parents, and so on."""
    return list(db.execute(_ABOVE, {"id": case_id}).scalars())


def whole_of(db: Connection, case_id: str) -> str:
    """The open case that holds this one by merging, however deep; else itself.

    Shape: where several hold it, since nobody saw all, the one into which it was merged first.
    """
    return db.execute(_WHOLE, {"id": case_id}).scalar_one()


def wholes_of(db: Connection, case_id: str) -> list[str]:
    """This case and all that hold it by merging, however deep, restricted ones too."""
    return list(db.execute(_WHOLES, {"id": case_id}).scalars())


def _to_relation(row: Mapping[Any, Any]) -> CaseRelation:
    return CaseRelation(
        id=row["id"],
        relation=Relation(row["relation"]),
        case_id=row["case_id"],
        other_id=row["other_id"],
        grounds=row["grounds"],
        people=tuple(row["people"]),
        referrals=tuple(row["referrals"]),
        made_by=row["made_by"],
        made_at=row["made_at"],
        undone_by=row["undone_by"],
        undone_at=row["undone_at"],
    )
