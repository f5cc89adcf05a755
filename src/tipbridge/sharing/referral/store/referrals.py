"""Every SQL statement about referrals themselves: where each stands, and whose it is."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    bindparam,
    exists,
    func,
    select,
    text,
)

from tipbridge.foundation.access.tables import units
from tipbridge.knowledge.agreements.clauses import Occasion
from tipbridge.knowledge.agreements.model import CoveredOffence, Purpose
from tipbridge.sharing.exchange.model import Basis, BasisKind
from tipbridge.sharing.referral.keeping.tables import kept_referrals
from tipbridge.sharing.referral.model import (
    Direction,
    Origin,
    Referral,
    Source,
    SourceKind,
    State,
    Way,
)
from tipbridge.sharing.referral.tables import (
    referrals,
)

# Built once: building a statement anew costs more than running it.
_REFERRAL = select(*referrals.c)
_INSERT_REFERRAL = referrals.insert()
_CHANGE_REFERRAL = referrals.update().where(referrals.c.id == bindparam("which"))
_REFERRAL_BY_ID = _REFERRAL.where(referrals.c.id == bindparam("id"))
_REFERRAL_BY_PACKAGE = _REFERRAL.where(referrals.c.package_id == bindparam("id"))
_HELD = {each: each.with_for_update() for each in (_REFERRAL_BY_ID, _REFERRAL_BY_PACKAGE)}
_REFERRALS_OF_SOURCE = _REFERRAL.where(
    referrals.c.source_kind == bindparam("kind"), referrals.c.source_id == bindparam("id")
).order_by(referrals.c.opened_at, referrals.c.id)
_UNIT_CODES = select(units.c.id, units.c.code)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('referral.receive'), hashtext(:id))")


def insert_referral(db: Connection, referral: Referral) -> None:
    """Keep a new referral."""
    basis, source = referral.basis, referral.source
    db.execute(
        _INSERT_REFERRAL,
        {
            "id": referral.id,
            "direction": referral.direction.value,
            "unit_id": referral.unit_id,
            "restricted": referral.restricted,
            "members": list(referral.members),
            "peer_id": referral.peer_id,
            "source_kind": source.kind.value if source else None,
            "source_id": source.id if source else None,
            "origin": referral.origin.value,
            "purpose": referral.purpose.value,
            "offences": [offence.value for offence in referral.offences],
            "state": referral.state.value,
            "basis_kind": basis.kind.value if basis else None,
            "basis_id": basis.id if basis else None,
            "channel": referral.channel,
            "package_id": referral.package_id,
            "earlier": list(referral.earlier),
            "decision": referral.decision,
            "name_withheld": referral.name_withheld,
            "opened_at": referral.opened_at,
            "opened_by": referral.opened_by,
            "occasion": referral.way.occasion.value,
            "sender_desk": referral.way.sender_desk,
            "receiver_desk": referral.way.receiver_desk,
        },
    )


def referral_by_id(db: Connection, id_: str, *, hold: bool = False) -> Referral | None:
    """The referral of this id; `hold` keeps others from changing it until the end."""
    return _one(db, _REFERRAL_BY_ID, id_, hold=hold)


def referral_by_package(db: Connection, package_id: str, *, hold: bool = False) -> Referral | None:
    """The referral that left or came in this package."""
    return _one(db, _REFERRAL_BY_PACKAGE, package_id, hold=hold)


def one_at_a_time(db: Connection, package_id: str) -> None:
    """Let one transaction at a time take this package in."""
    db.execute(_LOCK, {"id": package_id})


def referrals_newest(
    db: Connection, *, direction: Direction | None, limit: int, offset: int = 0
) -> list[Referral]:
    """Referrals, newest first."""
    query = _REFERRAL.order_by(referrals.c.opened_at.desc(), referrals.c.id.desc())
    if direction is not None:
        query = query.where(referrals.c.direction == direction.value)
    rows = db.execute(query.limit(limit).offset(offset)).mappings()
    return [_to_referral(row) for row in rows]


def referrals_of_source(db: Connection, source: Source) -> list[Referral]:
    """All referrals that took their parts from this source, oldest first."""
    found = db.execute(_REFERRALS_OF_SOURCE, {"kind": source.kind.value, "id": source.id})
    return [_to_referral(row) for row in found.mappings()]


def referrals_by_packages(db: Connection, packages: Collection[str]) -> list[str]:
    """The ids of the referrals that left, came, or came further back in one of these packages."""
    named = list(packages)
    query = select(referrals.c.id).where(
        referrals.c.package_id.in_(named) | referrals.c.earlier.overlap(named)
    )
    return list(db.execute(query.order_by(referrals.c.opened_at, referrals.c.id)).scalars())


def referrals_for_people(db: Connection, *, limit: int, offset: int = 0) -> list[Referral]:
    """Allowed referrals of which the decision says that people must approve them, newest first."""
    people = referrals.c.decision["conditions"]["people"].as_integer()
    query = _REFERRAL.where(referrals.c.state == State.ALLOWED.value, people > 0)
    newest = query.order_by(referrals.c.opened_at.desc(), referrals.c.id.desc())
    rows = db.execute(newest.limit(limit).offset(offset)).mappings()
    return [_to_referral(row) for row in rows]


def received_for(db: Connection, purposes: Collection[Purpose]) -> list[Referral]:
    """The received referrals of these purposes of which something is there, oldest first."""
    gone = exists().where(
        kept_referrals.c.referral_id == referrals.c.id, kept_referrals.c.deleted_at.is_not(None)
    )
    query = _REFERRAL.where(
        referrals.c.direction == Direction.IN.value,
        referrals.c.state != State.RECALLED.value,
        referrals.c.purpose.in_([each.value for each in purposes]),
        ~gone,
    )
    rows = db.execute(query.order_by(referrals.c.opened_at, referrals.c.id)).mappings()
    return [_to_referral(row) for row in rows]


def count_in_state(db: Connection, states: Iterable[State]) -> int:
    """How many referrals wait in one of these states."""
    query = select(func.count()).where(referrals.c.state.in_([state.value for state in states]))
    return int(db.execute(query).scalar_one())


def keep_decision(
    db: Connection,
    id_: str,
    *,
    state: State,
    decision: Mapping[str, object],
    basis: Basis | None,
    channel: str | None,
    name_withheld: bool,
    offences: Iterable[CoveredOffence],
) -> None:
    """Keep what was decided about a release."""
    db.execute(
        _CHANGE_REFERRAL,
        {
            "which": id_,
            "state": state.value,
            "decision": decision,
            "basis_kind": basis.kind.value if basis else None,
            "basis_id": basis.id if basis else None,
            "channel": channel,
            "name_withheld": name_withheld,
            "offences": [offence.value for offence in offences],
        },
    )


def keep_release(db: Connection, id_: str, package_id: str) -> None:
    """Say in which package a referral leaves."""
    released = {"state": State.RELEASED.value, "package_id": package_id}
    db.execute(_CHANGE_REFERRAL, {"which": id_, **released})


def set_state(db: Connection, id_: str, state: State) -> None:
    """Say where a referral stands."""
    db.execute(_CHANGE_REFERRAL, {"which": id_, "state": state.value})


def drop(db: Connection, id_: str, why: str) -> None:
    """Say that a referral was set aside, and why."""
    dropped = {"state": State.DROPPED.value, "dropped_why": why}
    db.execute(_CHANGE_REFERRAL, {"which": id_, **dropped})


def place(
    db: Connection, id_: str, *, unit_id: int, restricted: bool, members: Iterable[str]
) -> bool:
    """Say which unit a referral belongs to; false when there is none to be seen."""
    placed = {"unit_id": unit_id, "restricted": restricted, "members": list(members)}
    return db.execute(_CHANGE_REFERRAL, {"which": id_, **placed}).rowcount == 1


def unit_codes(db: Connection) -> dict[int, str]:
    """The units' codes by id."""
    return {row.id: row.code for row in db.execute(_UNIT_CODES)}


