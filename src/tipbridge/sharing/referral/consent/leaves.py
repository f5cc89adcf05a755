"""By whose leave a received referral may be used now; for the actions of other rooms."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.knowledge.agreements.clauses import Leave
from tipbridge.knowledge.agreements.decisions import Onward, ReleaseFacts
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking, strictest
from tipbridge.knowledge.agreements.model import Agreement, DataClass, Part, Purpose, Tlp
from tipbridge.knowledge.agreements.rules import marking_of
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, VerifiedHeader
from tipbridge.sharing.exchange.told import release_label
from tipbridge.sharing.exchange.trusting import checking
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.consent import rules, signed, store
from tipbridge.sharing.referral.consent.messages import marks_of, marks_said
from tipbridge.sharing.referral.consent.model import (
    Aim,
    Answer,
    Ask,
    Bound,
    Consent,
    CourtLeave,
    Hold,
    Mark,
    Use,
)
from tipbridge.sharing.referral.consent.signed import SignedLeave
from tipbridge.sharing.referral.errors import LeaveNotProven, NoCourtLeave
from tipbridge.sharing.referral.messages import GRANTED_MARKS
from tipbridge.sharing.referral.model import Referral, SourceContent

_STRICT = (Leave.NEVER, Leave.CONSENT, Leave.GRANTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What binds received material on its way on; `onward` is None for own material."""

    inherited: Marking = UNMARKED
    onward: Onward | None = None
    consents: tuple[Consent, ...] = ()

    def bind(self, facts: ReleaseFacts) -> ReleaseFacts:
        """The facts of a release with what binds it."""
        return replace(facts, inherited=self.inherited, onward=self.onward)


def passing_on(work: Work, referral: Referral, content: SourceContent) -> Passing:
    """What binds a referral's content: every earlier sender's marks, and the leave given to this."""
    if content.passes_on is None or referral.source is None:
        return Passing(inherited=content.grading)
    received = referral_store.referral_by_package(work.db, content.passes_on)
    assert received is not None
    said = rules.sent_for(marks_of(content.marks, content.senders), content.purposes)
    marks = _with_basis(work, received.basis, said)
    aim = Aim(use=Use.ONWARD, recipient=referral.peer_id, purpose=referral.purpose)
    bound = rules.bound_by(marks, Use.ONWARD, aim.purpose)
    kept = store.consents_of(work.db, received.id) if bound.nodes else []
    found = rules.granted(proven(work, kept), bound, aim, work.now)
    allowed = rules.classes(found.values())
    leave = Leave.NEVER if bound.never else Leave.CONSENT if bound.nodes else Leave.GRANTED
    return Passing(
        inherited=rules.inherited(marks),
        onward=Onward(
            leave=leave,
            consented=bool(bound.nodes) and set(found) == set(bound.nodes),
            outside=rules.outside((item.part for item in content.received), allowed),
            other_purpose=bound.other_purpose,
        ),
        consents=tuple(found[node] for node in bound.nodes if node in found),
    )


def marks_on(work: Work, referral: Referral) -> tuple[Mark, ...]:
    """How a received referral was marked on its road, in road order."""
    parts = referral_store.parts_of(work.db, referral.id)
    senders = referral_store.senders_of(work.db, referral.id)
    return _with_basis(work, referral.basis, marks_of(parts, senders))


def bond(work: Work, referral: Referral, aim: Aim) -> Bound:
    """Whose leave this node needs to do this with a received referral."""
    marks = marks_on(work, referral)
    if aim.use is Use.COURT or referral.package_id is None:
        return rules.bound_by(marks, aim.use)
    header = exchange.received_header(work, referral.package_id)
    purposes = (statement.purpose for statement in header.statements)
    return rules.bound_by(rules.sent_for(marks, purposes), aim.use, aim.purpose)


def for_named_only(work: Work, basis: Basis | None, header: VerifiedHeader) -> bool:
    """Whether what a package brings is for named recipients only. Source: TLP:RED, by anybody on its road."""
    senders = [statement.sender for statement in header.statements]
    return rules.inherited(_with_basis(work, basis, marks_of(header.parts, senders))).tlp is Tlp.RED


