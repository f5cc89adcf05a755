"""Pure decisions about referrals: by which right, with which parts, in which state."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from tipbridge.knowledge.agreements.clauses import Extent
from tipbridge.knowledge.agreements.decisions import (
    Refusal,
    ReleaseDecision,
    ReleaseFacts,
    decision_document,
)
from tipbridge.knowledge.agreements.markings import strictest
from tipbridge.knowledge.agreements.model import (
    CASE_BY_CASE,
    Agreement,
    CoveredOffence,
    GrantedRequest,
    Part,
)
from tipbridge.knowledge.agreements.rules import (
    decide_release,
    decide_request_release,
    marking_of,
)
from tipbridge.sharing.exchange.model import Basis, BasisKind, OutboxState, SaltedPart
from tipbridge.sharing.referral.model import State

SETTLED: Mapping[OutboxState, State] = {
    OutboxState.DELIVERED: State.DELIVERED,
    OutboxState.REFUSED: State.REFUSED,
    OutboxState.LAPSED: State.LAPSED,
}
"""What the end of a package's journey means for its referral."""
DECIDABLE = frozenset({State.DRAFT, State.ALLOWED, State.DENIED})
"""States in which a release may be decided, again if need be: nothing has left yet."""

Decided = tuple[ReleaseDecision, Basis | None, str | None]
"""A decision, the right it rests on and the channel's name; the last two unless denied."""


NEARER = (
    Refusal.NO_AGREEMENT,
    Refusal.OTHER_SENDER,
    Refusal.OTHER_RECEIVER,
    Refusal.OTHER_PURPOSE,
    Refusal.OFFENCE_UNKNOWN,
    Refusal.OFFENCE_NOT_COVERED,
    Refusal.REPLACED,
    Refusal.LAPSED,
    Refusal.NOT_YET_VALID,
    Refusal.NOT_SIGNED,
    Refusal.SUSPENDED,
    Refusal.EXCLUDED_CRIME,
    Refusal.NOT_CRIMINAL_IN_BOTH,
    Refusal.DUAL_CRIMINALITY_UNKNOWN,
    Refusal.PENALTY_TOO_LOW,
    Refusal.PENALTY_UNKNOWN,
    Refusal.HIT_OR_NO_HIT_ONLY,
    Refusal.DESK_NOT_NAMED,
    Refusal.OTHER_DELIVERY,
    Refusal.OTHER_OCCASION,
    Refusal.NO_WELFARE_CONTACT,
    Refusal.NO_CONSENT_TO_PURPOSE,
    Refusal.NO_ONWARD_CONSENT,
)
"""Refusals from far to near: what can be mended by asking, or by another way, comes last."""
_OF_A_GRANT = "request:"


def decide(
    agreements: Iterable[Agreement],
    granted: Iterable[GrantedRequest],
    parts: Iterable[Part],
    facts: ReleaseFacts,
    at: datetime,
    *,
    keyed: Mapping[str, Iterable[Part]] | None = None,
) -> Decided:
    """May these parts be released, and by what right: an agreement, or a granted request.

    Shape: once something of the source has gone to the peer, a granted request comes first,
    and only by one may a name follow: a standing agreement sends it never later than first.
    Of several agreements or grants the first by name that lets anything leave, in whatever order
    they come. With neither, the decision names the refusal that came closest to allowing it, the first
    by name of several as close. `keyed`
    are further parts under one agreement alone, by its name: hashes under its own key.
    """
    found, first = list(parts), replace(facts, first_release=True)
    agreements = sorted(agreements, key=lambda each: each.sha256)
    own = keyed or {}
    by_agreement = [
        (
            decide_release(agreement, [*found, *own.get(agreement.sha256, ())], first, at),
            Basis(kind=BasisKind.AGREEMENT, id=agreement.sha256),
            agreement.channel,
        )
        for agreement in agreements
    ]
    by_request = [
        (
            decide_request_release(request, found, facts, at),
            Basis(kind=BasisKind.REQUEST, id=request.request_id),
            CASE_BY_CASE,
        )
        for request in sorted(granted, key=lambda each: each.request_id)
    ]
    ways = by_agreement + by_request if facts.first_release else by_request + by_agreement
    for decided in ways:
        if decided[0].allowed:
            return decided
    if not ways:
        return decide_release(None, found, first, at), None, None
    speaking = {each.sha256 for each in agreements if speaks_of(each, facts.offences)}
    return max((way[0] for way in ways), key=lambda each: _nearness(each, speaking)), None, None


def _nearness(refused: ReleaseDecision, speaking: Collection[str]) -> tuple[bool, int]:
    """How close a denial came: by what speaks of these offences before all, then by what it failed of."""
    speaks = refused.basis in speaking or refused.basis.startswith(_OF_A_GRANT)
    refusal = refused.refusal
    return speaks, len(NEARER) if refusal is None else NEARER.index(refusal)


def speaks_of(agreement: Agreement, offences: Collection[CoveredOffence]) -> bool:
    """Whether a releasing agreement covers, or shuts out, any of these offences."""
    terms = agreement.terms
    named = terms.offences | terms.clauses.subject.excluded
    hits = terms.clauses.mode.extent is Extent.HIT_NO_HIT
    return not hits and bool(named & set(offences))


def bound_by(granted: GrantedRequest, agreement: Agreement) -> GrantedRequest:
    """A grant under an agreement that covers the same: it lets out nothing that one holds back.

    Shape: a class by the agreement's own rule, and only if the grant has it too.
    """
    own, given = agreement.terms, granted.terms
    marks = strictest(marking_of(own), marking_of(given))
    older = max(own.minimum_age, given.minimum_age, key=lambda age: age.years)
    terms = replace(
        given,
        rules={each: own.rules[each] for each in given.rules if each in own.rules},
        tlp=marks.tlp,
        handling=tuple(sorted(marks.handling)),
        valid_to=min(filter(None, (own.valid_to, given.valid_to))),
        minimum_age=older,
        clauses=own.clauses,
    )
    return replace(granted, terms=terms)


def same_decision(kept: Mapping[str, object] | None, decision: ReleaseDecision) -> bool:
    """Whether a decision made now equals the kept one, but for the time it was made."""
    if kept is None:
        return False
    now = decision_document(decision)
    return {**kept, "decided_at": None} == {**now, "decided_at": None}


def released_own(parts: Iterable[Part], decision: ReleaseDecision) -> list[Part]:
    """The own parts that may leave."""
    allowed = set(decision.released)
    return [part for part in parts if part.label in allowed]


def released_received(parts: Iterable[SaltedPart], decision: ReleaseDecision) -> list[SaltedPart]:
    """The received parts that may go on, with the salts they came with."""
    allowed = set(decision.released)
    return [item for item in parts if item.part.label in allowed]
