"""What is noted and kept in a case, and what the record says happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.police.cases.misplaced.model import MoveLine, Strike
from tipbridge.police.cases.model import Case, KnownPerson, Task
from tipbridge.police.cases.tasks.model import TaskDay


class DocumentKind(StrEnum):
    """What a document is. Closed."""

    WARRANT = "warrant"
    LETTER = "letter"
    STATEMENT = "statement-taken"
    REPORT = "police-report"
    OTHER = "other-document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a member of staff wrote down; never changed, only followed by another.

    Shape: `moved_by` brought it here from another case.
    """

    id: str
    case_id: str
    person_id: str | None
    note: str = field(repr=False)
    written_by: str
    written_at: datetime
    moved_by: str | None = None
    moved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document kept sealed; pages show digest, size and type, never what is in it."""

    id: str
    case_id: str
    kind: DocumentKind
    title: str = field(repr=False)
    media_type: str
    sha256: str
    size_bytes: int
    sealed: Sealed
    added_by: str
    added_at: datetime
    moved_by: str | None = None
    moved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A document given out: under which name, and its plaintext piece by piece."""

    document: Document
    file_name: str
    pieces: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of the timeline: an event of the audit log about the case, or about a part of it.

    Shape: what marks how far a reading has come is one line with its last mark, of `times` since
    `since`.
    """

    id: str
    at: datetime
    event: str
    by: str
    facts: tuple[tuple[str, str], ...]
    times: int = 1
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """Tasks, notes, documents and timeline of a case, with the user names of writers.

    Shape: the timeline holds the newest of `events` lines, or those before a given one; `earlier`
    is the id from which it goes on, None at its end. `overdue` are tasks, by id; `days` those that
    tasks had before; `strikes` those of notes and documents, also taken back; `moves` what went
    from here to other cases.
    """

    case: Case
    people: tuple[KnownPerson, ...]
    tasks: tuple[Task, ...]
    notes: tuple[Note, ...]
    documents: tuple[Document, ...]
    timeline: tuple[Happened, ...]
    events: int
    earlier: str | None
    overdue: frozenset[str]
    days: tuple[TaskDay, ...]
    strikes: tuple[Strike, ...]
    moves: tuple[MoveLine, ...]
    names: dict[str, str]
