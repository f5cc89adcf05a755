"""Verbs on who has a case: offer it to another unit, accept, refuse; who is on its list."""

from dataclasses import replace

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.desks import store as desk_store
from tipbridge.foundation.access.rules import units_below
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, moving
from tipbridge.police.cases.handing import store
from tipbridge.police.cases.handing.model import (
    HandOver,
    HandOverGround,
    HandOverLine,
    HandOverState,
)
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.leaving.keeping import still_kept
from tipbridge.police.cases.model import Case
from tipbridge.police.cases.seeing import WORKING, case_kept, case_seen

ON_LISTS = frozenset({Role.INVESTIGATOR, Role.EXAMINER})
"""Who can be on the list of a restricted case: the others see no case at all."""


@action("cases.handover.offered", roles=WORKING)
def offer_case(
    work: Work, case_id: str, *, unit: str, ground: HandOverGround, words: str
) -> HandOver:
    """Offer a case to another unit, which sees its number, the ground and these words only.

    Errors: NotFound; Invalid for a unit that is none, or that has it; Conflict while another
    offer of it is open.
    """
    case = case_kept(work, case_id)
    units = {each.code: each.id for each in access_store.all_units(work.db)}
    if unit not in units or units[unit] == case.unit_id:
        raise Invalid("unit is the code of another unit: " + ", ".join(sorted(units)) + ".")
    offer = HandOver(
        id=work.ids.new(),
        case_id=case.id,
        number=case.number,
        from_unit=case.unit_id,
        to_unit=units[unit],
        ground=ground,
        words=checks.text("words", words),
        state=HandOverState.OFFERED,
        offered_by=work.actor.id,
        offered_at=work.now,
    )
    if not store.insert_offer(work.db, offer):
        raise Conflict("This case is offered already; withdraw that offer first.")
    work.record(case.id, offer=offer.id, to=offer.to_unit, ground=ground)
    return offer


@action("cases.handover.withdrawn", roles=WORKING)
def withdraw_offer(work: Work, case_id: str, offer_id: str) -> None:
    """Take an offer back that nobody answered yet.

    Errors: NotFound, also for another case's; Conflict when it was answered.
    """
    case = case_seen(work, case_id)
    offer = store.offer_by_id(work.db, offer_id)
    if offer is None or offer.case_id != case.id:
        raise NotFound("hand-over", offer_id)
    _settle(work, offer, HandOverState.WITHDRAWN)
    work.record(case.id, offer=offer.id)


@action("cases.handover.accepted", roles=WORKING)
def accept_case(work: Work, offer_id: str) -> None:
    """Take a case over; the worker then gives it to the unit, and the first one lets go.

    Errors: NotFound for an offer to a unit that is not the actor's; Conflict when answered.
    """
    offer = _to_answer(work, offer_id)
    _settle(work, offer, HandOverState.ACCEPTED)
    work.record(offer.case_id, offer=offer.id, to=offer.to_unit)
    work.emit("cases.handover.accepted", offer_id=offer.id)


@action("cases.handover.refused", roles=WORKING)
def refuse_case(work: Work, offer_id: str, *, answer: str) -> None:
    """Leave a case where it is, and say why.

    Errors: NotFound; Conflict when answered; Invalid without words.
    """
    offer = _to_answer(work, offer_id)
    _settle(work, offer, HandOverState.REFUSED, answer=checks.text("answer", answer))
    work.record(offer.case_id, offer=offer.id)


@action("cases.handover.done", system=True)
def complete_hand_over(work: Work, *, offer_id: str) -> None:
    """Give an accepted case to its new unit; a repeat changes nothing.

    Shape: a restricted case has whoever accepted it on its list, and nobody else; they are on
    the lists of the children's own files and of narrowed welfare records too. What was merged
    into it goes along.
    Errors: NotFound.
    """
    offer = store.offer_by_id(work.db, offer_id)
    if offer is None:
        raise NotFound("hand-over", offer_id)
    done = replace(offer, state=HandOverState.DONE)
    moved = store.settle_offer(work.db, done, was=HandOverState.ACCEPTED)
    gone = 0
    if moved and offer.decided_by is not None:
        case = case_seen(work, offer.case_id)
        parts = parts_going(work, case, frozenset({offer.offered_by}))
        for each in (case, *parts):
            moving.give(work, each.id, offer.to_unit)
            if each.restricted:
                moving.set_list(work, each.id, (offer.decided_by,))
            _let_follow(work, each, offer.decided_by, accepted=True)
        for part in parts:
            store.lapse_offers(work.db, part.id, by=offer.decided_by, at=work.now)
        gone = len(parts)
    work.record(offer.case_id, offer=offer.id, moved=moved, parts=gone)


@action("cases.handovers.listed", roles=WORKING)
def list_hand_overs(work: Work) -> list[HandOverLine]:
    """The offers from and to the actor's units, newest first."""
    found = lines(work)
    work.record("all", count=len(found))
    return found


@action("cases.member.admitted", roles=WORKING)
def admit_member(work: Work, case_id: str, *, username: str) -> None:
    """Put a member of staff on the list of a restricted case.

    Errors: NotFound; Conflict when the case is not restricted, or for somebody to whom the
    list would open nothing: another unit's, or one who sees no cases.
    """
    case = _restricted(work, case_id)
    member_id = listable(work, case, username)
    members = sorted({*case.members, member_id})
    moving.set_list(work, case.id, members)
    work.record(case.id, member=member_id, members=len(members))


