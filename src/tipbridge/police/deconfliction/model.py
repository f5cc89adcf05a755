"""A question to another agency, and what came back: hit or no hit."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.knowledge.law.model import Birth
from tipbridge.police.cases.model import Identifier


class Refusal(StrEnum):
    """Why a question is not answered. Closed."""

    NO_AGREEMENT = "no-agreement"
    NOT_HIT_NO_HIT = "not-hit-no-hit"
    NEEDS_PEOPLE = "needs-people"
    OVER_THE_LIMIT = "over-the-limit"


class QuestionState(StrEnum):
    """How far a question is. Closed."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One identifier of a person of the case, as it was asked; `hit` once it was answered."""

    position: int
    person_id: str
    identifier: Identifier
    hit: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A suspect's identifier in a case of this node, with what says whether it is compared.

    Shape: `referral_id` is the referral that brought it; None for what the police found.
    """

    identifier: Identifier
    referral_id: str | None
    birth: Birth | None = field(repr=False)
    act_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What this node asked a peer about a case.

    Shape: `agreement` is the SHA-256 of the one it was asked under; `compared` is the number of
    identifiers, rounded up, that the peer compared with; `secret` is gone once it was answered.
    `left_out` identifiers that it had no room for were never answered: they wait for another.
    """

    id: str
    case_id: str
    peer_id: str
    agreement: str
    reason: str
    package_id: str
    state: QuestionState
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None = None
    refusal: Refusal | None = None
    compared: int | None = None
    left_out: int = 0
    secret: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question with what was asked, and whom to turn to after a hit."""

    question: Question
    asked: tuple[Asked, ...]
    contacts: tuple[str, ...]

    @property
    def hits(self) -> int:
        """How many of the identifiers the peer knows."""
        return sum(each.hit is True for each in self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A peer's question that this node answered or refused: who, when, how many, never what."""

    package_id: str
    peer_id: str
    agreement: str
    points: int
    refusal: Refusal | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionMessage:
    """A question as it travels.

    Shape: `points` are blinded, so that they are evenly spread whatever was asked.
    """

    question: str
    agreement: str
    points: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMessage:
    """An answer as it travels: the question's points, blinded once more, and the known, marked."""

    question: str
    refusal: Refusal | None
    points: tuple[bytes, ...] = ()
    known: frozenset[bytes] = frozenset()
