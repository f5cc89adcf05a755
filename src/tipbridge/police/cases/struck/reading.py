"""Who is struck out of a case and why, written and read within the caller's own action."""

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
    """Strike somebody out: what is known to be theirs is taken back with them."""
    store.insert_strike(work.db, strike)


def end_strike(work: Work, strike: PersonStrike, *, because: str) -> None:
    """Let a strike stand no more: what it took back is theirs again."""
    store.restore(work.db, strike, by=work.actor.id, at=work.now, because=because)


def brought_in_at(work: Work, person_id: str) -> datetime:
    """When somebody was brought into a case."""
    return store.added_at(work.db, person_id)
