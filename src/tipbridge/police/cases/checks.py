"""What staff may write down about a case and a person."""

import re
from datetime import date

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.model import Certainty
from tipbridge.police.cases.model import Custody, Person, PersonFacts, PersonRole, Stage

_COUNTRY = re.compile(r"[A-Z]{2}")
_LENGTH = 200


def words(name: str, text: str) -> str:
    """A short printable text.

    Errors: Invalid naming the field.
    """
    text = text.strip()
    if not 0 < len(text) <= _LENGTH or not text.isprintable():
        raise Invalid(f"{name} has 1 to {_LENGTH} printable characters.")
    return text


def roles(given: frozenset[PersonRole]) -> frozenset[PersonRole]:
    """At least one role.

    Errors: Invalid.
    """
    if not given:
        raise Invalid(f"A person has at least one role: {', '.join(PersonRole)}.")
    return given


def facts(given: PersonFacts, today: date) -> None:
    """Refuse facts that cannot be.

    Errors: Invalid naming the field.
    """
    for name in ("reference", "name", "place_service"):
        if (text := getattr(given, name)) is not None:
            words(name, text)
    if given.roles is not None:
        roles(given.roles)
    if given.country is not None and not _COUNTRY.fullmatch(given.country):
        raise Invalid("country is an ISO 3166 code of two capital letters.")
    if given.act_on is not None and given.act_on > today:
        raise Invalid("The act lies in the future.")
    _birth(given, today)


def _birth(given: PersonFacts, today: date) -> None:
    birth = given.birth
    if birth is None:
        return
    if birth.latest < birth.earliest or birth.latest > today:
        raise Invalid("A birth is a range of days, earliest first, none in the future.")
    if birth.certainty is Certainty.VERIFIED and birth.earliest != birth.latest:
        raise Invalid("A verified birth date is one day.")


def unknown_person(person_id: str, case_id: str, position: int) -> Person:
    """Somebody of whom nothing is known yet."""
    return Person(
        id=person_id,
        case_id=case_id,
        position=position,
        reference=None,
        name=None,
        roles=frozenset(),
        birth=None,
        school_level=None,
        country=None,
        offence=None,
        act=None,
        act_on=None,
        place_kind=None,
        place_service=None,
        self_produced=None,
        motive=None,
        stage=Stage.INQUIRY,
        custody=Custody.NOT_DETAINED,
    )
