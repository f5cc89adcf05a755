"""A bulletin that was published, and the one form in which its figures are kept."""

from dataclasses import dataclass, field
from datetime import datetime

from tipbridge.bulletin.model import Bulletin, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What was published of a period, when and by whom; never changed and never computed again.

    Shape: `figures` are the exact bytes of the public view, canonical JSON; `digest` is their
    SHA-256 and stands in the audit log too; `published_by` is a member of staff's id.
    """

    id: str
    period: Period
    published_at: datetime
    published_by: str
    digest: str
    figures: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication opened: its figures, and the user name of who published it."""

    publication: Publication
    bulletin: Bulletin
    publisher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list of publications."""

    id: str
    period: Period
    published_at: datetime
    publisher: str
    digest: str
