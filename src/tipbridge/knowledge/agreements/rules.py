"""May we release it: default deny, decided part by part, with a reason for each."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.clauses import Clauses, Desk, Extent, Subject
from tipbridge.knowledge.agreements.decisions import (
    RELEASING,
    RULE_VERSION,
    Conditions,
    PartDecision,
    Reason,
    Refusal,
    ReleaseDecision,
    ReleaseFacts,
)
from tipbridge.knowledge.agreements.fields import person_of, reason_for
from tipbridge.knowledge.agreements.markings import Marking, may_pass_on, strictest
from tipbridge.knowledge.agreements.model import (
    Agreement,
    DataClass,
    GrantedRequest,
    Part,
    Suspension,
    Terms,
)

__all__ = (
    "decide_release",
    "decide_request_release",
    "in_force",
    "is_named",
    "marking_of",
    "nearest",
    "of_one_kind",
    "overlapping",
    "person_of",
    "refusal_of",
)


def decide_release(
    agreement: Agreement | None, parts: Iterable[Part], facts: ReleaseFacts, at: datetime
) -> ReleaseDecision:
    """Which parts may go to the receiver under a standing agreement at `at`.

    Source: house laws 5, 9 and 15.
    """
    if agreement is None:
        return _refused("", Refusal.NO_AGREEMENT, parts, at)
    refusal = _standing(agreement, at) or refusal_of(agreement.terms, facts, at)
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
        *_by_subject(terms.clauses.subject, facts),
        *_by_mode(terms.clauses, facts),
        (_needs_contact(terms, facts), Refusal.NO_WELFARE_CONTACT),
        (_for_another_purpose(facts), Refusal.NO_CONSENT_TO_PURPOSE),
        (_needs_consent(facts), Refusal.NO_ONWARD_CONSENT),
    )
    return next((refusal for failed, refusal in checks if failed), None)


def _by_subject(subject: Subject, facts: ReleaseFacts) -> Iterator[tuple[bool, Refusal]]:
    """What the offences fail of, besides being listed; unknown is not yes."""
    yield bool(subject.excluded & facts.offences), Refusal.EXCLUDED_CRIME
    both = [facts.criminal_in_both.get(offence) for offence in facts.offences]
    if subject.dual_criminality:
        yield False in both, Refusal.NOT_CRIMINAL_IN_BOTH
        yield None in both, Refusal.DUAL_CRIMINALITY_UNKNOWN
    if subject.minimum_penalty_months > 0:
        months = [facts.penalty_months.get(offence) for offence in facts.offences]
        known = [found for found in months if found is not None]
        yield (
            any(found < subject.minimum_penalty_months for found in known),
            (Refusal.PENALTY_TOO_LOW),
        )
        yield None in months, Refusal.PENALTY_UNKNOWN


def _by_mode(clauses: Clauses, facts: ReleaseFacts) -> Iterator[tuple[bool, Refusal]]:
    """What the way of this release fails of: desks, who moves it, what it answers to."""
    yield not is_named(clauses.parties.sender, facts.sender_desk), Refusal.DESK_NOT_NAMED
    yield not is_named(clauses.parties.receiver, facts.receiver_desk), Refusal.DESK_NOT_NAMED
    yield facts.delivery not in clauses.mode.delivery, Refusal.OTHER_DELIVERY
    yield facts.occasion not in clauses.mode.occasions, Refusal.OTHER_OCCASION
    yield clauses.mode.extent is Extent.HIT_NO_HIT, Refusal.HIT_OR_NO_HIT_ONLY


def _needs_contact(terms: Terms, facts: ReleaseFacts) -> bool:
    """Whether a child may be in it, and the agreement wants somebody to call and names nobody.

    Shape: of somebody whose age is not known the parts stay back, each by itself.
    """
    minors = terms.clauses.minors
    young = any(age.low < terms.minimum_age.years for age in facts.ages.values())
    child = young or bool(facts.victims) or facts.possible_self_production
    return minors.contact_required and minors.welfare_contact is None and child


def is_named(desks: Iterable[Desk], desk: str | None) -> bool:
    """Whether a desk is in the tree; who names none goes to the first, who names no tree takes all."""
    known = {found.desk for found in desks}
    return desk is None or not known or desk in known


def _for_another_purpose(facts: ReleaseFacts) -> bool:
    """Whether received material would go on for what it was not sent for, without leave for that."""
    onward = facts.onward
    return onward is not None and onward.other_purpose and not onward.consented


def _needs_consent(facts: ReleaseFacts) -> bool:
    """Whether received material would go on without its originator's leave."""
    onward = facts.onward
    return onward is not None and not may_pass_on(
        facts.inherited, onward.leave, consented=onward.consented
    )


def _standing(agreement: Agreement, at: datetime) -> Refusal | None:
    """Why an agreement does not stand at `at`, whatever its days say."""
    if agreement.replaced_at is not None and agreement.replaced_at <= at:
        return Refusal.REPLACED
    if is_pending(agreement):
        return Refusal.NOT_SIGNED
    return Refusal.SUSPENDED if is_suspended(agreement, at) else None


