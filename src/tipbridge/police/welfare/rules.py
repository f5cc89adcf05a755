"""Does a record open, what is due when, may a coercive step be taken: pure decisions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.ages import age_at
from tipbridge.knowledge.law.model import Birth, SchoolLevel
from tipbridge.knowledge.law.rules import counts_as_child, is_juvenile
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.cases.model import Person, PersonRole
from tipbridge.police.welfare.errors import AgencyMissing, ContactFirst
from tipbridge.police.welfare.model import (
    BY_STRIKE,
    Clock,
    ClockRule,
    ClockStep,
    CoerciveStep,
    Ending,
    FollowUp,
    Reason,
    Standing,
    TalkWith,
    Welfare,
    WelfareFacts,
)

BY_AGE = frozenset({Reason.MINOR, Reason.AGE_MAY_BE_MINOR})
PUPILS = frozenset({SchoolLevel.ELEMENTARY, SchoolLevel.MIDDLE, SchoolLevel.HIGH})
_GROUNDS_LENGTH = range(10, 2001)
_DAYS = {
    "contact_made": "contact_on",
    "guardian_notice": "guardian_notice_on",
    "consent": "consent_on",
    "own_material": "own_material_on",
}
_ANYWHERE = "*"
_CHILD_BELOW = 18  # Convention on the Rights of the Child, article 1
TALK_CLOCKS: Mapping[TalkWith, ClockStep] = {
    TalkWith.CHILD: ClockStep.CHILD_TALK,
    TalkWith.GUARDIAN: ClockStep.GUARDIAN_TALK,
    TalkWith.SCHOOL: ClockStep.SCHOOL_TALK,
}


def reasons_to_open(
    law: LawVersion | None, person: Person, on: date, *, marked: bool
) -> tuple[Reason, ...]:
    """Why a record opens for somebody in any role; nothing for a grown-up.

    Shape: `marked` says that a report about the person is marked possible self-production;
    where no law is known, a child is who is below 18.
    A victim, a pupil, or somebody who may have made the material of themselves, counts as a
    child while no age is known; any other person only when what is known of the age allows it.
    """
    own = person.self_produced is True or (marked and person.self_produced is None)
    signs = (
        (Reason.VICTIM, PersonRole.VICTIM in person.roles),
        (Reason.PUPIL, person.school_level in PUPILS),
        (Reason.SELF_PRODUCTION, own),
    )
    shown = tuple(reason for reason, holds in signs if holds)
    if person.birth is None:
        return shown
    answers = _answers(law, person.birth, on)
    if True in answers:
        return (Reason.MINOR, *shown)
    return (Reason.AGE_MAY_BE_MINOR, *shown) if None in answers else ()


def _answers(law: LawVersion | None, birth: Birth, on: date) -> tuple[bool | None, ...]:
    if law is not None:
        return is_juvenile(law, birth, on), counts_as_child(law, birth, on)
    oldest, youngest = age_at(birth.earliest, on), age_at(birth.latest, on)
    if oldest < _CHILD_BELOW:
        return (True,)
    return (None,) if youngest < _CHILD_BELOW else (False,)


def clocks_of(
    rules: Iterable[ClockRule], welfare: Welfare, roles: frozenset[PersonRole], opened_on: date
) -> tuple[Clock, ...]:
    """By when each step of a record is due, in the order of the steps.

    Shape: a request for removal is due only for a child that is shown in the material.
    """
    shown = {Reason.VICTIM, Reason.SELF_PRODUCTION} & set(welfare.reasons)
    found: list[Clock] = []
    for step in ClockStep:
        if step is ClockStep.REMOVAL_REQUEST and not shown:
            continue
        rule = _rule_for(rules, step, welfare.jurisdiction, roles, opened_on)
        if rule is not None:
            found.append(
                Clock(
                    welfare_id=welfare.id,
                    step=step,
                    due_on=opened_on + timedelta(days=rule.days),
                    citation=rule.citation,
                    mark=rule.mark,
                )
            )
    return tuple(found)


def sooner(standing: Iterable[Clock], found: Iterable[Clock]) -> tuple[Clock, ...]:
    """The days by what is known now that are before those that stand and are not met yet.

    Shape: what answers a day that stands answers the one in its place.
    """
    unmet = {clock.step: clock for clock in standing if clock.met_on is None}
    return tuple(
        replace(clock, again_from=unmet[clock.step].again_from)
        for clock in found
        if clock.step in unmet and clock.due_on < unmet[clock.step].due_on
    )


def _rule_for(
    rules: Iterable[ClockRule],
    step: ClockStep,
    jurisdiction: str,
    roles: frozenset[PersonRole],
    on: date,
) -> ClockRule | None:
    newest: dict[tuple[str, frozenset[PersonRole]], ClockRule] = {}
    for rule in sorted(rules, key=lambda rule: rule.from_on):
        if rule.step is step and rule.from_on <= on and (not rule.roles or rule.roles & roles):
            newest[rule.jurisdiction, rule.roles] = rule
    own = [rule for (where, _), rule in newest.items() if where == jurisdiction]
    fitting = own or [rule for (where, _), rule in newest.items() if where == _ANYWHERE]
    return min(fitting, key=lambda rule: rule.days, default=None)


def changes_of(
    welfare: Welfare, facts: WelfareFacts, today: date, again_from: date | None
) -> dict[str, Any]:
    """The fields of a record that facts change, by name; a day that is left out is today's.

    Shape: what is known already and is said again without a day keeps its day, unless the record
    was opened again since: it is done once more then.
    """
    changes = {
        each.name: value
        for each in fields(facts)
        if (value := getattr(facts, each.name)) is not None
    }
    for word, day in _DAYS.items():
        known, known_on = getattr(welfare, word), getattr(welfare, day)
        before = known_on is None or (again_from is not None and known_on < again_from)
        if word in changes and (before or changes[word] != known):
            changes.setdefault(day, today)
    return changes


def met_by_facts(welfare: Welfare, facts: WelfareFacts) -> Mapping[ClockStep, date]:
    """The steps that what was just recorded answers, and when; `welfare` is what is known now.

    Shape: what was known before answers nothing anew.
    """
    met: dict[ClockStep, date] = {}
    of_contact = facts.contact_made is not None or facts.contact_on is not None
    if of_contact and welfare.contact_made and welfare.contact_on is not None:
        met[ClockStep.AGENCY_CONTACT] = welfare.contact_on
    of_notice = facts.guardian_notice is not None or facts.guardian_notice_on is not None
    if of_notice and welfare.guardian_notice is not None and welfare.guardian_notice_on is not None:
        met[ClockStep.GUARDIAN_NOTICE] = welfare.guardian_notice_on
    of_material = facts.own_material is not None or facts.own_material_on is not None
    if of_material and welfare.own_material_on is not None:
        met[ClockStep.REMOVAL_REQUEST] = welfare.own_material_on
    return met


def is_late(due: Clock | FollowUp, today: date) -> bool:
    """Whether a day passed without what was due."""
    waits = due.waits if isinstance(due, FollowUp) else due.met_on is None
    return waits and due.due_on < today


def reopens(welfare: Welfare, reasons: Collection[Reason]) -> bool:
    """Whether what is known now opens a closed record again.

    Shape: an age that is minor after all, or a reason that the record did not have; that a known
    minor has only grown older, or was verified, is none. One that a strike closed: any reason.
    """
    if welfare.closed_at is None:
        return False
    if welfare.ending in BY_STRIKE:
        return bool(reasons)
    known = set(welfare.reasons)
    if welfare.ending is not Ending.NOT_A_MINOR and known & BY_AGE:
        known |= BY_AGE
    elif welfare.ending is Ending.NOT_A_MINOR:
        known -= BY_AGE
    return not known.issuperset(reasons)


def needs_grounds(standing: Standing | None, reasons: Collection[Reason], on: date) -> bool:
    """Whether a coercive step of a day on somebody comes before contact with the agency.

    Shape: `reasons` are those that hold now; a closed record asks no more once none does.
    Contact of a later day than the step's came after it.
    """
    if standing is None:
        return False
    if standing.contacted_on is not None and standing.contacted_on <= on:
        return False
    return standing.closed_at is None or bool(reasons)


def check_step(step: CoerciveStep, grounds: str | None, *, waits: bool) -> None:
    """Contact comes first; without it only a named person's own reason opens the step.

    Errors: ContactFirst; Invalid for a reason too short to be one.
    """
    if grounds is not None and len(grounds.strip()) not in _GROUNDS_LENGTH:
        raise Invalid("A reason has 10 to 2000 characters.")
    if waits and grounds is None:
        raise ContactFirst(
            f"Before {step} comes contact with the child-protection agency. Record the contact,"
            " or record this step with the reason why it can't wait."
        )


def takes(welfare: Welfare, facts: WelfareFacts) -> bool:
    """Whether a record takes facts: a closed one only the contact that was not made before."""
    return welfare.closed_at is None or bool(facts.contact_made and not welfare.contact_made)


def check_contact(changed: Welfare) -> None:
    """Contact names with whom.

    Errors: AgencyMissing.
    """
    if changed.contact_made and changed.agency is None:
        raise AgencyMissing("Contact made is contact with an agency: say its name (agency) too.")
