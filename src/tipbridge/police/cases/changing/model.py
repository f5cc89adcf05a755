"""Facts of a person by name, and what each was before it changed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.knowledge.law.model import Birth
from tipbridge.police.cases.model import Statement


class Fact(StrEnum):
    """What can be known of a person, by the name it has in commands and forms. Closed."""

    NAME = "name"
    REFERENCE = "reference"
    ROLES = "roles"
    BIRTH = "birth"
    NATIONALITIES = "nationalities"
    GUARDIAN = "guardian"
    GUARDIAN_CONTACT = "guardian-contact"
    COUNSEL = "counsel"
    COUNSEL_CONTACT = "counsel-contact"
    FLAGS = "flags"
    SCHOOL_LEVEL = "school-level"
    COUNTRY = "country"
    OFFENCE = "offence"
    ACT = "act"
    ACT_ON = "act-on"
    PLACE_KIND = "place-kind"
    PLACE_SERVICE = "place-service"
    SELF_PRODUCED = "self-produced"
    MOTIVE = "motive"
    FURTHER_ACTS = "further-acts"
    DEPICTED_BORN = "depicted-born"
    EXPLOITING = "exploiting"

    @property
    def field(self) -> str:
        """The field of a person that holds it."""
        return self.value.replace("-", "_")


WITHDRAWABLE = tuple(each for each in Fact if each not in {Fact.ROLES, Fact.EXPLOITING})
"""A person has a role always; what was stated of exploitation is taken back where it is stated."""

Value = str | bool | date | tuple[str, ...] | Birth | Statement | None
"""What was known; None: nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """What was known of a person before it changed, who changed it and why.

    Shape: what changed together has one `id`; `withdrawn` says that nothing is known since.
    """

    id: str
    case_id: str
    person_id: str
    fact: Fact
    before: Value = field(repr=False)
    withdrawn: bool
    because: str | None = field(repr=False)
    by: str
    at: datetime
