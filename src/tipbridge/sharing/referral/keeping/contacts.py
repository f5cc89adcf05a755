"""Whom the agreements that covered referrals name to call for a child's welfare."""

from collections.abc import Iterable

from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.sharing.exchange.model import BasisKind
from tipbridge.sharing.referral import store


def welfare_contacts(work: Work, referral_ids: Iterable[str]) -> tuple[str, ...]:
    """The contacts, each once; of a referral that the actor may not see, none."""
    found: dict[str, None] = {}
    for referral_id in referral_ids:
        referral = store.referral_by_id(work.db, referral_id)
        basis = None if referral is None else referral.basis
        if basis is None or basis.kind is not BasisKind.AGREEMENT:
            continue
        agreement = agreement_held(work, basis.id)
        contact = None if agreement is None else agreement.terms.clauses.minors.welfare_contact
        if contact is not None:
            found[contact] = None
    return tuple(found)
