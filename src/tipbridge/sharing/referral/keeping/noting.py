"""The days of a referral as it is released or received, and its receiver's word of their end."""

from datetime import datetime

from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.sharing.exchange.model import Basis, BasisKind, VerifiedHeader
from tipbridge.sharing.exchange.told import release_label
from tipbridge.sharing.referral.keeping import store
from tipbridge.sharing.referral.keeping.model import Days
from tipbridge.sharing.referral.keeping.rules import days_of, days_said, strictest
from tipbridge.sharing.referral.life.model import Saying, Word
from tipbridge.sharing.referral.model import Referral, SourceKind


def note_received(work: Work, referral_id: str, basis: Basis, header: VerifiedHeader) -> None:
    """Keep the days of what came: the earliest that any sender of its road set from its own release.

    Shape: the last sender's by the agreement as it is held here too, whatever its mark says; a clock
    that is ahead lets nothing be kept longer than from now.
    """
    said = {(item.hop, item.part.label): item.part.value for item in header.parts}
    road = [
        days_said(said.get((hop, release_label(each.sender))), min(each.sent_at, work.now))
        for hop, each in enumerate(header.statements)
    ]
    agreed = _agreed(work, basis, min(header.statements[-1].sent_at, work.now))
    _keep(work, referral_id, basis, strictest([*road, agreed]))


def note_released(work: Work, referral: Referral, sent_at: datetime) -> None:
    """Keep the days of what is released: those of its agreement, and of what it passes on."""
    assert referral.basis is not None
    passed_on = None
    if referral.source is not None and referral.source.kind is SourceKind.REFERRAL:
        kept = store.kept_of(work.db, referral.source.id)
        passed_on = None if kept is None else kept.days
    agreed = _agreed(work, referral.basis, sent_at)
    _keep(work, referral.id, referral.basis, strictest([passed_on, agreed]))


def _agreed(work: Work, basis: Basis, sent_at: datetime) -> Days | None:
    named = basis.kind is BasisKind.AGREEMENT
    agreement = agreement_held(work, basis.id) if named else None
    return None if agreement is None else days_of(agreement.terms.clauses, sent_at)


def _keep(work: Work, referral_id: str, basis: Basis, days: Days | None) -> None:
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
