"""Every SQL statement of the removals room."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.cases.redated import FormerDay, days_kept
from tipbridge.police.removals.model import (
    GONE,
    Channel,
    Check,
    CheckOutcome,
    Notice,
    NoticeState,
    Removal,
    RemovalState,
    RemovalStep,
    Reply,
)
from tipbridge.police.removals.rows import (
    to_check,
    to_notice,
    to_removal,
    to_reply,
    to_step,
    words_kept,
)
from tipbridge.police.removals.tables import (
    removal_checks,
    removal_hosts,
    removal_notices,
    removal_replies,
    removal_steps,
    removals,
)
from tipbridge.sharing.referral.consent.model import Hold

GONE_STATES = tuple(state.value for state in GONE)
_TELLING = (
    CheckOutcome.ANSWERS.value,
    CheckOutcome.BLOCKED_HERE.value,
    CheckOutcome.GONE.value,
    CheckOutcome.SENT_ON.value,
)
_LAST_LOOK = (
    select(removal_checks.c.contradicts)
    .where(
        removal_checks.c.removal_id == removals.c.id,
        removal_checks.c.at >= removals.c.changed_at,
        removal_checks.c.outcome.in_(_TELLING),
        removal_checks.c.taken_back_at.is_(None),
    )
    .order_by(removal_checks.c.at.desc(), removal_checks.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_CONTRADICTED = and_(removals.c.state.in_(GONE_STATES), func.coalesce(_LAST_LOOK, false()))
"""Called gone, and the last check that told anything since then says otherwise."""
_LATER = removals.alias("later").c
_NOWHERE = and_(
    removals.c.state == RemovalState.MOVED.value,
    not_(
        exists(
            select(_LATER.id).where(
                or_(_LATER.moved_from == removals.c.id, _LATER.id == removals.c.moved_to),
                _LATER.taken_back_at.is_(None),
            )
        )
    ),
)
"""Moved, and nobody noted where to."""
UP = and_(
    removals.c.taken_back_at.is_(None),
    or_(removals.c.state.not_in(GONE_STATES), _CONTRADICTED, _NOWHERE),
)
REMOVAL = select(
    removals,
    _CONTRADICTED.label("contradicted"),
    _NOWHERE.label("moved_nowhere"),
    select(removal_hosts.c.country)
    .where(removal_hosts.c.name == removals.c.host)
    .scalar_subquery()
    .label("host_country"),
)


def insert_removal(db: Connection, removal: Removal, exact_address: str) -> bool:
    """Note a place of material, once for each case; says whether it is new."""
    query = insert(removals).values(
        id=removal.id,
        case_id=removal.case_id,
        referral_id=removal.referral_id,
        held_by=None if removal.held_by is None else removal.held_by.value,
        label=removal.label,
        address=exact_address,
        form=removal.form.value,
        host=removal.host,
        country=removal.country,
        basis=removal.basis.value,
        own_material=removal.own_material,
        state=removal.state.value,
        noted_at=removal.noted_at,
        changed_at=removal.changed_at,
        next_check_at=removal.next_check_at,
        moved_from=removal.moved_from,
    )
    return db.execute(query.on_conflict_do_nothing()).rowcount == 1


def note_again(
    db: Connection, case_id: str, exact_address: str, *, held_by: Hold | None = None
) -> bool:
    """Let a place count again that was taken back, since somebody names it; whether it was.

    Shape: what staff alone had noted is known only by whoever names it now, whose mark holds it.
    """
    query = removals.update().where(
        removals.c.case_id == case_id, removals.c.address == exact_address
    )
    again: dict[str, Any] = dict.fromkeys(("taken_back_at", "taken_back_by", "taken_back_because"))
    if held_by is not None:
        by_staff = removals.c.referral_id.is_(None)
        again["held_by"] = case((by_staff, held_by.value), else_=removals.c.held_by)
    query = query.where(removals.c.taken_back_at.is_not(None)).values(again)
    return db.execute(query).rowcount == 1


def rename_place(db: Connection, removal: Removal) -> None:
    """Keep what kind of place it is, where, how it is known, and what was said before."""
    query = removals.update().where(removals.c.id == removal.id)
    db.execute(
        query.values(
            form=removal.form.value,
            host=removal.host,
            country=removal.country,
            basis=removal.basis.value,
            former_words=words_kept(removal.former_words),
        )
    )


def free_place(db: Connection, case_id: str, exact_address: str) -> bool:
    """Let a place be acted on: it is known by another way too, which binds nothing.

    Shape: says whether it was held.
    """
    query = removals.update().where(
        removals.c.case_id == case_id,
        removals.c.address == exact_address,
        removals.c.held_by.is_not(None),
    )
    return db.execute(query.values(held_by=None)).rowcount == 1


def hold_stricter(db: Connection, case_id: str, exact_address: str, held_by: Hold) -> None:
    """Let a place that is held already be held by this mark, where it is the stricter one."""
    order = list(Hold)
    laxer = [each.value for each in order[order.index(held_by) + 1 :]]
    query = removals.update().where(
        removals.c.case_id == case_id,
        removals.c.address == exact_address,
        removals.c.held_by.in_(laxer),
    )
    db.execute(query.values(held_by=held_by.value))


def link_moved(db: Connection, removal_id: str, moved_to: str) -> None:
    """Say to which place that was noted before another one moved; several may move to one."""
    query = removals.update().where(removals.c.id == removal_id)
    db.execute(query.values(moved_to=moved_to))


def add_step(
    db: Connection, removal: Removal, step: RemovalStep, *, again_at: datetime | None
) -> None:
    """Write a change of state, the state itself, and when to look again."""
    db.execute(
        removal_steps.insert().values(
            id=step.id,
            removal_id=removal.id,
            case_id=removal.case_id,
            state=step.state.value,
            source=step.source.value,
            at=step.at,
            by=step.by,
            cause_id=step.cause_id,
            recorded_at=step.recorded_at,
        )
    )
    set_state(db, removal.id, step.state, changed_at=step.at, again_at=again_at)


def set_state(
    db: Connection,
    removal_id: str,
    state: RemovalState,
    *,
    changed_at: datetime,
    again_at: datetime | None,
) -> None:
    """What is known of a place now, since when, and when to look again."""
    query = removals.update().where(removals.c.id == removal_id)
    db.execute(query.values(state=state.value, changed_at=changed_at, next_check_at=again_at))


def mark_own(db: Connection, removal_id: str) -> None:
    """Say that a place shows a child of the case."""
    db.execute(removals.update().where(removals.c.id == removal_id).values(own_material=True))


def unmark_own(db: Connection, removal_id: str) -> None:
    """Say that a place shows no child of the case any more."""
    db.execute(removals.update().where(removals.c.id == removal_id).values(own_material=False))


def removal_by_id(db: Connection, removal_id: str) -> Removal | None:
    """One removal, kept from changes by others until this work ends."""
    query = REMOVAL.where(removals.c.id == removal_id).with_for_update()
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else to_removal(row)


def removal_at(db: Connection, case_id: str, exact_address: str) -> Removal:
    """The removal of a case that stands for an address."""
    table = removals.c
    query = REMOVAL.where(table.case_id == case_id, table.address == exact_address)
    return to_removal(db.execute(query).mappings().one())


def exact_address(db: Connection, removal_id: str) -> str:
    """The address as it was given: for the checker alone."""
    return db.execute(select(removals.c.address).where(removals.c.id == removal_id)).scalar_one()


def removals_of(db: Connection, case_id: str) -> list[Removal]:
    """The removals of a case, in the order they were noted."""
    return _removals(db, REMOVAL.where(removals.c.case_id == case_id))


def move_to_case(db: Connection, removal_id: str, case_id: str) -> None:
    """Bring a place into another case; what other tables say of it follows by cascade."""
    query = removals.update().where(removals.c.id == removal_id)
    db.execute(query.values(case_id=case_id))


def rename_source(db: Connection, removal_id: str, referral_id: str, label: str) -> None:
    """Say which referral names a place, since the one that did is none of its case's."""
    query = removals.update().where(removals.c.id == removal_id)
    db.execute(query.values(referral_id=referral_id, label=label))


