"""Verbs on notices: ask a host, send what was asked, write down the answer, ask more firmly."""

from datetime import datetime, timedelta

from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.base.moments import done_fact, recorded_later, when_done
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import nodes, rounds, rules, sending, store
from tipbridge.police.removals.actions import WORKING, check_free, removal_seen, removal_standing
from tipbridge.police.removals.asking import asker_of
from tipbridge.police.removals.hosting import store as host_store
from tipbridge.police.removals.hosts import BLOCKING_BODY
from tipbridge.police.removals.model import (
    Channel,
    Host,
    Notice,
    NoticeLanguage,
    NoticeState,
    NoticeStep,
    Removal,
    Reply,
    ReplyKind,
)
from tipbridge.police.removals.own import SHOWN, OwnPlace, own_places
from tipbridge.police.removals.replies import keep_reply
from tipbridge.police.removals.tasks import ask_staff, tell_failed
from tipbridge.police.removals.texts.actions import text_for
from tipbridge.police.removals.wording import notice_text
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare import requests
from tipbridge.police.welfare.model import BY_STRIKE, Ending, Welfare

WOKEN_FOR = timedelta(minutes=10)
MOST_TRIES = 8
MISTAKEN = "place-noted-by-mistake"
OF_NO_CHILD = BY_STRIKE | {Ending.NOT_A_MINOR}
"""A record that ended so is of no child, or kept with another."""


@action("removals.notice.made", roles=WORKING)
def make_notice(work: Work, removal_id: str) -> Notice:
    """Ask for removal, or, when that was done, take the next firmer step.

    Errors: NotFound; Conflict when the material is gone, everything was tried, or too early.
    """
    removal = removal_standing(work, removal_id)
    notice = _next(work, removal)
    work.record(removal.case_id, removal=removal.id, notice=notice.id, step=notice.step)
    return notice


@action("removals.own_material.asked", system=True)
def ask_for_own_material(work: Work, *, case_id: str) -> None:
    """Ask at once for removal of what shows a child of the case; a repeat asks nobody again.

    The request has its day when it went out about every such place: a notice that waits to be
    brought by hand leaves it open. Children of the cases that share its referrals, or were split
    from it, are looked after too: what shows them may be noted here. Where the child's record is
    closed, asking goes on, and a task says so: the record itself stays as it is (ADR 0293).
    """
    made = sum(_ask_for_children(work, each) for each in joining.cases_sharing(work, case_id))
    work.record(case_id, made=made)


@action("removals.own_material.reconsidered", system=True)
def reconsider_own_material(work: Work, *, case_id: str, removal_id: str, said_at: str) -> None:
    """Ask anew where what shows a child was called gone by mistake, or no longer is so.

    A day of the request that rested on the mistake is open again.
    """
    cases_sharing = joining.cases_sharing(work, case_id)
    mistaken_at = datetime.fromisoformat(said_at)
    reopened = sum(
        requests.reopen_request(work, record, mistaken_at)
        for each in cases_sharing
        for person_id, record in welfare.records_seen(work, each).items()
        if _shows(work, person_id, removal_id)
    )
    made = sum(_ask_for_children(work, each) for each in cases_sharing)
    work.record(case_id, removal=removal_id, made=made, reopened=reopened)


def _shows(work: Work, person_id: str, removal_id: str) -> bool:
    places = own_places(work, cases.person_seen(work, person_id), mistaken=True)
    return any(each.id == removal_id for place in places for each in place.noted)


def _ask_for_children(work: Work, case_id: str) -> int:
    made = 0
    for person_id, record in welfare.records_seen(work, case_id).items():
        if not SHOWN & set(record.reasons) or record.ending in OF_NO_CHILD:
            continue
        own = own_places(work, cases.person_seen(work, person_id))
        asked_now = [place.noted[0] for place in own if _ask_first(work, place)]
        made += len(asked_now)
        if record.closed_at is not None:
            for noted in asked_now:
                ask_staff(work, noted.case_id, TaskKind.OWN_MATERIAL_UP, noted.address)
        elif not own:
            requests.wait_for_nothing(work, record)
        else:
            _note_request(work, record, own)
    return made


def _note_request(work: Work, record: Welfare, own: list[OwnPlace]) -> None:
    asked = [(place.gone_at, rounds.round_of(work, *place.noted)[0]) for place in own]
    waits, asked_at = rules.requested_at(asked)
    held = any(_is_held(place) for place in own)
    requests.note_removal(work, record, waits=waits, asked_at=asked_at, held=held)


def _is_held(place: OwnPlace) -> bool:
    removal = place.to_ask_about
    return removal is not None and removal.held_by is not None


