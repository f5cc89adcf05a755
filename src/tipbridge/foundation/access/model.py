"""Staff, units and providers, as the rest of the house sees them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.foundation.base.actors import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of the organisation; `parent_id` is empty for the root only.

    Shape: `agency` is named where another one begins, and holds for the units below too.
    """

    id: int
    parent_id: int | None
    code: str
    name: str
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody who works here. Never a person of a case.

    Shape: `same_person_as` is the first user name (its id) of somebody who has several.
    """

    id: str
    username: str
    roles: frozenset[Role]
    unit_id: int
    active: bool
    added_at: datetime
    password_hash: str | None = field(repr=False)
    same_person_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnkeptList:
    """A list that nobody keeps: of what kind, of which case, and whose case that is.

    Shape: `kind` is `case`, `child-file`, `welfare-record` or `referral`; `list_id` is the id of
    that. A referral's is of no case, and its number is its id.
    """

    kind: str
    list_id: str
    case_id: str | None
    number: str
    unit_id: int


ANYWHERE = ""
"""The place under which failures are counted that no place which once got in has made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Failures to sign in, in a row: of one place that once got in, or of all others."""

    place: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A credential that was verified, at the version it then had."""

    provider_id: str
    provider_name: str
    credential_id: str
    username: str
    version: int
    sandbox: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A provider's user name, as stored."""

    login: Login
    password_hash: str = field(repr=False)
    revoked_at: datetime | None

    def holds_at(self, now: datetime) -> bool:
        """Whether it lets its provider in."""
        return self.revoked_at is None or self.revoked_at > now


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A platform that files here, or its sandbox: a row of its own, and so for ever apart."""

    id: str
    name: str
    sandbox: bool
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLine:
    """One credential in the list of providers; an active one may end at `revoked_at`.

    Shape: `last_used_at` is right to a minute.
    """

    provider_id: str
    name: str
    sandbox: bool
    username: str
    added_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    active: bool


class ContactPurpose(StrEnum):
    """What somebody at a provider is reached for. Closed."""

    TECHNICAL = "technical"
    LEGAL = "legal"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to reach at a provider, by e-mail, telephone or both."""

    id: str
    purpose: ContactPurpose
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What staff limited one provider to; None where the node's own settings hold."""

    upload_bytes_per_second: int | None = None
    uploads_at_once: int | None = None