def is_suspended(agreement: Agreement, at: datetime) -> bool:
    """Whether this node holds the agreement up at `at`, or its receiver says that it does.

    Shape: what its sender says stops that sender, not what came from it before.
    """
    told = (pause for pause in agreement.told if pause.by == agreement.terms.receiver)
    return any(_is_open(pause, at) for pause in (*agreement.suspensions, *told))


def _is_open(pause: Suspension, at: datetime) -> bool:
    return pause.starts_at <= at and (pause.ends_at is None or at < pause.ends_at)


def in_force(agreement: Agreement, at: datetime) -> bool:
    """Whether the agreement holds at `at`; asked again at dispatch and by the receiver."""
    within = agreement.terms.starts_at() <= at < agreement.terms.ends_at()
    return within and _standing(agreement, at) is None


_NEARNESS = (
    Refusal.SUSPENDED,
    Refusal.NOT_SIGNED,
    Refusal.NOT_YET_VALID,
    Refusal.LAPSED,
    Refusal.REPLACED,
)


def nearest(agreements: Iterable[Agreement], at: datetime) -> Agreement | None:
    """Of agreements that do not hold at `at`, the one that the least keeps from it; the latest of these.

    Shape: a draft that was withdrawn never comes into force and is none of them.
    """
    found = [
        (_NEARNESS.index(why), -each.version, each.sha256, each)
        for each in agreements
        if each.withdrawn_at is None and (why := _not_in_force(each, at)) is not None
    ]
    return min(found)[3] if found else None


def _not_in_force(agreement: Agreement, at: datetime) -> Refusal | None:
    """Why an agreement speaks of nothing at `at`; None when it is in force."""
    if at >= agreement.terms.ends_at():
        return Refusal.LAPSED
    standing = _standing(agreement, at)
    if standing is None and at < agreement.terms.starts_at():
        return Refusal.NOT_YET_VALID
    return standing


def is_pending(agreement: Agreement) -> bool:
    """Whether it still waits for a party's signature, and so speaks of no release yet."""
    parties = {agreement.terms.sender, agreement.terms.receiver}
    return agreement.needs_signatures and not parties <= agreement.signed_by


def overlapping(first: Agreement, second: Agreement) -> bool:
    """Whether two agreements would both speak of one same release.

    Shape: one of hits and one that releases stand side by side: yes or no first, then details.
    """
    mine, theirs = first.terms, second.terms
    return (
        of_one_kind(first, second)
        and (mine.sender, mine.receiver, mine.purpose)
        == (theirs.sender, theirs.receiver, theirs.purpose)
        and bool(mine.offences & theirs.offences)
        and mine.starts_at() < _end(second)
        and theirs.starts_at() < _end(first)
    )


def of_one_kind(first: Agreement, second: Agreement) -> bool:
    """Whether both are of hits, or both of what releases."""
    hits = [each.terms.clauses.mode.extent is Extent.HIT_NO_HIT for each in (first, second)]
    return hits[0] is hits[1]


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
        _fate(part, reason_for(terms, part, facts))
        for part in ordered
        if part.data_class is not DataClass.FAVOURS
    ]
    travels = any(fate.released for fate in others)
    favours = [
        _fate(part, Reason.FAVOURS_SUSPECT if travels else Reason.NOTHING_ALLOWED)
        for part in ordered
        if part.data_class is DataClass.FAVOURS
    ]
    marking = strictest(marking_of(terms), facts.inherited)
    widened = any(fate.reason is Reason.EMERGENCY for fate in others)
    return ReleaseDecision(
        basis=basis,
        rule_version=RULE_VERSION,
        decided_at=at,
        refusal=None,
        parts=tuple(sorted([*others, *favours], key=lambda fate: fate.label)),
        tlp=marking.tlp,
        handling=tuple(sorted(marking.handling)),
        conditions=_conditions(terms, marking, widened=widened),
    )


def marking_of(terms: Terms) -> Marking:
    """How a release under these terms is marked."""
    marks = terms.clauses.marks
    return Marking(
        tlp=terms.tlp,
        pap=marks.pap,
        handling=frozenset(terms.handling),
        source=marks.source,
        information=marks.information,
    )


def _conditions(terms: Terms, marking: Marking, *, widened: bool) -> Conditions:
    clauses = terms.clauses
    people = max(clauses.approvals, clauses.emergency.people if widened else 0)
    return Conditions(
        pap=marking.pap,
        source=marking.source,
        information=marking.information,
        onward=clauses.originator.onward,
        court=clauses.originator.court,
        keep_days=clauses.retention.keep_days,
        review_days=clauses.retention.review_days,
        proof_of_deletion=clauses.retention.proof_of_deletion,
        acknowledge_days=clauses.recall.acknowledge_days,
        welfare_contact=clauses.minors.welfare_contact,
        people=people,
        emergency_review_hours=clauses.emergency.review_hours if widened else None,
    )


def _fate(part: Part, reason: Reason) -> PartDecision:
    return PartDecision(
        label=part.label,
        data_class=part.data_class,
        form=part.form,
        released=reason in RELEASING,
        reason=reason,
    )


def _ordered(parts: Iterable[Part]) -> list[Part]:
    ordered = sorted(parts, key=lambda part: part.label)
    if len({part.label for part in ordered}) != len(ordered):
        raise Invalid("Two parts have the same label.")
    return ordered
