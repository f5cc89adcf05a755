"""Verbs on somebody who was brought into a case by mistake: strike out, restore."""

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import checks, seeing
from tipbridge.police.cases.changing.actions import changes_seen
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.demands.about import demands_about
from tipbridge.police.cases.demands.model import DemandState
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.model import Person, TaskKind
from tipbridge.police.cases.seeing import WORKING
from tipbridge.police.cases.struck import reading
from tipbridge.police.cases.struck.model import PersonStrike
from tipbridge.police.cases.struck.parting import without_joined
from tipbridge.police.deconfliction import telling as peers
from tipbridge.police.disclosure import giving
from tipbridge.police.outcomes import telling as decided
from tipbridge.police.striking import rules
from tipbridge.police.welfare import mistaken
from tipbridge.police.welfare import steps as coercive

_ASKED_BY_LAW = (TaskKind.RESOLVE_AGE, TaskKind.ADVICE_CHANGED, TaskKind.DECIDE_ANEW)
_NOT_OUT = (DemandState.DRAFTED, DemandState.DROPPED)


@action("cases.person.struck", roles=WORKING)
def strike_person(work: Work, case_id: str, person_id: str, *, because: str) -> PersonStrike:
    """Strike somebody out who was brought into a case by mistake, and say why.

    Shape: what is known of them stays readable and is erased with the case; no identifier of
    theirs attaches, links or is found, and nothing counts them. A welfare record that their facts
    alone opened is closed with its own ending.
    Errors: NotFound; Invalid without a reason; Conflict while a decision, custody, a step or a
    demand stands on them, where others hold them who heard of no wrong person, and where their
    welfare record is about somebody; StruckOut.
    """
    person = seeing.person_in(work, case_id, person_id)
    against = rules.reason_against(person, standing_on(work, person))
    if against is not None:
        raise Conflict(against, id=person.id)
    strike, closed = strike_out(work, person, checks.text("because", because))
    work.record(person.case_id, person=person.id, strike=strike.id, welfare=closed)
    work.emit("cases.people.changed", case_id=person.case_id)
    return strike


def strike_out(work: Work, person: Person, because: str) -> tuple[PersonStrike, str | None]:
    """Strike somebody out within a verb that may; says which welfare record was closed with it."""
    strike = PersonStrike(
        id=work.ids.new(),
        case_id=person.case_id,
        person_id=person.id,
        because=because,
        struck_by=work.actor.id,
        struck_at=work.now,
    )
    closed = mistaken.end_with_strike(work, person)
    close_asked(work, person)
    reading.keep_strike(work, strike)
    return strike, closed


@action("cases.person.restored", roles=WORKING)
def restore_person(work: Work, case_id: str, person_id: str, *, because: str) -> Person:
    """Say that somebody who was struck out belongs in the case after all, and why.

    Shape: the identifiers that the strike took back are theirs again, and other cases that know
    one are linked; what the law asks of them is asked again, a welfare record with new days. One
    that was joined to another record has its own again, and that one what it had before.
    Errors: NotFound; Invalid without a reason; Conflict for who is not struck out.
    """
    person = seeing.person_ever_in(work, case_id, person_id)
    seeing.case_kept(work, person.case_id)
    standing = [each for each in reading.strikes_seen(work, person.id) if each.restored_at is None]
    if not standing:
        raise Conflict("This person is not struck out.", id=person.id)
    why = checks.text("because", because)
    _part(work, standing[0], why)
    reading.end_strike(work, standing[0], because=why)
    work.record(person.case_id, person=person.id, strike=standing[0].id)
    work.emit("cases.identifier.added", case_id=person.case_id)
    work.emit("cases.people.changed", case_id=person.case_id)
    return seeing.person_seen(work, person.id)


def close_asked(work: Work, person: Person) -> None:
    """Close what the law wants to be looked at of somebody who is none of a case's people."""
    for kind in _ASKED_BY_LAW:
        cases.ensure_task(work, person, kind, wanted=False)


def _part(work: Work, strike: PersonStrike, why: str) -> None:
    """Let the record to which somebody was joined say what it said before, where it stands."""
    if strike.same_as is None:
        return
    kept = seeing.person_seen(work, strike.same_as)
    if kept.case_id != strike.case_id:
        raise Conflict("The record that was kept is in another case now: bring it back first.")
    before = without_joined(kept, strike, changes_seen(work, kept.id))
    change_person(work, kept, before, because=why)


def standing_on(work: Work, person: Person) -> rules.Standing:
    """What stands on somebody in any room, for this room's verbs."""
    asked = demands_about(work, person)
    states = [each.state for each in asked]
    return rules.Standing(
        decided=any(
            each.person_id == person.id for each in decided.decisions_in(work, person.case_id)
        ),
        coerced=any(
            each.person_id == person.id for each in coercive.steps_seen(work, person.case_id)
        ),
        demand_drafts=states.count(DemandState.DRAFTED),
        told=(
            *_named_by(work, person),
            *(
                f"a demand to {each.asked.addressee}"
                for each in asked
                if each.state not in _NOT_OUT
            ),
            *(
                f"a bundle for {receiver}"
                for receiver in giving.receivers_since(
                    work, person.case_id, reading.brought_in_at(work, person.id)
                )
            ),
            *(f"a hit of {peer}" for peer in sorted(peers.peers_of_hits(work, person))),
        ),
        corrected=fairness.corrected_at(work, person.id) is not None,
    )


def _named_by(work: Work, person: Person) -> list[str]:
    """The referrals that name somebody: whoever sent them holds the person too."""
    return [f"referral {each}" for each in seeing.mentioned_in(work, person)]
