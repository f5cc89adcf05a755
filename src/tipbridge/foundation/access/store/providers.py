"""Providers, their user names, contacts and limits."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.foundation.access.model import (
    Contact,
    ContactPurpose,
    Credential,
    Limits,
    Login,
    Provider,
    ProviderLine,
)
from tipbridge.foundation.access.tables import (
    provider_contacts,
    provider_credentials,
    provider_limits,
    providers,
)
from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.foundation.storage.plain import run

_HOLDS = text("""
    SELECT version FROM provider_credentials
     WHERE id = :id AND (revoked_at IS NULL OR revoked_at > :now)""")
# The actor is set by the inner query before the outer one reads a row; plans are made once,
# since every statement of a provider's work finds what it wants by its key.
_BEGIN_HELD = """
    SELECT begun.clock,
           (SELECT c.version FROM provider_credentials c
             WHERE c.id = %(credential)s
               AND (c.revoked_at IS NULL OR c.revoked_at > coalesce(begun.clock, %(now)s)))
      FROM (SELECT tb_begin(%(actor)s, 'provider', '{}') AS clock,
                   set_config('plan_cache_mode', 'force_generic_plan', true) OFFSET 0) AS begun
"""
_LIMITS = text("""
    SELECT upload_bytes_per_second, uploads_at_once FROM provider_limits WHERE provider_id = :id""")
_USED = text("""
    UPDATE provider_credentials SET last_used_at = :at
     WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :before)""")
_PROVIDER = select(providers.c.id, providers.c.name, providers.c.sandbox, providers.c.added_at)


def insert_provider(db: Connection, provider: Provider, *, by: str) -> str:
    """Store a provider, or find the one of that name; returns its id."""
    row = upsert(providers).values(
        id=provider.id,
        name=provider.name,
        sandbox=provider.sandbox,
        added_at=provider.added_at,
        added_by=by,
    )
    db.execute(row.on_conflict_do_nothing())
    return db.execute(select(providers.c.id).where(providers.c.name == provider.name)).scalar_one()


def provider_by_name(db: Connection, name: str) -> Provider | None:
    """The provider of this name, a sandbox or not."""
    row = db.execute(_PROVIDER.where(providers.c.name == name)).one_or_none()
    if row is None:
        return None
    return Provider(id=row.id, name=row.name, sandbox=row.sandbox, added_at=row.added_at)


def insert_credential(db: Connection, login: Login, password_hash: str, at: datetime) -> bool:
    """Store a user name; False when it is taken."""
    row = upsert(provider_credentials).values(
        id=login.credential_id,
        provider_id=login.provider_id,
        username=login.username,
        password_hash=password_hash,
        version=login.version,
        added_at=at,
    )
    return db.execute(row.on_conflict_do_nothing()).rowcount == 1


def credential_of(db: Connection, username: str) -> Credential | None:
    """The credential with exactly this user name."""
    c = provider_credentials.c
    query = (
        select(
            c.id,
            c.provider_id,
            providers.c.name,
            providers.c.sandbox,
            c.username,
            c.version,
            c.password_hash,
            c.revoked_at,
        )
        .join(providers, providers.c.id == c.provider_id)
        .where(c.username == username)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    login = Login(
        credential_id=row.id,
        provider_id=row.provider_id,
        provider_name=row.name,
        username=row.username,
        version=row.version,
        sandbox=row.sandbox,
    )
    return Credential(login=login, password_hash=row.password_hash, revoked_at=row.revoked_at)


def credential_holds(db: Connection, credential_id: str, version: int, now: datetime) -> bool:
    """Whether a credential verified earlier is still that one, and not revoked."""
    return db.execute(_HOLDS, {"id": credential_id, "now": now}).scalar_one_or_none() == version


def begin_held(db: Connection, login: Login, now: datetime) -> tuple[datetime | None, bool]:
    """Begin a provider's work, in one statement: the synthetic clock when it has been set, and
    whether the credential verified earlier is still that one, and not revoked.
    """
    asked = {"actor": login.provider_id, "credential": login.credential_id, "now": now}
    ((clock, version),) = run(db, _BEGIN_HELD, asked).fetchall()
    return clock, version == login.version


def note_use(db: Connection, credential_id: str, at: datetime, *, apart: timedelta) -> None:
    """Note when a user name was last used, unless that is noted of less than `apart` ago."""
    db.execute(_USED, {"id": credential_id, "at": at, "before": at - apart})


def revoke_credential(db: Connection, username: str, at: datetime, *, now: datetime) -> bool:
    """End a user name, now or at a later time; False when there is none that holds."""
    c = provider_credentials.c
    change = (
        update(provider_credentials)
        .where(c.username == username, c.revoked_at.is_(None) | (c.revoked_at > now))
        .values(revoked_at=at, version=c.version + (1 if at <= now else 0))
    )
    return db.execute(change).rowcount == 1


def provider_lines(
    db: Connection, now: datetime, *, provider_id: str | None = None
) -> list[ProviderLine]:
    """Every credential of every provider, or of one, by name."""
    p, c = providers.c, provider_credentials.c
    query = (
        select(p.id, p.name, p.sandbox, c.username, c.added_at, c.revoked_at, c.last_used_at)
        .join(provider_credentials, c.provider_id == p.id)
        .order_by(p.name, c.added_at)
    )
    if provider_id is not None:
        query = query.where(p.id == provider_id)
    return [
        ProviderLine(
            provider_id=row.id,
            name=row.name,
            sandbox=row.sandbox,
            username=row.username,
            added_at=row.added_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
            active=row.revoked_at is None or row.revoked_at > now,
        )
        for row in db.execute(query)
    ]


def insert_contact(db: Connection, provider_id: str, contact: Contact) -> None:
    """Store whom to reach at a provider."""
    db.execute(
        insert(provider_contacts).values(
            id=contact.id,
            provider_id=provider_id,
            purpose=contact.purpose,
            name=contact.name,
            email=contact.email,
            phone=contact.phone,
            added_at=contact.added_at,
        )
    )


def delete_contact(
    db: Connection, contact_id: str, *, provider_id: str | None = None
) -> str | None:
    """Forget a contact; returns its provider's id, None when there is no such contact of theirs."""
    c = provider_contacts.c
    gone = delete(provider_contacts).where(c.id == contact_id).returning(c.provider_id)
    if provider_id is not None:
        gone = gone.where(c.provider_id == provider_id)
    whose = db.execute(gone).scalar_one_or_none()
    if whose is not None:
        text_ended(db, provider_contacts)
    return whose


