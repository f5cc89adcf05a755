"""The days of a referral as it is released or received, and its receiver's word of their end."""

from datetime import datetime

from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.sharing.exchange.model import Basis, BasisKind
from tipbridge.sharing.referral.keeping import store
from tipbridge.sharing.referral.keeping.rules import days_of
from tipbridge.sharing.referral.life.model import Saying, Word
from tipbridge.sharing.referral.model import Referral


def note_days(work: Work, referral_id: str, basis: Basis | None, sent_at: datetime) -> None:
    """Keep the days that the version of the agreement sets which covered a release."""
    if basis is None or basis.kind is not BasisKind.AGREEMENT:
        return
    agreement = agreement_held(work, basis.id)
    days = None if agreement is None else days_of(agreement.terms.clauses, sent_at)
    if days is not None:
        store.insert_days(work.db, referral_id, basis.id, days)


def note_word(work: Work, referral: Referral, saying: Saying) -> None:
    """Keep what the receiver of a sent referral signed of its end; another node's word is not its."""
    if saying.node_id != referral.peer_id:
        return
    if saying.word is Word.DELETED:
        store.mark_ended(work.db, referral.id, saying.at)
    elif saying.word is Word.KEPT_BY_LAW:
        store.mark_held(work.db, referral.id, saying.at)
