"""Outcomes of people and the duties that come with them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.knowledge.law.model import (
    Advice,
    Custody,
    Duty,
    Mark,
    Outcome,
    Permitted,
    Reason,
    Source,
    Stage,
)
from tipbridge.knowledge.law.shape import By, Transition
from tipbridge.police.cases.acts import PersonAct
from tipbridge.police.cases.fairness.model import Favour
from tipbridge.police.cases.model import Person
from tipbridge.police.welfare.model import Standing, StepTaken


class Change(StrEnum):
    """Why somebody is decided about once more. Closed."""

    FIRST = "first"
    CUSTODY = "custody"
    NEW_FACTS = "new-facts"
    CORRECTION = "correction"
    APPEAL = "appeal"


class AppealBy(StrEnum):
    """Who objects to a decision. Closed."""

    PERSON = "person"
    GUARDIAN = "guardian"
    COUNSEL = "counsel"
    VICTIM = "victim"


class AppealState(StrEnum):
    """Where an appeal stands; one that is upheld asks for a decision, it makes none."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


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
    citation_ko: str
    mark: Mark
    decides: str
    within_advice: bool
    conditions: tuple[str, ...]

    @property
    def source(self) -> Source:
        """The rule with its citation and mark."""
        return Source(
            rule=self.rule, citation=self.citation, citation_ko=self.citation_ko, mark=self.mark
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFacts:
    """What staff say of a body that decided: its code in the law, its day (today without one), its minutes."""

    body: str
    on: date | None = None
    minutes: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedBody:
    """A body that may have decided somebody's matter, and with which outcomes of those open here."""

    body: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyDecision:
    """A body, such as a committee, that decided, by which rule and when; `minutes` name its paper."""

    body: str
    on: date
    minutes: str | None = field(repr=False)
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a named member of staff decided about somebody.

    Shape: `standing` is the newest decision about the person; `grounds` is the decider's own
    text, required outside the advice; `conditions` are those recorded with it; `replaces` is
    the decision that stood before; `body` is the committee or chief that decided, when staff say that one
    did: `decided_by` is then who wrote it down; `acts` are those it covers, in their words as they were then;
    `differs` marks the differences of today's advice that a task
    was raised for, first seen at `differs_at`.
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
    change: Change = Change.FIRST
    replaces: str | None = None
    acts: tuple[str, ...] = ()
    body: BodyDecision | None = None
    standing: bool = True
    differs: str | None = None
    differs_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDuty:
    """A duty that came with a decision; one that `keeps_open` keeps the matter from closing.

    Shape: one `by_step` is fulfilled by the step of the law that it asks for, never by a word; `settled` is
    what a fact of the record says of it, whatever was said by a word, None where none does.
    """

    id: str
    person_id: str
    code: str
    source: Source
    who: str
    due_on: date
    done_at: datetime | None
    keeps_open: bool
    by_step: bool = False
    settled: bool | None = None

    @property
    def is_done(self) -> bool:
        """Whether it is done: as the record says, else as staff said."""
        return self.done_at is not None if self.settled is None else self.settled


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingDuty:
    """A duty of today's advice that no decision has brought yet; `settled` as of one that is kept."""

    duty: Duty
    settled: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStep:
    """A person went from one stage to another, or into or out of custody; kept for ever.

    Shape: `on` is the day it happened, `recorded_at` when staff wrote it down; `reason` is that of
    a stage that asks for one.
    """

    id: str
    case_id: str
    person_id: str
    decision_id: str | None
    before: Stage
    stage: Stage
    custody: Custody
    by: By
    source: Source
    law: str
    on: date
    reason: Reason | None
    note: str | None = field(repr=False)
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTakenBack:
    """A step that was written down by mistake: who took it back, when and why; `id` is that under which it is told."""

    id: str
    step: StageStep
    because: str = field(repr=False)
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """What staff say of a step; without a custody it stays as it is where the stage allows.

    Shape: `reason` where the stage asks for one.
    """

    stage: Stage
    custody: Custody | None = None
    on: date | None = None
    reason: Reason | None = None
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyFacts:
    """What staff say of somebody who is held or let go: by whom, and on which day; today without one."""

    custody: Custody
    by: By
    on: date | None = None
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Somebody objects to a decision."""

    id: str
    case_id: str
    person_id: str
    decision_id: str
    by: AppealBy
    filed_on: date
    grounds: str = field(repr=False)
    state: AppealState
    answer: str | None = field(repr=False)
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRule:
    """How many days what was recorded of somebody is kept after an outcome, and by which rule."""

    days: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class StageClock:
    """A clock of the law that began with the stage somebody is at; `due_on` is its last day."""

    code: str
    due_on: date
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything decided about somebody, oldest first, and where the matter may go.

    Shape: `taken_back` are steps written down by mistake, which count nowhere; `next_steps` are open now, each with its reasons in `step_reasons` where it asks for one;
    `custodies` are those that the stage allows besides the present one; `clocks` those of the stage; `closed` says that the stage
    ends, nothing keeps it open, no clock runs and no appeal waits for an answer or for the decision it asks for; `kept_until` is None while it does not; `kept` is the rule of either.
    """

    decisions: tuple[Decision, ...]
    steps: tuple[StageStep, ...]
    taken_back: tuple[StepTakenBack, ...]
    appeals: tuple[Appeal, ...]
    next_steps: tuple[Transition, ...]
    step_reasons: tuple[tuple[Stage, tuple[Reason, ...]], ...]
    custodies: tuple[Custody, ...]
    clocks: tuple[StageClock, ...]
    closed: bool
    kept_until: date | None
    kept: KeptRule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActAdvice:
    """One of several acts of somebody with its own advice; `covered` by the standing decision."""

    act: PersonAct
    advice: Advice
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOutcome:
    """Somebody with the advice of today, the standing decision, duties and welfare.

    Shape: `advice` is that on all acts together, `acts` each with its own where there are several;
    `others` are outcomes of the jurisdiction that the advice neither permits nor forbids; `bodies` who
    besides the investigator may have decided; `earlier` what the law does not allow any more, and a body may have decided
    on a day when it did; `welfare` is what the case sees of a child's record;
    `coming` are the duties of today's advice that no decision has brought, counted from today, and of who is a
    victim only from the day their welfare record opened; `steps` are coercive ones; `favours` what weakens or explains the suspicion, filled in where
    outcomes are read.
    """

    person: Person
    advice: Advice | None
    acts: tuple[ActAdvice, ...]
    others: tuple[Outcome, ...]
    bodies: tuple[str, ...]
    offered: tuple[OfferedBody, ...]
    earlier: tuple[Permitted, ...]
    decision: Decision | None
    duties: tuple[OpenDuty, ...]
    coming: tuple[ComingDuty, ...]
    welfare: Standing | None
    steps: tuple[StepTaken, ...]
    history: History
    favours: tuple[Favour, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceChange:
    """Advice now differs from that which a standing decision was made on: ids and words only."""

    case_id: str
    case_number: str
    person_id: str
    position: int
    decision_id: str
    outcome: Outcome
    decided_on: date
    allowed: bool
    says: tuple[str, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """So many people whose first advised outcome was one and would be another.

    Shape: `before_source` and `after_source` are the rules of either.
    """

    before: Outcome
    before_source: Source
    after: Outcome
    after_source: Source
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """For how many people an outcome is permitted, whether or not as the first choice."""

    outcome: Outcome
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The advice to the same facts dated as they were and dated in another year: counts only.

    Shape: `before_counts` and `after_counts` are people by first choice, `permitted` by every choice; `left_out` counts those
    for whom there is nothing to compare, by reason; all of them together are `people`.
    """

    year: int
    people: int
    before_laws: tuple[str, ...]
    after_laws: tuple[str, ...]
    shifts: tuple[Shift, ...]
    before_counts: tuple[tuple[Outcome, int], ...]
    after_counts: tuple[tuple[Outcome, int], ...]
    permitted: tuple[Choices, ...]
    left_out: tuple[tuple[str, int], ...]
