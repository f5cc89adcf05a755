"""The closed words that agreements are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    """How exactly a part says its value; the forms of an IP address go from fine to coarse.

    Shape: `keyed` says only whether two values are the same, under one agreement's key.
    """

    EXACT = "exact"
    PREFIX = "prefix"
    NETWORK = "network"
    COUNTRY = "country"
    BAND = "band"
    KEYED = "keyed"


STANDARD_FORMS: Mapping[DataClass, tuple[Form, ...]] = {
    DataClass.IP: (Form.PREFIX, Form.NETWORK, Form.COUNTRY),
    DataClass.AGE: (Form.BAND,),
}
"""The generalised forms a sender commits to beside the exact part, finest first."""

HASHABLE = frozenset(
    {
        DataClass.ACCOUNT,
        DataClass.CONTACT,
        DataClass.IP,
        DataClass.DEVICE,
        DataClass.LOCATION,
        DataClass.NAME,
        DataClass.CONTENT_HASH,
        DataClass.MATERIAL_ADDRESS,
    }
)
"""Classes whose parts a sender can give as a hash under the agreement's own key."""

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
    HASH = "hash"
    ON_REQUEST = "on-request"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """One line of an agreement's field table; `form` is set when generalising."""

    verdict: Verdict
    form: Form | None = None


COMPARED = frozenset({DataClass.ACCOUNT, DataClass.CONTACT, DataClass.IP, DataClass.DEVICE})
"""Classes that questions of hit or no hit compare. Source: ADR 0072."""
COMPARING = frozenset({Verdict.ALLOW, Verdict.HASH})
"""Rules under which they do; either way nothing but yes or no is told."""

JUDGED = frozenset({CoveredOffence.MATERIAL})
"""Offences that a node can find in two sides' law, as a report names what was done no closer."""
