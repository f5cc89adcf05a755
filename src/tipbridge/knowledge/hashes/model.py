"""Hash lists: what they are for, what one entry says, what a look-up finds."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ListPurpose(StrEnum):
    """Why a list may be here at all. Closed: a list for anything else does not load."""

    KNOWN_MATERIAL = "known-material"
    """Files classified as CSAM by a named body."""
    VIRAL_MATERIAL = "viral-material"
    """Files that spread widely by outrage; they bundle, they do not weigh."""
    VICTIM_IDENTIFICATION = "victim-identification"
    """Files of series in which a child is still sought."""
    OWN_CASES = "own-cases"
    """Files found in cases of this organisation."""
    KNOWN_GOOD = "known-good"
    """Files of operating systems and programs: they reduce what somebody has to look at."""


class DigestKind(StrEnum):
    """What sort of digest an entry is. Closed; kinds after VPDQ are kept, never compared."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    PDQ = "pdq"
    VPDQ = "vpdq"
    """One frame of a video: a PDQ hash with the video's id and the frame's number."""
    PHOTODNA = "photodna"
    NETCLEAN = "netclean"
    TMK_PDQF = "tmk-pdqf"
    VIDENTIFIER = "videntifier"
    OTHER = "other"


class Handling(StrEnum):
    """What may be done with a list's entries. Closed; the traffic light protocol, 2.0."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"


class Scheme(StrEnum):
    """The scale in which a list's owner classifies. Closed; `free` takes any mark."""

    FREE = "free"
    INDUSTRY = "industry"
    """A1, A2, B1, B2: the industry's scale, as in hash sharing."""
    UK = "uk"
    """A, B, C: the sentencing guideline of England and Wales."""
    VICS = "vics"
    """0 to 5: Project VIC; what a number means differs by region."""


class Mode(StrEnum):
    """What an import does to the version that is being prepared. Closed."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"
    """The file is the whole list: what it does not hold is left out of the version."""


class Confidence(StrEnum):
    """What votes say of an entry. Closed."""

    UNVOTED = "unvoted"
    OPEN = "open"
    TRUSTED = "trusted"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One digest of a list and what the list says of it.

    Shape: `digest` is raw bytes; of kinds that are only kept, the text as it came. `mark` is
    its classification, `item` the owner's own id of the file; `frame` numbers a video's frames.
    """

    kind: DigestKind
    digest: bytes
    mark: str | None = None
    item: str | None = None
    frame: int | None = None
    quality: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A line (or record) that is no entry, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trivial:
    """A digest that matches files without content, and what that file would be."""

    line: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An owner's word that entries are no longer on its list: by digest, or by its own id.

    Shape: `renewed` where the owner's newest word on the same id follows.
    """

    kind: DigestKind | None = None
    digest: bytes | None = None
    item: str | None = None
    renewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A record that belongs on no list here (a web address, a withdrawn one), and why."""

    line: int
    why: str


Found = Entry | Gone | Reject | Trivial | Passed
"""What one record of a file is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """What became of each entry of a file, and the version it now waits in.

    Shape: `already_there` counts entries the list had before and entries the file repeats;
    `not_there` those to be removed that the list did not hold. No version where a feed had no news.
    """

    version: int | None
    revision: int | None
    added: int
    changed: int
    removed: int
    already_there: int
    not_there: int
    trivial_refused: int
    trivial: dict[str, int]
    passed_over: dict[str, int]
    file_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file that was loaded into a version, and by whom.

    Shape: `not_there` and `passed_over` are None where they were not kept yet.
    """

    revision: int
    at: datetime
    person: str
    mode: Mode
    form: str
    file_sha256: str
    added: int
    changed: int
    removed: int
    already_there: int
    trivial_refused: int
    not_there: int | None
    passed_over: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a list: prepared by imports, in effect once a second person activated it.

    Shape: `envelope` is what this node signed about it; empty while it waits.
    """

    number: int
    revision: int
    prepared_at: datetime
    valid_until: datetime | None
    content_sha256: str | None
    entry_count: int | None
    activated_at: datetime | None
    activated_by: str | None
    envelope: str | None = field(default=None, repr=False)
    imports: tuple[Import, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """An entry that somebody voted against; reasons are those that people here gave."""

    kind: DigestKind
    digest: str
    in_favour: int
    against: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HashList:
    """One list as it stands.

    Shape: `active_version` is the one in effect, None before the first activation;
    `waiting_version` is prepared and not activated.
    """

    id: str
    name: str
    purpose: ListPurpose
    owner: str
    scheme: Scheme
    handling: Handling
    added_at: datetime
    added_by: str
    active_version: int | None = None
    waiting_version: int | None = None
    waiting_revision: int | None = None
    activated_at: datetime | None = None
    valid_until: datetime | None = None
    content_sha256: str | None = None
    entry_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list with its whole history, what stands in it now by kind, and what votes say of it.

    Shape: `confidences` counts entries in effect; of the disputed ones so many are shown.
    """

    list: HashList
    versions: tuple[Version, ...]
    counts: dict[str, int]
    waiting_counts: dict[str, int]
    confidences: dict[str, int]
    disputed: tuple[Disputed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed from one version to another; at most so many lines are shown."""

    added: int
    removed: int
    added_lines: tuple[Entry, ...]
    removed_lines: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that does not fit, by list and version; 0 where it is about no version."""

    list_name: str
    version: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsVerified:
    """What a check of lists looked at and found."""

    lists: int
    versions: int
    entries: int
    files: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What votes say of one entry of a list."""

    confidence: Confidence
    in_favour: int
    against: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One list that holds a digest."""

    list_id: str
    list_name: str
    purpose: ListPurpose
    handling: Handling
    mark: str | None
