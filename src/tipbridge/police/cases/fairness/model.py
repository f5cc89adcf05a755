"""Origin, what favours the suspect, the defence, and wrong persons put right."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.police.cases.model import Case, KnownPerson, Person, TakenReferral


class CaseOrigin(StrEnum):
    """What a case that staff opened began with. Closed; others began with their referral."""

    PUBLIC_REPORT = "public-report"
    LIAISON_WORD = "liaison-word"
    ANOTHER_CASE = "another-case"
    OWN_INQUIRY = "own-inquiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Why staff opened a case: kind, grounds, and how good the source is.

    Shape: `grade` is a source grade such as B2; `from_case` the case it came out of.
    """

    case_id: str
    origin: CaseOrigin
    grounds: str = field(repr=False)
    grade: str
    from_case: str | None
    opened_by: str


class FavourKind(StrEnum):
    """Where a fact in somebody's favour is on record. Closed."""

    REFERRAL = "referral"
    CLOSED = "closed"
    """A restricted referral that is closed to the reader."""
    DEMAND = "demand"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Favour:
    """A fact that weakens or explains a suspicion; never removed, and shown beside it.

    Shape: `source` is the referral's sender or the member of staff who found it; both it and the
    day are None of a restricted referral that is closed to the reader; `of` is the network address
    that it is about, where the reader may read that. `via` is the referral, the demand or staff's
    own record that says it, `part` the referral's part, and `subject` the part that it is about.
    """

    kind: FavourKind
    about: str
    text: str = field(repr=False)
    source: str | None
    at: datetime | None
    of: str | None = field(default=None, repr=False)
    via: str | None = None
    part: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFavour:
    """A fact in somebody's favour as staff recorded it."""

    id: str
    case_id: str
    person_id: str
    text: str = field(repr=False)
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DefenceRequest:
    """What the defence asks for, and what it was told: part of the file."""

    id: str
    case_id: str
    person_id: str
    asked: str = field(repr=False)
    asked_on: date
    recorded_by: str
    recorded_at: datetime
    answer: str | None = field(default=None, repr=False)
    answered_by: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """That somebody was the wrong person; told to everyone who was told of them.

    Shape: with `taken_back_at` it stands no more. One with `undoes` says that they were not the
    wrong person after all, and names the one that it takes back.
    """

    id: str
    case_id: str
    person_id: str
    grounds: str = field(repr=False)
    made_by: str
    made_at: datetime
    taken_back_at: datetime | None = None
    undoes: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it says now that somebody was the wrong person."""
        return self.taken_back_at is None and self.undoes is None


class Target(StrEnum):
    """Where somebody stands who is to hear of a correction. Closed."""

    NODE = "node"
    CASE = "case"
    BUNDLE = "bundle"
    DEMAND = "demand"
    AUTHORITY = "authority"
    WELFARE = "welfare"
    HAND = "hand"
    PEER_HIT = "peer-hit"
    PEER_ANSWER = "peer-answer"


class ToldState(StrEnum):
    """Whether somebody acknowledged a correction. Closed."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One receiver of a correction, and whether they acknowledged it.

    Shape: `via` is the referral, for a node; the case; or what else told them of the person.
    `receiver` is None for a sender that was told nothing yet. `id` is a telling's, None for
    nodes, which answer by themselves; `by` told of their answer, when they did not say it here.
    """

    target: Target
    via: str
    receiver: str | None = field(repr=False)
    state: ToldState
    at: datetime | None
    id: str | None = None
    by: str | None = None
    words: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Somebody to whom no message of this node goes, and whom staff tell: a task, and its answer."""

    id: str
    correction_id: str
    case_id: str
    target: Target
    target_id: str
    receiver: str | None = field(repr=False)
    task_id: str
    told_at: datetime
    state: ToldState = ToldState.WAITING
    words: str | None = field(default=None, repr=False)
    noted_at: datetime | None = None
    noted_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """A correction with everyone who is to hear of it."""

    correction: Correction
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSides:
    """What accuses somebody, and beside it what favours them.

    Shape: `undone` are corrections that were taken back, and those that took them back.
    """

    known: KnownPerson
    favours: tuple[Favour, ...]
    requests: tuple[DefenceRequest, ...]
    correction: CorrectionView | None
    undone: tuple[CorrectionView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKept:
    """What is on record for somebody: what favours them, the defence, corrections."""

    person: Person
    favours: tuple[Favour, ...]
    requests: tuple[DefenceRequest, ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The same of everybody who is or was in a case, and what favours anybody in it."""

    of_case: tuple[Favour, ...]
    people: tuple[PersonKept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueProcess:
    """Where a case came from, and both sides of everybody in it.

    Shape: `grounds` are those that came with a liaison's own lead: sender, grounds, grade. Of a
    referral in `closed`, which is closed to the reader, only what favours is told.
    """

    case: Case
    origin: Origin | None
    from_number: str | None
    referrals: tuple[TakenReferral, ...]
    closed: frozenset[str]
    grounds: tuple[tuple[str, str, str], ...] = field(repr=False)
    of_case: tuple[Favour, ...]
    people: tuple[PersonSides, ...]
