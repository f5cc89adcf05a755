"""Hash lists: what they are for, what one entry says, what a look-up finds."""

from dataclasses import dataclass
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


class DigestKind(StrEnum):
    """Which digest an entry is; told by its length."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One digest of a list and the list's own mark for it."""

    kind: DigestKind
    digest: bytes
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A line that is no entry, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trivial:
    """A digest that matches files without content, and what that file would be."""

    line: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HashList:
    """One list as it stands."""

    id: str
    name: str
    purpose: ListPurpose
    source: str
    added_at: datetime
    imported_at: datetime | None
    file_sha256: str | None
    entry_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """What became of each line: the three counts add up to the lines that held something.

    Shape: `already_there` counts entries the list had before and entries the file repeats.
    """

    added: int
    already_there: int
    trivial_refused: int
    file_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One list that holds a digest."""

    list_id: str
    list_name: str
    purpose: ListPurpose
    mark: str | None
