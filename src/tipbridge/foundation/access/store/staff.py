"""Staff, units and sessions."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ARRAY, Connection, Text, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.foundation.access.model import (
    StaffMember,
    Unit,
    UnkeptList,
)
from tipbridge.foundation.access.tables import (
    sessions,
    staff,
    units,
)
from tipbridge.foundation.base.actors import Role

_STAFF = (
    staff.c.id,
    staff.c.username,
    staff.c.password_hash,
    staff.c.roles,
    staff.c.unit_id,
    staff.c.active,
    staff.c.added_at,
    staff.c.same_person_as,
)


def _members(db: Connection, *conditions: object) -> list[StaffMember]:
    query = select(*_STAFF).where(*conditions).order_by(staff.c.username)  # pyright: ignore[reportArgumentType]
    return [
        StaffMember(
            id=id_,
            username=username,
            password_hash=password_hash,
            roles=frozenset(Role(role) for role in roles),
            unit_id=unit_id,
            active=active,
            added_at=added_at,
            same_person_as=same,
        )
        for id_, username, password_hash, roles, unit_id, active, added_at, same in db.execute(
            query
        )
    ]


def all_staff(db: Connection) -> list[StaffMember]:
    """Everybody who works or worked here."""
    return _members(db)


def staff_by_username(db: Connection, username: str) -> StaffMember | None:
    """The member of staff of that name."""
    return next(iter(_members(db, staff.c.username == username)), None)


def staff_by_id(db: Connection, staff_id: str) -> StaffMember | None:
    """The member of staff of that id."""
    return next(iter(_members(db, staff.c.id == staff_id)), None)


def person_of(db: Connection, staff_id: str) -> str:
    """The one id of a person, whichever of their user names acts; others are themselves."""
    query = select(staff.c.same_person_as).where(staff.c.id == staff_id)
    return db.execute(query).scalar_one_or_none() or staff_id


def serving(db: Connection, people: Collection[str], roles: Collection[Role]) -> frozenset[str]:
    """Those of these people who have an account now, whichever, with one of these roles."""
    person = func.coalesce(staff.c.same_person_as, staff.c.id)
    named = sorted(role.value for role in roles)
    query = select(person).where(
        person.in_(sorted(people)),
        staff.c.active,
        staff.c.roles.op("&&")(literal(named, ARRAY(Text))),
    )
    return frozenset(db.execute(query).scalars())


def insert_staff(db: Connection, member: StaffMember) -> bool:
    """Store a new member; False when the name is taken."""
    statement = (
        upsert(staff)
        .values(
            id=member.id,
            username=member.username,
            password_hash=member.password_hash,
            roles=sorted(member.roles),
            unit_id=member.unit_id,
            active=member.active,
            added_at=member.added_at,
            same_person_as=member.same_person_as,
        )
        .on_conflict_do_nothing(index_elements=[staff.c.username])
    )
    return db.execute(statement).rowcount == 1


def lists_unkept(
    db: Connection,
    staff_id: str | None = None,
    *,
    roles: Iterable[Role] = (),
    unit_id: int | None = None,
    active: bool = False,
) -> list[UnkeptList]:
    """The lists that nobody keeps, whoever asks; with `staff_id`, as if changed.

    Shape: lists of restricted cases, children's own files and narrowed welfare records. Who keeps
    one is an investigator who works here, is on it, and sees the case. Of a restricted referral
    that was received, whoever may give it to somebody else: an analyst or a liaison too.
    """
    found = func.tb_lists_unkept(staff_id, sorted(roles), unit_id, active).table_valued(
        "kind", "list_id", "case_id", "number", "unit_id"
    )
    return [UnkeptList(**row) for row in db.execute(select(found)).mappings()]


def change_staff(
    db: Connection, staff_id: str, *, roles: Iterable[Role], unit_id: int, active: bool
) -> None:
    """Store other roles, another unit or an end."""
    db.execute(
        update(staff)
        .where(staff.c.id == staff_id)
        .values(roles=sorted(roles), unit_id=unit_id, active=active)
    )


def all_units(db: Connection) -> list[Unit]:
    """The whole unit tree, parents before children."""
    query = select(units).order_by(units.c.id)
    return [
        Unit(
            id=row["id"],
            parent_id=row["parent_id"],
            code=row["code"],
            name=row["name"],
            agency=row["agency"],
        )
        for row in db.execute(query).mappings()
    ]


def insert_unit(
    db: Connection, *, parent_id: int, code: str, name: str, agency: str | None = None
) -> int | None:
    """Store a unit and return its id; None when the code is taken."""
    statement = (
        upsert(units)
        .values(parent_id=parent_id, code=code, name=name, agency=agency)
        .on_conflict_do_nothing(index_elements=[units.c.code])
        .returning(units.c.id)
    )
    return db.execute(statement).scalar_one_or_none()


def insert_session(
    db: Connection, *, digest: bytes, staff_id: str, created_at: datetime, expires_at: datetime
) -> None:
    """Store a session by the digest of its token, and forget those that are over."""
    db.execute(delete(sessions).where(sessions.c.expires_at <= created_at))
    db.execute(
        insert(sessions).values(
            token_digest=digest, staff_id=staff_id, created_at=created_at, expires_at=expires_at
        )
    )


def session_staff_id(db: Connection, digest: bytes, now: datetime) -> str | None:
    """Whose session this is, while it lasts."""
    query = select(sessions.c.staff_id).where(
        sessions.c.token_digest == digest, sessions.c.expires_at > now
    )
    return db.execute(query).scalar_one_or_none()


def delete_session(db: Connection, digest: bytes) -> None:
    """End one session."""
    db.execute(delete(sessions).where(sessions.c.token_digest == digest))


def delete_sessions_of(db: Connection, staff_id: str) -> None:
    """End every session of a member of staff."""
    db.execute(delete(sessions).where(sessions.c.staff_id == staff_id))
