"""What a lead of own grounds says of its person, checked and in the form of parts."""

from dataclasses import dataclass, field
from datetime import date

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.tips.enrichment.people import normal_phone
from tipbridge.tips.report.model import Phone
from tipbridge.tips.triage.model import SourceGrade, Suspicion

MATERIAL = "Child Pornography (possession, manufacture, and distribution)"
INCIDENT_TYPES = (
    MATERIAL,
    "Child Sex Trafficking",
    "Child Sex Tourism",
    "Child Sexual Molestation",
    "Misleading Domain Name",
    "Misleading Words or Digital Images on the Internet",
    "Online Enticement of Children for Sexual Acts",
    "Unsolicited Obscene Material Sent to a Child",
)
"""The report form's own words; a lead without a report names its matter by the same."""
MAX_YEARS = 150
MAX_TEXT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGrounds:
    """Why this organisation suspects somebody, and what it knows of them.

    Shape: `accounts` are (service, identifier) pairs; `country` is ISO 3166-1 alpha-2.
    """

    grounds: str = field(repr=False)
    grade: SourceGrade
    suspicion: Suspicion | None = None
    incident_type: str = MATERIAL
    name: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    age: int | None = field(default=None, repr=False)
    accounts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    country: str | None = None
    place: PlaceKind | None = None
    service: str | None = None
    unit: str | None = None
    restricted: bool = False
    members: tuple[str, ...] = ()


def identifiers_of(own: OwnGrounds) -> dict[str, object]:
    """What is known of the person, as the values of parts; what is not known is absent.

    Errors: Invalid, naming what is missing or wrong.
    """
    _check(own)
    found: dict[str, object] = {
        "name": own.name,
        "birth_date": own.birth_date.isoformat() if own.birth_date is not None else None,
        "age": own.age,
        "accounts": [{"service": service, "account": account} for service, account in own.accounts],
        "emails": [{"address": each} for each in own.emails],
        "phones": [{"number": normal_phone(Phone(number=each)).number} for each in own.phones],
    }
    if own.country is not None:
        reasons = [{"basis": "own-grounds", "country": own.country}]
        found["country"] = {"country": own.country, "reasons": reasons}
    if own.place is not None:
        service = {"service": own.service} if own.service is not None else {}
        found["place"] = {"kind": own.place.value, **service}
    return {name: value for name, value in found.items() if value is not None and value != []}


def _check(own: OwnGrounds) -> None:
    if not own.grounds.strip() or len(own.grounds) > MAX_TEXT:
        raise Invalid(f"A lead needs its grounds in words, at most {MAX_TEXT} characters.")
    if not (own.accounts or own.emails or own.phones or own.name):
        raise Invalid("A lead needs an account, an e-mail address, a phone number or a name.")
    if own.age is not None and not 0 <= own.age <= MAX_YEARS:
        raise Invalid(f"An age is 0 to {MAX_YEARS} completed years.")
    if own.incident_type not in INCIDENT_TYPES:
        raise Invalid(f"The incident type is one of: {'; '.join(INCIDENT_TYPES)}.")
    country = own.country
    if country is not None and not (len(country) == 2 and country.isascii() and country.isupper()):
        raise Invalid("A country is its two capital letters, such as KR.")
    if any("@" not in each.strip("@") for each in own.emails):
        raise Invalid("An e-mail address has a name, an @ and a domain.")
