"""How a received referral was released, in its senders' own words; for the actions of other rooms."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import store
from tipbridge.sharing.referral.model import Referral, Source, SourceKind
from tipbridge.sharing.referral.replaying import store as decisions
from tipbridge.sharing.referral.replaying.keeping import approvers_of
from tipbridge.sharing.referral.replaying.model import KeptDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDecision:
    """A decision of this node's to pass a referral on or not, and who approved what left."""

    recipient: str
    kept: KeptDecision
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTold:
    """By which statements a referral came, and what was decided here of passing it on.

    Shape: `hops` are each sender's statement and card as it signed them, oldest first.
    """

    referral_id: str
    package_id: str
    hops: tuple[tuple[bytes, bytes], ...]
    decisions: tuple[OwnDecision, ...]


def releases_told(work: Work, referral_ids: Sequence[str]) -> list[ReleaseTold]:
    """How each received referral was released, in this order.

    Errors: NotFound for one that the actor does not see, and once its package was erased.
    """
    return [_told(work, each) for each in referral_ids]


def _told(work: Work, referral_id: str) -> ReleaseTold:
    referral = store.referral_by_id(work.db, referral_id)
    if referral is None or referral.package_id is None:
        raise NotFound("referral", referral_id)
    source = Source(kind=SourceKind.REFERRAL, id=referral.id)
    return ReleaseTold(
        referral_id=referral.id,
        package_id=referral.package_id,
        hops=exchange.received_hops(work, referral.package_id),
        decisions=tuple(
            decision
            for passed_on in store.referrals_of_source(work.db, source)
            for decision in _decisions(work, passed_on)
        ),
    )


def _decisions(work: Work, passed_on: Referral) -> list[OwnDecision]:
    return [
        OwnDecision(recipient=passed_on.peer_id, kept=kept, people=approvers_of(work, kept))
        for kept in decisions.decisions_of(work.db, passed_on.id)
    ]
