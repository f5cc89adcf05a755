"""What a release decision is: each part let through or held back, and by which rule."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.knowledge.agreements.clauses import (
    Delivery,
    InformationGrade,
    Leave,
    Occasion,
    Pap,
    SourceGrade,
)
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.knowledge.agreements.words import (
    CoveredOffence,
    DataClass,
    Form,
    HandlingCode,
    Purpose,
    Tlp,
)

RULE_VERSION = "release/5"


class Refusal(StrEnum):
    """Why nothing at all may be released. Closed."""

    NO_AGREEMENT = "no-agreement"
    OTHER_SENDER = "other-sender"
    OTHER_RECEIVER = "other-receiver"
    OTHER_PURPOSE = "other-purpose"
    OFFENCE_NOT_COVERED = "offence-not-covered"
    OFFENCE_UNKNOWN = "offence-unknown"
    NOT_YET_VALID = "not-yet-valid"
    LAPSED = "lapsed"
    REPLACED = "replaced"
    NOT_SIGNED = "not-signed-by-both"
    SUSPENDED = "suspended"
    EXCLUDED_CRIME = "excluded-crime"
    DUAL_CRIMINALITY_UNKNOWN = "dual-criminality-unknown"
    NOT_CRIMINAL_IN_BOTH = "not-criminal-in-both"
    PENALTY_UNKNOWN = "penalty-unknown"
    PENALTY_TOO_LOW = "penalty-too-low"
    DESK_NOT_NAMED = "desk-not-named"
    OTHER_DELIVERY = "other-delivery"
    OTHER_OCCASION = "other-occasion"
    HIT_OR_NO_HIT_ONLY = "hit-or-no-hit-only"
    NO_WELFARE_CONTACT = "no-welfare-contact"
    NO_ONWARD_CONSENT = "originator-has-not-consented"
    NO_CONSENT_TO_PURPOSE = "not-consented-to-another-purpose"


class Reason(StrEnum):
    """Why one part was let through or held back. Closed."""

    ALLOWED = "allowed"
    GENERALISED = "generalised"
    HASHED = "hashed"
    REQUESTED = "requested"
    EMERGENCY = "emergency"
    FAVOURS_SUSPECT = "favours-suspect"
    NO_RULE = "no-rule"
    RULE_WITHHOLDS = "rule-withholds"
    FINER_THAN_RULE = "finer-than-rule"
    HASHED_ONLY = "hashed-only"
    ON_REQUEST = "on-request"
    CONTENT_ON_REQUEST = "content-on-request"
    MINOR_RESTRICTED = "minor-restricted"
    VICTIM_RESTRICTED = "victim-restricted"
    MINOR_SELF_PRODUCTION = "minor-possible-self-production"
    MINOR_MAY_BE_UNDER_AGE = "minor-may-be-under-minimum-age"
    MINOR_AGE_UNKNOWN = "minor-age-unknown"
    VICTIM_NAME = "victim-name"
    OUTSIDE_CONSENT = "outside-consent"
    CORRECTED = "corrected-since"
    NOTHING_ALLOWED = "nothing-allowed"


RELEASING = frozenset(
    {
        Reason.ALLOWED,
        Reason.GENERALISED,
        Reason.FAVOURS_SUSPECT,
        Reason.HASHED,
        Reason.REQUESTED,
        Reason.EMERGENCY,
    }
)
"""The reasons for which a part leaves; every other one holds it back."""

MINOR_REASONS = frozenset(
    {
        Reason.MINOR_SELF_PRODUCTION,
        Reason.MINOR_MAY_BE_UNDER_AGE,
        Reason.MINOR_AGE_UNKNOWN,
        Reason.VICTIM_NAME,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRange:
    """The ages a person may have had at the act, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """By what leave received material goes on: what its agreement says, what its originator did.

    Shape: `outside` are the labels of the parts that the originator's consent does not cover;
    `other_purpose` says that it goes on for another purpose than it was sent for.
    """

    leave: Leave
    consented: bool = False
    outside: frozenset[str] = frozenset()
    other_purpose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a release is bound to besides TLP and H-codes; travels with it.

    Shape: days and hours count from the release; None where the agreement says nothing.
    """

    pap: Pap | None
    source: SourceGrade | None
    information: InformationGrade | None
    onward: Leave
    court: Leave
    keep_days: int | None
    review_days: int | None
    proof_of_deletion: bool
    acknowledge_days: int
    welfare_contact: str | None
    people: int
    emergency_review_hours: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts:
    """What the decision needs to know of the release, besides its parts.

    Shape: `ages` and `victims` name people by label prefix (`people/0`); a person without
    an entry in `ages` has no known age. An offence that is missing in `criminal_in_both` or
    `penalty_months` is unknown there, which is not no and not yes. `inherited` is how what
    came from others is marked; `onward` is by what leave it goes on, None for own material.
    `corrected` are the labels, without a form, of what was said to be wrong since it was told.
    """

    sender: str
    receiver: str
    purpose: Purpose
    offences: frozenset[CoveredOffence]
    possible_self_production: bool
    ages: Mapping[str, AgeRange] = field(default_factory=dict[str, AgeRange], repr=False)
    victims: frozenset[str] = frozenset()
    first_release: bool = True
    sender_desk: str | None = None
    receiver_desk: str | None = None
    delivery: Delivery = Delivery.PUSH
    occasion: Occasion = Occasion.SPONTANEOUS
    requested: frozenset[DataClass] = frozenset()
    criminal_in_both: Mapping[CoveredOffence, bool] = field(
        default_factory=dict[CoveredOffence, bool]
    )
    penalty_months: Mapping[CoveredOffence, int] = field(default_factory=dict[CoveredOffence, int])
    inherited: Marking = UNMARKED
    onward: Onward | None = None
    emergency_people: int = 0
    corrected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDecision:
    """One part and its fate."""

    label: str
    data_class: DataClass
    form: Form
    released: bool
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDecision:
    """Every part's fate under one rule version, in order of label, and what marks it carries.

    Shape: `basis` is the agreement's SHA-256 or `request:<id>`; empty when there was none.
    """

    basis: str
    rule_version: str
    decided_at: datetime
    refusal: Refusal | None
    parts: tuple[PartDecision, ...]
    tlp: Tlp | None
    handling: tuple[HandlingCode, ...]
    conditions: Conditions | None = None

    @property
    def allowed(self) -> bool:
        """Whether anything may leave."""
        return any(part.released for part in self.parts)

    @property
    def released(self) -> tuple[str, ...]:
        """Labels of the parts that may leave."""
        return tuple(part.label for part in self.parts if part.released)

    @property
    def withheld(self) -> tuple[str, ...]:
        """Labels of the parts held back."""
        return tuple(part.label for part in self.parts if not part.released)

    @property
    def name_withheld(self) -> bool:
        """Whether a name stays back because its bearer may be a child; the package says so."""
        return any(part.reason in MINOR_REASONS for part in self.parts)


def decision_document(decision: ReleaseDecision) -> dict[str, object]:
    """The decision as JSON, to be stored and replayed; holds labels, never values."""
    return {
        "basis": decision.basis,
        "rule_version": decision.rule_version,
        "decided_at": decision.decided_at.isoformat(),
        "refusal": decision.refusal,
        "tlp": decision.tlp,
        "handling": list(decision.handling),
        "name_withheld": decision.name_withheld,
        "conditions": None if decision.conditions is None else asdict(decision.conditions),
        "parts": [
            {
                "label": part.label,
                "data_class": part.data_class,
                "form": part.form,
                "released": part.released,
                "reason": part.reason,
            }
            for part in decision.parts
        ],
    }