def _one(db: Connection, query: Select[Any], id_: str, *, hold: bool) -> Referral | None:
    found = db.execute(_HELD[query] if hold else query, {"id": id_})
    row = found.mappings().one_or_none()
    return None if row is None else _to_referral(row)


def _to_referral(row: RowMapping) -> Referral:
    kind, basis_kind = row["source_kind"], row["basis_kind"]
    return Referral(
        id=row["id"],
        direction=Direction(row["direction"]),
        unit_id=row["unit_id"],
        restricted=row["restricted"],
        members=tuple(row["members"]),
        peer_id=row["peer_id"],
        source=Source(kind=SourceKind(kind), id=row["source_id"]) if kind else None,
        origin=Origin(row["origin"]),
        purpose=Purpose(row["purpose"]),
        offences=tuple(CoveredOffence(offence) for offence in row["offences"]),
        state=State(row["state"]),
        basis=Basis(kind=BasisKind(basis_kind), id=row["basis_id"]) if basis_kind else None,
        channel=row["channel"],
        package_id=row["package_id"],
        decision=row["decision"],
        name_withheld=row["name_withheld"],
        opened_at=row["opened_at"],
        opened_by=row["opened_by"],
        earlier=tuple(row["earlier"]),
        way=Way(
            occasion=Occasion(row["occasion"]),
            sender_desk=row["sender_desk"],
            receiver_desk=row["receiver_desk"],
        ),
        dropped_why=row["dropped_why"],
    )
