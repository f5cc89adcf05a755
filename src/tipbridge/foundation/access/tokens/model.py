"""A token of access, as stored: never the token itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What a program shows to act for a member of staff, who made it.

    Shape: all times are machine time; `last_used_at` is right to a minute.
    """

    id: str
    staff_id: str
    label: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    last_used_at: datetime | None = None
