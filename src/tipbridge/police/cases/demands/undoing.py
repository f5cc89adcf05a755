"""Verbs that take back what was written down of a demand; what was taken back stays readable."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.demands import rules, store
from tipbridge.police.cases.demands.actions import demand_in, keep_end
from tipbridge.police.cases.demands.model import Demand, DemandState
from tipbridge.police.cases.seeing import WORKING, case_seen, person_in


@action("cases.fact.withdrawn", roles=WORKING)
def withdraw_fact(work: Work, case_id: str, fact_id: str, *, because: str) -> Demand:
    """Say that something an answer is said to say does not hold, and why.

    Shape: the fact stays with the reason, and no search finds it. Where nothing else of the
    answer stands, the demand waits for one again, until its day. What staff put on a person
    because of it is taken back there.
    Errors: NotFound, also for another case's; Conflict once it was withdrawn; Invalid without
    a reason.
    """
    case = case_seen(work, case_id)
    every = {each.id: each for each in store.facts_of(work.db, case.id)}
    if (fact := every.get(fact_id)) is None:
        raise NotFound("fact", fact_id)
    reason = checks.text("because", because)
    if not store.withdraw_fact(work.db, fact.id, by=work.actor.id, at=work.now, because=reason):
        raise Conflict("This was withdrawn before.", id=fact.id)
    demand = demand_in(work, case, fact.demand_id)
    stands = any(
        each.demand_id == demand.id and each.withdrawn_at is None and each.id != fact.id
        for each in every.values()
    )
    if not stands:
        demand = replace(demand, state=DemandState.SENT, ended_at=None, ended_recorded_at=None)
        store.update_demand(work.db, demand)
    work.record(case.id, demand=demand.id, fact=fact.id, waits=None if stands else True)
    return demand


@action("cases.demand.reopened", roles=WORKING)
def reopen_demand(work: Work, case_id: str, demand_id: str, *, because: str) -> Demand:
    """Take a refusal back that was none, or take up a draft again that was dropped.

    Shape: the former end stays with its words and the reason; a demand that went out waits for
    an answer again, until its day.
    Errors: NotFound; Conflict for a demand that has no such end; StruckOut where it asks about
    somebody who is; Invalid without a reason.
    """
    case = case_seen(work, case_id)
    demand = demand_in(work, case, demand_id)
    state = rules.before_end(demand.state)
    if state is None:
        raise Conflict(
            f"This demand is {demand.state}: only one that is refused or dropped is taken up"
            " again; of an answer, withdraw the facts that don't hold."
        )
    if demand.asked.person_id is not None:
        person_in(work, case.id, demand.asked.person_id)
    keep_end(work, demand, checks.text("because", because))
    again = replace(demand, state=state, ended_at=None, ended_recorded_at=None, words=None)
    store.update_demand(work.db, again)
    work.record(case.id, demand=demand.id)
    return again