def contacts_of(db: Connection, provider_id: str) -> tuple[Contact, ...]:
    """Whom to reach at a provider, the first that was told first."""
    c = provider_contacts.c
    query = select(c.id, c.purpose, c.name, c.email, c.phone, c.added_at)
    query = query.where(c.provider_id == provider_id).order_by(c.added_at, c.id)
    return tuple(_contact(row) for row in db.execute(query))


def _contact(row: Row[*tuple[Any, ...]]) -> Contact:
    return Contact(
        id=row.id,
        purpose=ContactPurpose(row.purpose),
        name=row.name,
        email=row.email,
        phone=row.phone,
        added_at=row.added_at,
    )


def set_limits(db: Connection, provider_id: str, limits: Limits, *, at: datetime) -> None:
    """Store what a provider is limited to, in place of what was."""
    values = {
        "upload_bytes_per_second": limits.upload_bytes_per_second,
        "uploads_at_once": limits.uploads_at_once,
        "changed_at": at,
    }
    row = upsert(provider_limits).values(provider_id=provider_id, **values)
    db.execute(row.on_conflict_do_update(index_elements=["provider_id"], set_=values))


def limits_of(db: Connection, provider_id: str) -> Limits:
    """What a provider is limited to by staff; nothing where they said nothing."""
    row = db.execute(_LIMITS, {"id": provider_id}).one_or_none()
    if row is None:
        return Limits()
    return Limits(
        upload_bytes_per_second=row.upload_bytes_per_second, uploads_at_once=row.uploads_at_once
    )
