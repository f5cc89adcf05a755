"""The law as data: one jurisdiction's dated entries, and its law as it stood on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tipbridge.knowledge.law.model import (
    Custody,
    Offence,
    Outcome,
    Reason,
    Source,
    Stage,
    Words,
)


class Count(StrEnum):
    """How an age is counted."""

    BIRTHDAY = "birthday"
    CALENDAR_YEAR = "calendar-year"


class Lenient(StrEnum):
    """Which law applies when it changed after the act."""

    ACT = "law-of-the-act"
    LATER_IF_LIGHTER = "later-if-lighter"
    MILDEST = "mildest-since-the-act"


class By(StrEnum):
    """Whose step a change of stage is."""

    POLICE = "police"
    PROSECUTOR = "prosecutor"
    JUVENILE = "juvenile-division"
    WELFARE = "child-welfare-agency"
    COURT = "court"


class Topic(StrEnum):
    """What a change that is believed but not loaded would touch."""

    AGES = "ages"
    OFFENCES = "offences"
    OUTCOMES = "outcomes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Until and since when an entry holds; None leaves that end open."""

    since: date | None
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    def meets(self, other: "Term") -> bool:
        """Whether both hold on some day."""
        return (self.until is None or other.since is None or other.since <= self.until) and (
            other.until is None or self.since is None or self.since <= other.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRule:
    """Somebody below this age counts as such."""

    source: Source
    below: int
    count: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class OffenceText:
    """One offence as the law says it in one period.

    Shape: months of imprisonment; None where the text names no such end; `life` says that it
    can be for life.
    """

    offence: Offence
    source: Source
    text: Words
    min_months: int
    max_months: int | None
    life: bool
    fine_possible: bool
    serious: bool
    limitation_years: int | None
    limitation: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule:
    """Something that must be done; `due_days` after the decision, or at once when 0.

    Shape: while a duty that `keeps_open` is not done, a person's matter is not closed,
    whatever the stage; with `min_months` it is one for an offence whose shortest sentence is that
    long or longer, or that can be for life.
    """

    code: str
    source: Source
    due_days: int
    who: str
    keeps_open: bool
    min_months: int | None

    def is_for(self, text: OffenceText | None) -> bool:
        """Whether an offence brings it."""
        if self.min_months is None:
            return True
        return text is not None and (text.life or text.min_months >= self.min_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What the law allows for the ages from `from_age` to below `below_age` at the act.

    Shape: only for those who are from `decided_from` to below `decided_below` at the decision.
    """

    source: Source
    from_age: int
    below_age: int | None
    decided_from: int
    decided_below: int | None
    punishable: bool
    forum: str
    permitted: tuple[Outcome, ...]
    forbidden: tuple[Outcome, ...]
    duties: tuple[str, ...]
    decides: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversion:
    """A way out of booking for the young and a minor violation, with its conditions.

    Shape: `pupil_conditions` are for who goes to school, besides `conditions`; `max_minimum_months` is the highest
    minimum sentence with which it is open; the three `needs_` ask for that fact; with
    `decided_below` it is open only to those who are still below that age at the decision.
    """

    source: Source
    outcome: Outcome
    from_age: int
    below_age: int
    decided_below: int | None
    offences: frozenset[Offence]
    needs_fine: bool
    needs_self_produced: bool
    needs_no_exploitation: bool
    max_minimum_months: int | None
    conditions: tuple[str, ...]
    pupil_conditions: tuple[str, ...]
    decides: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """Young people likely to offend: what is decided of them though they committed no offence.

    Shape: from `from_age` to below `below_age` on the day of the decision.
    """

    source: Source
    outcome: Outcome
    from_age: int
    below_age: int
    forum: str
    duties: tuple[str, ...]
    decides: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationRule:
    """What counts for the limitation of some offences besides its years.

    Shape: without `offences` it is of all. With `adult_at` the clock begins when the depicted
    child comes of age, worked out for a coming of age since `adult_since` only; with `never`
    there is none for what could still be prosecuted on `since`.
    """

    source: Source
    since: date | None
    offences: frozenset[Offence]
    adult_at: int | None
    adult_since: date | None
    never: bool

    def is_of(self, offence: Offence) -> bool:
        """Whether it is of an offence."""
        return not self.offences or offence in self.offences


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRule:
    """What an outcome is on three axes that are never one, and how long records are kept.

    Shape: one `on_grounds` no band advises; it is open to who gives a reason of their own.
    """

    outcome: Outcome
    source: Source
    stage: Stage
    custody: Custody
    reason: Reason
    on_grounds: bool
    kept_days: int | None
    kept: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRule:
    """A stage of this jurisdiction: whether the person is accused there, and whether it ends.

    Shape: whoever writes it down names one of its `reasons`, where it has any. Who ends there for one of
    `kept_reasons`, or without any for whatever reason, is kept `kept_days`; else as long as the outcome says.
    """

    stage: Stage
    source: Source
    accused: bool
    ends: bool
    custody: tuple[Custody, ...]
    reasons: tuple[Reason, ...]
    kept_days: int | None
    kept: Source | None
    kept_reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One stage may follow another, by whose step; with `still_below` below that age only.

    Shape: the age is that on the day of the step; `on_objection` is the duty to take it that a
    victim's objection raises; one `within_limitation` prosecutes, which limitation ends; one
    `after_duty` is open once that duty is done, one `fine_only` for an act that carries no more,
    one that `needs_fine` not for an act that carries none.
    """

    stage: Stage
    leads_to: Stage
    by: By
    still_below: int | None
    on_objection: str | None
    within_limitation: bool
    after_duty: str | None
    fine_only: bool
    needs_fine: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """So many days from an event on."""

    code: str
    starts: str
    days: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Who besides the investigator may have decided: a committee, a chief; by its code.

    Shape: no `outcomes` are all of them; the ages are those at the act.
    """

    code: str
    source: Source
    outcomes: tuple[Outcome, ...]
    from_age: int
    below_age: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A change that is believed and not loaded: said wherever it would matter."""

    source: Source
    topic: Topic
    since: date
    says: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LawVersion:
    """One jurisdiction's law as it stood from `valid_from` to `valid_to`.

    Shape: days are those of `time_zone`, an IANA name; `edition` counts the changes of the
    data; `began` says on what its first day rests; `words` names codes the way this jurisdiction does.
    """

    id: str
    jurisdiction: str
    edition: int
    title: Words
    time_zone: str
    valid_from: date
    valid_to: date | None
    began: Source
    juvenile: AgeRule
    child: AgeRule
    lenient: Lenient
    principle: Source
    declared_margin_years: int
    offences: tuple[OffenceText, ...]
    bands: tuple[Band, ...]
    diversions: tuple[Diversion, ...]
    at_risk: tuple[AtRisk, ...]
    limitations: tuple[LimitationRule, ...]
    duties: tuple[DutyRule, ...]
    outcomes: tuple[OutcomeRule, ...]
    stages: tuple[StageRule, ...]
    transitions: tuple[Transition, ...]
    clocks: tuple[Clock, ...]
    bodies: tuple[Body, ...]
    pending: tuple[Pending, ...]
    unresolved: Source
    no_offence: Source
    serious: Source
    unresolved_duties: tuple[str, ...]
    minor_duties: tuple[str, ...]
    self_produced_duties: tuple[str, ...]
    depicted_duties: tuple[str, ...]
    words: Mapping[str, Words]

    def text_of(self, offence: Offence) -> OffenceText | None:
        """How this law says an offence; None: it has none."""
        return next((text for text in self.offences if text.offence is offence), None)

    def stage_of(self, stage: Stage) -> StageRule | None:
        """A stage, when this law has it."""
        return next((rule for rule in self.stages if rule.stage is stage), None)

    def outcome_of(self, outcome: Outcome) -> OutcomeRule | None:
        """An outcome, when this law has it."""
        return next((rule for rule in self.outcomes if rule.outcome is outcome), None)

    @property
    def accusing(self) -> frozenset[Outcome]:
        """The outcomes that make somebody an accused person."""
        accused = {rule.stage for rule in self.stages if rule.accused}
        return frozenset(rule.outcome for rule in self.outcomes if rule.stage in accused)
