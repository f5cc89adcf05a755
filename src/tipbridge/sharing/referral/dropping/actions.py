"""The verb that sets a prepared referral aside."""

from tipbridge.foundation.work import Work, action
from tipbridge.sharing.referral import store
from tipbridge.sharing.referral.actions import SENDERS, to_send
from tipbridge.sharing.referral.model import State


@action("referral.referral.dropped", roles=SENDERS)
def drop_referral(work: Work, referral_id: str) -> None:
    """Set a referral aside of which nothing left; another one of the same to the same peer may be prepared.

    Shape: its decisions stay and are replayed; who was asked for leave may still answer.
    Errors: NotFound; Conflict once it was released, which is recalled instead, or was dropped.
    """
    referral = to_send(work, referral_id)
    store.set_state(work.db, referral_id, State.DROPPED)
    work.record(referral_id, peer=referral.peer_id, was=referral.state.value)
