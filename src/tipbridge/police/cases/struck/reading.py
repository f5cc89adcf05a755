"""Who is struck out of a case and why, written and read within the caller's own action."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from tipbridge.foundation.work import Work
from tipbridge.police.cases.seeing import people_ever
from tipbridge.police.cases.struck import store
from tipbridge.police.cases.struck.model import PersonStrike, StruckPerson


def struck_in(work: Work, case_id: str) -> tuple[StruckPerson, ...]:
    """The people who are struck out of a case, each with the strike that stands."""
    people = {each.id: each for each in people_ever(work, case_id)}
    return tuple(
        StruckPerson(person=people[each.person_id], strike=each)
        for each in store.strikes_of(work.db, case_id)
        if each.restored_at is None
    )


def strikes_seen(work: Work, person_id: str) -> list[PersonStrike]:
    """Every strike of somebody, oldest first."""
    return store.strikes_about(work.db, person_id)


def keep_strike(work: Work, strike: PersonStrike) -> None:
    """Strike somebody out: what is known to be theirs is taken back with them.

    Shape: of a record that is the same human's as another, what it has goes to that one first.
    """
    if strike.same_as is not None:
        store.share_identifiers(work.db, strike)
        given = store.give_rows(work.db, strike.person_id, strike.same_as)
        strike = replace(strike, given=given)
    store.insert_strike(work.db, strike)


def end_strike(work: Work, strike: PersonStrike, *, because: str) -> None:
    """Let a strike stand no more: what it took back or gave to another record is theirs again."""
    if strike.same_as is not None:
        store.return_rows(work.db, strike)
    store.restore(work.db, strike, by=work.actor.id, at=work.now, because=because)


def records_of(work: Work, person_id: str) -> tuple[str, ...]:
    """Somebody's record and those joined to it, by id, and those joined to these."""
    strikes = store.strikes_into(work.db, person_id)
    return (person_id, *(each for one in strikes for each in records_of(work, one.person_id)))


def joined_by(work: Work, person_id: str, referral_id: str, labels: Collection[str]) -> bool:
    """Whether a record joined to somebody's is one that a referral names by one of these labels."""
    named = {f"{referral_id} {label}" for label in labels}
    given = (each.given for each in store.strikes_into(work.db, person_id))
    return any(named & set(each.get("case_person_referrals", ())) for each in given)


def brought_in_at(work: Work, person_id: str) -> datetime:
    """When somebody was brought into a case."""
    return store.added_at(work.db, person_id)
