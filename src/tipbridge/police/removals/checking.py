"""Verbs on checks: look again at each place whose host is on the list, and ask its status only."""

from datetime import timedelta

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.actions import WORKING, change_state, removal_standing
from tipbridge.police.removals.asking import Answer, Asker, PinnedPlace, Refused, asker_of
from tipbridge.police.removals.hosting import store as host_store
from tipbridge.police.removals.model import (
    Check,
    CheckOutcome,
    Removal,
    RemovalState,
    StepSource,
)
from tipbridge.police.removals.moving import follow
from tipbridge.police.removals.places import host_of, split_web
from tipbridge.police.removals.tasks import ask_staff

WOKEN_FOR = timedelta(hours=1)


@action("removals.checks.woken", system=True, idle=True)
def wake_checks(work: Work) -> int:
    """Enqueue the places to look at whose host is on the list."""
    found = store.due_checks(work.db, work.now, work.now + WOKEN_FOR)
    for removal_id in found:
        work.emit("removals.check.due", removal_id=removal_id)
    if found:
        work.record("all", count=len(found))
    return len(found)


@action("removals.place.checked", system=True, idle=True)
def check_due(work: Work, *, removal_id: str) -> int:
    """Look at a place; 0 when somebody else is at it."""
    removal = store.take_removal(work.db, removal_id)
    if removal is None or removal.mistake is not None:
        return 0
    check = _checked(work, removal, asker_of(work.node))
    work.record(removal.case_id, removal=removal.id, outcome=check.outcome, status=check.status)
    return 1


@action("removals.place.looked_at", roles=WORKING)
def check_now(work: Work, removal_id: str, *, case_id: str | None = None) -> Check:
    """Look at a place now, if its host is on the list; otherwise that is what is written down.

    Shape: with `case_id`, only at a place of that very case; no host is asked otherwise.
    Errors: NotFound.
    """
    removal = removal_standing(work, removal_id, case_id)
    check = _checked(work, removal, asker_of(work.node))
    work.record(removal.case_id, removal=removal.id, outcome=check.outcome, status=check.status)
    return check


def _checked(work: Work, removal: Removal, asker: Asker) -> Check:
    """Ask, write down what came, change the state if it shows another, and say when next."""
    outcome, answer = _ask(work, removal, asker)
    earlier = [each for each in store.checks_of(work.db, removal.id) if each.mistake is None]
    state, contradicts = rules.state_after_check(removal.state, outcome, earlier)
    check = Check(
        id=work.ids.new(),
        removal_id=removal.id,
        at=work.now,
        outcome=outcome,
        status=answer.status,
        contradicts=contradicts,
    )
    store.insert_check(work.db, check, removal.case_id)
    if contradicts:
        ask_staff(work, removal.case_id, TaskKind.PLACE_CONTRADICTED, removal.address)
    if state is not None:
        change_state(work, removal, state, StepSource.CHECK, cause_id=check.id)
        if state is RemovalState.MOVED:
            follow(work, removal, answer.location)
    else:
        again_at = rules.next_check(
            removal.state,
            noted_at=removal.noted_at,
            changed_at=removal.changed_at,
            now=work.now,
        )
        store.look_again(work.db, removal.id, again_at)
    return check


def _ask(work: Work, removal: Removal, asker: Asker) -> tuple[CheckOutcome, Answer]:
    place = place_to_ask(work, removal, asker)
    if isinstance(place, CheckOutcome):
        return place, Answer(status=None)
    answer = asker.head(place)
    if answer.status is None:
        return answer.outcome or CheckOutcome.SILENT, answer
    return rules.outcome_of_status(answer.status), answer


def place_to_ask(work: Work, removal: Removal, asker: Asker) -> PinnedPlace | CheckOutcome:
    """The place that may be asked, or why none is: its host must be on the list, no mark hold it."""
    if removal.held_by is not None:
        return CheckOutcome.HELD
    host = host_store.host_by_name(work.db, removal.host)
    if host is None or not host.may_check:
        return CheckOutcome.NOT_ALLOWED
    parts = split_web(store.exact_address(work.db, removal.id))
    if parts is None:
        return CheckOutcome.NOT_AN_ADDRESS
    if host_of(parts) != removal.host:
        return CheckOutcome.NOT_ALLOWED
    place = asker.pin(parts)
    return place.outcome if isinstance(place, Refused) else place
