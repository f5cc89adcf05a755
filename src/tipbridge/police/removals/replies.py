"""Keep what a host answered, however the answer came; for this room's actions."""

from datetime import datetime

from tipbridge.foundation.work import Work
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.actions import change_state
from tipbridge.police.removals.compared import store as compared
from tipbridge.police.removals.dated import known_until
from tipbridge.police.removals.model import Removal, RemovalState, Reply, ReplyKind, StepSource
from tipbridge.police.removals.tasks import ask_staff

_FOR_STAFF = frozenset({ReplyKind.REFUSED, ReplyKind.ASKS_MORE})


def keep_reply(work: Work, removal: Removal, reply: Reply) -> bool:
    """Write a reply down; what it says was done is looked at by the next check.

    Shape: False for one that was written down before; that changes nothing. One that is older
    than what is known of the place otherwise changes no state.
    """
    if not store.insert_reply(work.db, reply, removal.case_id):
        return False
    said = rules.state_after_reply(removal.state, reply.kind)
    if said is not None:
        if reply.at >= known_since(work, removal, said):
            change_state(work, removal, said, StepSource.REPLY, cause_id=reply.id, at=reply.at)
        store.look_again(work.db, removal.id, work.now)
    return True


def known_since(work: Work, removal: Removal, state: RemovalState) -> datetime:
    """From when on a state may hold that is told now."""
    checks = store.checks_of(work.db, removal.id)
    return known_until(removal, state, checks, compared.comparisons_of(work.db, removal.id))


def keep_arrived(work: Work, removal: Removal, reply: Reply, *, in_words: bool = False) -> bool:
    """The same for an answer that nobody of staff wrote down: a task where it asks for a person.

    Shape: a refusal, a question, and, with `in_words`, a text that only a person understands.
    """
    fresh = keep_reply(work, removal, reply)
    if fresh and (reply.kind in _FOR_STAFF or in_words):
        ask_staff(work, removal.case_id, TaskKind.HOST_ANSWERED, removal.address)
    return fresh
