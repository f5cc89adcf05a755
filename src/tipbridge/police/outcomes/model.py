"""Outcomes of people and the duties that come with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.knowledge.law.model import Advice, Outcome
from tipbridge.police.cases.model import Custody, Person, Stage
from tipbridge.police.welfare.model import Welfare


class Reason(StrEnum):
    """Why the police step is what it is. Closed."""

    SUSPICION = "suspicion"
    BELOW_AGE = "below-age"
    MINOR_VIOLATION = "minor-violation"
    NO_SUSPICION = "no-suspicion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What an outcome is on three axes that are never one."""

    stage: Stage
    custody: Custody
    reason: Reason


def _not_booked(reason: Reason) -> Meaning:
    return Meaning(stage=Stage.NOT_BOOKED, custody=Custody.NOT_DETAINED, reason=reason)


MEANINGS: Mapping[Outcome, Meaning] = {
    Outcome.WELFARE_ONLY: _not_booked(Reason.BELOW_AGE),
    Outcome.JUVENILE_DIVISION: _not_booked(Reason.BELOW_AGE),
    Outcome.GUIDANCE: _not_booked(Reason.MINOR_VIOLATION),
    Outcome.NO_SUSPICION: _not_booked(Reason.NO_SUSPICION),
    Outcome.BOOKED_AT_LIBERTY: Meaning(
        stage=Stage.BOOKED, custody=Custody.NOT_DETAINED, reason=Reason.SUSPICION
    ),
    Outcome.BOOKED_DETAINED: Meaning(
        stage=Stage.BOOKED, custody=Custody.DETAINED, reason=Reason.SUSPICION
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The rule a decision rests on, and whether the advice permitted it."""

    rule: str
    citation: str
    decides: str
    within_advice: bool
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a named member of staff decided about somebody.

    Shape: `standing` is the newest decision about the person; `grounds` is the decider's own
    text, required outside the advice; `conditions` are those recorded with it.
    """

    id: str
    case_id: str
    person_id: str
    outcome: Outcome
    meaning: Meaning
    ground: Ground
    law_of_act: str
    law_of_decision: str
    grounds: str | None = field(repr=False)
    decided_by: str
    decided_at: datetime
    decided_on: date
    standing: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDuty:
    """A duty that came with a decision."""

    id: str
    person_id: str
    code: str
    rule: str
    citation: str
    who: str
    due_on: date
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOutcome:
    """Somebody with the advice of today, the standing decision, duties and welfare."""

    person: Person
    advice: Advice | None
    decision: Decision | None
    duties: tuple[OpenDuty, ...]
    welfare: Welfare | None
