"""What holds a matter open, what a step fulfils, and whether it is closed: pure decisions."""

from collections.abc import Collection, Sequence
from datetime import date

from tipbridge.knowledge.law.ages import days_after
from tipbridge.knowledge.law.model import Advice, Duty, Outcome, Reason, Stage
from tipbridge.knowledge.law.shape import LawVersion, Transition
from tipbridge.police.outcomes.model import (
    Appeal,
    AppealBy,
    AppealState,
    Change,
    Decision,
    KeptRule,
    OpenDuty,
    StageClock,
)

ENDS_ALL = frozenset({Reason.NO_SUSPICION, Reason.DEATH})
"""The reasons after which somebody is sent nowhere any more, whatever duty asked for it."""


def is_by_step(
    law: LawVersion, advice: Advice, duty: OpenDuty, decided: Reason | None = None
) -> bool:
    """Whether a duty asks for a step of the law: only the step fulfils it.

    Shape: what the law of today does not ask for any more, at an age that is settled, staff end; and what
    was asked of who is cleared or dead, as the reason says of what is `decided`.
    """
    if decided in ENDS_ALL:
        return False
    asked = {each.code for each in advice.duties} | {way.on_objection for way in law.transitions}
    return (not advice.age_resolved or duty.code in asked) and _leads_on(law, duty)


def fulfils(law: LawVersion, way: Transition, duty: OpenDuty) -> bool:
    """Whether a step is what a duty asks for: by its rule, or by where an objection forces to."""
    forced = {each.leads_to for each in law.transitions if each.on_objection == duty.code}
    return duty.source.rule == way.source.rule or way.leads_to in forced


def is_asked_anew(law: LawVersion, stage: Stage, duty: Duty) -> bool:
    """Whether a duty asks for a step from a stage: who comes there again is to take it again."""
    forced = {way.on_objection for way in law.transitions if way.stage is stage}
    ways = [way for way in law.transitions if way.stage is stage and way.after_duty is None]
    return duty.code in forced or any(way.source.rule == duty.source.rule for way in ways)


def duty_on_objection(law: LawVersion, stage: Stage, today: date) -> Duty | None:
    """What a victim's objection at a stage makes a duty; None where the law leaves it to an answer."""
    codes = {way.on_objection for way in law.transitions if way.stage is stage}
    rule = next((rule for rule in law.duties if rule.code in codes), None)
    if rule is None:
        return None
    due_on = days_after(today, rule.due_days)
    return Duty(code=rule.code, source=rule.source, due_on=due_on, who=rule.who)


def _leads_on(law: LawVersion, duty: OpenDuty) -> bool:
    return duty.keeps_open and any(way.source.rule == duty.source.rule for way in law.transitions)


def is_closed(
    law: LawVersion,
    stage: Stage,
    duties: Collection[OpenDuty],
    appeals: Collection[Appeal],
    *,
    standing: Collection[str] = (),
    cleared: bool = False,
    runs: bool = False,
) -> bool:
    """Whether nothing is left: "not booked" is not "closed" while a duty keeps it open.

    Shape: `standing` is what `standing_as_decided` tells: an appeal against it that is upheld waits for another
    decision; somebody `cleared` of all suspicion, or dead, is sent nowhere, and waits for no such step;
    while a clock of the stage `runs`, what ends there may still be taken up again.
    """
    rule = law.stage_of(stage)
    waits = any(
        duty.keeps_open and not duty.is_done and not (cleared and _leads_on(law, duty))
        for duty in duties
    )
    appealed = any(
        appeal.state is AppealState.OPEN or awaits_decision(law, appeal, duties, standing)
        for appeal in appeals
    )
    return rule is not None and rule.ends and not waits and not appealed and not runs


def standing_as_decided(decisions: Sequence[Decision]) -> frozenset[str]:
    """The decision about somebody that stands, and those before it that it changed in custody alone.

    Shape: of one person, the newest last; ids.
    """
    found = set[str]()
    for each in reversed(decisions):
        found.add(each.id)
        if each.change is not Change.CUSTODY:
            break
    return frozenset(found)


def awaits_decision(
    law: LawVersion, appeal: Appeal, duties: Collection[OpenDuty], standing: Collection[str]
) -> bool:
    """Whether an appeal was upheld against the decision that still stands, whoever is held meanwhile.

    Shape: a victim's objection is answered by the step that it forces too.
    """
    if appeal.state is not AppealState.UPHELD or appeal.decision_id not in standing:
        return False
    if appeal.by is not AppealBy.VICTIM:
        return True
    forced = {way.on_objection for way in law.transitions}
    filed = days_after(appeal.filed_on, -1)  # a local day, where the time of a duty is UTC
    taken = (each.done_at for each in duties if each.code in forced)
    return not any(at is not None and at.date() >= filed for at in taken)


def clocks_of(law: LawVersion, stage: Stage, since: date) -> tuple[StageClock, ...]:
    """The clocks of the law that begin with a stage, such as the review of a file not sent."""
    return tuple(
        StageClock(code=clock.code, due_on=days_after(since, clock.days), source=clock.source)
        for clock in law.clocks
        if clock.starts == stage
    )


def kept_rule(
    law: LawVersion, outcome: Outcome, stage: Stage | None = None, reason: Reason | None = None
) -> KeptRule | None:
    """How long what was recorded is kept after an outcome; None where the law names no period.

    Shape: the last ending counts: at a `stage` that clears somebody, for such a `reason`, the period is its own.
    """
    ended = None if stage is None else law.stage_of(stage)
    own = None if ended is None else ended.kept
    if ended is not None and own is not None and ended.kept_days is not None:
        counts = not ended.kept_reasons or reason in ended.kept_reasons
        if counts:
            return KeptRule(days=ended.kept_days, source=own)
    rule = law.outcome_of(outcome)
    if rule is None or rule.kept_days is None or rule.kept is None:
        return None
    return KeptRule(days=rule.kept_days, source=rule.kept)


def kept_until(rule: KeptRule | None, last_on: date, *, closed: bool) -> date | None:
    """By when what was recorded is to go; None while the matter is open."""
    return None if not closed or rule is None else days_after(last_on, rule.days)
