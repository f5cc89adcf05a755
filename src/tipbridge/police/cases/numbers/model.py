"""A number that another agency gives a case."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongNumber:
    """A number that was said to be another case's, and why.

    Shape: nothing finds the case by it, unless somebody said later that it is the case's after all.
    """

    agency: str
    number: str
    because: str = field(repr=False)
    by: str
    at: datetime
    restored_by: str | None = None
    restored_at: datetime | None = None
