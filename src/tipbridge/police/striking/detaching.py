"""Verbs on a referral that fed a case by mistake: take it out, bring it back."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, seeing
from tipbridge.police.cases.detached import keeping
from tipbridge.police.cases.detached.model import Detachment
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.cases.seeing import WORKING
from tipbridge.police.cases.struck import reading
from tipbridge.police.striking import rules
from tipbridge.police.striking.actions import standing_on, strike_out
from tipbridge.police.welfare import mistaken


@action("cases.referral.detached", roles=WORKING)
def detach_referral(work: Work, case_id: str, referral_id: str, *, because: str) -> Detachment:
    """Say that a referral fed a case by mistake, and why: what it alone told goes out of the case.

    Shape: its files, its number, its places and what it alone said of somebody go; whom it alone
    named is struck out. What another referral tells too, and what staff wrote down, stays. One
    that feeds no other case then comes into one of its own.
    Errors: NotFound; Invalid without a reason; Conflict where nothing would be left, where the
    police did something about whom it alone named, and where that would be said of others.
    """
    case = seeing.case_kept(work, case_id)
    taken = keeping.feeding(work, case, referral_id)
    why = checks.text("because", because)
    named = keeping.named_in(work, case, referral_id)
    alone = _alone(work, case, set(named.values()), referral_id)
    _check(work, case, referral_id, named, alone)
    strikes = [strike_out(work, person, why)[0].id for person in alone]
    made = Detachment(
        id=work.ids.new(),
        case_id=case.id,
        referral_id=referral_id,
        because=why,
        detached_by=work.actor.id,
        detached_at=work.now,
        taken=keeping.values_of(taken),
        numbers=(),
        people=named,
        strikes=strikes,
    )
    made = keeping.take_out(work, case, taken, made)
    closed = [
        mistaken.end_unwanted(work, case, each)
        for each in seeing.people_seen(work, case.id)
        if each.id in set(named.values())
    ]
    work.record(
        case.id,
        referral=referral_id,
        detachment=made.id,
        people=len(alone),
        welfare=len([each for each in closed if each]),
    )
    work.emit("cases.referral.detached", case_id=case.id, referral_id=referral_id)
    work.emit("cases.people.changed", case_id=case.id)
    return made


@action("cases.referral.reattached", roles=WORKING)
def reattach_referral(work: Work, case_id: str, detachment_id: str, *, because: str) -> Detachment:
    """Say that a referral that was taken out of a case belongs there after all, and why.

    Shape: whom its detachment struck out is in the case again, and what it told is theirs; a case
    that it feeds meanwhile keeps it.
    Errors: NotFound; Invalid without a reason; Conflict where it feeds the case again.
    """
    case = seeing.case_kept(work, case_id)
    found = [e for e in keeping.detachments_seen(work, case.id) if e.id == detachment_id]
    if not found:
        raise NotFound("detached referral", detachment_id)
    made = found[0]
    if not made.stands:
        raise Conflict("This referral feeds the case again.", id=made.referral_id)
    why = checks.text("because", because)
    keeping.check_feeds_not(work, case, made)
    for person in seeing.people_ever(work, case.id):
        for strike in reading.strikes_seen(work, person.id):
            if strike.id in made.strikes and strike.restored_at is None:
                reading.end_strike(work, strike, because=why)
    keeping.bring_back(work, case, made, because=why)
    work.record(case.id, referral=made.referral_id, detachment=made.id)
    work.emit("cases.case.attached", case_id=case.id, referral_id=made.referral_id)
    work.emit("cases.identifier.added", case_id=case.id)
    work.emit("cases.people.changed", case_id=case.id)
    return made


def _alone(work: Work, case: Case, named: set[str], referral_id: str) -> list[Person]:
    """Whom a referral names and no other one."""
    return [
        each
        for each in seeing.people_seen(work, case.id)
        if each.id in named and set(seeing.mentioned_in(work, each)) == {referral_id}
    ]


def _check(
    work: Work, case: Case, referral_id: str, named: dict[str, str], alone: list[Person]
) -> None:
    """Refuse what would take something out from under what somebody did. Errors: Conflict."""
    left = [each for each in seeing.people_seen(work, case.id) if each not in alone]
    if not left and len(seeing.referrals_seen(work, case.id)) == 1:
        raise Conflict(
            "Nothing would be left of this case: it has this referral alone. Relate the cases instead."
        )
    for person in seeing.people_ever(work, case.id):
        if person.id not in named.values():
            continue
        if fairness.corrected_at(work, person.id) is not None:
            raise Conflict(
                f"Person {person.position} was said to be the wrong one, and the sender of this"
                " referral hears of it: take that back first.",
                id=person.id,
            )
        if reading.joined_by(work, person.id, referral_id, named):
            raise Conflict(
                f"Person {person.position} is two records that were joined, one of which this"
                " referral names: part them first (cases restore-person).",
                id=person.id,
            )
    for person in alone:
        _check_untouched(work, person, referral_id)


def _check_untouched(work: Work, person: Person, referral_id: str) -> None:
    standing = standing_on(work, person)
    told = tuple(each for each in standing.told if each != f"referral {referral_id}")
    if rules.reason_against(person, replace(standing, told=told, corrected=False)) is not None:
        raise Conflict(
            f"The police did something about person {person.position}, whom this referral alone"
            " names, or others hold them from here: bring them into a case of their own first"
            " (cases split); the referral and all that was done go there with them.",
            id=person.id,
        )
