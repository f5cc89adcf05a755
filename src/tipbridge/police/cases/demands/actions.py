"""Verbs on demands: draft, drop, send, record an answer or a refusal, let one expire."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.base.moments import done_fact, recorded_later, when_done
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.demands import holding, letters, rules, store
from tipbridge.police.cases.demands.model import (
    CaseFact,
    Demand,
    DemandFacts,
    DemandState,
    DemandView,
    FormerEnd,
    Said,
)
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary.store import finish_task
from tipbridge.police.cases.model import Case, TaskKind
from tipbridge.police.cases.seeing import (
    WORKING,
    case_kept,
    case_seen,
    day_there,
    person_in,
    today_of,
)
from tipbridge.police.cases.struck.reading import records_of


@action("cases.demand.drafted", roles=WORKING)
def draft_demand(work: Work, case_id: str, asked: DemandFacts) -> Demand:
    """Write a demand down; nothing goes out by it.

    Errors: NotFound for the case or the person; Invalid naming the field.
    """
    case = case_kept(work, case_id)
    if asked.person_id is not None:
        person_in(work, case.id, asked.person_id)
    kept = {
        name: unicodedata.normalize("NFC", checks.words(name, text))
        for name in ("addressee", "authority", "account")
        if (text := getattr(asked, name)) is not None
    }
    if asked.seen_at is not None and asked.seen_at > work.now:
        raise Invalid("seen_at lies in the future.")
    demand = Demand(
        id=work.ids.new(),
        case_id=case.id,
        asked=replace(asked, ip=rules.checked_ip(asked), **kept),
        state=DemandState.DRAFTED,
        made_by=work.actor.id,
        made_at=work.now,
    )
    store.insert_demand(work.db, demand)
    work.record(case.id, demand=demand.id, kind=asked.kind)
    return demand


@action("cases.demand.sent", roles=WORKING)
def send_demand(
    work: Work,
    case_id: str,
    demand_id: str,
    *,
    due_on: date | None = None,
    done_at: datetime | None = None,
) -> Demand:
    """Say that a demand went out, and by which day an answer is waited for.

    Shape: `done_at` is when it went out, without it now. What it asks about is then compared with
    what other cases of the node hold.
    Errors: NotFound; Conflict when it went out before, or while every referral by which what it
    asks is known forbids what others could notice; Invalid for a day before that of sending, or
    for a moment that is to come or before it was written.
    """
    case = case_seen(work, case_id)
    demand = demand_then(work, case, demand_id, DemandState.SENT)
    holding.check_free(work, case.id, demand.asked)
    at = when_done(done_at, now=work.now, since=demand.made_at, what="it was written")
    day = rules.due_on(demand.asked.kind, day_there(case.jurisdiction, at), due_on)
    late = recorded_later(at, work.now)
    sent = replace(demand, sent_at=at, sent_recorded_at=late, due_on=day)
    store.update_demand(work.db, sent)
    done = done_fact(at, work.now)
    work.record(case.id, demand=demand.id, due_on=day.isoformat(), done_at=done)
    work.emit("cases.demand.sent", case_id=case.id)
    return sent


@action("cases.demand.dropped", roles=WORKING)
def drop_demand(work: Work, case_id: str, demand_id: str, *, because: str) -> None:
    """Say that a draft is not sent, and why; it stays readable.

    Errors: NotFound; Conflict for a demand that went out; Invalid without a reason.
    """
    case = case_seen(work, case_id)
    demand = demand_then(work, case, demand_id, DemandState.DROPPED)
    words = checks.text("because", because)
    store.update_demand(work.db, replace(demand, ended_at=work.now, words=words))
    work.record(case.id, demand=demand.id)


@action("cases.demand.answered", roles=WORKING)
def answer_demand(
    work: Work,
    case_id: str,
    demand_id: str,
    *,
    said: Sequence[Said],
    done_at: datetime | None = None,
) -> tuple[CaseFact, ...]:
    """Write an answer down as facts with their source; a late or a further answer counts.

    Shape: facts stand in the case, never in a person by themselves. A refusal that an answer
    follows is kept. `done_at` is when it came, without it now.
    Errors: NotFound; Conflict for a demand that did not go out; Invalid without a fact, or for a
    moment that is to come or before the demand went out.
    """
    case = case_seen(work, case_id)
    before = demand_in(work, case, demand_id)
    demand = demand_then(work, case, demand_id, DemandState.ANSWERED)
    if not said:
        raise Invalid("An answer says at least one thing; nothing held is one too.")
    ended, at = _ended(work, demand, done_at)
    facts = _facts(work, demand, said)
    if before.state is DemandState.REFUSED:
        keep_end(work, before)
    if not _answered_since(before, at):
        store.update_demand(work.db, replace(ended, words=None))
    close_chase(work, demand)
    store.insert_facts(work.db, facts)
    done = done_fact(at, work.now)
    work.record(case.id, demand=demand.id, facts=len(facts), done_at=done)
    return facts


@action("cases.demand.refused", roles=WORKING)
def refuse_demand(
    work: Work, case_id: str, demand_id: str, *, words: str, done_at: datetime | None = None
) -> None:
    """Write down that the addressee refuses, and in which words.

    Shape: `done_at` is when they did, without it now.
    Errors: NotFound; Conflict for a demand that waits for no answer; Invalid without words, or for
    a moment that is to come or before the demand went out.
    """
    case = case_seen(work, case_id)
    demand = demand_then(work, case, demand_id, DemandState.REFUSED)
    ended, at = _ended(work, demand, done_at)
    store.update_demand(work.db, replace(ended, words=checks.text("words", words)))
    close_chase(work, demand)
    work.record(case.id, demand=demand.id, done_at=done_fact(at, work.now))


@action("cases.demands.expired", system=True, idle=True)
def expire_demands(work: Work) -> int:
    """Let demands expire whose day is over where their case is, and open a task to ask again."""
    today = {each: today_of(work, each) for each in store.waiting_jurisdictions(work.db)}
    late = store.overdue(work.db, today)
    for demand in late:
        store.update_demand(work.db, replace(demand, state=DemandState.EXPIRED))
        asked, kind = demand.asked, TaskKind.CHASE_DEMAND
        diary.open_task(work, demand.case_id, kind, asked.person_id, title=asked.addressee)
    if late:
        work.record("all", count=len(late))
    return len(late)


@action("cases.demands.read", roles=WORKING)
def read_demands(work: Work, case_id: str) -> tuple[Case, list[DemandView]]:
    """The demands of a case with letters, answers, and what weakens them.

    Errors: NotFound.
    """
    case = case_seen(work, case_id)
    facts, former = store.facts_of(work.db, case.id), store.ends_of(work.db, case.id)
    demands = store.demands_of(work.db, case.id)
    work.record(case.id, demands=len(demands))
    return case, [
        DemandView(
            demand=demand,
            number=case.number,
            letter=letters.letter(demand, case.number, synthetic=work.node.synthetic),
            facts=tuple(fact for fact in facts if fact.demand_id == demand.id),
            former=tuple(end for end in former if end.demand_id == demand.id),
            weak=rules.weak_points(demand.asked),
        )
        for demand in demands
    ]


def _ended(work: Work, demand: Demand, done_at: datetime | None) -> tuple[Demand, datetime]:
    """The demand with the moment of its answer or refusal. Errors: Invalid."""
    assert demand.sent_at is not None  # it went out
    at = when_done(done_at, now=work.now, since=demand.sent_at, what="the demand went out")
    late = recorded_later(at, work.now)
    return replace(demand, ended_at=at, ended_recorded_at=late), at


def _answered_since(before: Demand, at: datetime) -> bool:
    """Whether a later answer is written down already: it is the demand's last."""
    last = before.ended_at if before.state is DemandState.ANSWERED else None
    return last is not None and last > at