def named_only(work: Work, referral: Referral) -> bool:
    """The same of a received referral."""
    return rules.inherited(marks_on(work, referral)).tlp is Tlp.RED


def named_only_told(work: Work, basis: Basis | None, parts: Iterable[Part]) -> bool:
    """The same by what is told of it alone, for who can't open the referral."""
    return rules.inherited(_with_basis(work, basis, _marks_told(parts))).tlp is Tlp.RED


def acting_bond(work: Work, referral_id: str) -> Hold | None:
    """What of a received referral forbids that others learn or notice of it; None when nothing does.

    Shape: of whichever sender on its road, and of the agreement as it is held here.
    Errors: NotFound for one that the actor may not see.
    """
    referral = referral_store.referral_by_id(work.db, referral_id)
    if referral is None:
        raise NotFound("referral", referral_id)
    return rules.held_by(marks_on(work, referral))


def acting_bond_told(work: Work, basis: Basis | None, parts: Iterable[Part]) -> Hold | None:
    """The same by what is told of it alone, for who can't open the referral."""
    return rules.held_by(_with_basis(work, basis, _marks_told(parts)))


def _marks_told(parts: Iterable[Part]) -> tuple[Mark, ...]:
    mark = release_label("")
    return marks_said(
        (each.label.removeprefix(mark), each.value) for each in parts if each.label.startswith(mark)
    )


def court_leave(work: Work, referral_id: str) -> CourtLeave:
    """Which parts of a received referral may go into a bundle for a court now.

    Shape: of a referral that the actor may not see nothing may; who sees it can ask for leave.
    """
    referral = referral_store.referral_by_id(work.db, referral_id)
    if referral is None:
        return CourtLeave(may=(), may_not=(), waiting=(), never=True)
    parts = [item.part for item in referral_store.parts_of(work.db, referral_id)]
    consents = store.consents_of(work.db, referral_id)
    return rules.court_leave(parts, marks_on(work, referral), consents, referral.purpose, work.now)


def check_court(work: Work, referral_ids: Iterable[str]) -> None:
    """Whether some of each of these referrals may be used in a bundle for a court now.

    Shape: what a consent does not cover stays out of the bundle; it keeps nothing else out.
    Errors: NoCourtLeave, which names the referral and whose leave is missing.
    """
    for referral_id in referral_ids:
        found = court_leave(work, referral_id)
        if found.never or found.waiting or (found.may_not and not found.may):
            raise NoCourtLeave(
                referral_id, waiting=found.waiting, parts=len(found.may_not), never=found.never
            )


def tellable(
    work: Work, referral_ids: Iterable[str], recipient: str, purpose: Purpose
) -> dict[str, frozenset[DataClass]]:
    """Of each of these referrals, the classes of data of which a peer may learn something now.

    Shape: for an answer that tells a peer, who asks for `purpose`, that something is known here. Of one that is not
    here, was recalled, or is bound without its originators' leave for this peer, nothing.
    """
    held: dict[Basis | None, Agreement | None] = {}
    consents = store.granted_to(work.db, recipient)
    found: dict[str, frozenset[DataClass]] = {}
    for road in store.roads(work.db, sorted(set(referral_ids))):
        if road.basis not in held:
            held[road.basis] = _agreed(work, road.basis)
        *before, last = _joined(held[road.basis], road.marks)
        marks = (*before, replace(last, purpose=road.purpose))
        bound = rules.bound_by(marks, Use.ONWARD, purpose)
        aim = Aim(use=Use.ONWARD, recipient=recipient, purpose=purpose)
        given = rules.granted(consents.get(road.referral_id, ()), bound, aim, work.now)
        missing = set(bound.nodes) - set(given) - {recipient}
        if not bound.never and not missing:
            found[road.referral_id] = rules.classes(given.values())
    return found


