"""Every SQL statement about kept decisions."""

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import ARRAY, Connection, RowMapping, Text, any_, bindparam, literal, select

from tipbridge.sharing.referral.replaying.model import KeptDecision, Moment
from tipbridge.sharing.referral.replaying.tables import release_decisions

_INSERT = release_decisions.insert()
_NEXT = (
    select(*release_decisions.c)
    .where(release_decisions.c.id > bindparam("after"))
    .order_by(release_decisions.c.id)
    .limit(bindparam("limit"))
)
_OF_REFERRAL = (
    select(*release_decisions.c)
    .where(release_decisions.c.referral_id == bindparam("referral"))
    .order_by(release_decisions.c.id)
)


def insert_decision(db: Connection, kept: KeptDecision) -> None:
    """Keep a decision."""
    db.execute(
        _INSERT,
        {
            "id": kept.id,
            "referral_id": kept.referral_id,
            "moment": kept.moment.value,
            "decided_at": kept.decided_at,
            "decided_by": kept.decided_by,
            "rule_version": kept.rule_version,
            "key_id": kept.key_id,
            "inputs": kept.inputs,
            "inputs_sha256": kept.inputs_sha256,
            "result": dict(kept.result),
            "content_sha256": kept.content_sha256,
            "package_id": kept.package_id,
        },
    )


def decisions_after(db: Connection, after: str, *, limit: int) -> list[KeptDecision]:
    """The next kept decisions that the actor sees, by id."""
    rows = db.execute(_NEXT, {"after": after, "limit": limit}).mappings()
    return [_to_decision(row) for row in rows]


def decisions_of(db: Connection, referral_id: str) -> list[KeptDecision]:
    """All kept decisions about a referral, oldest first."""
    rows = db.execute(_OF_REFERRAL, {"referral": referral_id}).mappings()
    return [_to_decision(row) for row in rows]


def known_keys(db: Connection, key_ids: Collection[str]) -> set[str]:
    """Those of these key ids to which a decision's inputs are sealed."""
    column = release_decisions.c.key_id
    query = select(column).where(column == any_(literal([*key_ids], ARRAY(Text))))
    return set(db.execute(query).scalars())


def _to_decision(row: RowMapping) -> KeptDecision:
    return KeptDecision(
        id=row["id"],
        referral_id=row["referral_id"],
        moment=Moment(row["moment"]),
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        rule_version=row["rule_version"],
        key_id=row["key_id"],
        inputs=row["inputs"],
        inputs_sha256=row["inputs_sha256"],
        result=cast("dict[str, Any]", row["result"]),
        content_sha256=row["content_sha256"],
        package_id=row["package_id"],
    )
