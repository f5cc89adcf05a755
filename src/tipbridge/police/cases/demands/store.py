"""Every SQL statement about demands and the facts that answers bring."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, Connection, Text, bindparam, false, or_, select, text

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.cases.demands.model import (
    CaseFact,
    Demand,
    DemandFacts,
    DemandKind,
    DemandState,
    FactKind,
    FormerEnd,
    LetterLanguage,
    Said,
)
from tipbridge.police.cases.demands.tables import case_demand_ends, case_demands, case_facts
from tipbridge.police.cases.redated import days_kept, to_days
from tipbridge.police.cases.referred import Match
from tipbridge.police.cases.rows import to_match
from tipbridge.police.cases.tables import cases

_STANDING = (
    "state", "sent_at", "sent_recorded_at", "due_on", "ended_at", "ended_recorded_at", "words",
)  # fmt: skip
_ASKED = ("person_id", "kind", "addressee", "language", "authority", "ip", "port", "seen_at")

# An account means something at the desk that is asked alone: elsewhere it is somebody else's.
_ASKING = text("""
    SELECT DISTINCT c.id AS case_id, c.unit_id, c.restricted, c.opened_at,
           CASE WHEN d.ip = ANY (:ips) THEN 'ip'
                WHEN lower(d.account) = ANY (:emails) THEN 'email'
                WHEN d.account ~ '^[0-9+ ()-]+$' AND d.number = ANY (:phones) THEN 'phone'
                ELSE 'account' END AS kind
      FROM (SELECT *, regexp_replace(account, '[^0-9]', '', 'g') AS number FROM case_demands) d
      JOIN cases c ON c.id = d.case_id
     WHERE d.state <> 'dropped' AND (d.ip = ANY (:ips) OR lower(d.account) = ANY (:emails)
        OR d.account ~ '^[0-9+ ()-]+$' AND d.number = ANY (:phones)
        OR lower(d.addressee) || ' ' || d.account = ANY (:accounts))
""").bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("ips", "accounts", "emails", "phones"))
)


def insert_demand(db: Connection, demand: Demand) -> None:
    """Keep a draft."""
    values = {name: getattr(demand.asked, name) for name in (*_ASKED, "account")}
    values |= {name: getattr(demand, name) for name in ("id", "case_id", "made_by", "made_at")}
    db.execute(
        case_demands.insert().values(values | {"state": demand.state.value, "former_days": []})
    )


def update_demand(db: Connection, demand: Demand) -> None:
    """Write down where a demand stands."""
    values = {name: getattr(demand, name) for name in _STANDING}
    values["former_days"] = days_kept(demand.former_days)
    db.execute(case_demands.update().where(case_demands.c.id == demand.id).values(values))


def waiting_jurisdictions(db: Connection) -> list[str]:
    """Whose law the cases are under in which an answer is waited for."""
    query = select(cases.c.jurisdiction).join(case_demands, case_demands.c.case_id == cases.c.id)
    query = query.where(case_demands.c.state == DemandState.SENT.value)
    return list(db.execute(query.distinct()).scalars())


def overdue(db: Connection, today: Mapping[str, date]) -> list[Demand]:
    """Demands that were sent and whose day is over where their case is, locked for the change.

    Shape: `today` is by jurisdiction.
    """
    there = [
        (cases.c.jurisdiction == where) & (case_demands.c.due_on < day)
        for where, day in today.items()
    ]
    query = select(case_demands).join(cases, cases.c.id == case_demands.c.case_id)
    query = query.where(case_demands.c.state == DemandState.SENT.value, or_(false(), *there))
    locked = query.order_by(case_demands.c.id).with_for_update(of=case_demands)
    return [_to_demand(row) for row in db.execute(locked).mappings()]


def demands_of(db: Connection, case_id: str) -> list[Demand]:
    """The demands of a case, newest first."""
    query = select(case_demands).where(case_demands.c.case_id == case_id)
    order = (case_demands.c.made_at.desc(), case_demands.c.id.desc())
    return [_to_demand(row) for row in db.execute(query.order_by(*order)).mappings()]


def asked_in(db: Connection, case_id: str) -> list[DemandFacts]:
    """What a case's demands ask about, but those that were dropped."""
    return [each.asked for each in demands_of(db, case_id) if each.state is not DemandState.DROPPED]