def check_leave(work: Work, header: VerifiedHeader) -> None:
    """Whether everyone who passed a referral on brings the leave it needed, and kept its marks.

    Shape: a leave counts as its originator signed it: for this package of its own, this sender,
    this recipient and purpose, at this moment, and every class that was passed on.
    Errors: Invalid, which names who did not; LeaveNotProven, which names whose leave and why.
    """
    senders = [statement.sender for statement in header.statements]
    purposes = [statement.purpose for statement in header.statements]
    marks = rules.sent_for(marks_of(header.parts, senders), purposes)
    failed = rules.unasked(marks)
    if failed is not None:
        raise Invalid(f"{failed} passed this on without its originator's leave, or marked it less.")
    for hop, mark in enumerate(marks[1:], 1):
        for node_id in rules.bound_by(marks[:hop], Use.ONWARD, mark.purpose).nodes:
            why = _unproven(work, header, hop, node_id, mark.leaves)
            if why is not None:
                raise LeaveNotProven(mark.node_id, node_id, why)


def proven(work: Work, consents: Iterable[Consent]) -> list[Consent]:
    """Those that their originator's signature proves now; any other one is asked for again.

    Shape: not one that came before consents were signed, nor one whose key was revoked since.
    """
    return [
        each for each in consents if each.answer is not None and proves(work, each.ask, each.answer)
    ]


def proves(work: Work, ask: Ask, answer: Answer) -> bool:
    """Whether a consent brings its originator's signature under just what it says."""
    if answer.envelope is None:
        return False
    leave = signed_by(work, ask.originator, answer.envelope)
    return leave is not None and signed.says(leave, ask, answer)


def _unproven(
    work: Work, header: VerifiedHeader, hop: int, node_id: str, envelopes: Iterable[str]
) -> str | None:
    """Why none of these is the leave of a node for this hop; the nearest one's reason."""
    found = [leave for each in envelopes if (leave := signed_by(work, node_id, each)) is not None]
    if not found:
        return "nothing that it signed came with this"
    own = next(each for each in header.statements if each.sender == node_id)
    passed_on = header.statements[hop]
    came = _classes_before(header, hop)
    reasons = [signed.lacking(leave, own, passed_on, came) for leave in found]
    return None if None in reasons else reasons[0]


def _classes_before(header: VerifiedHeader, hop: int) -> frozenset[DataClass]:
    """The classes of what came to the sender of a hop from others, without their own marks."""
    marks = {
        (number, release_label(statement.sender))
        for number, statement in enumerate(header.statements)
    }
    return (
        frozenset(
            item.part.data_class
            for item in header.parts
            if item.hop < hop and (item.hop, item.part.label) not in marks
        )
        - rules.ALWAYS
    )


def signed_by(work: Work, node_id: str, envelope: str) -> SignedLeave | None:
    """The leave that a node signed, by a key of it that is pinned here and counts; None otherwise."""
    try:
        data = envelope.encode("ascii")
        card = checking.card_for(work, node_id, data)
        if card is None:
            return None
        return signed.read_leave(verify_envelope(card, signed.CONSENT_TYPE, data))
    except (UnicodeError, IntegrityFailure, Invalid):
        return None


def _with_basis(work: Work, basis: Basis | None, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks, the last one no laxer than what this node itself holds of its basis."""
    if not marks:
        return marks
    return _joined(_agreed(work, basis), marks)


def _agreed(work: Work, basis: Basis | None) -> Agreement | None:
    named = basis is not None and basis.kind is BasisKind.AGREEMENT
    return agreement_held(work, basis.id) if basis is not None and named else None


def _joined(agreed: Agreement | None, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    if agreed is None:
        marking, onward, court = GRANTED_MARKS, Leave.CONSENT, Leave.GRANTED
    else:
        originator = agreed.terms.clauses.originator
        marking, onward, court = marking_of(agreed.terms), originator.onward, originator.court
    last = marks[-1]
    joined = replace(
        last,
        marking=strictest(last.marking, marking),
        onward=min(last.onward, onward, key=_STRICT.index),
        court=min(last.court, court, key=_STRICT.index),
    )
    return (*marks[:-1], joined)
