"""Verbs on providers: who may file here, and under which user names."""

from datetime import timedelta

from tipbridge.foundation.access import store
from tipbridge.foundation.access.model import Login, ProviderLine
from tipbridge.foundation.access.passwords import hash_password
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action

DESK = (Role.PROVIDER_MANAGER, Role.ADMINISTRATOR)
_LONGEST_OVERLAP_HOURS = 366 * 24


@action("intake.provider.added", roles=DESK)
def add_provider(work: Work, *, name: str, username: str, password: str) -> str:
    """Let a provider file here under a user name; returns the provider's id.

    Shape: a known provider gets one more user name, so that it can change over.
    Errors: Invalid for a name that HTTP Basic can't carry; Conflict when it is taken.
    """
    if not name.strip() or not username or ":" in username or not username.isprintable():
        raise Invalid("A provider needs a name and a user name without a colon.")
    if not password:
        raise Invalid("The password must not be empty.")
    provider_id = store.insert_provider(
        work.db, provider_id=work.ids.new(), name=name.strip(), at=work.now, by=work.actor.id
    )
    login = Login(
        provider_id=provider_id,
        provider_name=name,
        credential_id=work.ids.new(),
        username=username,
        version=1,
    )
    if not store.insert_credential(work.db, login, hash_password(password), work.now):
        raise Conflict(f"The user name {username} is taken.")
    work.record(provider_id, credential=login.credential_id)
    return provider_id


@action("intake.provider.revoked", roles=DESK)
def revoke_provider(work: Work, *, username: str, in_hours: int = 0) -> None:
    """End a provider's user name: at once, or in some hours, when its successor is in use.

    Shape: at once, the next request with it is refused; a later end can be brought forward.
    Errors: Invalid for more than a year; NotFound when no such user name holds.
    """
    if not 0 <= in_hours <= _LONGEST_OVERLAP_HOURS:
        raise Invalid(f"A user name ends in 0 to {_LONGEST_OVERLAP_HOURS} hours.")
    ends_at = work.now + timedelta(hours=in_hours)
    credential = store.credential_of(work.db, username)
    if credential is None or not store.revoke_credential(work.db, username, ends_at, now=work.now):
        raise NotFound("user name", username)
    login = credential.login
    work.record(login.provider_id, credential=login.credential_id, in_hours=in_hours)


@action("intake.provider.listed", roles=DESK)
def list_providers(work: Work) -> list[ProviderLine]:
    """Every provider with its user names."""
    lines = store.provider_lines(work.db, work.now)
    work.record("all", count=len(lines))
    return lines
