"""Exhibits, who held them when, and what an examination found on them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence.acquiring.model import Acquisition
from tipbridge.police.evidence.details import read_detail
from tipbridge.police.evidence.doubts import Doubt
from tipbridge.police.evidence.hits import FileHit, Looked
from tipbridge.police.evidence.reading.model import (
    NO_TIMES,
    EntryFault,
    EntryKind,
    EntryState,
    Times,
)
from tipbridge.police.evidence.readings import GivenUp, Opening, ReadingMark
from tipbridge.police.evidence.sayings import Saying
from tipbridge.police.evidence.searches import Searching


class ExhibitKind(StrEnum):
    """What sort of thing was seized. Closed."""

    DEVICE = "device"
    IMAGE = "image"
    FOLDER = "folder"
    ACCOUNT_EXPORT = "account-export"
    PAPER = "paper"


class CustodyKind(StrEnum):
    """What happened to an exhibit. Closed."""

    SEIZED = "seized"
    SEALED = "sealed"
    HANDED_OVER = "handed-over"
    RECEIVED = "received"
    IMAGED = "imaged"
    EXAMINED = "examined"
    RETURNED = "returned"
    DESTROYED = "destroyed"


class CustodyFault(StrEnum):
    """Why a custody event does not follow from the ones before it. Closed."""

    NOT_SEIZED = "not-seized"
    BEFORE_THE_LAST = "before-the-last"
    IN_THE_FUTURE = "in-the-future"
    NOT_THE_HOLDER = "not-the-holder"
    NOT_RECEIVED = "not-received"
    NOTHING_TO_RECEIVE = "nothing-to-receive"
    NOT_THE_RECEIVER = "not-the-receiver"
    SAME_SIDE = "same-side"
    ALREADY_RETURNED = "already-returned"
    ALREADY_DESTROYED = "already-destroyed"
    SEIZED_BEFORE = "seized-before"


class SkipReason(StrEnum):
    """Why an entry of a folder was not processed. Closed."""

    SYMBOLIC_LINK = "symbolic-link"
    SPECIAL_FILE = "special-file"
    UNREADABLE_FILE = "unreadable-file"
    UNREADABLE_FOLDER = "unreadable-folder"
    OTHER_FILE_SYSTEM = "other-file-system"
    CHANGED_WHILE_READ = "changed-while-read"
    GONE = "gone"


class Verdict(StrEnum):
    """Whether a source was read whole, and was what its maker says. Closed."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    """Bytes of it could not be had; each range is named with its reason."""
    ALTERED = "altered"
    """It is not what its image's maker wrote down of it, or it changed meanwhile."""


