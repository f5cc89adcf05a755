"""What an agreement says beside parties, offences and fields; each clause may only narrow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tipbridge.knowledge.agreements.words import CoveredOffence, DataClass, FieldRule


class Delivery(StrEnum):
    """Who moves a package: the sender pushes it, or the receiver fetches it. Closed."""

    PUSH = "push"
    PULL = "pull"


class Extent(StrEnum):
    """How much goes at first. Closed."""

    FULL = "full"
    METADATA_FIRST = "metadata-first"
    HIT_NO_HIT = "hit-no-hit"


class Occasion(StrEnum):
    """What a release answers to. Closed."""

    SPONTANEOUS = "spontaneous"
    ON_REQUEST = "on-request"
    BULK = "bulk"


class Pap(StrEnum):
    """Permissible Actions Protocol: what the receiver may do that others could see."""

    RED = "PAP:RED"
    AMBER = "PAP:AMBER"
    GREEN = "PAP:GREEN"
    CLEAR = "PAP:CLEAR"


class SourceGrade(StrEnum):
    """How reliable the source is: always, mostly, mostly not, cannot be judged. Closed."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class InformationGrade(StrEnum):
    """How sure the information is: known, known to the source, corroborated, not. Closed."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"


class Leave(StrEnum):
    """Whether the receiver may do something with what it got. Closed."""

    GRANTED = "granted"
    CONSENT = "consent"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A named contact desk of an agency; `parent` is the agency above, or None at the top."""

    agency: str
    parent: str | None
    desk: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The agency trees of both sides; an empty side names no desk and takes any."""

    sender: tuple[Desk, ...] = ()
    receiver: tuple[Desk, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """How releases happen."""

    delivery: frozenset[Delivery] = frozenset(Delivery)
    extent: Extent = Extent.FULL
    occasions: frozenset[Occasion] = frozenset(Occasion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the offences must be besides being listed. Unit: months of the maximum penalty.

    Shape: the two laws are the jurisdictions by which the last two are judged, as in `KR`.
    """

    excluded: frozenset[CoveredOffence] = frozenset()
    dual_criminality: bool = False
    minimum_penalty_months: int = 0
    sender_law: str | None = None
    receiver_law: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minors:
    """What also stays back of someone who may be a child, and whom to call.

    Shape: `restrict` holds for anyone who may be under the minimum age, `victims` for victims;
    `contact_required` lets nothing about either leave while nobody is named to call.
    """

    restrict: frozenset[DataClass] = frozenset()
    victims: frozenset[DataClass] = frozenset()
    welfare_contact: str | None = None
    contact_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Originator:
    """What the receiver needs the originator's leave for."""

    onward: Leave = Leave.GRANTED
    court: Leave = Leave.GRANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long the receiver keeps it. Unit: days; None where the agreement says nothing."""

    keep_days: int | None = None
    review_days: int | None = None
    proof_of_deletion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """How soon a recall or a correction must be acknowledged. Unit: days."""

    acknowledge_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """What may go besides, when so many people say that a life is in danger.

    Shape: an empty `widens` allows no override. Unit: `review_hours` until it is reviewed.
    """

    widens: frozenset[DataClass] = frozenset()
    people: int = 2
    review_hours: int = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Reciprocity:
    """Whether counts both ways are reviewed. Unit: months; None when they are not."""

    review_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspending:
    """Which side may suspend it, and how many days before it takes hold."""

    by: frozenset[str] = frozenset({"sender", "receiver"})
    notice_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The markings of handling that are not TLP and H-codes; None is not stated."""

    pap: Pap | None = None
    source: SourceGrade | None = None
    information: InformationGrade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """All clauses; the defaults are those of a document that has none.

    Shape: `paths` are patterns such as `people/*/ips/*`, each step a word or `*`; `approvals`
    is how many people must approve a release (0: the rules alone).
    """

    parties: Parties = Parties()
    mode: Mode = Mode()
    subject: Subject = Subject()
    paths: Mapping[str, FieldRule] = field(default_factory=dict[str, FieldRule])
    minors: Minors = Minors()
    marks: Marks = Marks()
    originator: Originator = Originator()
    retention: Retention = Retention()
    recall: Recall = Recall()
    emergency: Emergency = Emergency()
    reciprocity: Reciprocity = Reciprocity()
    suspending: Suspending = Suspending()
    approvals: int = 0


PLAIN = Clauses()
"""The clauses of a document that has none."""
