"""Staff, units and providers, as the rest of the house sees them."""

from dataclasses import dataclass, field
from datetime import datetime

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
class Login:
    """A credential that was verified, at the version it then had."""

    provider_id: str
    provider_name: str
    credential_id: str
    username: str
    version: int


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
class ProviderLine:
    """One credential in the list of providers; an active one may end at `revoked_at`."""

    provider_id: str
    name: str
    username: str
    added_at: datetime
    revoked_at: datetime | None
    active: bool
