"""Every SQL statement about demands and the facts that answers bring."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.cases.demands.model import (
    CaseFact,
    Demand,
    DemandFacts,
    DemandKind,
    DemandState,
    FactKind,
    LetterLanguage,
    Said,
)
from tipbridge.police.cases.demands.tables import case_demands, case_facts

_STANDING = ("state", "sent_at", "due_on", "ended_at", "words")
_ASKED = ("person_id", "kind", "addressee", "language", "authority", "ip", "port", "seen_at")


def insert_demand(db: Connection, demand: Demand) -> None:
    """Keep a draft."""
    values = {name: getattr(demand.asked, name) for name in (*_ASKED, "account")}
    values |= {name: getattr(demand, name) for name in ("id", "case_id", "made_by", "made_at")}
    db.execute(case_demands.insert().values(values | {"state": demand.state.value}))


def update_demand(db: Connection, demand: Demand) -> None:
    """Write down where a demand stands."""
    values = {name: getattr(demand, name) for name in _STANDING}
    db.execute(case_demands.update().where(case_demands.c.id == demand.id).values(values))


def overdue(db: Connection, today: date) -> list[Demand]:
    """Demands that were sent and whose day is over, locked for the change."""
    query = select(case_demands).where(
        case_demands.c.state == DemandState.SENT.value, case_demands.c.due_on < today
    )
    rows = db.execute(query.order_by(case_demands.c.id).with_for_update()).mappings()
    return [_to_demand(row) for row in rows]


def demands_of(db: Connection, case_id: str) -> list[Demand]:
    """The demands of a case, newest first."""
    query = select(case_demands).where(case_demands.c.case_id == case_id)
    order = (case_demands.c.made_at.desc(), case_demands.c.id.desc())
    return [_to_demand(row) for row in db.execute(query.order_by(*order)).mappings()]


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
    return [
        CaseFact(
            id=row["id"],
            case_id=row["case_id"],
            person_id=row["person_id"],
            demand_id=row["demand_id"],
            said=Said(kind=FactKind(row["kind"]), value=row["value"]),
            source=row["source"],
            recorded_by=row["recorded_by"],
            recorded_at=row["recorded_at"],
        )
        for row in rows
    ]


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
    )
