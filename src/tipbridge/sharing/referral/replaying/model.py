"""A kept decision, what it was made from, and how it compares when it is made again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.knowledge.agreements.decisions import ReleaseFacts
from tipbridge.knowledge.agreements.model import Agreement, GrantedRequest, Part


class Moment(StrEnum):
    """When a decision was made: before the release, or again as the package was made. Closed."""

    DECIDED = "decided"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that the rules were given; nothing else can have moved them.

    Shape: `agreements` with the standing they had at `at`; values of `parts` play no role and
    are not kept. `keyed` are the hashes under each agreement's own key, by its name.
    """

    at: datetime
    facts: ReleaseFacts = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)
    agreements: tuple[Agreement, ...]
    granted: tuple[GrantedRequest, ...]
    keyed: Mapping[str, tuple[Part, ...]] = field(
        default_factory=dict[str, tuple[Part, ...]], repr=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDecision:
    """One decision as it was kept.

    Shape: `inputs` are sealed to the group `key_id`, that of what was referred, and end with
    it; `inputs_sha256` is over them and a salt inside. `content_sha256` is what people approved,
    set once something was to leave; `package_id` of a decision that released.
    """

    id: str
    referral_id: str
    moment: Moment
    decided_at: datetime
    decided_by: str
    rule_version: str
    key_id: str
    inputs: bytes = field(repr=False)
    inputs_sha256: str
    result: Mapping[str, object]
    content_sha256: str | None
    package_id: str | None


class Difference(StrEnum):
    """In what a decision made again differs from the kept one. Closed."""

    REFUSAL = "refusal"
    BASIS = "basis"
    MARKING = "marking"
    CONDITIONS = "conditions"
    PART = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One difference: what was kept and what comes out now; `label` names a part."""

    what: Difference
    label: str | None
    kept: object
    now: object


class Unread(StrEnum):
    """Why a decision can't be made again. Closed."""

    ERASED = "erased"
    CHANGED_INPUTS = "inputs-do-not-fit-their-digest"
    AGREEMENT_GONE = "agreement-not-held"
    UNREADABLE = "inputs-of-another-form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One decision made again.

    Shape: `unread` says why it could not be; `people` approved exactly what left.
    """

    id: str
    referral_id: str
    moment: Moment
    decided_at: datetime
    decided_by: str
    people: tuple[str, ...]
    rule_version: str
    inputs_sha256: str
    fields: int
    released: int
    unread: Unread | None
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """All decisions made again: same + different + unread is their number.

    Shape: `referrals` are those that the decisions are about.
    """

    decisions: int
    referrals: tuple[str, ...]
    same: int
    different: tuple[Replayed, ...]
    unread: tuple[Replayed, ...]
    rule_version: str
    other_versions: int
