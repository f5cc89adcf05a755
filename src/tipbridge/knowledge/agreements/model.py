"""What an agreement says: parties, purpose, offences, field rules, handling, dates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from tipbridge.knowledge.agreements.clauses import PLAIN, Clauses
from tipbridge.knowledge.agreements.words import (
    HASHABLE,
    PERSONAL,
    STANDARD_FORMS,
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    HandlingCode,
    Purpose,
    Tlp,
    Verdict,
)

__all__ = (
    "CASE_BY_CASE",
    "HASHABLE",
    "PERSONAL",
    "STANDARD_FORMS",
    "Agreement",
    "CoveredOffence",
    "DataClass",
    "FieldRule",
    "Form",
    "GrantedRequest",
    "HandlingCode",
    "MinimumAge",
    "Part",
    "Purpose",
    "Suspension",
    "Terms",
    "Tlp",
    "Verdict",
)


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
    clauses: Clauses = PLAIN

    def starts_at(self) -> datetime:
        """The first moment at which it holds."""
        return datetime.combine(self.valid_from, time.min, UTC)

    def ends_at(self) -> datetime:
        """The first moment at which it no longer holds."""
        return datetime.combine(self.valid_to + timedelta(days=1), time.min, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A time in which an agreement allows nothing; without end until somebody lifts it."""

    starts_at: datetime
    ends_at: datetime | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A standing agreement, named by the SHA-256 of its canonical form.

    Shape: `replaced_at`, `withdrawn_at`, `suspensions`, `told` and `signed_by` are what this node knows, not in
    the document. Where `needs_signatures`, it holds only once both parties signed. `suspensions` are this
    node's own, `told` those that the other party says of itself, `by` its id.
    """

    sha256: str
    title: str
    channel: str
    version: int
    replaces: str | None
    legal_basis: str
    terms: Terms
    replaced_at: datetime | None = None
    withdrawn_at: datetime | None = None
    needs_signatures: bool = False
    signed_by: frozenset[str] = frozenset()
    suspensions: tuple[Suspension, ...] = ()
    told: tuple[Suspension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedRequest:
    """A case-by-case request that a member of staff granted, with what it covers."""

    request_id: str
    terms: Terms


CASE_BY_CASE = "case-by-case"
"""The channel's name when no agreement exists."""
