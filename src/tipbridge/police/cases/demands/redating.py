"""The day on which a demand went out is corrected: its clock goes by the new one."""

from dataclasses import replace
from datetime import date, datetime

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.base.moments import recorded_later
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.demands import rules, store
from tipbridge.police.cases.demands.actions import close_chase, demand_in
from tipbridge.police.cases.demands.model import Demand, DemandState
from tipbridge.police.cases.model import Case
from tipbridge.police.cases.redated import FormerDay, corrected_day
from tipbridge.police.cases.seeing import WORKING, case_seen, day_there, today_of


@action("cases.demand.redated", roles=WORKING)
def correct_demand_day(
    work: Work, case_id: str, demand_id: str, *, done_at: datetime | None, because: str
) -> Demand:
    """Say that a demand went out at another time than was written down, and why.

    Shape: the former day stays with the reason. The day by which an answer is waited for follows,
    unless the sender named it; one that expired by the wrong day is waited for again.
    Errors: NotFound; Conflict for a demand that did not go out; Invalid without a moment or a
    reason, for a moment that is to come, before it was written, or after its answer, and where
    the day that the sender named would lie before it.
    """
    case = case_seen(work, case_id)
    demand = demand_in(work, case, demand_id)
    if demand.sent_at is None:
        raise Conflict("This demand did not go out.", id=demand.id)
    at = corrected_day(
        done_at,
        now=work.now,
        since=demand.made_at,
        what="it was written",
        until=_rests_on(work, demand),
    )
    former = FormerDay(
        sent_at=demand.sent_at,
        corrected_at=work.now,
        corrected_by=work.actor.id,
        because=checks.text("because", because),
    )
    due_on = _due_on(case, demand, demand.sent_at, at)
    waits = demand.state is DemandState.EXPIRED and due_on >= today_of(work, case.jurisdiction)
    corrected = replace(
        demand,
        state=DemandState.SENT if waits else demand.state,
        sent_at=at,
        sent_recorded_at=recorded_later(at, work.now),
        due_on=due_on,
        former_days=(*demand.former_days, former),
    )
    store.update_demand(work.db, corrected)
    if waits:
        close_chase(work, corrected)
    was = demand.sent_at.isoformat()
    work.record(case.id, demand=demand.id, due_on=str(due_on), done_at=at.isoformat(), was=was)
    return corrected


def _due_on(case: Case, demand: Demand, was: datetime, at: datetime) -> date:
    """Until when an answer is waited for. Errors: Invalid where the sender named an earlier day."""
    kind, where = demand.asked.kind, case.jurisdiction
    usual = rules.due_on(kind, day_there(where, was), None)
    named = None if demand.due_on == usual else demand.due_on
    return rules.due_on(kind, day_there(where, at), named)


def _rests_on(work: Work, demand: Demand) -> datetime | None:
    """When the first answer or refusal came that is written down, also one that stands no more."""
    ends = [
        each.ended_at
        for each in store.ends_of(work.db, demand.case_id)
        if each.demand_id == demand.id and each.state is DemandState.REFUSED
    ]
    return min([*ends, *([demand.ended_at] if demand.ended_at else [])], default=None)