def cases_asking(db: Connection, values: Mapping[str, list[str]]) -> list[Match]:
    """The cases whose demands ask about one of these values, as `rules.values_asked` gives them."""
    rows = db.execute(_ASKING, dict(values)).mappings()
    return [replace(to_match(row), asked=True) for row in rows]


def insert_facts(db: Connection, facts: Sequence[CaseFact]) -> None:
    """Keep what an answer says."""
    names = ("id", "case_id", "person_id", "demand_id", "source", "recorded_by", "recorded_at")
    rows = [
        {name: getattr(fact, name) for name in names}
        | {"kind": fact.said.kind.value, "value": fact.said.value}
        for fact in facts
    ]
    insert_rows(db, case_facts, rows)


def facts_of(db: Connection, case_id: str) -> list[CaseFact]:
    """What answers said in a case, oldest first."""
    query = select(case_facts).where(case_facts.c.case_id == case_id)
    rows = db.execute(query.order_by(case_facts.c.recorded_at, case_facts.c.id)).mappings()
    return [_to_fact(row) for row in rows]


def withdraw_fact(db: Connection, fact_id: str, *, by: str, at: datetime, because: str) -> bool:
    """Keep that a fact does not hold; false when that was said before."""
    query = case_facts.update().where(
        case_facts.c.id == fact_id, case_facts.c.withdrawn_at.is_(None)
    )
    return db.execute(query.values(withdrawn_by=by, withdrawn_at=at, because=because)).rowcount == 1


def insert_end(db: Connection, end: FormerEnd) -> None:
    """Keep an end that no longer stands."""
    values = {each.name: getattr(end, each.name) for each in fields(FormerEnd)}
    db.execute(case_demand_ends.insert().values(values | {"state": end.state.value}))


def ends_of(db: Connection, case_id: str) -> list[FormerEnd]:
    """The ends of a case's demands that no longer stand, oldest first."""
    query = select(case_demand_ends).where(case_demand_ends.c.case_id == case_id)
    order = (case_demand_ends.c.replaced_at, case_demand_ends.c.id)
    return [_to_end(row) for row in db.execute(query.order_by(*order)).mappings()]


def _to_end(row: Mapping[Any, Any]) -> FormerEnd:
    values: dict[str, Any] = {each.name: row[each.name] for each in fields(FormerEnd)}
    values["state"] = DemandState(row["state"])
    return FormerEnd(**values)


def _to_fact(row: Mapping[Any, Any]) -> CaseFact:
    return CaseFact(
        id=row["id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        demand_id=row["demand_id"],
        said=Said(kind=FactKind(row["kind"]), value=row["value"]),
        source=row["source"],
        recorded_by=row["recorded_by"],
        recorded_at=row["recorded_at"],
        withdrawn_by=row["withdrawn_by"],
        withdrawn_at=row["withdrawn_at"],
        because=row["because"],
    )


def _to_demand(row: Mapping[Any, Any]) -> Demand:
    asked = DemandFacts(
        kind=DemandKind(row["kind"]),
        addressee=row["addressee"],
        language=LetterLanguage(row["language"]),
        authority=row["authority"],
        person_id=row["person_id"],
        ip=row["ip"],
        port=row["port"],
        seen_at=row["seen_at"],
        account=row["account"],
    )
    return Demand(
        id=row["id"],
        case_id=row["case_id"],
        asked=asked,
        state=DemandState(row["state"]),
        made_by=row["made_by"],
        made_at=row["made_at"],
        sent_at=row["sent_at"],
        due_on=row["due_on"],
        ended_at=row["ended_at"],
        words=row["words"],
        sent_recorded_at=row["sent_recorded_at"],
        ended_recorded_at=row["ended_recorded_at"],
        former_days=to_days(row["former_days"]),
    )
