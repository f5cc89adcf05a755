"""The welfare record of a child in a case."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Welfare:
    """What is done for a child, whatever the child did.

    Shape: None where nothing is known yet; contact and talks are of the police with the
    child-protection agency, the child, the guardian and the school.
    """

    id: str
    case_id: str
    person_id: str
    opened_at: datetime
    due_on: date
    agency: str | None
    contact_made: bool | None
    child_talk_on: date | None
    guardian_talk_on: date | None
    school_talk_on: date | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareFacts:
    """What staff record about a child's welfare; None leaves what is known as it is."""

    agency: str | None = None
    contact_made: bool | None = None
    child_talk_on: date | None = None
    guardian_talk_on: date | None = None
    school_talk_on: date | None = None
