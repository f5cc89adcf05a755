"""What staff may write down about a case and a person."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.model import Birth, Certainty
from tipbridge.police.cases.model import Custody, Person, PersonFacts, PersonRole, Stage

_COUNTRY = re.compile(r"[A-Z]{2}")
_LENGTH = 200
_TEXT_LENGTH = 4000
_TEXTS = (
    "reference", "name", "place_service",
    "guardian", "guardian_contact", "counsel", "counsel_contact",
)  # fmt: skip


def words(name: str, text: str) -> str:
    """A short printable text.

    Errors: Invalid naming the field.
    """
    text = text.strip()
    if not 0 < len(text) <= _LENGTH or not text.isprintable():
        raise Invalid(f"{name} has 1 to {_LENGTH} printable characters.")
    return text


def number(name: str, given: str) -> str:
    """A number or name that others give, in one form: as it is shown, without doubled spaces.

    Errors: Invalid naming the field.
    """
    return " ".join(unicodedata.normalize("NFC", words(name, given)).split())


def text(name: str, given: str) -> str:
    """A longer text, of several lines where wanted.

    Errors: Invalid naming the field.
    """
    given = given.replace("\r\n", "\n").strip()
    if not 0 < len(given) <= _TEXT_LENGTH or not given.replace("\n", " ").isprintable():
        raise Invalid(f"{name} has 1 to {_TEXT_LENGTH} printable characters.")
    return given


def next_position(people: Sequence[Person]) -> int:
    """The number in a case of whoever comes next; nobody's is given twice."""
    return max((person.position for person in people), default=0) + 1


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
    for name in _TEXTS:
        if (text := getattr(given, name)) is not None:
            words(name, text)
    if given.roles is not None:
        roles(given.roles)
    if given.country is not None and not _COUNTRY.fullmatch(given.country):
        raise Invalid("country is an ISO 3166 code of two capital letters.")
    if not all(_COUNTRY.fullmatch(code) for code in given.nationalities or ()):
        raise Invalid("nationalities are ISO 3166 codes of two capital letters.")
    if given.act_on is not None and given.act_on > today:
        raise Invalid("The act lies in the future.")
    for birth in (given.birth, given.depicted_born):
        if birth is not None:
            _birth(birth, today)


def _birth(birth: Birth, today: date) -> None:
    if birth.latest < birth.earliest or birth.latest > today:
        raise Invalid("A birth is a range of days, earliest first, none in the future.")
    if birth.certainty is Certainty.VERIFIED and birth.earliest != birth.latest:
        raise Invalid("A verified birth date is one day.")


def born_before_act(person: Person) -> None:
    """Refuse an act before the first day on which somebody may have been born.

    Errors: Invalid naming both days.
    """
    birth, act_on = person.birth, person.act_on
    if birth is not None and act_on is not None and birth.earliest > act_on:
        raise Invalid(
            f"The birth ({birth.earliest}) lies after the act ({act_on}): correct one of them."
        )
    shown = person.depicted_born
    if shown is not None and act_on is not None and shown.earliest > act_on:
        raise Invalid(
            f"The birth of the child that is shown ({shown.earliest}) lies after the act ({act_on}): correct one of them."
        )


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
