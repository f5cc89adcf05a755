"""What the desk shows of staff, units and the node."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """One member of staff in a list; never a password or its hash."""

    id: str
    username: str
    roles: tuple[str, ...]
    unit: str
    active: bool
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session just opened: the token goes to the browser and nowhere else."""

    token: str = field(repr=False)
    staff_id: str
    expires_at: datetime
