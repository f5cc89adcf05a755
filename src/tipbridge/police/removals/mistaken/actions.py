"""Verbs on mistakes: say that what was recorded of a place is not so."""

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.removals import store as removals
from tipbridge.police.removals.actions import WORKING, removal_seen
from tipbridge.police.removals.mistaken import rules, store
from tipbridge.police.removals.mistaken.model import Mistake
from tipbridge.police.removals.model import Removal, RemovalStep


@action("removals.entry.taken-back", roles=WORKING)
def take_back(work: Work, removal_id: str, entry_id: str, *, because: str) -> str:
    """Say that a state, check or reply, or the place, was recorded by mistake; gives the case's id.

    Shape: it stays in the history with the reason, and counts nowhere; a state goes with the
    check or reply that showed it. What was recorded last is taken back first, and the place has
    the state that it had before; it is looked at again at once. With the place's own id the place
    itself goes, whatever its state; whoever names its address again brings it back.
    Errors: NotFound; Invalid without a reason; Conflict for what was taken back, or while a later
    state stands.
    """
    removal = removal_seen(work, removal_id)
    mistake = Mistake(at=work.now, by=work.actor.id, because=checks.text("because", because))
    if entry_id == removal.id:
        return _take_back_place(work, removal, mistake)
    steps = removals.steps_of(work.db, removal.id)
    step = rules.step_of(steps, entry_id)
    _refuse_twice(work, removal, step, entry_id)
    if step is None:
        store.take_back_cause(work.db, entry_id, mistake)
    else:
        rules.check_newest(steps, step)
        _undo(work, removal, steps, step, mistake)
    work.record(removal.case_id, removal=removal.id, entry=entry_id)
    return removal.case_id


def _take_back_place(work: Work, removal: Removal, mistake: Mistake) -> str:
    if removal.mistake is not None:
        raise Conflict("This was taken back already.")
    store.take_back_place(work.db, removal.id, mistake)
    work.emit(
        "removals.state.mistaken",
        case_id=removal.case_id,
        removal_id=removal.id,
        said_at=removal.noted_at.isoformat(),
    )
    work.record(removal.case_id, removal=removal.id, entry=removal.id)
    return removal.case_id


def _refuse_twice(work: Work, removal: Removal, step: RemovalStep | None, entry_id: str) -> None:
    noted = [*removals.checks_of(work.db, removal.id), *removals.replies_of(work.db, removal.id)]
    entry = step or next((each for each in noted if each.id == entry_id), None)
    if entry is None:
        raise NotFound("entry of this place", entry_id)
    if entry.mistake is not None:
        raise Conflict("This was taken back already.")


def _undo(
    work: Work, removal: Removal, steps: list[RemovalStep], step: RemovalStep, mistake: Mistake
) -> None:
    store.take_back_step(work.db, step.id, mistake)
    if step.cause_id is not None:
        store.take_back_cause(work.db, step.cause_id, mistake)
    state, changed_at = rules.state_without(removal, steps, step)
    removals.set_state(work.db, removal.id, state, changed_at=changed_at, again_at=work.now)
    work.emit(
        "removals.state.mistaken",
        case_id=removal.case_id,
        removal_id=removal.id,
        said_at=step.at.isoformat(),
    )
