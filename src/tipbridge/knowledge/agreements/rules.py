"""May we release it: default deny, decided part by part, with a reason for each."""

from collections.abc import Iterable
from datetime import datetime

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.decisions import (
    RULE_VERSION,
    PartDecision,
    Reason,
    Refusal,
    ReleaseDecision,
    ReleaseFacts,
)
from tipbridge.knowledge.agreements.model import (
    STANDARD_FORMS,
    Agreement,
    DataClass,
    FieldRule,
    Form,
    GrantedRequest,
    Part,
    Terms,
    Verdict,
)


def decide_release(
    agreement: Agreement | None, parts: Iterable[Part], facts: ReleaseFacts, at: datetime
) -> ReleaseDecision:
    """Which parts may go to the receiver under a standing agreement at `at`.

    Source: house laws 5, 9 and 15.
    """
    if agreement is None:
        return _refused("", Refusal.NO_AGREEMENT, parts, at)
    refusal = refusal_of(agreement.terms, facts, at)
    if refusal is None and agreement.replaced_at is not None and agreement.replaced_at <= at:
        refusal = Refusal.REPLACED
    if refusal is not None:
        return _refused(agreement.sha256, refusal, parts, at)
    return _decided(agreement.sha256, agreement.terms, parts, facts, at)


def decide_request_release(
    granted: GrantedRequest | None, parts: Iterable[Part], facts: ReleaseFacts, at: datetime
) -> ReleaseDecision:
    """Which parts may answer one case-by-case request; nothing before it is granted."""
    if granted is None:
        return _refused("", Refusal.NO_AGREEMENT, parts, at)
    basis = f"request:{granted.request_id}"
    refusal = refusal_of(granted.terms, facts, at)
    if refusal is not None:
        return _refused(basis, refusal, parts, at)
    return _decided(basis, granted.terms, parts, facts, at)


def refusal_of(terms: Terms, facts: ReleaseFacts, at: datetime) -> Refusal | None:
    """Why these terms do not speak of this release at all, or None when they do."""
    checks = (
        (facts.sender != terms.sender, Refusal.OTHER_SENDER),
        (facts.receiver != terms.receiver, Refusal.OTHER_RECEIVER),
        (facts.purpose is not terms.purpose, Refusal.OTHER_PURPOSE),
        (not facts.offences, Refusal.OFFENCE_UNKNOWN),
        (not facts.offences <= terms.offences, Refusal.OFFENCE_NOT_COVERED),
        (at < terms.starts_at(), Refusal.NOT_YET_VALID),
        (at >= terms.ends_at(), Refusal.LAPSED),
    )
    return next((refusal for failed, refusal in checks if failed), None)


def in_force(agreement: Agreement, at: datetime) -> bool:
    """Whether the agreement holds at `at`; asked again at dispatch and by the receiver."""
    replaced = agreement.replaced_at is not None and agreement.replaced_at <= at
    return not replaced and agreement.terms.starts_at() <= at < agreement.terms.ends_at()


def overlapping(first: Agreement, second: Agreement) -> bool:
    """Whether two agreements would both speak of one same release."""
    mine, theirs = first.terms, second.terms
    return (
        (mine.sender, mine.receiver, mine.purpose)
        == (theirs.sender, theirs.receiver, theirs.purpose)
        and bool(mine.offences & theirs.offences)
        and mine.starts_at() < _end(second)
        and theirs.starts_at() < _end(first)
    )


def _end(agreement: Agreement) -> datetime:
    ends_at = agreement.terms.ends_at()
    return min(ends_at, agreement.replaced_at) if agreement.replaced_at else ends_at


def _refused(basis: str, refusal: Refusal, parts: Iterable[Part], at: datetime) -> ReleaseDecision:
    return ReleaseDecision(
        basis=basis,
        rule_version=RULE_VERSION,
        decided_at=at,
        refusal=refusal,
        parts=tuple(_fate(part, Reason.NOTHING_ALLOWED) for part in _ordered(parts)),
        tlp=None,
        handling=(),
    )


def _decided(
    basis: str, terms: Terms, parts: Iterable[Part], facts: ReleaseFacts, at: datetime
) -> ReleaseDecision:
    ordered = _ordered(parts)
    others = [
        _fate(part, _reason(terms, part, facts))
        for part in ordered
        if part.data_class is not DataClass.FAVOURS
    ]
    travels = any(fate.released for fate in others)
    favours = [
        _fate(part, Reason.FAVOURS_SUSPECT if travels else Reason.NOTHING_ALLOWED)
        for part in ordered
        if part.data_class is DataClass.FAVOURS
    ]
    return ReleaseDecision(
        basis=basis,
        rule_version=RULE_VERSION,
        decided_at=at,
        refusal=None,
        parts=tuple(sorted([*others, *favours], key=lambda fate: fate.label)),
        tlp=terms.tlp,
        handling=tuple(sorted(terms.handling)),
    )


def _reason(terms: Terms, part: Part, facts: ReleaseFacts) -> Reason:
    by_rule = _reason_by_rule(terms.rules.get(part.data_class), part)
    if part.data_class is DataClass.NAME and by_rule in _RELEASING and facts.first_release:
        return _reason_by_age(terms, part, facts) or by_rule
    return by_rule


def _reason_by_rule(rule: FieldRule | None, part: Part) -> Reason:
    if rule is None:
        return Reason.NO_RULE
    if rule.verdict is Verdict.WITHHOLD:
        return Reason.RULE_WITHHOLDS
    if rule.verdict is Verdict.ALLOW:
        # Committed forms go along, so that a later, narrower hop has them to pass on.
        return Reason.ALLOWED
    if _rank(part.data_class, _form(part)) >= _rank(part.data_class, rule.form):
        return Reason.GENERALISED
    return Reason.FINER_THAN_RULE


def _rank(data_class: DataClass, form: Form | None) -> int:
    """How coarse a form is; the exact value is the finest."""
    forms = STANDARD_FORMS.get(data_class, ())
    return forms.index(form) + 1 if form in forms else 0


def _form(part: Part) -> Form:
    """The part's form, believed only when its label says the same."""
    _, _, suffix = part.label.rpartition("~")
    return part.form if part.form == suffix else Form.EXACT


def _reason_by_age(terms: Terms, part: Part, facts: ReleaseFacts) -> Reason | None:
    """Why this name stays back at first release, or None; unknown counts as "may be"."""
    if facts.possible_self_production:
        return Reason.MINOR_SELF_PRODUCTION
    person = person_of(part.label)
    if person in facts.victims:
        return Reason.VICTIM_NAME
    age = facts.ages.get(person)
    if age is None:
        return Reason.MINOR_AGE_UNKNOWN
    return Reason.MINOR_MAY_BE_UNDER_AGE if age.low < terms.minimum_age.years else None


def person_of(label: str) -> str:
    """The person a part speaks of, as `people/N`; empty when it speaks of none."""
    steps = label.split("/")
    return "/".join(steps[:2]) if steps[0] == "people" and len(steps) > 2 else ""


_RELEASING = frozenset({Reason.ALLOWED, Reason.GENERALISED, Reason.FAVOURS_SUSPECT})


def _fate(part: Part, reason: Reason) -> PartDecision:
    return PartDecision(
        label=part.label,
        data_class=part.data_class,
        form=part.form,
        released=reason in _RELEASING,
        reason=reason,
    )


def _ordered(parts: Iterable[Part]) -> list[Part]:
    ordered = sorted(parts, key=lambda part: part.label)
    if len({part.label for part in ordered}) != len(ordered):
        raise Invalid("Two parts have the same label.")
    return ordered
