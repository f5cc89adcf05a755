"""Keep a decision with everything it was made from, in the transaction that made it."""

import hashlib

from tipbridge.foundation.access.approvals.store import Bound, people_of
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange.outgoing import forgetting
from tipbridge.sharing.referral.model import Referral
from tipbridge.sharing.referral.releasing import RELEASE, Judged, bound_to
from tipbridge.sharing.referral.replaying import store
from tipbridge.sharing.referral.replaying.inputs import SALT_BYTES, inputs_bytes, result_document
from tipbridge.sharing.referral.replaying.model import KeptDecision, Moment


def keep_decision(
    work: Work, referral: Referral, judged: Judged, *, package_id: str | None = None
) -> KeptDecision:
    """Keep what was decided: result, inputs sealed, their digest, who decided, what was bound."""
    data = inputs_bytes(judged.inputs, work.ids.random_bytes(SALT_BYTES))
    key_id = judged.content.key_id or _own_key(work, referral)
    kept = KeptDecision(
        id=work.ids.new(),
        referral_id=referral.id,
        moment=Moment.DECIDED if package_id is None else Moment.RELEASED,
        decided_at=work.now,
        decided_by=work.actor.id,
        rule_version=judged.decision.rule_version,
        key_id=key_id,
        inputs=work.node.vault.seal_words(key_id, data),
        inputs_sha256=hashlib.sha256(data).hexdigest(),
        result=result_document(judged.decision),
        content_sha256=bound_to(referral, judged).content_sha256 if judged.basis else None,
        package_id=package_id,
    )
    store.insert_decision(work.db, kept)
    return kept


def approvers_of(work: Work, kept: KeptDecision) -> tuple[str, ...]:
    """Who approved exactly what was bound when this was decided."""
    if kept.content_sha256 is None:
        return ()
    bound = Bound(kind=RELEASE, subject=kept.referral_id, content_sha256=kept.content_sha256)
    return tuple(sorted(people_of(work.db, bound)))


def _own_key(work: Work, referral: Referral) -> str:
    """The key of a referral whose source has none: a lead on own grounds."""
    key_id, vault = f"decisions-{referral.id}", work.node.vault
    if not vault.has_key(key_id):
        vault.create_key(key_id)
        work.on_rollback(forgetting(vault, key_id))
    return key_id
