"""Every SQL statement about access tokens."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, insert, or_, select, update

from tipbridge.foundation.access.tables import staff
from tipbridge.foundation.access.tokens.model import AccessToken
from tipbridge.foundation.access.tokens.tables import access_tokens

_SHOWN = [column for column in access_tokens.c if column is not access_tokens.c.digest]
_APART = timedelta(minutes=1)


def insert_token(db: Connection, token: AccessToken, digest: bytes) -> None:
    """Keep a token by the digest of what its program shows."""
    db.execute(
        insert(access_tokens).values(
            id=token.id,
            digest=digest,
            staff_id=token.staff_id,
            label=token.label,
            made_at=token.made_at,
            expires_at=token.expires_at,
        )
    )


def holder_of(db: Connection, digest: bytes, now: datetime) -> str | None:
    """Whose token this is, while it holds; notes its use, at most once a minute."""
    query = select(access_tokens.c.staff_id, access_tokens.c.last_used_at).where(
        access_tokens.c.digest == digest,
        access_tokens.c.expires_at > now,
        access_tokens.c.ended_at.is_(None),
    )
    found = db.execute(query).one_or_none()
    if found is None:
        return None
    used = access_tokens.c.last_used_at
    db.execute(
        update(access_tokens)
        .where(access_tokens.c.digest == digest, or_(used.is_(None), used < now - _APART))
        .values(last_used_at=now)
    )
    return found.staff_id


def tokens(db: Connection, staff_id: str | None = None) -> list[tuple[str, AccessToken]]:
    """Tokens with their holders' user names, oldest first: of one member of staff, or all."""
    query = (
        select(staff.c.username, *_SHOWN)
        .join(staff, staff.c.id == access_tokens.c.staff_id)
        .order_by(access_tokens.c.made_at, access_tokens.c.id)
    )
    if staff_id is not None:
        query = query.where(access_tokens.c.staff_id == staff_id)
    return [(row["username"], _to_token(row)) for row in db.execute(query).mappings()]


def end_token(db: Connection, token_id: str, now: datetime) -> None:
    """Let a token hold no longer."""
    db.execute(
        update(access_tokens)
        .where(access_tokens.c.id == token_id, access_tokens.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def _to_token(row: RowMapping) -> AccessToken:
    return AccessToken(
        id=row["id"],
        staff_id=row["staff_id"],
        label=row["label"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
        last_used_at=row["last_used_at"],
    )
