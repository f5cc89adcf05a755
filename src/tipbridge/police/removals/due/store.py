"""Every SQL statement on which notices are due: what `rules.next_notice` says of one place, of all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Interval,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
)

from tipbridge.police.removals.compared.tables import removal_comparisons
from tipbridge.police.removals.due.model import (
    LOOK_AFTER_GONE,
    LOOK_GRACE,
    LOOK_WHILE_UP,
    TOLD_BY_CHECK,
    TOLD_BY_FILE,
    Due,
    ToDo,
    UpPlace,
)
from tipbridge.police.removals.lived.store import asked_there, lines_of_places
from tipbridge.police.removals.model import PATIENCE, NoticeState, RemovalState
from tipbridge.police.removals.rows import to_removal
from tipbridge.police.removals.store import GONE_STATES, REMOVAL, UP
from tipbridge.police.removals.tables import (
    removal_checks,
    removal_notices,
    removal_replies,
    removal_steps,
    removals,
)
from tipbridge.sharing.notices.model import NoticeStep, ReplyKind

_BY_STAFF = {NoticeState.DRAFT: ToDo.BRING, NoticeState.FAILED: ToDo.SEND_AGAIN}


def places_up(
    db: Connection, now: datetime, *, limit: int, offset: int, only_due: bool
) -> list[UpPlace]:
    """Places that the actor sees where material is not known to be gone, oldest first.

    Shape: those that were called gone and that a check contradicts are among them; with
    `only_due`, those about which something is to be done, the longest due first, and with them
    those that are gone and are to be looked at.
    """
    due, look = _due(now), _look(now)
    by_hand = case((look.c.life_id.is_not(None), ToDo.LOOK.value))
    since = func.coalesce(due.c.since, look.c.since)
    query = REMOVAL.add_columns(
        func.coalesce(due.c.todo, by_hand).label("todo"), due.c.step, since.label("since")
    )
    joined = removals.outerjoin(due, and_(due.c.life_id == removals.c.id, UP))
    query = query.select_from(joined.outerjoin(look, look.c.life_id == removals.c.id))
    if only_due:
        query = query.where(since.is_not(None)).order_by(since)
    else:
        query = query.where(UP)
    query = query.order_by(removals.c.noted_at, removals.c.id).limit(limit).offset(offset)
    return [_to_place(row) for row in db.execute(query).mappings()]


def count_waiting(db: Connection, now: datetime) -> int:
    """How many places the actor sees that are up and show a child, or are due."""
    due, look = _due(now), _look(now)
    query = select(func.count()).select_from(removals)
    query = query.outerjoin(due, due.c.life_id == removals.c.id)
    query = query.outerjoin(look, look.c.life_id == removals.c.id)
    waiting = and_(UP, or_(removals.c.own_material, due.c.life_id.is_not(None)))
    query = query.where(or_(waiting, look.c.life_id.is_not(None)))
    return db.execute(query).scalar_one()


def _to_place(row: Mapping[Any, Any]) -> UpPlace:
    todo = row["todo"]
    step = row["step"] and NoticeStep(row["step"])
    due = todo and Due(todo=ToDo(todo), step=step, since=row["since"])
    return UpPlace(removal=to_removal(row), due=due)


def _look(now: datetime) -> Subquery:
    """The places that somebody has to look at: `rules.look_from`, of all."""
    check, compared = removal_checks.c, removal_comparisons.c
    telling = tuple(outcome.value for outcome in TOLD_BY_CHECK)
    by_check = (
        select(func.max(check.at))
        .where(check.removal_id == removals.c.id, check.taken_back_at.is_(None))
        .where(or_(check.by.is_not(None), check.outcome.in_(telling)))
        .scalar_subquery()
    )
    by_file = (
        select(func.max(compared.at))
        .where(compared.removal_id == removals.c.id)
        .where(compared.outcome.in_(tuple(outcome.value for outcome in TOLD_BY_FILE)))
        .scalar_subquery()
    )
    changed_at = removals.c.changed_at
    told = func.greatest(removals.c.noted_at, changed_at, by_check, by_file)
    marks = [changed_at + _interval(each) for each in LOOK_AFTER_GONE]
    after = case(*((mark > told, mark) for mark in marks), else_=null())
    gone = removals.c.state.in_(GONE_STATES)
    mark = case((gone, after), else_=told + _interval(LOOK_WHILE_UP))
    found = (
        select(removals.c.id.label("life_id"), (mark + _interval(LOOK_GRACE)).label("since"))
        .where(removals.c.taken_back_at.is_(None), removals.c.held_by.is_(None))
        .subquery("to_look")
    )
    return select(found).where(found.c.since <= now).subquery("look")


def _due(now: datetime) -> Subquery:
    """The places about which something can be done now, with what and since when."""
    lines = lines_of_places()
    back, asked = _back(lines), _asked(lines)
    refused = _refused(lines, asked)
    step = case(*((~asked.c[_done(each)], each.value) for each in NoticeStep), else_=null())
    waits = [(step == each.value, _interval(PATIENCE[each])) for each in PATIENCE]
    first = asked.c.life_id.is_(None)
    todo = case(
        (first, ToDo.ASK.value),
        *((asked.c.unsent == state.value, todo.value) for state, todo in _BY_STAFF.items()),
        (asked.c.unsent.is_(None), ToDo.ASK.value),
    )
    since = case(
        (first, func.coalesce(back.c.at, removals.c.noted_at)),
        (asked.c.unsent.is_not(None), asked.c.unsent_at),
        else_=func.least(asked.c.sent_at + case(*waits), refused.c.at),
    )
    named = case(
        (first, NoticeStep.FIRST.value),
        (asked.c.unsent.is_not(None), asked.c.unsent_step),
        else_=step,
    )
    found = (
        select(
            removals.c.id.label("life_id"),
            todo.label("todo"),
            named.label("step"),
            since.label("since"),
        )
        .outerjoin(back, back.c.life_id == removals.c.id)
        .outerjoin(asked, asked.c.life_id == removals.c.id)
        .outerjoin(refused, refused.c.life_id == removals.c.id)
        .where(removals.c.state.not_in(GONE_STATES), removals.c.held_by.is_(None))
        .subquery("found")
    )
    query = select(found).where(
        found.c.todo.is_not(None), found.c.step.is_not(None), found.c.since <= now
    )
    return query.subquery("due")


def _back(lines: CTE) -> Subquery:
    """When material last came back at each place: then asking begins anew."""
    step = removal_steps.c
    query = (
        select(lines.c.life_id, func.max(step.at).label("at"))
        .join(removal_steps, step.removal_id == lines.c.removal_id)
        .where(step.state == RemovalState.REAPPEARED.value, step.taken_back_at.is_(None))
    )
    return query.group_by(lines.c.life_id).subquery("back")


def _asked(lines: CTE) -> Subquery:
    """What was asked about each place in this round; `unsent` is the notice that waits, if any."""
    notice, back = removal_notices.c, _back(lines)
    unsent = notice.state != NoticeState.SENT.value

    def last(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.max(column).filter(unsent)

    query = (
        select(
            lines.c.life_id,
            func.max(notice.sent_at).label("sent_at"),
            last(notice.state).label("unsent"),
            last(notice.step).label("unsent_step"),
            last(notice.made_at).label("unsent_at"),
            *(func.bool_or(notice.step == each.value).label(_done(each)) for each in NoticeStep),
        )
        .join(removal_notices, and_(notice.removal_id == lines.c.removal_id, asked_there(lines)))
        .outerjoin(back, back.c.life_id == lines.c.life_id)
        .where(or_(back.c.at.is_(None), notice.made_at >= back.c.at))
    )
    return query.group_by(lines.c.life_id).subquery("asked")


def _refused(lines: CTE, asked: Subquery) -> Subquery:
    """When a host refused since the last notice went out."""
    reply = removal_replies.c
    query = (
        select(lines.c.life_id, func.min(reply.at).label("at"))
        .join(removal_replies, reply.removal_id == lines.c.removal_id)
        .join(asked, asked.c.life_id == lines.c.life_id)
        .where(reply.kind == ReplyKind.REFUSED.value, reply.taken_back_at.is_(None))
        .where(reply.at >= asked.c.sent_at)
    )
    return query.group_by(lines.c.life_id).subquery("refused")


def _done(step: NoticeStep) -> str:
    return f"done_{step.name.lower()}"


def _interval(value: object) -> ColumnElement[Any]:
    return literal(value, Interval())
