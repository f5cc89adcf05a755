"""Decide and release: from a source and the agreements to a package in the outbox."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

from tipbridge.foundation.access.approvals.store import Bound, people_of
from tipbridge.foundation.access.store import person_of, serving
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_missed, agreements_between, held_up
from tipbridge.knowledge.agreements.clauses import Delivery
from tipbridge.knowledge.agreements.decisions import (
    ReleaseDecision,
    ReleaseFacts,
    decision_document,
)
from tipbridge.knowledge.agreements.model import (
    Agreement,
    CoveredOffence,
    DataClass,
    Form,
    GrantedRequest,
    Part,
)
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import told
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind, SaltedPart
from tipbridge.sharing.referral import facts, rules, store
from tipbridge.sharing.referral.consent import leaves
from tipbridge.sharing.referral.consent import rules as consent_rules
from tipbridge.sharing.referral.consent.model import Consent
from tipbridge.sharing.referral.covering import covering
from tipbridge.sharing.referral.emergency import calling
from tipbridge.sharing.referral.emergency.model import Call
from tipbridge.sharing.referral.emergency.store import calls_of
from tipbridge.sharing.referral.errors import Changed, NotReleasable
from tipbridge.sharing.referral.hashing import keyed_parts
from tipbridge.sharing.referral.lawfulness import sides_law
from tipbridge.sharing.referral.life import store as life
from tipbridge.sharing.referral.life.model import ASKED_FOR, Why
from tipbridge.sharing.referral.messages import granted_terms
from tipbridge.sharing.referral.model import Direction, Referral, SourceContent, State
from tipbridge.sharing.referral.replaying.model import Inputs
from tipbridge.sharing.referral.sources import content_of

RELEASE = "referral-release"
APPROVERS = (Role.ANALYST, Role.LIAISON)
_SALT_BYTES = 32
_SENT = frozenset({State.RELEASED, State.DELIVERED, State.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A referral's content now, and what the rules say of its release now."""

    content: SourceContent
    decision: ReleaseDecision
    basis: Basis | None
    channel: str | None
    inputs: Inputs
    consents: tuple[Consent, ...] = ()
    calls: tuple[Call, ...] = ()
    called_about: str


def judge(work: Work, referral: Referral) -> Judged:
    """What may be released of a referral at this moment, and by what right."""
    assert referral.source is not None
    content = content_of(work, referral.source)
    parties = (work.node.id, referral.peer_id)
    agreements = agreements_between(
        work, sender=parties[0], receiver=parties[1], purpose=referral.purpose, at=work.now
    )
    passing = leaves.passing_on(work, referral, content)
    release_facts = passing.bind(_facts(work, referral, content, agreements))
    inputs = Inputs(
        at=work.now,
        facts=release_facts,
        parts=content.all_parts,
        agreements=(*agreements, *_missed(work, referral, agreements, release_facts.offences)),
        granted=tuple(_granted(work, referral, release_facts.offences)),
        keyed=keyed_parts(work, agreements, content.all_parts),
    )
    inputs, calls, called_about = _with_calls(work, referral, inputs)
    decision, basis, channel = _decided(inputs)
    hashes = () if basis is None else inputs.keyed.get(basis.id, ())
    content = replace(content, parts=(*content.parts, *hashes))
    return Judged(
        content=content,
        decision=decision,
        basis=basis,
        channel=channel,
        inputs=inputs,
        consents=passing.consents,
        calls=calls,
        called_about=called_about,
    )


def _missed(
    work: Work,
    referral: Referral,
    held: Iterable[Agreement],
    offences: frozenset[CoveredOffence],
) -> tuple[Agreement, ...]:
    """The agreement that would be asked if it held, so that a refusal names what keeps it from that.

    Shape: beside those that hold and speak of other offences only one that speaks of these.
    """
    held = tuple(held)
    if any(rules.speaks_of(each, offences) for each in held):
        return ()
    found = agreement_missed(
        work,
        sender=work.node.id,
        receiver=referral.peer_id,
        purpose=referral.purpose,
        at=work.now,
    )
    if found is None or (held and not rules.speaks_of(found, offences)):
        return ()
    return (found,)