class FindingKind(StrEnum):
    """Why a file counts as an item of the case. Closed."""

    LISTED = "listed"
    """One of its digests stands on a hash list, exactly."""
    SORTED = "sorted"
    """The examiner states that the folder holds only files sorted as material."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seizure:
    """Where, under what authority, when and by whom something was seized."""

    place: str = field(repr=False)
    authority: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """How something was seized, as far as it is not said of the thing itself.

    Shape: `person` is whom it was from, an id or the number in the case; `grounds` the actor's
    own reason why it could not wait for contact with the agency; without `at` it was now,
    without `by` the actor did it.
    """

    person: str | None = None
    grounds: str | None = field(default=None, repr=False)
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One seized thing of a case; `mark` is what is written on its label."""

    id: str
    case_id: str
    mark: str
    kind: ExhibitKind
    description: str = field(repr=False)
    identifiers: str = field(repr=False)
    seizure: Seizure
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEvent:
    """One link of the chain of custody; both sides are named.

    Shape: `giver` is empty for a seizure, `taker` for a sealing, an imaging or an examination, and
    the witness of a destruction. `detail` is a seal's number, how and on whose order something
    was destroyed, or that a receiver is outside. `faults` say where the
    chain is broken, and then `reason` says why. `digest` is over the event, its salt and the digest
    before it, so that what the log holds of it covers the whole chain; one of before has none.
    """

    position: int
    kind: CustodyKind
    at: datetime
    giver: str | None = field(repr=False)
    taker: str | None = field(repr=False)
    recorded_by: str
    recorded_at: datetime
    reason: str | None = field(default=None, repr=False)
    faults: tuple[CustodyFault, ...] = ()
    salt: str | None = None
    digest: str | None = None
    detail: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """A photograph of an exhibit, by its digest alone; the picture stays with who took it."""

    sha256: str
    shows: str = field(repr=False)
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where an exhibit is after its events: who holds it, and to whom it is on its way."""

    holder: str | None = None
    on_its_way_to: str | None = None
    handed_over_by: str | None = None
    returned: bool = False
    destroyed: bool = False
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that was read whole."""

    path: str = field(repr=False)
    digests: Digests
    looks: str = ""
    place: bytes = field(default=b"", repr=False)
    """Its path below the folder, byte by byte."""
    modified_ns: int = 0
    behind: tuple[int, Digests] | None = None
    """Where in it an archive begins that stands behind its content, and what that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedEntry:
    """An entry that was not processed, and why."""

    path: str = field(repr=False)
    reason: SkipReason | EntryFault
    detail: str = ""
    place: EntryKind = EntryKind.FILE
    state: EntryState = EntryState.PRESENT
    start_byte: int | None = None
    size_bytes: int | None = None

    @property
    def said(self) -> tuple[Saying, ...]:
        """Its detail, for a page in any language."""
        return read_detail(self.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A processed file of an examination, as kept."""

    number: int
    path: str = field(repr=False)
    digests: Digests
    finding: FindingKind | None
    list_ids: tuple[str, ...] = ()
    place: EntryKind = EntryKind.FILE
    state: EntryState = EntryState.PRESENT
    start_byte: int | None = None
    looks: str = ""
    times: Times = NO_TIMES
    looked: Looked = Looked.NOTHING
    look_reasons: tuple[str, ...] = ()
    hits: tuple[FileHit, ...] = ()

    @property
    def near(self) -> tuple[FileHit, ...]:
        """What it is only near to: advice, never a finding."""
        return tuple(hit for hit in self.hits if hit.is_near)

    @property
    def looked_said(self) -> tuple[tuple[Saying, ...], ...]:
        """Why it was not compared whole, for a page in any language."""
        return tuple(map(read_detail, self.look_reasons))

    @property
    def may_be_overwritten(self) -> bool:
        """Whether its bytes lie where nothing keeps them: deleted, in slack or in free space."""
        return self.state is EntryState.DELETED or self.place in _NOT_KEPT