def _facts(work: Work, demand: Demand, said: Sequence[Said]) -> tuple[CaseFact, ...]:
    return tuple(
        CaseFact(
            id=work.ids.new(),
            case_id=demand.case_id,
            person_id=demand.asked.person_id,
            demand_id=demand.id,
            said=Said(kind=each.kind, value=checks.words("value", each.value)),
            source=demand.asked.addressee,
            recorded_by=work.actor.id,
            recorded_at=work.now,
        )
        for each in said
    )


def close_chase(work: Work, demand: Demand) -> None:
    """Nobody has to ask again: the task to do so is done, if there is one; within an action.

    Shape: it may name a record that was joined to the person's since.
    """
    person_id, about = demand.asked.person_id, (TaskKind.CHASE_DEMAND, demand.asked.addressee)
    people = (None,) if person_id is None else records_of(work, person_id)
    for task in diary.tasks_of(work, demand.case_id):
        if (task.kind, task.title) == about and task.person_id in people and task.done_at is None:
            finish_task(work.db, task.id, by=work.actor.id, at=work.now)
            return


def keep_end(work: Work, demand: Demand, because: str | None = None) -> None:
    """Keep the end of a demand that no longer stands, within the caller's own action."""
    assert demand.ended_at is not None  # it has ended
    end = FormerEnd(
        id=work.ids.new(),
        case_id=demand.case_id,
        demand_id=demand.id,
        state=demand.state,
        words=demand.words,
        ended_at=demand.ended_at,
        because=because,
        replaced_by=work.actor.id,
        replaced_at=work.now,
    )
    store.insert_end(work.db, end)


def demand_in(work: Work, case: Case, demand_id: str) -> Demand:
    """A demand of a case, within the caller's own action.

    Errors: NotFound, also for another case's.
    """
    known = {demand.id: demand for demand in store.demands_of(work.db, case.id)}
    demand = known.get(demand_id)
    if demand is None:
        raise NotFound("demand", demand_id)
    return demand


def demand_then(work: Work, case: Case, demand_id: str, state: DemandState) -> Demand:
    """The demand as it stands after the step, not yet kept.

    Errors: NotFound, also for another case's; Conflict for a step that can't follow.
    """
    demand = demand_in(work, case, demand_id)
    if not rules.may_become(demand.state, state):
        raise Conflict(f"This demand is {demand.state}; it can't become {state}.")
    return replace(demand, state=state)
