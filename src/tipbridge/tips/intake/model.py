"""A report as it stands in the house."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from tipbridge.foundation.access.model import Contact, Limits, Provider, ProviderLine
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.tips.report.model import FileDetails, Report
from tipbridge.tips.report.strictness import Mode


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
    sandbox: bool = False
    escalated: bool = False


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


class Appraisal(StrEnum):
    """What whoever works a report says of its use, in one word. Closed."""

    USEFUL = "useful"
    DUPLICATE = "duplicate"
    LACKED_ACCOUNT = "lacked-account"
    LACKED_ADDRESS = "lacked-address"
    LACKED_TIME = "lacked-time"
    LACKED_PORT = "lacked-port"
    LACKED_FILE = "lacked-file"
    IP_EXPIRED = "ip-expired"
    CHILD_SAFEGUARDED = "child-safeguarded"


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


class Uploaded(NamedTuple):
    """What a provider is told of a file it uploaded; the report expires then."""

    file_id: str
    digests: Digests
    expires_at: datetime


class Described(NamedTuple):
    """Which file a provider described; the report expires then."""

    report_id: int
    file_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A report that was opened and not finished: what a lost answer leaves behind.

    Shape: `same_as` is a finished report of the same user name with the same document: then
    nothing is lost when this one expires.
    """

    report_id: str
    provider_name: str
    username: str
    opened_at: datetime
    expires_at: datetime
    files: int
    same_as: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """Two finished reports of one user name with the same document: probably filed twice."""

    report_id: str
    earlier_id: str
    provider_name: str
    username: str
    finished_at: datetime
    earlier_at: datetime
    same_files: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEnds:
    """What a provider should look at before it files again, a page at a time.

    Shape: `more` says that a further page has some of either.
    """

    orphans: tuple[Orphan, ...]
    doubles: tuple[Double, ...]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessAlarm:
    """Word that a user name asked for many numbers that are no reports of its provider.

    Shape: `asked` counts every such request since then, the same number again included.
    """

    id: str
    provider_name: str
    username: str
    since: datetime
    alarmed_at: datetime
    last_at: datetime
    asked: int
    seen_at: datetime | None
    seen_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTo:
    """One rule of the protocol and how a provider is held to it; `chosen` by staff, or as usual."""

    rule: str
    asks: str
    source: str
    mode: Mode
    chosen: bool
    fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderView:
    """All that staff keep of one provider."""

    provider: Provider
    credentials: tuple[ProviderLine, ...]
    contacts: tuple[Contact, ...]
    limits: Limits
    rules: tuple[HeldTo, ...]
