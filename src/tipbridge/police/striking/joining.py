"""Verb on two records of one human in a case."""

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import acts, checks, seeing
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.seeing import WORKING
from tipbridge.police.cases.struck import reading
from tipbridge.police.cases.struck.model import PersonStrike
from tipbridge.police.cases.struck.uniting import one_of
from tipbridge.police.striking import rules
from tipbridge.police.striking.actions import close_asked, standing_on
from tipbridge.police.welfare import mistaken
from tipbridge.police.welfare.model import Ending


@action("cases.people.joined", roles=WORKING)
def join_people(
    work: Work, case_id: str, person_id: str, *, other: str, because: str
) -> PersonStrike:
    """Say that two records of a case are one human: the first is kept and has what either knew.

    Shape: the other one is struck out and stays readable with all it said; referrals, demands,
    notes, favours and the defence's requests about it are about the kept one. Births that exclude
    each other make a range over both. Restoring the other parts the two again.
    Errors: NotFound; StruckOut; Invalid without a reason, or for acts that can't be; Conflict
    where the police decided about both, or did something to the one that would go, or where a
    child would be left without an open welfare record.
    """
    kept, gone = (seeing.person_in(work, case_id, each) for each in (person_id, other))
    corrected = [fairness.corrected_at(work, each.id) for each in (kept, gone)]
    against = rules.reason_against_joining(
        kept, gone, standing_on(work, gone), either_corrected=any(corrected)
    )
    if against is not None:
        raise Conflict(against, id=gone.id)
    why, one = checks.text("because", because), one_of(kept, gone)
    acts.check_further(one)
    strike = PersonStrike(
        id=work.ids.new(),
        case_id=kept.case_id,
        person_id=gone.id,
        because=why,
        struck_by=work.actor.id,
        struck_at=work.now,
        same_as=kept.id,
    )
    closed = mistaken.end_with_strike(work, gone, Ending.KEPT_WITH_ANOTHER)
    close_asked(work, gone)
    reading.keep_strike(work, strike)
    change_person(work, kept, one, because=why)
    if closed is not None:
        mistaken.check_goes_on(work, seeing.case_seen(work, kept.case_id), one)
    work.record(kept.case_id, person=kept.id, joined=gone.id, strike=strike.id, welfare=closed)
    work.emit("cases.people.changed", case_id=kept.case_id)
    return strike