def _ask_first(work: Work, place: OwnPlace) -> bool:
    """Ask about a place that shows a child, unless somebody was asked; says whether it did."""
    for noted in place.noted:
        store.mark_own(work.db, noted.id)
    asked, _ = rounds.round_of(work, *place.noted)
    removal = place.to_ask_about
    if removal is None or asked or removal.held_by is not None:
        return False
    _next(work, removal)
    return True


@action("removals.notice.carried", roles=WORKING)
def carry_notice(work: Work, notice_id: str, *, done_at: datetime | None = None) -> None:
    """Say that a notice was brought to the host by hand: by its form, by letter, by telephone.

    Shape: `done_at` is when it was brought, without it now.
    Errors: NotFound; Conflict for one that was sent, or is to another host; Invalid for a moment that is to come or
    before the notice was written.
    """
    notice = _notice_standing(work, notice_id)
    if notice.state is NoticeState.SENT:
        raise Conflict("This notice was sent.")
    at = when_done(done_at, now=work.now, since=notice.made_at, what="the notice was written")
    store.settle_notice(
        work.db,
        notice.id,
        NoticeState.SENT,
        sent_at=at,
        tries=notice.tries,
        problem="",
        due_at=None,
        sent_recorded_at=recorded_later(at, work.now),
        carried_by=work.actor.id,
    )
    work.emit("removals.host.asked", case_id=notice.case_id)
    work.record(notice.case_id, notice=notice.id, done_at=done_fact(at, work.now))


@action("removals.notice.retried", roles=WORKING)
def retry_notice(work: Work, notice_id: str) -> None:
    """Send a notice again that failed, to the address that the host has now.

    Shape: its text stays as it was written; a host that is reached by hand now has it brought.
    Errors: NotFound; Conflict for one that did not fail.
    """
    notice = _notice_standing(work, notice_id)
    if notice.state is not NoticeState.FAILED:
        raise Conflict("Only a notice that failed is sent again.")
    host = _host(work, notice.host)
    store.readdress_notice(work.db, notice.id, host.channel, host.contact)
    by_hand = host.channel is Channel.BY_HAND
    state = NoticeState.DRAFT if by_hand else NoticeState.QUEUED
    _settle(work, notice, state, tries=0, problem="", due_at=None if by_hand else _lease())
    work.record(notice.case_id, notice=notice.id)
    if not by_hand:
        work.emit("removals.notice.queued", notice_id=notice.id)


@action("removals.notice.sent", system=True, idle=True)
def send_notice(work: Work, *, notice_id: str) -> int:
    """Send a queued notice; 0 when there is nothing to send or somebody is at it.

    Shape: it is written down as sent after it was taken, so that a node that dies in between
    sends it again, under the same id.
    """
    notice = store.notice_by_id(work.db, notice_id, wait=False)
    if notice is None or notice.state is not NoticeState.QUEUED:
        return 0
    removal = removal_seen(work, notice.removal_id)
    if removal.mistake is not None:
        _settle(work, notice, NoticeState.FAILED, tries=notice.tries, problem=MISTAKEN, due_at=None)
        work.record(notice.case_id, notice=notice.id, problem=MISTAKEN, tries=notice.tries)
        return 1
    if notice.channel is Channel.NODE:
        package_id = nodes.carry(work, notice, removal)
        if package_id is not None:
            work.record(notice.case_id, notice=notice.id, package=package_id)
        return int(package_id is not None)
    problem = sending.send(work.node, notice, removal.address, asker_of(work.node))
    tries = notice.tries + 1
    if not problem:
        _settle(work, notice, NoticeState.SENT, tries=tries, problem="", due_at=None)
    elif tries >= MOST_TRIES:
        _settle(work, notice, NoticeState.FAILED, tries=tries, problem=problem, due_at=None)
        tell_failed(work, removal)
    else:
        wait = timedelta(seconds=work.node.settings.retry_base_seconds * 2**tries)
        due_at = machine_now() + wait
        _settle(work, notice, NoticeState.QUEUED, tries=tries, problem=problem, due_at=due_at)
    work.record(notice.case_id, notice=notice.id, problem=problem or None, tries=tries)
    return 1


@action("removals.notices.woken", system=True, idle=True)
def wake_notices(work: Work) -> int:
    """Enqueue the notices whose next try is due and that nobody was woken for."""
    found = store.due_notices(work.db, machine_now(), _lease())
    for notice_id in found:
        work.emit("removals.notice.queued", notice_id=notice_id)
    if found:
        work.record("all", count=len(found))
    return len(found)