@action("cases.member.dismissed", roles=WORKING)
def dismiss_member(work: Work, case_id: str, *, username: str) -> None:
    """Take a member of staff off the list of a restricted case; somebody stays on it.

    Errors: NotFound for somebody who is not on it; Conflict for the last one, for oneself, another
    does that, and when nobody could read a child's own file any more.
    """
    case = _restricted(work, case_id)
    member = access_store.staff_by_username(work.db, username)
    if member is None or member.id not in case.members:
        raise NotFound("member of the list", username)
    members = [each for each in case.members if each != member.id]
    if not members:
        raise Conflict("Somebody stays on the list of a restricted case.")
    if member.id == work.actor.id:
        raise Conflict("Let another member of the list take you off it.")
    with still_kept(work):
        moving.set_list(work, case.id, members)
    work.record(case.id, member=member.id, members=len(members))


def listable(work: Work, case: Case, username: str, *, roles: frozenset[Role] = ON_LISTS) -> str:
    """The id of a member of staff to whom a list in a case would open something.

    Errors: NotFound; Conflict for another unit's, or for one with none of the `roles` that can
    use it.
    """
    member = access_store.staff_by_username(work.db, username)
    if member is None or not member.active:
        raise NotFound("member of staff", username)
    reach = units_below(access_store.all_units(work.db), member.unit_id)
    if case.unit_id not in reach or not member.roles & roles:
        raise Conflict("The list would open nothing: not of this unit, or without such a role.")
    return member.id


def lines(work: Work, case_id: str | None = None) -> list[HandOverLine]:
    """The offers that the actor sees, of one case or of all."""
    names = {unit.id: unit.name for unit in access_store.all_units(work.db)}
    return [
        HandOverLine(
            offer=offer,
            from_name=names[offer.from_unit],
            to_name=names[offer.to_unit],
            mine_to_answer=offer.state is HandOverState.OFFERED
            and offer.to_unit in work.actor.units,
            on_duty=desk_store.on_duty(work.db, offer.to_unit, work.now),
        )
        for offer in store.offers(work.db, case_id)
    ]


def assign_whole(work: Work, case: Case, unit_id: int) -> int:
    """Give a case to another unit, with what was merged into it; for the action that assigns it.

    Shape: how many merged cases went along.
    """
    parts = parts_going(work, case, frozenset({work.actor.id}))
    for each in (case, *parts):
        moving.give(work, each.id, unit_id)
        _let_go(work, each)
    return len(parts)


def _let_go(work: Work, case: Case) -> None:
    """What an assignment to another unit does to a case beside: its offer lapses, lists follow.

    Shape: whoever offered the case no longer has it to give; `case` is as it was before.
    """
    store.lapse_offers(work.db, case.id, by=work.actor.id, at=work.now)
    _let_follow(work, case, work.actor.id, accepted=False)


def numbers_going(work: Work, case: Case) -> tuple[str, ...]:
    """The numbers of the merged cases that go along where the actor gives a case away, for its pages."""
    return tuple(each.number for each in parts_going(work, case, frozenset({work.actor.id})))


def parts_going(work: Work, case: Case, givers: frozenset[str]) -> list[Case]:
    """The cases merged into this one that go along: those of its unit, with what they hold.

    Shape: of a restricted one, only where one of the givers is on its list; it stays else, and
    what is merged into it stays with it.
    """
    going: dict[str, Case] = {case.id: case}
    waiting = [case]
    while waiting:
        for part in joining.parts_of(work, waiting.pop().id):
            listed = not part.restricted or not givers.isdisjoint(part.members)
            if part.id not in going and part.unit_id == case.unit_id and listed:
                going[part.id] = part
                waiting.append(part)
    return [part for part in going.values() if part is not case]


def _let_follow(work: Work, case: Case, heir: str, *, accepted: bool) -> None:
    work.emit(
        "cases.case.given",
        case_id=case.id,
        from_unit=str(case.unit_id),
        heir=heir,
        accepted="yes" if accepted else "",
    )


def count_offered(work: Work) -> int:
    """How many offers wait for an answer of the actor's units."""
    return sum(line.mine_to_answer for line in lines(work))


def _restricted(work: Work, case_id: str) -> Case:
    case = case_seen(work, case_id)
    if not case.restricted:
        raise Conflict("This case is not restricted: its whole unit sees it.")
    return case


def _to_answer(work: Work, offer_id: str) -> HandOver:
    offer = store.offer_by_id(work.db, offer_id)
    if offer is None or offer.to_unit not in work.actor.units:
        raise NotFound("hand-over", offer_id)
    return offer


def _settle(
    work: Work, offer: HandOver, state: HandOverState, *, answer: str | None = None
) -> None:
    settled = replace(
        offer, state=state, decided_by=work.actor.id, decided_at=work.now, answer=answer
    )
    if not store.settle_offer(work.db, settled, was=HandOverState.OFFERED):
        raise Conflict(f"This hand-over is {offer.state} already.")
