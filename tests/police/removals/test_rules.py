"""Which state of a removal may follow which."""

import pytest

from tipbridge.foundation.base.errors import Conflict
from tipbridge.police.removals.model import RemovalState
from tipbridge.police.removals.rules import check_change, next_states


@pytest.mark.parametrize("state", RemovalState)
def test_every_state_leads_on_and_only_where_it_says(state: RemovalState) -> None:
    assert next_states(state)
    for target in RemovalState:
        if target in next_states(state):
            check_change(state, target)
        else:
            with pytest.raises(Conflict):
                check_change(state, target)


def test_only_what_was_removed_can_reappear() -> None:
    before = [s for s in RemovalState if RemovalState.REAPPEARED in next_states(s)]
    assert before == [RemovalState.REMOVED]


def test_nothing_becomes_merely_known_again() -> None:
    assert all(RemovalState.KNOWN not in next_states(state) for state in RemovalState)
