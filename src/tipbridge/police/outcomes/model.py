"""Outcomes of people and the duties that come with them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from tipbridge.knowledge.law.model import Advice, Custody, Outcome, Reason, Stage
from tipbridge.police.cases.model import Person
from tipbridge.police.welfare.model import Standing, StepTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What an outcome is on three axes that are never one."""

    stage: Stage
    custody: Custody
    reason: Reason


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
    """Somebody with the advice of today, the standing decision, duties and welfare.

    Shape: `others` are outcomes of the jurisdiction that the advice neither permits nor forbids;
    `welfare` is what the case sees of a child's record; `steps` are coercive ones.
    """

    person: Person
    advice: Advice | None
    others: tuple[Outcome, ...]
    decision: Decision | None
    duties: tuple[OpenDuty, ...]
    welfare: Standing | None
    steps: tuple[StepTaken, ...]