@action("removals.reply.recorded", roles=WORKING)
def record_reply(
    work: Work, removal_id: str, kind: ReplyKind, *, done_at: datetime | None = None
) -> Reply:
    """Write down what a host answered; what it says it did is looked at by the next check.

    Shape: `done_at` is when it answered, without it now.
    Errors: NotFound; Conflict when nobody was asked; Invalid for a moment that is to come or
    before the first notice went out.
    """
    removal = removal_standing(work, removal_id)
    notices = [*store.notices_of(work.db, removal.id), *rounds.round_of(work, removal)[0]]
    there = [each for each in notices if rules.asked_of(each, removal.host)]
    asked = [each.sent_at for each in there if each.sent_at]
    if not asked:
        raise Conflict("Nobody was asked about this place yet.")
    at = when_done(done_at, now=work.now, since=min(asked), what="the first notice went out")
    reply = Reply(
        id=work.ids.new(),
        removal_id=removal.id,
        kind=kind,
        at=at,
        by=work.actor.id,
        recorded_at=recorded_later(at, work.now),
    )
    keep_reply(work, removal, reply)
    done = done_fact(at, work.now)
    work.record(removal.case_id, removal=removal.id, kind=kind, done_at=done)
    return reply


def check_case(work: Work, case_id: str, notice_id: str) -> None:
    """Refuse what was done to a notice under another case's address; nothing of it is kept.

    Errors: NotFound.
    """
    if notice_seen(work, notice_id).case_id != cases.case_seen(work, case_id).id:
        raise NotFound("notice", notice_id)


def _next(work: Work, removal: Removal) -> Notice:
    """Make the next notice about a place and send it on its way.

    Errors: Conflict also while a mark holds the place.
    """
    check_free(removal)
    notices, replies = rounds.round_of(work, removal)
    step = rules.check_notice(removal.state, notices, replies, work.now)
    host = _host(work, BLOCKING_BODY if step is NoticeStep.BLOCKING else removal.host)
    notice_id = work.ids.new()
    subject, body = notice_text(
        removal,
        text_for(work, host.name, step, host.language),
        host.language,
        notice_id=notice_id,
        agency=work.node.name,
        synthetic=work.node.synthetic,
    )
    by_hand = host.channel is Channel.BY_HAND
    notice = Notice(
        id=notice_id,
        removal_id=removal.id,
        case_id=removal.case_id,
        host=host.name,
        step=step,
        channel=host.channel,
        recipient=host.contact,
        language=host.language,
        subject=subject,
        body=body,
        state=NoticeState.DRAFT if by_hand else NoticeState.QUEUED,
        made_at=work.now,
        made_by=work.actor.id,
    )
    store.insert_notice(work.db, notice, due_at=None if by_hand else _lease())
    if not by_hand:
        work.emit("removals.notice.queued", notice_id=notice.id)
    return notice


def _host(work: Work, name: str) -> Host:
    """How a host is reached; one that nobody wrote down is reached by hand."""
    return host_store.host_by_name(work.db, name) or Host(
        id="",
        name=name,
        country=None,
        channel=Channel.BY_HAND,
        contact="",
        language=language_of(work, name),
        may_check=False,
    )


def language_of(work: Work, name: str) -> NoticeLanguage:
    """In which language one is written to whom nobody wrote down: the body in the node's own."""
    at_home = name == BLOCKING_BODY and work.node.settings.jurisdiction == "KR"
    korean = at_home or name.endswith(".kr")
    return NoticeLanguage.KOREAN if korean else NoticeLanguage.ENGLISH


def notice_seen(work: Work, notice_id: str) -> Notice:
    """A notice that the actor sees, for this room's actions. Errors: NotFound."""
    notice = store.notice_by_id(work.db, notice_id)
    if notice is None:
        raise NotFound("notice", notice_id)
    return notice


def _notice_standing(work: Work, notice_id: str) -> Notice:
    """The same, to bring or send it. Errors: NotFound; Conflict for one to a corrected host."""
    notice = notice_seen(work, notice_id)
    removal = removal_standing(work, notice.removal_id)
    if not rules.asked_of(notice, removal.host):
        raise Conflict("This notice is for another host than the place has now: ask that one.")
    return notice


def _lease() -> datetime:
    return machine_now() + WOKEN_FOR


def _settle(
    work: Work,
    notice: Notice,
    state: NoticeState,
    *,
    tries: int,
    problem: str,
    due_at: datetime | None,
) -> None:
    sent_at = work.now if state is NoticeState.SENT else None
    if sent_at is not None:
        work.emit("removals.host.asked", case_id=notice.case_id)
    store.settle_notice(
        work.db,
        notice.id,
        state,
        sent_at=sent_at,
        tries=tries,
        problem=problem,
        due_at=due_at,
    )
