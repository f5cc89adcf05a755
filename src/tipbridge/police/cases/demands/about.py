"""What was asked about somebody, for a later room's action."""

from tipbridge.foundation.work import Work
from tipbridge.police.cases.demands import store
from tipbridge.police.cases.demands.model import Demand
from tipbridge.police.cases.model import Person


def demands_about(work: Work, person: Person) -> list[Demand]:
    """The demands about somebody, in whatever state."""
    asked = store.demands_of(work.db, person.case_id)
    return [each for each in asked if each.asked.person_id == person.id]