def _decided(inputs: Inputs) -> rules.Decided:
    return rules.decide(
        inputs.agreements,
        inputs.granted,
        inputs.parts,
        inputs.facts,
        inputs.at,
        keyed=inputs.keyed,
    )


def _with_calls(
    work: Work, referral: Referral, inputs: Inputs
) -> tuple[Inputs, tuple[Call, ...], str]:
    """The same with who called an emergency of what would leave, the calls, and what they are about.

    Shape: a call is about the decision once enough called, so that no other one is widened by it.
    Who may send nothing any more calls for nothing either.
    """
    enough = max((each.terms.clauses.emergency.people for each in inputs.agreements), default=0)
    widest, _, _ = _decided(_called_by(inputs, enough))
    about = calling.digest_of(referral, inputs.parts, widest)
    found = calling.standing(calls_of(work.db, referral.id), about, widest, inputs.at)
    here = serving(work.db, calling.people_of(found), APPROVERS)
    calls = tuple(each for each in found if each.person_id in here)
    return _called_by(inputs, len(calls)), calls, about


def _called_by(inputs: Inputs, people: int) -> Inputs:
    return replace(inputs, facts=replace(inputs.facts, emergency_people=people))


def _facts(
    work: Work, referral: Referral, content: SourceContent, agreements: Iterable[Agreement]
) -> ReleaseFacts:
    """What the rules must know of this release: of the parts, the way they go, and both laws."""
    parts, before = content.all_parts, _sent_before(work, referral)
    peer = exchange.known_peer(work, referral.peer_id)
    offences, acted_on = facts.offences_of(parts), told.incident_on(parts)
    found = facts.facts_of(
        parts,
        parties=(work.node.id, referral.peer_id),
        purpose=referral.purpose,
        now=work.now,
        first_release=not before,
        way=referral.way,
        requested=frozenset(ASKED_FOR[why] for _, why in _lacked(work, before)),
        delivery=Delivery.PULL if peer.waits_for_its_fetch else Delivery.PUSH,
        law=sides_law(agreements, offences, acted_on, shipped_laws()),
    )
    return replace(found, corrected=content.corrected)


def people_for(work: Work, referral: Referral, judged: Judged) -> frozenset[str]:
    """The people who stand for exactly this release.

    Shape: they approved it; in an emergency also who called it, so that it need not wait. Who
    may approve no more stands for nothing that leaves from then on.
    """
    people = people_of(work.db, bound_to(referral, judged))
    if calling.is_emergency(judged.decision):
        people |= calling.people_of(judged.calls)
    return serving(work.db, people, APPROVERS)


def package_of(work: Work, referral: Referral) -> tuple[str, Judged]:
    """Queue the package of an allowed referral, if what was decided still holds; its id.

    Shape: one that an emergency widened waits for another person's review from then on.

    Errors: NotReleasable when nothing covers it any more, or too few people approved exactly
    what would leave; Changed when it would differ.
    """
    judged, basis = still_held(work, referral)
    conditions = judged.decision.conditions
    needed = 0 if conditions is None else conditions.people
    people = people_for(work, referral, judged) if needed > 0 else frozenset[str]()
    if len(people) < needed:
        raise NotReleasable(
            f"{needed} people must approve this release first; {len(people)} did.",
            id=referral.id,
            reason="not-approved",
        )
    package_id = exchange.queue_package(work, _draft(work, referral, judged, basis))
    if calling.is_emergency(judged.decision):
        people |= {person_of(work.db, work.actor.id)}
        calling.note_release(work, referral, judged.decision, package_id=package_id, people=people)
    return package_id, judged


def still_held(work: Work, referral: Referral) -> tuple[Judged, Basis]:
    """What may be released now and by what right, when it is still what was decided.

    Errors: NotReleasable when nothing covers it any more; Changed when it would differ.
    """
    judged = judge(work, referral)
    if judged.basis is None:
        refusal = judged.decision.refusal or "nothing-allowed"
        raise NotReleasable(
            f"Nothing covers this release now: {refusal}.", id=referral.id, reason=refusal
        )
    if judged.basis != referral.basis or not rules.same_decision(
        referral.decision, judged.decision
    ):
        raise Changed("What would be released has changed; decide again.", id=referral.id)
    return judged, judged.basis


