"""Everywhere that decisions and steps can lead to under one piece of advice, whatever reason is given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tipbridge.foundation.base.errors import Conflict
from tipbridge.knowledge.law.model import Advice, Custody, Outcome, Stage
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.outcomes import rules, stages
from tipbridge.police.outcomes.model import Change, Decision, Ground, Meaning, OpenDuty

REASON = "A reason of ten letters and more."
_AT = datetime(2025, 6, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a matter stands, and the decision that stands with it."""

    stage: Stage
    standing: Decision | None


START = Place(Stage.INQUIRY, None)


def duties_of(law: LawVersion, advice: Advice, *, done: bool = False) -> list[OpenDuty]:
    """The duties of an advice as they are kept with a person, all of them done or none."""
    keeping = {rule.code for rule in law.duties if rule.keeps_open}
    return [
        OpenDuty(
            id=duty.code,
            person_id="p",
            code=duty.code,
            source=duty.source,
            who=duty.who,
            due_on=duty.due_on,
            done_at=_AT if done else None,
            keeps_open=duty.code in keeping,
        )
        for duty in advice.duties
    ]


def decision_of(meaning: Meaning, outcome: Outcome, advice: Advice, ground: Ground) -> Decision:
    """A decision as it is kept."""
    return Decision(
        id="d",
        case_id="c",
        person_id="p",
        outcome=outcome,
        meaning=meaning,
        ground=ground,
        law_of_act=advice.law_of_act,
        law_of_decision=advice.law_of_decision,
        grounds=None,
        decided_by="s",
        decided_at=_AT,
        decided_on=_AT.date(),
    )


def walk(
    law: LawVersion,
    advice: Advice,
    starts: Iterable[Place] = (START,),
    carried: Iterable[OpenDuty] = (),
) -> set[Place]:
    """Every place that is entered, from any of some places, while this is the advice.

    Shape: each duty of it is done or not, as the way asks; `carried` are those that earlier advice left.
    """
    decisions = _decisions(law, advice)
    duties = [*duties_of(law, advice, done=True), *duties_of(law, advice), *carried]
    entered: set[Place] = set()
    waiting = list(starts)
    seen: set[tuple[Stage, Outcome | None]] = set()
    while waiting:
        place = waiting.pop()
        key = (place.stage, None if place.standing is None else place.standing.outcome)
        if key in seen:
            continue
        seen.add(key)
        after = [
            Place(made.meaning.stage, made)
            for made in decisions
            if _may_be_decided(law, place, made.meaning)
        ]
        after += [Place(to, place.standing) for to in steps_from(law, advice, place, duties)]
        entered.update(after)
        waiting += after
    return entered


def reachable(law: LawVersion, advice: Advice) -> set[Stage]:
    """Every stage that somebody comes to from an open inquiry."""
    return {place.stage for place in walk(law, advice)}


def accused(law: LawVersion) -> set[Stage]:
    """The stages at which somebody is an accused person."""
    return {rule.stage for rule in law.stages if rule.accused}


def _decisions(law: LawVersion, advice: Advice) -> list[Decision]:
    """Whatever may be decided on the advice, with a reason and every condition recorded."""
    conditions = [code for way in law.diversions for code in way.conditions]
    found: list[Decision] = []
    for outcome in Outcome:
        try:
            meaning = rules.meaning_of(law, outcome)
            ground = rules.ground_of(advice, outcome, grounds=REASON, conditions=conditions)
        except Conflict:
            continue
        found.append(decision_of(meaning, outcome, advice, ground))
    return found


def _may_be_decided(law: LawVersion, place: Place, meaning: Meaning) -> bool:
    for change in (None, *Change):
        try:
            stages.change_of(
                law, place.stage, place.standing, meaning, change=change, grounds=REASON
            )
        except Conflict:
            continue
        return True
    return False


def steps_from(
    law: LawVersion, advice: Advice, place: Place, duties: list[OpenDuty]
) -> Iterable[Stage]:
    """The stages that a step leads to from a place."""
    decided = None if place.standing is None else place.standing.meaning.reason
    for to in Stage:
        for custody in Custody:
            try:
                stages.step_of(
                    law, advice, place.stage, duties, to=to, custody=custody, decided=decided
                )
            except Conflict:
                continue
            yield to
            break
