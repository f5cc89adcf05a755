"""A consent: what is asked of the originator, and what it answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tipbridge.knowledge.agreements.clauses import Leave
from tipbridge.knowledge.agreements.markings import Marking
from tipbridge.knowledge.agreements.model import DataClass, Purpose
from tipbridge.sharing.exchange.model import Basis


class Use(StrEnum):
    """What leave is asked for. Closed."""

    ONWARD = "onward"
    COURT = "court"


class Hold(StrEnum):
    """What on the road of a referral forbids that others learn or notice of it; strict to lax. Closed."""

    NEVER = "onward:never"
    TLP_RED = "TLP:RED"
    PAP_RED = "PAP:RED"
    PAP_AMBER = "PAP:AMBER"


class Place(StrEnum):
    """What this node has to do with a consent: it asked, it is asked, or it passes it along."""

    ASKED = "asked"
    OURS = "ours"
    ALONG = "along"


class ConsentState(StrEnum):
    """Where a consent stands. Closed."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class Refusing(StrEnum):
    """Why an originator says no. Closed."""

    SOURCE_PROTECTED = "source-protected"
    OWN_PROCEEDINGS = "own-proceedings"
    NOT_LAWFUL_HERE = "not-lawful-here"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What somebody wants to do with a received referral; `recipient` is None for a court."""

    use: Use
    recipient: str | None
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What travels to the originator, hop by hop and signed by who asks; nothing of a person."""

    id: str
    aim: Aim
    originator: str
    asker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the originator says, signed by it.

    Shape: granted for `classes` from `starts_at` until before `ends_at`; refused with `why`.
    `envelope` is a consent in the originator's own signed words, for those who did not ask.
    """

    id: str
    granted: bool
    why: Refusing | None
    classes: frozenset[DataClass]
    starts_at: datetime | None
    ends_at: datetime | None
    envelope: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent as one node keeps it.

    Shape: `peer_id` is who asked here, or whom this node asked; `referral_id` the received
    referral where it was asked, elsewhere the sent one. `package_id` is the package it was
    asked or came in, `along_id` the one in which it went further.
    """

    ask: Ask
    place: Place
    unit_id: int
    restricted: bool
    members: tuple[str, ...]
    peer_id: str
    referral_id: str
    package_id: str
    along_id: str | None
    state: ConsentState
    answer: Answer | None
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How one sender on the road marked what it let out, and by which consents it did.

    Shape: `consents` are the ids it names, `leaves` what their originators signed, not verified
    here; `marking` holds what it inherited, too. `purpose` is what it sent it for, None where
    only the marks are looked at.
    """

    node_id: str
    marking: Marking
    onward: Leave
    court: Leave
    consents: frozenset[str]
    leaves: tuple[str, ...] = ()
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """How a received referral was marked on its way, by its senders' own words."""

    referral_id: str
    basis: Basis | None
    purpose: Purpose
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Whose leave a use needs; `never` when no leave makes it right.

    Shape: `other_purpose` says that it is another use than some of them sent it for.
    """

    never: bool
    nodes: tuple[str, ...]
    other_purpose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtLeave:
    """Which parts of a received referral may go into a bundle for a court, and which may not.

    Shape: `waiting` are the originators whose leave is missing; empty with `never`.
    """

    may: tuple[str, ...]
    may_not: tuple[str, ...]
    waiting: tuple[str, ...]
    never: bool
