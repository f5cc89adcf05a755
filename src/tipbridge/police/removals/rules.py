"""Which state of a removal may follow which."""

from collections.abc import Mapping

from tipbridge.foundation.base.errors import Conflict
from tipbridge.police.removals.model import RemovalState

_NEXT: Mapping[RemovalState, frozenset[RemovalState]] = {
    # Material may vanish before anybody is asked.
    RemovalState.KNOWN: frozenset({RemovalState.NOTICE_SENT, RemovalState.REMOVED}),
    RemovalState.NOTICE_SENT: frozenset(
        {RemovalState.NOTICE_SENT, RemovalState.REMOVED, RemovalState.REFUSED}
    ),
    RemovalState.REFUSED: frozenset({RemovalState.NOTICE_SENT, RemovalState.REMOVED}),
    RemovalState.REMOVED: frozenset({RemovalState.REAPPEARED}),
    RemovalState.REAPPEARED: frozenset({RemovalState.NOTICE_SENT, RemovalState.REMOVED}),
}


def next_states(state: RemovalState) -> tuple[RemovalState, ...]:
    """What may be recorded next, in the order of the road."""
    return tuple(each for each in RemovalState if each in _NEXT[state])


def check_change(state: RemovalState, target: RemovalState) -> None:
    """Refuse a step that cannot be.

    Errors: Conflict naming what may follow.
    """
    if target not in _NEXT[state]:
        allowed = ", ".join(next_states(state))
        raise Conflict(f"After {state} comes one of: {allowed}.")
