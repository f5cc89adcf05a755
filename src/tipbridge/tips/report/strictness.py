"""The protocol's rules by name, and which of them a provider is held to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from tipbridge.foundation.base.errors import Invalid


class Mode(StrEnum):
    """What follows when a document breaks a rule. Closed."""

    STRICT = "strict"
    """The document is refused."""
    LENIENT = "lenient"
    """The document is accepted, and the fault is a finding about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule beyond the schema; `source` is a section of the protocol notes.

    Shape: a `fixed` rule can't be made lenient, because later rooms rest on it.
    """

    name: str
    asks: str
    source: str
    default: Mode = Mode.STRICT
    fixed: bool = False


_LIST = (
    Rule(
        name="ip-address",
        asks="an IP address is IPv4, IPv6 or IPv4-mapped IPv6",
        source="4.1",
        fixed=True,
    ),
    Rule(name="not-blank", asks="what must say something is not blank", source="4.1"),
    Rule(name="time-offset", asks="a time has 'Z' or an offset", source="4.1"),
    Rule(name="time-past", asks="what happened lies in the past", source="4.1"),
    Rule(name="birth-date", asks="a birth date lies in the past", source="4.1"),
    Rule(name="verified", asks="what has a verification date is verified", source="4.1"),
    Rule(name="calling-code", asks="a number does not repeat its calling code", source="4.1"),
    Rule(name="email-form", asks="an e-mail address is well formed", source="4.1"),
    Rule(
        name="incident-email",
        asks="an incident's address is also a person's",
        source="4.1",
    ),
    Rule(name="url-form", asks="an address of the web has no space or control", source="4.1"),
    Rule(
        name="url-scheme",
        asks="an address of the web begins with a scheme",
        source="4.1",
        default=Mode.LENIENT,
    ),
    Rule(name="location-country", asks="an estimated location names its country", source="4.1"),
    Rule(name="location-region", asks="a place in the US names its state", source="4.1"),
    Rule(name="account-type", asks="an associated account has one type", source="4.4"),
    Rule(name="age-or-birth", asks="an account has an age or a birth date", source="4.1"),
    Rule(name="notified-order", asks="a user is notified after the disabling", source="4.1"),
    Rule(name="reenabled-order", asks="an account is enabled again later", source="4.1"),
    Rule(name="prior-report", asks="a prior report of our numbers exists", source="4.1"),
    Rule(name="reporter-email", asks="the reporting person has an address", source="4.1"),
    Rule(name="one-reported", asks="one person is reported unless batched", source="4.2"),
    Rule(
        name="internet-details",
        asks="a report says where on the internet",
        source="4.2",
        default=Mode.LENIENT,
    ),
    Rule(name="batched-people", asks="people of a batch have an identifier only", source="4.3"),
    Rule(name="batched-fields", asks="a batch leaves out what is not of a meme", source="4.3"),
    Rule(name="batched-files", asks="a batch has one file", source="4.3"),
    Rule(name="batched-marks", asks="a batch's file is viral or a potential meme", source="4.3"),
    Rule(name="batched-details", asks="a batch's file names no origin", source="4.3"),
    Rule(name="supplemental", asks="a supplemental file is not classified", source="5"),
    Rule(name="exif-viewed", asks="who viewed the metadata viewed the file", source="5"),
    Rule(name="unknown-element", asks="every element is of the schema", source="4.4"),
    Rule(name="unknown-attribute", asks="every attribute is of the schema", source="4.4"),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _LIST})
"""Every rule that a provider may be held to or not, by name."""


@dataclass(frozen=True, slots=True)
class Strictness:
    """How a document is held to the rules: a mode for some of them, else each rule's own."""

    chosen: Mapping[str, Mode] = field(default_factory=dict[str, Mode])

    def __post_init__(self) -> None:
        for name, mode in self.chosen.items():
            rule = RULES.get(name)
            if rule is None:
                raise Invalid(f"There is no rule '{name}'; the rules are: {', '.join(RULES)}.")
            if rule.fixed and mode is Mode.LENIENT:
                raise Invalid(f"The rule '{name}' can't be lenient: {rule.asks}.")

    def of(self, name: str) -> Mode:
        """The mode of a rule. Errors: KeyError for a name that is no rule's."""
        return self.chosen.get(name, RULES[name].default)

    def json(self) -> dict[str, str]:
        """The form kept as a setting; `strictness_from` reads it."""
        return {name: str(mode) for name, mode in self.chosen.items()}


def strictness_from(chosen: Mapping[str, object]) -> Strictness:
    """A strictness from a setting such as `{"unknown-element": "lenient"}`.

    Errors: Invalid, naming the rule or mode that is none and those there are.
    """
    modes = {str(mode): mode for mode in Mode}
    for name, mode in chosen.items():
        if mode not in modes:
            raise Invalid(f"The rule '{name}' is one of: {', '.join(modes)}.")
    return Strictness({name: modes[str(mode)] for name, mode in chosen.items()})


USUAL = Strictness()
"""Each rule by its own default."""
STRICTEST = Strictness(dict.fromkeys(RULES, Mode.STRICT))
MOST_LENIENT = Strictness({name: Mode.LENIENT for name, rule in RULES.items() if not rule.fixed})