def count_up_in(db: Connection, case_id: str) -> int:
    """At how many places material of a case is not known to be gone."""
    query = select(func.count()).select_from(removals).where(removals.c.case_id == case_id, UP)
    return db.execute(query).scalar_one()


def _removals(db: Connection, query: Select[*tuple[object, ...]]) -> list[Removal]:
    ordered = query.order_by(removals.c.noted_at, removals.c.id)
    return [to_removal(row) for row in db.execute(ordered).mappings()]


def steps_of(db: Connection, removal_id: str) -> list[RemovalStep]:
    """The changes of a removal's state, oldest first."""
    table = removal_steps.c
    query = select(removal_steps).where(table.removal_id == removal_id)
    return [to_step(row) for row in db.execute(query.order_by(table.at, table.id)).mappings()]


def insert_notice(db: Connection, notice: Notice, *, due_at: datetime | None) -> None:
    """Write a notice with its text."""
    db.execute(
        removal_notices.insert().values(
            id=notice.id,
            removal_id=notice.removal_id,
            case_id=notice.case_id,
            host=notice.host,
            step=notice.step.value,
            channel=notice.channel.value,
            recipient=notice.recipient,
            language=notice.language.value,
            subject=notice.subject,
            body=notice.body,
            state=notice.state.value,
            made_at=notice.made_at,
            made_by=notice.made_by,
            tries=0,
            problem="",
            due_at=due_at,
            former_days=[],
        )
    )


def notice_by_id(db: Connection, notice_id: str, *, wait: bool = True) -> Notice | None:
    """One notice, kept from others until this work ends; nothing when somebody has it."""
    query = select(removal_notices).where(removal_notices.c.id == notice_id)
    row = db.execute(query.with_for_update(skip_locked=not wait)).mappings().one_or_none()
    return None if row is None else to_notice(row)


