"""What an agreement says: parties, purpose, offences, field rules, handling, dates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum


class DataClass(StrEnum):
    """What sort of data a part is; field rules speak of these only. Closed."""

    INCIDENT = "incident"
    ACCOUNT = "account"
    CONTACT = "contact"
    IP = "ip"
    DEVICE = "device"
    LOCATION = "location"
    NAME = "name"
    AGE = "age"
    CONTENT_HASH = "content-hash"
    CONTENT = "content"
    MATERIAL_ADDRESS = "material-address"
    FAVOURS = "favours"


class Form(StrEnum):
    """How exactly a part says its value; the forms of an IP address go from fine to coarse."""

    EXACT = "exact"
    PREFIX = "prefix"
    NETWORK = "network"
    COUNTRY = "country"
    BAND = "band"


STANDARD_FORMS: Mapping[DataClass, tuple[Form, ...]] = {
    DataClass.IP: (Form.PREFIX, Form.NETWORK, Form.COUNTRY),
    DataClass.AGE: (Form.BAND,),
}
"""The generalised forms a sender commits to beside the exact part, finest first."""

PERSONAL = frozenset(
    {
        DataClass.ACCOUNT,
        DataClass.CONTACT,
        DataClass.IP,
        DataClass.DEVICE,
        DataClass.LOCATION,
        DataClass.NAME,
        DataClass.AGE,
    }
)
"""Classes that point at a person; what favours the suspect travels with any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The smallest releasable thing: one field, one list item or one file.

    Shape: `label` is a path such as `people/0/ips/1`; a generalised form of it is a part of
    its own, labelled `people/0/ips/1~prefix`, with the form's name in `form`. `value` is JSON.
    """

    label: str
    value: object = field(repr=False)
    data_class: DataClass
    form: Form = Form.EXACT


class Purpose(StrEnum):
    """What shared data may be used for: child protection only. Closed (law 14)."""

    INVESTIGATION = "child-sexual-abuse-investigation"
    VICTIM_IDENTIFICATION = "victim-identification"
    CHILD_WELFARE = "child-welfare"
    REMOVAL = "material-removal"


class CoveredOffence(StrEnum):
    """Subject matter an agreement can cover; the eight incident types of a report."""

    MATERIAL = "sexual-abuse-material"
    TRAFFICKING = "child-sex-trafficking"
    TOURISM = "child-sex-tourism"
    MOLESTATION = "child-sexual-molestation"
    ENTICEMENT = "online-enticement"
    UNSOLICITED = "unsolicited-obscene-material"
    MISLEADING_DOMAIN = "misleading-domain-name"
    MISLEADING_WORDS = "misleading-words-or-images"


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0: how widely the receiver may pass it on."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"


class HandlingCode(StrEnum):
    """H0 crime use only, H1 not in court, H2 not passed on without leave, H3 other limits."""

    H0 = "H0"
    H1 = "H1"
    H2 = "H2"
    H3 = "H3"


class Verdict(StrEnum):
    """What a field rule does with a class of data."""

    ALLOW = "allow"
    GENERALISE = "generalise"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """One line of an agreement's field table; `form` is set when generalising."""

    verdict: Verdict
    form: Form | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumAge:
    """Below this age the receiver's law does not punish, or treats the person as a child."""

    years: int
    jurisdiction: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What decides a release, be it a standing agreement or one granted request.

    Shape: a class without a rule is withheld; both dates are days on which it holds (UTC).
    """

    sender: str
    receiver: str
    purpose: Purpose
    offences: frozenset[CoveredOffence]
    rules: Mapping[DataClass, FieldRule]
    tlp: Tlp
    handling: tuple[HandlingCode, ...]
    valid_from: date
    valid_to: date
    minimum_age: MinimumAge

    def starts_at(self) -> datetime:
        """The first moment at which it holds."""
        return datetime.combine(self.valid_from, time.min, UTC)

    def ends_at(self) -> datetime:
        """The first moment at which it no longer holds."""
        return datetime.combine(self.valid_to + timedelta(days=1), time.min, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A standing agreement, named by the SHA-256 of its canonical form.

    Shape: `replaced_at` is when a later version took its place on this node; not in the document.
    """

    sha256: str
    title: str
    channel: str
    version: int
    replaces: str | None
    legal_basis: str
    terms: Terms
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedRequest:
    """A case-by-case request that a member of staff granted, with what it covers."""

    request_id: str
    terms: Terms


CASE_BY_CASE = "case-by-case"
"""The channel's name when no agreement exists."""
