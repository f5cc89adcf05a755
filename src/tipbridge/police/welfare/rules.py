"""Does a child's welfare record open, and by when is the agency told: pure decisions."""

from datetime import date, timedelta

from tipbridge.knowledge.law.model import SchoolLevel
from tipbridge.knowledge.law.rules import counts_as_child, is_juvenile
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.cases.model import Person, PersonRole

WELFARE_DUTY = "welfare-referral"
PUPILS = frozenset({SchoolLevel.ELEMENTARY, SchoolLevel.MIDDLE, SchoolLevel.HIGH})


def wants_welfare(law: LawVersion, person: Person, on: date, *, marked: bool) -> bool:
    """Whether a child-welfare record opens for somebody in any role.

    Shape: `marked` says that a report about the person is marked possible self-production.
    A victim, a pupil, or somebody who may have made the material of themselves, counts as a
    child while no age is known; any other person only when what is known of the age allows it.
    """
    if person.birth is None:
        own = person.self_produced is True or (marked and person.self_produced is None)
        return own or PersonRole.VICTIM in person.roles or person.school_level in PUPILS
    answers = (is_juvenile(law, person.birth, on), counts_as_child(law, person.birth, on))
    return any(answer is not False for answer in answers)


def welfare_due_on(law: LawVersion, on: date) -> date:
    """By when the child-protection agency is told."""
    days = next(duty.due_days for duty in law.duties if duty.code == WELFARE_DUTY)
    return on + timedelta(days=days)