def notices_of(db: Connection, removal_id: str) -> list[Notice]:
    """The notices about a place, oldest first."""
    table = removal_notices.c
    query = select(removal_notices).where(table.removal_id == removal_id)
    rows = db.execute(query.order_by(table.made_at, table.id)).mappings()
    return [to_notice(row) for row in rows]


def settle_notice(
    db: Connection,
    notice_id: str,
    state: NoticeState,
    *,
    sent_at: datetime | None,
    tries: int,
    problem: str,
    due_at: datetime | None,
    sent_recorded_at: datetime | None = None,
    carried_by: str | None = None,
) -> None:
    """Write down what came of a try, or that a notice was brought."""
    query = removal_notices.update().where(removal_notices.c.id == notice_id)
    db.execute(
        query.values(
            state=state.value,
            sent_at=sent_at,
            tries=tries,
            problem=problem,
            due_at=due_at,
            sent_recorded_at=sent_recorded_at,
            carried_by=carried_by,
        )
    )


def redate_notice(
    db: Connection,
    notice_id: str,
    *,
    sent_at: datetime,
    sent_recorded_at: datetime | None,
    former: Iterable[FormerDay],
) -> None:
    """Write down when a notice was carried after all, with the days that were said before."""
    query = removal_notices.update().where(removal_notices.c.id == notice_id)
    db.execute(
        query.values(
            sent_at=sent_at, sent_recorded_at=sent_recorded_at, former_days=days_kept(former)
        )
    )


def readdress_notice(db: Connection, notice_id: str, channel: Channel, recipient: str) -> None:
    """Write down how and where a notice that failed goes now."""
    query = removal_notices.update().where(removal_notices.c.id == notice_id)
    db.execute(query.values(channel=channel.value, recipient=recipient))


def note_package(db: Connection, notice_id: str, package_id: str) -> None:
    """Write down which package carries a notice."""
    query = removal_notices.update().where(removal_notices.c.id == notice_id)
    db.execute(query.values(package_id=package_id))


def notice_by_package(db: Connection, package_id: str) -> Notice | None:
    """The notice that a package carries, kept from others until this work ends."""
    query = select(removal_notices).where(removal_notices.c.package_id == package_id)
    row = db.execute(query.with_for_update()).mappings().one_or_none()
    return None if row is None else to_notice(row)


def due_notices(db: Connection, now: datetime, until: datetime) -> list[str]:
    """Queued notices whose time has come; nobody else is woken for them until `until`."""
    table = removal_notices
    query = table.update().where(table.c.state == NoticeState.QUEUED.value, table.c.due_at <= now)
    return list(db.execute(query.values(due_at=until).returning(table.c.id)).scalars())


def insert_reply(db: Connection, reply: Reply, case_id: str) -> bool:
    """Write down what a host answered; whether it is new."""
    query = insert(removal_replies).values(
        id=reply.id,
        removal_id=reply.removal_id,
        case_id=case_id,
        kind=reply.kind.value,
        at=reply.at,
        by=reply.by,
        said=reply.said,
        left_out=reply.left_out,
        recorded_at=reply.recorded_at,
    )
    return db.execute(query.on_conflict_do_nothing()).rowcount == 1


def replies_of(db: Connection, removal_id: str) -> list[Reply]:
    """What a host answered about a place, oldest first."""
    table = removal_replies.c
    query = select(removal_replies).where(table.removal_id == removal_id)
    return [to_reply(row) for row in db.execute(query.order_by(table.at, table.id)).mappings()]


def due_checks(db: Connection, now: datetime, until: datetime) -> list[str]:
    """Places to look at whose host may be asked; nobody else is woken for them until `until`."""
    allowed = select(removal_hosts.c.name).where(removal_hosts.c.may_check)
    query = (
        update(removals)
        .where(removals.c.next_check_at <= now, removals.c.host.in_(allowed))
        .where(removals.c.taken_back_at.is_(None))
        .values(next_check_at=until)
        .returning(removals.c.id)
    )
    return list(db.execute(query).scalars())


def take_removal(db: Connection, removal_id: str) -> Removal | None:
    """One removal for a check; nothing when somebody else is at it."""
    query = REMOVAL.where(removals.c.id == removal_id)
    row = db.execute(query.with_for_update(skip_locked=True)).mappings().one_or_none()
    return None if row is None else to_removal(row)


def insert_check(db: Connection, check: Check, case_id: str) -> None:
    """Write down what a look found out."""
    db.execute(
        removal_checks.insert().values(
            id=check.id,
            removal_id=check.removal_id,
            case_id=case_id,
            at=check.at,
            outcome=check.outcome.value,
            status=check.status,
            contradicts=check.contradicts,
            by=check.by,
            recorded_at=check.recorded_at,
        )
    )


def look_again(db: Connection, removal_id: str, at: datetime | None) -> None:
    """When a place is looked at next."""
    db.execute(update(removals).where(removals.c.id == removal_id).values(next_check_at=at))


def checks_of(db: Connection, removal_id: str) -> list[Check]:
    """The checks of a place, oldest first."""
    table = removal_checks.c
    query = select(removal_checks).where(table.removal_id == removal_id)
    return [to_check(row) for row in db.execute(query.order_by(table.at, table.id)).mappings()]
