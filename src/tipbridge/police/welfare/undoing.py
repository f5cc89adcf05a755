"""Verbs on what did not happen: a talk written down by mistake, a promise that can't be kept."""

from collections.abc import Sequence
from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, stating
from tipbridge.police.cases.model import EXPLOITING
from tipbridge.police.welfare import rules, store
from tipbridge.police.welfare.actions import WORKING
from tipbridge.police.welfare.model import ClockStep, Ending, Talk, Welfare
from tipbridge.police.welfare.noting import change_record
from tipbridge.police.welfare.opening import day_of
from tipbridge.police.welfare.records import check_closing, open_record, seen_record


@action("welfare.talk.taken_back", roles=WORKING)
def take_back_talk(work: Work, welfare_id: str, talk_id: str, *, because: str) -> None:
    """Say that a talk was written down by mistake; it stays in the record and counts no more.

    Shape: its day is open again unless another talk meets it, and what was stated of the person
    because of it alone is not known any more. A closed record whose ending asks for the talk is
    open again, its ending kept among the former values.
    Errors: NotFound when the record has no such talk that stands; Invalid without a reason;
    Conflict where the person is out of sight of whom something was stated.
    """
    welfare = seen_record(work, welfare_id)
    why = checks.text("because", because)
    if not store.take_back_talk(
        work.db, welfare.id, talk_id, by=work.actor.id, at=work.now, because=why
    ):
        raise NotFound("talk that stands", talk_id)
    talks = store.talks_of(work.db, welfare.id)
    taken = next(talk for talk in talks if talk.id == talk_id)
    left = [talk for talk in talks if talk.taken_back_at is None]
    _meet_again(work, welfare, taken, left)
    restated = _restate(work, welfare, taken, left)
    reopened = _reopen_untrue(work, welfare)
    facts = {"restated": restated or None, "reopened": reopened or None}
    work.record(welfare.id, case=welfare.case_id, talk=talk_id, **facts)


def _meet_again(work: Work, welfare: Welfare, taken: Talk, left: Sequence[Talk]) -> None:
    step = rules.TALK_CLOCKS[taken.talk_with]
    store.unmeet_clock(work.db, welfare.id, step)
    for talk in left:  # the oldest first, and the first day stands
        if talk.talk_with is taken.talk_with:
            store.meet_clocks(work.db, welfare.id, {step: talk.on})


def _reopen_untrue(work: Work, welfare: Welfare) -> bool:
    """Open a closed record again whose ending asked for what is not so; says whether it did."""
    if welfare.ending is None or welfare.ending is Ending.NOT_A_MINOR:
        return False
    try:
        check_closing(work, welfare, welfare.ending)
    except Conflict:
        change_record(work, welfare, replace(welfare, ending=None, closed_at=None))
        store.unmeet_clock(work.db, welfare.id, ClockStep.REVIEW)
        return True
    return False


def _restate(work: Work, welfare: Welfare, taken: Talk, left: Sequence[Talk]) -> bool:
    if taken.why not in EXPLOITING:
        return False
    try:
        said = [talk.why for talk in left if talk.why is not None]
        return stating.restate_from_talks(work, welfare.person_id, said)
    except NotFound:
        raise Conflict(
            "What this talk said may be stated of the person: let somebody take it back who sees"
            " the case."
        ) from None


@action("welfare.follow_up.dropped", roles=WORKING)
def drop_follow_up(work: Work, welfare_id: str, follow_id: str, *, because: str) -> None:
    """Say that something promised won't be done, and why; it stays in the record.

    Errors: NotFound when the record has no such open follow-up; Invalid without a reason; Conflict
    when closed.
    """
    welfare = open_record(work, welfare_id)
    why = checks.text("because", because)
    today = day_of(work, welfare.jurisdiction)
    if not store.drop_follow_up(
        work.db, welfare.id, follow_id, by=work.actor.id, on=today, because=why
    ):
        raise NotFound("open follow-up", follow_id)
    work.record(welfare.id, case=welfare.case_id, follow_up=follow_id)
