"""A filing: one report on its way to a clearinghouse, and what decides about it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import Digests


class FilingState(StrEnum):
    """Where a filing stands. Closed."""

    DRAFT = "draft"
    """Waits for a person's decision; nothing is sent."""
    SENDING = "sending"
    FILED = "filed"
    UNCERTAIN = "uncertain"
    """May have been filed: a person resolves it."""
    REFUSED = "refused"
    """Not filed, and won't be unless a person mends the cause."""
    DROPPED = "dropped"
    """A person decided not to file it."""
    PURGED = "purged"
    """Its documents and files are destroyed; the row keeps numbers and times."""


class Verb(StrEnum):
    """The calls of the reporting interface that change something. Closed."""

    SUBMIT = "submit"
    UPLOAD = "upload"
    DESCRIBE = "fileinfo"
    FINISH = "finish"
    RETRACT = "retract"


class Then(StrEnum):
    """Why a report is retracted. Closed."""

    BEGIN_ANEW = "begin-anew"
    REFUSE = "refuse"
    ASK = "ask"
    """A person asks what became of it: an open report is taken back, a finished one says so."""


class Reason(StrEnum):
    """Why a filing stands where it stands. Closed."""

    ACCEPTED = "accepted"
    GOING_ON = "going-on"
    NO_ANSWER = "no-answer"
    EXPIRED_THERE = "expired-there"
    DAMAGED_ON_THE_WAY = "damaged-on-the-way"
    BATCH_FILE_DOUBLED = "batch-file-doubled"
    FINISHED = "finished"
    FOUND_FINISHED = "found-finished"
    SAID_FILED = "said-filed"
    SAID_NOT_FILED = "said-not-filed"
    TAKEN_BACK = "taken-back"
    GONE_AFTER_LOST_FINISH = "gone-after-lost-finish"
    REFUSED_AFTER_LOST_FINISH = "refused-after-lost-finish"
    FINISHED_BY_SOMEBODY = "finished-by-somebody"
    DOCUMENT_REFUSED = "document-refused"
    FILE_REFUSED = "file-refused"
    DETAILS_REFUSED = "details-refused"
    FINISH_REFUSED = "finish-refused"
    CREDENTIAL_REFUSED = "credential-refused"
    NO_CREDENTIAL = "no-credential"
    WRONG_ADDRESS = "wrong-address"
    ANOTHER_KIND = "another-kind"
    """A test where it counts, or a report that counts where it is taken for a test."""
    BROKEN_HERE = "broken-here"
    ASKED = "asked"
    RETRIED = "retried"
    DRAFTED = "drafted"
    MATCHED = "matched"
    DROPPED = "dropped"
    PURGED = "purged"


class Ending(StrEnum):
    """How a try ended. Closed."""

    ANSWERED = "answered"
    LOST = "lost"
    UNSENT = "unsent"
    """Something here was missing, so nothing was sent."""
    UNENDED = "unended"
    """Its process died: whether it was sent is not known."""


class Origin(StrEnum):
    """Where a filing came from. Closed."""

    LIBRARY = "library"
    COMMAND = "command"
    ROWS = "rows"
    SCAN = "scan"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a clearinghouse said; `files` and `report_id` as far as it named them."""

    code: int
    description: str = ""
    report_id: str | None = None
    files: tuple[str, ...] = ()
    md5: str | None = None
    exact: bytes = b""
    root: str = ""
    another_kind: bool = False
    """It comes from a clearinghouse that takes our test for a report, or our report for a test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The next call: a verb, of which file (from 0), and for a retraction why."""

    verb: Verb
    position: int = 0
    then: Then | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """What a person stated of one file: whether they viewed the whole of it, elsewhere."""

    viewed: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingFile:
    """One file of a filing; `file_id` is the clearinghouse's, in the present round.

    Shape: `said` is what its details say, where they were read, and `said_viewed` of viewing it.
    """

    position: int
    sealed: Sealed
    digests: Digests
    name: str | None = field(default=None, repr=False)
    details: Sealed | None = None
    file_id: str | None = None
    described: bool = False
    viewing: Viewing | None = None
    said_viewed: bool | None = None
    said: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides about the next call of a filing.

    Shape: `round` counts reports opened for it; `finish_open` says that a finish of this
    round was sent and not answered; `open_try` is the number of a try that has not ended.
    """

    id: str
    state: FilingState
    url: str
    sandbox: bool
    key_id: str
    document: Sealed
    batched: bool
    round: int
    report_id: str | None
    task: Task | None
    misses: int
    due_at: datetime | None
    finish_open: bool
    open_try: int | None
    files: tuple[FilingFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a filing goes after a call.

    Shape: `wait` puts the next call off; `anew` forgets the report that was open; without a
    `reason` the one given before stands.
    """

    state: FilingState
    reason: Reason | None
    task: Task | None = None
    wait: bool = False
    anew: bool = False
    report_id: str | None = None
    file_id: str | None = None
    described: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One call that was made, or was about to be made when its process died."""

    number: int
    round: int
    verb: Verb
    position: int
    begun_at: datetime
    ended_at: datetime | None
    ending: Ending | None
    code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the clearinghouse answered when the report was filed, byte by byte."""

    at: datetime
    username: str
    url: str
    report_id: str
    answer: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingLine:
    """A filing in the list."""

    id: str
    state: FilingState
    reason: Reason
    url: str
    sandbox: bool
    incident_type: str
    report_id: str | None
    files: int
    made_at: datetime
    filed_at: datetime | None
    preserve_until: date | None
    unanswered: bool
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A filing whole: its line, its documents' values, its files and every try."""

    line: FilingLine
    round: int
    told: str | None = field(repr=False)
    grounds: str | None = field(repr=False)
    preserve_rule: str | None
    receipt: Receipt | None
    files: tuple[FilingFile, ...]
    tries: tuple[Try, ...]
    hits: tuple[dict[str, str], ...] = ()
    from_facts: bool = False
    values: tuple[tuple[str, str], ...] = field(default=(), repr=False)
