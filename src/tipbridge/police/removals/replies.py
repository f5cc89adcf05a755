"""Keep what a host answered, however the answer came; for this room's actions."""

from tipbridge.foundation.work import Work
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.actions import change_state
from tipbridge.police.removals.model import Removal, Reply, StepSource


def keep_reply(work: Work, removal: Removal, reply: Reply) -> bool:
    """Write a reply down; what it says was done is looked at by the next check.

    Shape: False for one that was written down before; that changes nothing.
    """
    if not store.insert_reply(work.db, reply, removal.case_id):
        return False
    said = rules.state_after_reply(removal.state, reply.kind)
    if said is not None:
        change_state(work, removal, said, StepSource.REPLY, cause_id=reply.id)
        store.look_again(work.db, removal.id, work.now)
    return True
