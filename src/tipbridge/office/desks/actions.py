"""Verbs on desks and the duty rota."""

from datetime import datetime

from tipbridge.foundation.access import rules as access_rules
from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.desks import rules, store
from tipbridge.foundation.access.desks.model import Desk, DeskLine, DeskTask, DutyTurn
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action

EVERYONE = frozenset(Role)


@action("office.desk.added", roles=(Role.ADMINISTRATOR,))
def add_desk(work: Work, *, unit: str, code: str, name: str, task: DeskTask, contact: str) -> Desk:
    """Add a desk to a unit.

    Errors: Invalid for a unit, code, name or contact that is none; Conflict for a code taken.
    """
    units = {each.code: each.id for each in access_store.all_units(work.db)}
    if unit not in units:
        raise Invalid(f"No unit {unit!r}; the units are {', '.join(sorted(units))}.")
    for field, text in (("name", name), ("contact", contact)):
        if not text.strip() or not text.isprintable():
            raise Invalid(f"{field} has printable characters.")
    desk = Desk(
        id=work.ids.new(),
        unit_id=units[unit],
        code=access_rules.check_username(code),
        name=name.strip(),
        task=task,
        contact=contact.strip(),
    )
    if not store.insert_desk(work.db, desk):
        raise Conflict(f"There is already a desk {code!r}.")
    work.record(desk.id, unit=desk.unit_id, task=task)
    return desk


@action("office.turn.added", roles=(Role.ADMINISTRATOR,))
def add_turn(
    work: Work, *, desk: str, username: str, from_at: datetime, until_at: datetime
) -> DutyTurn:
    """Put a member of staff on duty at a desk for a time.

    Errors: NotFound for a desk or somebody; Invalid for a time that is none; Conflict for
    staff who work in another part of the house.
    """
    found = next((each for each in store.all_desks(work.db) if each.code == desk), None)
    member = access_store.staff_by_username(work.db, username)
    if found is None:
        raise NotFound("desk", desk)
    if member is None or not member.active:
        raise NotFound("member of staff", username)
    rules.check_turn(from_at, until_at)
    reach = access_rules.units_below(access_store.all_units(work.db), member.unit_id)
    if found.unit_id not in reach:
        raise Conflict("Whoever is on duty works in the desk's unit or above it.")
    turn = DutyTurn(
        id=work.ids.new(),
        desk_id=found.id,
        staff_id=member.id,
        from_at=from_at,
        until_at=until_at,
    )
    store.insert_turn(work.db, turn)
    work.record(found.id, member=member.id, turn=turn.id)
    return turn


@action("office.turn.withdrawn", roles=(Role.ADMINISTRATOR,))
def withdraw_turn(work: Work, turn_id: str, *, because: str) -> None:
    """Take a wrong turn back: it reaches nobody from now on, and stays readable.

    Errors: NotFound; Conflict for a turn that is over or was withdrawn; Invalid without a reason.
    """
    found = store.turn_by_id(work.db, turn_id)
    if found is None:
        raise NotFound("turn", turn_id)
    turn, withdrawn = found
    rules.check_withdrawal(turn, work.now, withdrawn=withdrawn)
    reason = because.strip()
    if not reason or not reason.isprintable():
        raise Invalid("because has printable characters: say why the turn is wrong.")
    store.withdraw_turn(work.db, turn.id, by=work.actor.id, at=work.now, because=reason)
    work.record(turn.desk_id, member=turn.staff_id, turn=turn.id)


@action("office.desks.listed", roles=EVERYONE)
def list_desks(work: Work) -> list[DeskLine]:
    """Every desk with its unit, who is on duty there now, and who will be."""
    units = {unit.id: unit.code for unit in access_store.all_units(work.db)}
    turns, withdrawn = store.turns_after(work.db, work.now), store.withdrawn_turns(work.db)
    desks = store.all_desks(work.db)
    work.record("all", count=len(desks))
    return [
        DeskLine(
            desk=desk,
            unit=units[desk.unit_id],
            turns=tuple((name, turn) for name, turn in turns if turn.desk_id == desk.id),
            on_duty=tuple(
                name for name, turn in turns if turn.desk_id == desk.id and turn.from_at <= work.now
            ),
            withdrawn=tuple(each for each in withdrawn if each.turn.desk_id == desk.id),
        )
        for desk in desks
    ]