def bound_to(referral: Referral, judged: Judged) -> Bound:
    """Exactly what an approval is for: receiver, decision, and every value that would leave."""
    allowed = set(judged.decision.released)
    content = {
        "recipient": referral.peer_id,
        "decision": {**decision_document(judged.decision), "decided_at": None},
        "parts": {
            part.label: [part.data_class.value, part.form.value, part.value]
            for part in judged.content.all_parts
            if part.label in allowed
        },
    }
    digest = hashlib.sha256(canonical_json(content)).hexdigest()
    return Bound(kind=RELEASE, subject=referral.id, content_sha256=digest)


def _draft(work: Work, referral: Referral, judged: Judged, basis: Basis) -> Draft:
    content, decision = judged.content, judged.decision
    own = rules.released_own(content.parts, decision)
    named = {
        consent.ask.id: None if consent.answer is None else consent.answer.envelope
        for consent in judged.consents
    }
    answers = _answers(work, referral)
    own += facts.release_marks(decision, work.node.id, referral.way, named, answers)
    parts = salted(work, own, content.hop) + rules.released_received(content.received, decision)
    parts += content.marks
    labels = {item.part.label for item in parts if _has_bytes(item.part)}
    ends = [
        granted.terms.ends_at()
        for granted in _granted(work, referral, facts.offences_of(content.all_parts))
        if basis == Basis(kind=BasisKind.REQUEST, id=granted.request_id)
    ]
    lent_until = consent_rules.ends_at(judged.consents)
    ends += [] if lent_until is None else [lent_until]
    return Draft(
        kind=PackageKind.REFERRAL,
        recipient=referral.peer_id,
        basis=basis,
        purpose=referral.purpose,
        parts=tuple(parts),
        files={label: file for label, file in content.contents.items() if label in labels},
        passes_on=content.passes_on,
        ends_at=min(ends, default=None),
        marking=facts.marking_of(decision),
    )


def salted(work: Work, parts: list[Part], hop: int = 0) -> list[SaltedPart]:
    """This node's own parts, each with a fresh salt of its own."""
    return [
        SaltedPart(part=part, salt=work.ids.random_bytes(_SALT_BYTES), hop=hop) for part in parts
    ]


def _has_bytes(part: Part) -> bool:
    return part.data_class is DataClass.CONTENT and part.form is Form.EXACT


def _granted(
    work: Work, referral: Referral, offences: frozenset[CoveredOffence]
) -> list[GrantedRequest]:
    """What was granted for it, bound by each agreement that covers it; nothing round one held up."""
    parties = (work.node.id, referral.peer_id)
    found = (granted_terms(request, parties) for request in store.requests_of(work.db, referral.id))
    grants = [granted for granted in found if granted is not None]
    if not grants or held_up(
        work, sender=work.node.id, receiver=referral.peer_id, purpose=referral.purpose
    ):
        return []
    bound = covering(work, parties, referral.purpose, offences)
    return [reduce(rules.bound_by, bound, granted) for granted in grants]


def _lacked(work: Work, before: Iterable[Referral]) -> frozenset[tuple[str, Why]]:
    """Which of these referrals were returned, and for the lack of what."""
    ids = [each.id for each in before]
    return life.lacked_in(work.db, ids) if ids else frozenset()


def _answers(work: Work, referral: Referral) -> set[str]:
    """The packages of this source that the peer returned: what it asked for comes in answer."""
    before = _sent_before(work, referral)
    returned = {id_ for id_, _ in _lacked(work, before)}
    return {each.package_id for each in before if each.id in returned and each.package_id}


def _sent_before(work: Work, referral: Referral) -> list[Referral]:
    """What of this source has gone to this peer already."""
    assert referral.source is not None
    return [
        other
        for other in store.referrals_of_source(work.db, referral.source)
        if other.direction is Direction.OUT
        and other.peer_id == referral.peer_id
        and other.state in _SENT
        and other.id != referral.id
    ]
