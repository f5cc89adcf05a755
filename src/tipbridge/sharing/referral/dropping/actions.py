"""The verb that sets a prepared referral aside."""

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.referral import asking, store
from tipbridge.sharing.referral.actions import SENDERS, to_send
from tipbridge.sharing.referral.model import RequestState

_WAITS = (RequestState.OPEN, RequestState.GRANTED)
_MOST = 2000


@action("referral.referral.dropped", roles=SENDERS)
def drop_referral(work: Work, referral_id: str, *, reason: str) -> None:
    """Set a referral aside of which nothing left; another one of the same to the same peer may be prepared.

    Shape: its decisions stay and are replayed; who was asked for leave is told that nobody waits for
    it any more, and not why: the reason stays here.
    Errors: NotFound; Conflict once it was released, which is recalled instead, or was dropped;
    Invalid without a reason.
    """
    referral = to_send(work, referral_id)
    said = _reason(reason)
    store.drop(work.db, referral_id, said)
    asked = [each for each in store.requests_of(work.db, referral_id) if each.state in _WAITS]
    for request in asked:
        asking.take_back_question(work, request, said)
    work.record(referral_id, peer=referral.peer_id, was=referral.state.value, requests=len(asked))


def _reason(said: str) -> str:
    if not said.strip() or len(said) > _MOST or "\0" in said:
        raise Invalid(f"A referral is set aside with a reason of 1 to {_MOST} characters.")
    return said.strip()
