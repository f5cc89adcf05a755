"""Verbs on access tokens. Who makes one makes it for themselves (ADR 0066)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tipbridge.foundation.access.passwords import token_digest
from tipbridge.foundation.access.store import staff_by_id
from tipbridge.foundation.access.tokens import store
from tipbridge.foundation.access.tokens.model import AccessToken
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work, action

HOLDERS = (Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR)
_OVERSEERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
USUAL_DAYS, LONGEST_DAYS = 90, 366
_LONGEST_LABEL = 100
PREFIX = "tbt_"
"""Tells scanners for leaked secrets what they found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken:
    """A token just made; what its program shows is told this once and kept nowhere."""

    id: str
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """One token in a list."""

    id: str
    username: str
    label: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    last_used_at: datetime | None
    holds: bool


@action("office.token.made", roles=HOLDERS)
def add_token(work: Work, *, label: str, days: int = USUAL_DAYS) -> MadeToken:
    """Make a token by which a program acts for whoever makes it, at the HTTP API alone.

    Errors: Invalid for a label or number of days that is none, and for who is not staff.
    """
    if not label.strip() or not label.isprintable() or len(label) > _LONGEST_LABEL:
        raise Invalid(f"A token's label has 1 to {_LONGEST_LABEL} printable characters.")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A token holds for 1 to {LONGEST_DAYS} days, not {days}.")
    if staff_by_id(work.db, work.actor.id) is None:
        raise Invalid("A token acts for a member of staff; name yourself with --as.")
    now = machine_now()
    secret = PREFIX + work.ids.random_bytes(32).hex()
    token = AccessToken(
        id=work.ids.new(),
        staff_id=work.actor.id,
        label=label.strip(),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    store.insert_token(work.db, token, token_digest(secret))
    work.record(token.id, days=days)
    return MadeToken(id=token.id, token=secret, expires_at=token.expires_at)


@action("office.tokens.listed", roles=(*HOLDERS, *_OVERSEERS))
def list_tokens(work: Work) -> list[TokenLine]:
    """The actor's own tokens; to an administrator or auditor, everybody's."""
    now = machine_now()
    lines = [
        TokenLine(
            id=token.id,
            username=username,
            label=token.label,
            made_at=token.made_at,
            expires_at=token.expires_at,
            ended_at=token.ended_at,
            last_used_at=token.last_used_at,
            holds=token.ended_at is None and token.expires_at > now,
        )
        for username, token in store.tokens(work.db, _whose(work))
    ]
    work.record("all", count=len(lines))
    return lines


@action("office.token.ended", roles=(*HOLDERS, Role.ADMINISTRATOR))
def end_token(work: Work, token_id: str) -> None:
    """End a token of one's own; an administrator ends anybody's. Ended already, nothing changes.

    Errors: NotFound, also for another's.
    """
    if not any(token.id == token_id for _, token in store.tokens(work.db, _whose(work))):
        raise NotFound("token", token_id)
    store.end_token(work.db, token_id, machine_now())
    work.record(token_id)


def _whose(work: Work) -> str | None:
    return None if work.actor.roles & _OVERSEERS else work.actor.id
