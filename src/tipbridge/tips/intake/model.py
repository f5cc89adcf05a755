"""A report as it stands in the house."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.tips.report.model import FileDetails, Report


class ReportState(StrEnum):
    """Where a report stands. Closed; the last three are ends, not losses."""

    OPEN = "open"
    FINISHED = "finished"
    RETRACTED = "retracted"
    EXPIRED = "expired"
    PURGED = "purged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides whether something may still be done to a report."""

    report_id: int
    state: ReportState
    opened_at: datetime
    expires_at: datetime
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Exact bytes that arrived, sealed: the report's, or one set of a file's details."""

    about: str
    file_id: str | None
    received_at: datetime
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """One uploaded file: what we computed, and what the provider says of it."""

    file_id: str
    received_at: datetime
    md5: str
    sha1: str
    sha256: str
    size_bytes: int
    empty: bool
    claims_differ: bool
    sealed: Sealed
    sent_name: str | None = field(default=None, repr=False)
    details: FileDetails | None = None
    values: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What became of a report, as far as somebody further on told us."""

    id: str
    at: datetime
    sender: str
    outcome: str
    facts: dict[str, str | int | bool | None] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecord:
    """A report with all its text, files and feedback; text is gone once it has ended."""

    report_id: str
    provider_id: str
    provider_name: str
    state: ReportState
    opened_at: datetime
    modified_at: datetime
    expires_at: datetime
    finished_at: datetime | None
    ended_at: datetime | None
    key_id: str
    unit_id: int
    restricted: bool
    members: tuple[str, ...]
    report: Report | None
    values: tuple[tuple[str, str], ...] = field(repr=False)
    files: tuple[ReportFile, ...] = ()
    originals: tuple[Original, ...] = ()
    feedback: tuple[Feedback, ...] = ()
