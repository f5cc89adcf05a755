"""What a finished report lacks of what its incident type should hold."""

from collections.abc import Iterable, Mapping
from datetime import date

from tipbridge.knowledge.law.model import Outcome
from tipbridge.tips.intake.model import Appraisal, ReportRecord
from tipbridge.tips.quality.checks import CHECKS
from tipbridge.tips.quality.model import Assessment, Expectation, OutcomeClass

_APPRAISALS = frozenset(each.value for each in Appraisal)
_OUTCOMES = frozenset(each.value for each in Outcome)
_NO_ACTION = frozenset(
    {
        Outcome.NO_SUSPICION.value,
        Outcome.PUBLIC_INTEREST_CLOSURE.value,
        Outcome.NO_CRIME_MADE_OUT.value,
        Outcome.LIMITATION_RUN_OUT.value,
        Outcome.DEATH_OF_SUSPECT.value,
        Outcome.NO_RIGHT_TO_PROSECUTE.value,
        Outcome.DISMISSAL.value,
    }
)


FURTHER_STAGE = "further-stage"
"""What a prosecutor or court did after a decision: said between authorities, never to providers."""


def word_for_provider(outcome: str) -> str | None:
    """What a provider is told of an outcome: a word on the report's use as it is; of a decision
    about a person its class alone, which says nothing of age, custody or stage; None for what
    came after it, of which no provider is told.
    """
    if outcome == FURTHER_STAGE:
        return None
    if outcome in _APPRAISALS:
        return outcome
    if outcome in _NO_ACTION:
        return OutcomeClass.NO_ACTION
    return OutcomeClass.ACTED_ON if outcome in _OUTCOMES else OutcomeClass.OTHER


def facts_for_provider(facts: Mapping[str, str | int | bool | None]) -> dict[str, str]:
    """Of a feedback's facts, those that help to file better; none else leaves this node."""
    reason = facts.get("reason")
    return {"reason": str(reason)} if reason in _APPRAISALS else {}


def outcomes_for_provider(outcomes: Mapping[str, int]) -> dict[str, int]:
    """How often a provider is told what, the most often first."""
    found: dict[str, int] = {}
    for outcome, times in outcomes.items():
        if (word := word_for_provider(outcome)) is not None:
            found[word] = found.get(word, 0) + times
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def expected_on(expectations: Iterable[Expectation], on: date) -> tuple[Expectation, ...]:
    """Of each check, the newest expectation in force on a day."""
    newest: dict[str, Expectation] = {}
    for one in expectations:
        held = newest.get(one.check)
        if one.from_on <= on and (held is None or held.from_on < one.from_on):
            newest[one.check] = one
    return tuple(newest.values())


def assess(
    record: ReportRecord, expectations: Iterable[Expectation], spread: dict[str, int]
) -> Assessment | None:
    """How a report met what was expected of it; None when there is nothing to read any more.

    Shape: `spread` counts, by SHA-256, other reports with the same file. A check that does
    not apply (a port, where there is no address) is neither expected nor missing.
    """
    report, finished_at = record.report, record.finished_at
    if report is None or finished_at is None:
        return None
    held: list[tuple[Expectation, bool]] = []
    for one in expected_on(expectations, finished_at.date()):
        if one.types and report.incident.type not in one.types:
            continue
        met = CHECKS[one.check](record, report, spread)
        if met is not None:
            held.append((one, met))
    at = report.incident.at
    lag = None if at is None else int((finished_at - at.at).total_seconds())
    return Assessment(
        expected=tuple(one.check for one, _ in held),
        missing=tuple(one.check for one, met in held if not met),
        actionable=all(met for one, met in held if one.decisive),
        lag_seconds=lag if lag is not None and lag >= 0 else None,
    )
