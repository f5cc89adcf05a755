"""Pure decisions about referrals: by which right, with which parts, in which state."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from tipbridge.knowledge.agreements.decisions import (
    ReleaseDecision,
    ReleaseFacts,
    decision_document,
)
from tipbridge.knowledge.agreements.model import CASE_BY_CASE, Agreement, GrantedRequest, Part
from tipbridge.knowledge.agreements.rules import decide_release, decide_request_release
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


def decide(
    agreements: Iterable[Agreement],
    granted: Iterable[GrantedRequest],
    parts: Iterable[Part],
    facts: ReleaseFacts,
    at: datetime,
) -> Decided:
    """May these parts be released, and by what right: an agreement first, then a request.

    Shape: with neither, the decision names the refusal that came closest to allowing it.
    """
    found = list(parts)
    refused: ReleaseDecision | None = None
    for agreement in agreements:
        decision = decide_release(agreement, found, facts, at)
        if decision.allowed:
            basis = Basis(kind=BasisKind.AGREEMENT, id=agreement.sha256)
            return decision, basis, agreement.channel
        refused = refused or decision
    for request in granted:
        decision = decide_request_release(request, found, facts, at)
        if decision.allowed:
            return decision, Basis(kind=BasisKind.REQUEST, id=request.request_id), CASE_BY_CASE
        refused = refused or decision
    return refused or decide_release(None, found, facts, at), None, None


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
