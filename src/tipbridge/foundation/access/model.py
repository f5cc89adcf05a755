"""Staff and units, as the rest of the house sees them."""

from dataclasses import dataclass, field
from datetime import datetime

from tipbridge.foundation.base.actors import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of the organisation; `parent_id` is empty for the root only."""

    id: int
    parent_id: int | None
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody who works here. Never a person of a case."""

    id: str
    username: str
    roles: frozenset[Role]
    unit_id: int
    active: bool
    added_at: datetime
    password_hash: str | None = field(repr=False)