_NOT_KEPT = frozenset({EntryKind.SLACK, EntryKind.REST, EntryKind.CARVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One pass over a source: processed + unprocessed = total, all of what was listed.

    Shape: `items` counts different files by SHA-256 among the findings; `lists` names each
    hash list that has a hit; `near` counts files that are near to one, and are no findings;
    `not_compared` pictures, films and archives that could not be looked at. Of an image, `unread_bytes` of `medium_bytes` no processed entry
    covers, `doubts` say what keeps the verdict from complete, `answered` counts which of the
    `listed` entries were processed or said not to be, and `acquisition` is what made the image.
    """

    id: str
    exhibit_id: str
    at: datetime
    examiner: str
    source: str = field(repr=False)
    tool: str
    total: int
    processed: int
    unprocessed: int
    size_bytes: int
    findings: int
    items: int
    lists: tuple[str, ...]
    verdict: Verdict = Verdict.COMPLETE
    medium_bytes: int | None = None
    unread_bytes: int = 0
    sha256_before: str | None = None
    sha256_after: str | None = None
    near: int = 0
    not_compared: int = 0
    doubts: tuple[Doubt, ...] = ()
    listed: int | None = None
    answered: int | None = None
    acquisition: str | None = None


FOLDER = "folder"
"""The kind of a source that is no image: a folder, or an archive as if it lay alone in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """A source as it was when a pass began: the digests of an image's medium, gaps as zeros; of a
    folder, those of its listing, which has each entry's path, length and time of change.

    Shape: what is `stored` and the `header` is what the image's maker wrote down; `entries` were listed.
    """

    source: str = field(repr=False)
    source_kind: str
    size_bytes: int
    entries: int
    md5: str
    sha1: str
    sha256: str
    stored_md5: str | None = None
    stored_sha1: str | None = None
    notes: tuple[str, ...] = ()
    header: tuple[str, ...] = ()

    @property
    def of_folder(self) -> bool:
        """Whether the digests are of a listing, not of a medium."""
        return self.source_kind == FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One examination of an image or a folder, from its begin on; it ends as an Examination of its id."""

    id: str
    exhibit_id: str
    at: datetime
    examiner: str
    tool: str
    facts: SourceFacts
    sorted_material: bool | None = None
    """The examiner's statement that it holds only files sorted as material; None from before 0365."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far a pass has come: what it kept before is not read again.

    Shape: `position` counts batches in the order of the medium; `entries` were kept,
    with what was carved; of the listing, so many were `answered` for.
    """

    pass_id: str
    position: int
    at: datetime
    entries: int
    bytes_read: int
    findings: int
    answered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PassCounts:
    """What a pass has kept."""

    processed: int
    unprocessed: int
    size_bytes: int
    findings: int
    items: int
    lists: tuple[str, ...]
    near: int
    not_compared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRange:
    """A range of a medium that no processed entry covers. Unit: bytes."""

    start_byte: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A pass that is not finished, how far it has come, and how far it was a step before.

    Shape: one that was `given_up` is not gone on with. `now` is the reading that it is at, if that
    is newer than what it `reached`; it went on with its entries at `resumed_at`.
    """

    begun: Pass
    reached: Checkpoint | None
    before: Checkpoint | None = None
    given_up: GivenUp | None = None
    now: ReadingMark | None = None
    resumed_at: datetime | None = None

    @property
    def bytes_read(self) -> int:
        """How much of the medium was read and kept."""
        return 0 if self.reached is None else self.reached.bytes_read

    @property
    def bytes_per_second(self) -> float | None:
        """The rate of the last step; None while nothing is known."""
        if self.reached is None:
            return None
        since = self.begun.at if self.before is None else self.before.at
        if self.resumed_at is not None and since < self.resumed_at < self.reached.at:
            since = self.resumed_at
        read = self.bytes_read - (0 if self.before is None else self.before.bytes_read)
        seconds = (self.reached.at - since).total_seconds()
        return read / seconds if seconds > 0 and read > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long it takes at that rate; None while nothing is known."""
        rate = self.bytes_per_second
        return None if rate is None else (self.begun.facts.size_bytes - self.bytes_read) / rate


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """How far the examinations of an exhibit are."""

    exhibit_id: str
    mark: str
    running: tuple[Running, ...]
    opened: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitLine:
    """An exhibit in a list."""

    id: str
    case_id: str
    case_number: str
    mark: str
    kind: ExhibitKind
    seized_at: datetime
    holder: str | None = field(repr=False)
    examinations: int
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitView:
    """An exhibit with everything known of it; files by count, never by content."""

    exhibit: Exhibit
    case_number: str
    keeping: Keeping
    custody: tuple[CustodyEvent, ...]
    examinations: tuple[Examination, ...]
    skipped: tuple[SkippedEntry, ...]
    """A page of them, behind so many `skipped_before`."""
    skipped_by_reason: dict[str, int]
    files: tuple[FoundFile, ...]
    skipped_before: int = 0
    running: tuple[Running, ...] = ()
    given_up: tuple[Running, ...] = ()
    opened: tuple[Opening, ...] = ()
    """Those that came to no digest yet, or were given up before."""
    sources: dict[str, SourceFacts] = field(default_factory=dict[str, SourceFacts])
    """By examination of an image: what its maker wrote of it, beside what was read."""
    searched: dict[str, tuple[Searching, ...]] = field(
        default_factory=dict[str, tuple[Searching, ...]]
    )
    """By examination: the lists in effect while it looked up what it found."""
    unread: tuple[UnreadRange, ...] = ()
    acquisitions: tuple[Acquisition, ...] = ()
    near: tuple[FoundFile, ...] = ()
    both_sides: dict[int, int] = field(default_factory=dict[int, int])
    """By the position of an arrival that of the giving which it answers, said by another account."""
    custody_changed: tuple[int, ...] = ()
    """Positions of custody events that are not what they were when they were recorded."""
    first_seen: dict[str, str] = field(default_factory=dict[str, str])
    """By SHA-256 of a finding: the first other case that had it, as far as was known at the examination's end."""
    seen_since: dict[str, str] = field(default_factory=dict[str, str])
    """The same of what was seized earlier and examined since: no report says it."""
    categories: dict[int, int] = field(default_factory=dict[int, int])
    """How many files have a category of the examiner's viewer."""
    photographs: tuple[Photograph, ...] = ()

    @property
    def skipped_next(self) -> int | None:
        """Behind how many the next page of what was not processed begins; None behind the last."""
        shown = self.skipped_before + len(self.skipped)
        return shown if shown < sum(self.skipped_by_reason.values()) else None
