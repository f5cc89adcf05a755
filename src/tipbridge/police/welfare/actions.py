"""Verbs on welfare: open a child's record, write down what is done, close it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import checks
from tipbridge.police.cases.model import Motive
from tipbridge.police.cases.seeing import referrals_seen
from tipbridge.police.welfare import endings, rules, store
from tipbridge.police.welfare.model import (
    CHOSEN,
    Clock,
    ClockStep,
    Ending,
    FollowUp,
    FollowUpKind,
    Standing,
    Talk,
    TalkWith,
    Welfare,
    WelfareFacts,
)
from tipbridge.police.welfare.noting import change_record
from tipbridge.police.welfare.opening import day_of, ensure_record
from tipbridge.police.welfare.records import (
    CLOSED,
    check_closing,
    open_record,
    reasons_of,
    seen_record,
    state_on_person,
)
from tipbridge.police.welfare.views import WelfareLine, WelfareView
from tipbridge.sharing.referral.keeping.contacts import welfare_contacts

WORKING = (Role.INVESTIGATOR,)


@action("welfare.case.reviewed", system=True)
def review_case(work: Work, *, case_id: str) -> None:
    """Open the welfare records that a case wants; a repeat changes nothing."""
    case = cases.case_seen(work, case_id)
    people = cases.people_seen(work, case_id)
    opened = sum(ensure_record(work, case, person) for person in people)
    work.record(case_id, people=len(people), opened=opened)


@action("welfare.person.reviewed", roles=WORKING)
def review_person(work: Work, person_id: str) -> Standing | None:
    """Open the record that somebody's facts want now, without waiting for the worker.

    Errors: NotFound.
    """
    person = cases.person_in(work, None, person_id)
    case = cases.case_seen(work, person.case_id)
    opened = ensure_record(work, case, person)
    work.record(case.id, person=person.id, opened=opened)
    return store.standing_of(work.db, person.id)


@action("welfare.records.listed", roles=WORKING)
def list_records(work: Work) -> list[WelfareLine]:
    """The open records that the actor sees, those with a day that passed first."""
    records = store.open_records(work.db)
    waiting: dict[str, list[Clock]] = {}
    for clock in store.clocks_of(work.db, [record.id for record in records]):
        if clock.met_on is None:
            waiting.setdefault(clock.welfare_id, []).append(clock)
    promised: dict[str, list[FollowUp]] = {}
    for each in store.follow_ups_waiting(work.db, [record.id for record in records]):
        promised.setdefault(each.welfare_id, []).append(each)
    held = store.removals_held(work.db, [record.id for record in records])
    lines = [
        replace(
            _line(work, record, waiting.get(record.id, []), promised.get(record.id, [])),
            removal_held=record.id in held,
        )
        for record in records
    ]
    work.record("all", count=len(lines))
    return sorted(lines, key=lambda line: (not line.is_late, line.welfare.opened_at))


@action("welfare.record.read", roles=WORKING)
def read_record(work: Work, welfare_id: str) -> WelfareView:
    """Everything about one record.

    Errors: NotFound, also for a record that is not the actor's.
    """
    welfare = seen_record(work, welfare_id)
    staff = {member.id: member.username for member in access_store.all_staff(work.db)}
    standing = store.standing_of(work.db, welfare.person_id)
    work.record(welfare.id, case=welfare.case_id)
    return WelfareView(
        welfare=welfare,
        today=day_of(work, welfare.jurisdiction),
        clocks=tuple(store.clocks_of(work.db, [welfare.id])),
        replaced=tuple(store.clocks_replaced(work.db, welfare.id)),
        talks=tuple(store.talks_of(work.db, welfare.id)),
        follow_ups=tuple(store.follow_ups_of(work.db, welfare.id)),
        steps=tuple(store.steps_about(work.db, welfare.person_id)),
        usernames=tuple(staff.get(member, member) for member in welfare.members),
        removal_waits=standing is not None and standing.removal_waits,
        removal_held=standing is not None and standing.removal_held,
        changes=tuple(store.changes_of(work.db, welfare.id)),
        contacts=welfare_contacts(
            work, [each.referral_id for each in referrals_seen(work, welfare.case_id)]
        ),
    )


@action("welfare.record.changed", roles=WORKING)
def record_welfare(work: Work, welfare_id: str, facts: WelfareFacts) -> Welfare:
    """Write down agency, contact, guardian and consent; what is left None stays as it was.

    What was known before stays in the record, with who changed it.
    Shape: where no place of the child's own material is known, that answers the day of the
    request for removal until one is. Contact that was not made after all leaves its day open again; what is said again
    without a day keeps its day.
    Errors: NotFound; Invalid for a day in the future or a name too long; AgencyMissing; Conflict
    when closed, unless contact is made only now, and for a place that is known.
    """
    welfare = seen_record(work, welfare_id)
    if not rules.takes(welfare, facts):
        raise Conflict(CLOSED)
    today = day_of(work, welfare.jurisdiction)
    if facts.agency is not None:
        checks.words("agency", facts.agency)
    clocks = store.clocks_of(work.db, [welfare.id])
    again_from = endings.again_from(clocks)
    if facts.own_material is not None:
        standing = store.standing_of(work.db, welfare.person_id)
        waits = standing is not None and standing.removal_waits
        endings.check_own_material(welfare, clocks, waits=waits)
    changes = rules.changes_of(welfare, facts, today, again_from)
    _refuse_future(today, *(value for name, value in changes.items() if name.endswith("_on")))
    changed = replace(welfare, **changes)
    rules.check_contact(changed)
    change_record(work, welfare, changed)
    if facts.contact_made is False:
        store.unmeet_clock(work.db, changed.id, ClockStep.AGENCY_CONTACT)
    store.meet_clocks(work.db, changed.id, rules.met_by_facts(changed, facts))
    work.record(welfare.id, case=welfare.case_id, fields=",".join(sorted(changes)))
    return changed


@action("welfare.talk.recorded", roles=WORKING)
def record_talk(
    work: Work,
    welfare_id: str,
    *,
    talk_with: TalkWith,
    on: date | None = None,
    why: Motive | None = None,
) -> Talk:
    """Write down a prevention talk, and what was said about why it happened.

    A motive that says that there was exploitation is stated of the person too, for the advice,
    unless the record is its own list's alone.
    Errors: NotFound; Invalid for a day in the future; Conflict when closed.
    """
    welfare = open_record(work, welfare_id)
    today = day_of(work, welfare.jurisdiction)
    talk = Talk(
        id=work.ids.new(),
        welfare_id=welfare.id,
        talk_with=talk_with,
        on=on or today,
        why=why,
        by=work.actor.id,
    )
    _refuse_future(today, talk.on)
    store.insert_talk(work.db, talk)
    store.meet_clocks(work.db, welfare.id, {rules.TALK_CLOCKS[talk_with]: talk.on})
    stated = why is not None and not welfare.narrowed and state_on_person(work, welfare, why)
    work.record(
        welfare.id, case=welfare.case_id, talk_with=talk_with, why=why, stated=stated or None
    )
    return talk


@action("welfare.follow_up.planned", roles=WORKING)
def plan_follow_up(work: Work, welfare_id: str, *, kind: FollowUpKind, due_on: date) -> FollowUp:
    """Write down what is done later, and by when.

    Errors: NotFound; Conflict when closed.
    """
    welfare = open_record(work, welfare_id)
    each = FollowUp(
        id=work.ids.new(),
        welfare_id=welfare.id,
        kind=kind,
        due_on=due_on,
        done_on=None,
        done_by=None,
    )
    store.insert_follow_up(work.db, each)
    work.record(welfare.id, case=welfare.case_id, kind=kind)
    return each


@action("welfare.follow_up.done", roles=WORKING)
def finish_follow_up(work: Work, welfare_id: str, follow_id: str) -> None:
    """Say that something promised is done; a review meets the day of the review.

    Errors: NotFound when the record has no such open follow-up; Conflict when closed.
    """
    welfare = open_record(work, welfare_id)
    today = day_of(work, welfare.jurisdiction)
    done = store.finish_follow_up(work.db, welfare.id, follow_id, by=work.actor.id, on=today)
    if done is None:
        raise NotFound("open follow-up", follow_id)
    if done is FollowUpKind.REVIEW:
        store.meet_clocks(work.db, welfare.id, {ClockStep.REVIEW: today})
    work.record(welfare.id, case=welfare.case_id, follow_up=follow_id)


@action("welfare.access.changed", roles=WORKING)
def change_access(
    work: Work, welfare_id: str, *, members: Sequence[str], narrowed: bool
) -> Welfare:
    """Give a record its own list: `members` see it without the case; `narrowed`: they alone.

    Shape: `members` are usernames; of a narrowed record the actor is always one of them.
    Errors: NotFound for the record or a member.
    """
    welfare = seen_record(work, welfare_id)
    ids = {work.actor.id} if narrowed else set[str]()
    for username in members:
        member = access_store.staff_by_username(work.db, username)
        if member is None:
            raise NotFound("member of staff", username)
        ids.add(member.id)
    changed = replace(welfare, narrowed=narrowed, members=tuple(sorted(ids)))
    store.update_record(work.db, changed)
    work.record(welfare.id, members=len(ids), narrowed=narrowed)
    return changed


@action("welfare.record.closed", roles=WORKING)
def close_welfare(work: Work, welfare_id: str, *, ending: Ending) -> None:
    """Close a child's record with what came of it.

    Errors: NotFound; Conflict while something is not answered, or for what a strike alone says;
    MayBeMinor.
    """
    welfare = open_record(work, welfare_id)
    if ending not in CHOSEN:
        raise Conflict("Whom a case has by mistake is struck out of it; that closes the record.")
    if ending is Ending.NOT_A_MINOR:
        endings.check_not_a_minor(reasons_of(work, welfare))
    else:
        check_closing(work, welfare, ending)
    change_record(work, welfare, replace(welfare, ending=ending, closed_at=work.now))
    today = day_of(work, welfare.jurisdiction)
    store.meet_clocks(work.db, welfare.id, {ClockStep.REVIEW: today})
    work.record(welfare.id, case=welfare.case_id, ending=ending)


@action("welfare.clocks.missed", system=True, idle=True)
def miss_clocks(work: Work) -> int:
    """Mark the days that passed without what was due, once each."""
    missed = store.miss_clocks(work.db, before=_days_there(work), at=work.now)
    if missed:
        work.record("all", count=missed)
    return missed


def count_late(work: Work) -> int:
    """How many open records that the actor sees have let a day pass, of a promise too."""
    return store.count_late(work.db, _days_there(work))


def records_seen(work: Work, case_id: str) -> dict[str, Welfare]:
    """The welfare records of a case by person, for another room's action."""
    return {record.person_id: record for record in store.records_of(work.db, case_id)}


def standings_seen(work: Work, case_id: str) -> dict[str, Standing]:
    """What the case sees of its records by person, for another room's action."""
    return {each.person_id: each for each in store.standings_of(work.db, case_id)}


def _days_there(work: Work) -> dict[str, date]:
    """The day it is where the law of each open record applies, by jurisdiction."""
    return {where: day_of(work, where) for where in store.open_jurisdictions(work.db)}


def _line(
    work: Work, record: Welfare, waiting: list[Clock], promised: list[FollowUp]
) -> WelfareLine:
    today = day_of(work, record.jurisdiction)
    return WelfareLine(
        welfare=record,
        next_clock=waiting[0] if waiting else None,
        next_follow_up=promised[0] if promised else None,
        is_late=any(rules.is_late(each, today) for each in (*waiting, *promised)),
    )


def _refuse_future(today: date, *days: date) -> None:
    if any(day > today for day in days):
        raise Invalid("A day lies in the future.")
