"""Every SQL statement about the queue and leads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    any_,
    bindparam,
    case,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from tipbridge.foundation.access.tables import providers, units
from tipbridge.tips.enrichment.tables import tip_person_facts
from tipbridge.tips.intake.model import ReportState
from tipbridge.tips.intake.tables import report_files, reports
from tipbridge.tips.report.model import PersonRole
from tipbridge.tips.triage.model import (
    Lead,
    LeadSource,
    LeadState,
    PendingLine,
    Queue,
    Reason,
    ReasonCode,
    Suspicion,
    TipLine,
    Triage,
    read_grade,
)
from tipbridge.tips.triage.tables import leads, tip_triage

# Built once: building a statement anew costs more than running it.
_TRIAGE_OF = select(tip_triage.c.queue, tip_triage.c.child_path, tip_triage.c.reasons).where(
    tip_triage.c.report_id == bindparam("id")
)
_ADD_LEAD = insert(leads).on_conflict_do_nothing()
_LEADS_OF_TIP = (
    select(leads).where(leads.c.report_id == bindparam("id")).order_by(leads.c.person_index)
)
_CHANGE_LEADS_OF_TIP = leads.update().where(leads.c.report_id == bindparam("which"))
_CHANGE_TRIAGE = tip_triage.update().where(tip_triage.c.report_id == bindparam("which"))
_VISIBLE = select(reports.c.id).where(
    reports.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))
)
_UNIT_CODES = select(units.c.id, units.c.code)
_PENDING = text("""
    SELECT r.id, p.name, r.opened_at, r.expires_at, u.code,
           (SELECT count(*) FROM report_files f WHERE f.report_id = r.id) AS files
      FROM reports r JOIN providers p ON p.id = r.provider_id JOIN units u ON u.id = r.unit_id
     WHERE r.state = 'open' AND r.escalated AND r.expires_at > :now
     ORDER BY r.opened_at, r.id LIMIT :limit""")
_ORDER = case({queue.value: number for number, queue in enumerate(Queue)}, value=tip_triage.c.queue)


def keep_triage(
    db: Connection, report_id: int, triage: Triage, *, incident_type: str, at: datetime
) -> None:
    """Keep where a tip stands and why, in place of what was kept before."""
    values = {
        "queue": triage.queue.value,
        "child_path": triage.child_path,
        "reasons": [{"code": each.code.value, "about": each.about} for each in triage.reasons],
        "incident_type": incident_type,
        "triaged_at": at,
    }
    row = insert(tip_triage).values(report_id=report_id, **values)
    db.execute(row.on_conflict_do_update(index_elements=["report_id"], set_=values))


def triage_of(db: Connection, report_id: int) -> Triage | None:
    """Where a tip stands and why."""
    row = db.execute(_TRIAGE_OF, {"id": report_id}).one_or_none()
    if row is None:
        return None
    reasons = (Reason(code=ReasonCode(each["code"]), about=each["about"]) for each in row.reasons)
    return Triage(queue=Queue(row.queue), child_path=row.child_path, reasons=tuple(reasons))


def mark_assigned(db: Connection, report_id: int, at: datetime) -> None:
    """Note when a tip was given to a unit."""
    db.execute(_CHANGE_TRIAGE, {"which": report_id, "assigned_at": at})


def tip_lines(
    db: Connection, *, queue: Queue | None, waiting: bool, limit: int, offset: int
) -> list[TipLine]:
    """Finished tips in the order in which they are to be looked at.

    Shape: `waiting` leaves out those that were given to a unit already.
    """
    countries = (
        select(func.array_agg(tip_person_facts.c.country.distinct()))
        .where(tip_person_facts.c.report_id == reports.c.id)
        .where(tip_person_facts.c.role == PersonRole.REPORTED.value)
        .where(tip_person_facts.c.country.is_not(None))
        .scalar_subquery()
    )
    files = select(func.count()).where(report_files.c.report_id == reports.c.id).scalar_subquery()
    query = (
        select(
            reports.c.id,
            providers.c.name,
            reports.c.finished_at,
            reports.c.restricted,
            units.c.code,
            tip_triage.c.queue,
            tip_triage.c.child_path,
            tip_triage.c.incident_type,
            tip_triage.c.assigned_at,
            countries.label("countries"),
            files.label("file_count"),
        )
        .join(providers, providers.c.id == reports.c.provider_id)
        .join(units, units.c.id == reports.c.unit_id)
        .outerjoin(tip_triage, tip_triage.c.report_id == reports.c.id)
        .where(*_chosen(queue, waiting=waiting))
        .order_by(_ORDER.nulls_first(), reports.c.finished_at, reports.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [_line(row) for row in db.execute(query).mappings()]


def pending_lines(db: Connection, now: datetime, *, limit: int) -> list[PendingLine]:
    """Open reports that their providers call urgent, the oldest first."""
    return [
        PendingLine(
            report_id=str(row.id),
            provider=row.name,
            opened_at=row.opened_at,
            expires_at=row.expires_at,
            file_count=row.files,
            unit=row.code,
        )
        for row in db.execute(_PENDING, {"now": now, "limit": limit})
    ]


def count_waiting(db: Connection) -> int:
    """How many finished tips nobody has given to a unit yet."""
    query = (
        select(func.count())
        .select_from(reports)
        .outerjoin(tip_triage, tip_triage.c.report_id == reports.c.id)
        .where(*_chosen(None, waiting=True))
    )
    return db.execute(query).scalar_one()


def _chosen(queue: Queue | None, *, waiting: bool) -> Iterable[ColumnElement[bool]]:
    yield reports.c.state == ReportState.FINISHED.value
    if queue is not None:
        yield tip_triage.c.queue == queue.value
    if waiting:
        yield tip_triage.c.assigned_at.is_(None)


def _line(row: RowMapping) -> TipLine:
    return TipLine(
        report_id=str(row["id"]),
        provider=row["name"],
        received_at=row["finished_at"],
        incident_type=row["incident_type"],
        queue=Queue(row["queue"]) if row["queue"] is not None else None,
        child_path=bool(row["child_path"]),
        countries=tuple(row["countries"] or ()),
        file_count=row["file_count"],
        unit=row["code"],
        restricted=row["restricted"],
        assigned_at=row["assigned_at"],
    )


def visible_reports(db: Connection, report_ids: Iterable[int]) -> frozenset[int]:
    """Which of these reports the actor may see."""
    return frozenset(db.execute(_VISIBLE, {"ids": list(report_ids)}).scalars())


def unit_codes(db: Connection) -> dict[int, str]:
    """Every unit's code by its id."""
    return {row.id: row.code for row in db.execute(_UNIT_CODES)}


def add_lead(db: Connection, lead: Lead) -> bool:
    """Keep a lead; False when its tip has one of this person already."""
    row = {
        "id": lead.id,
        "source": lead.source.value,
        "report_id": lead.report_id,
        "person_index": lead.person_index,
        "identifiers": lead.identifiers,
        "grounds": lead.grounds,
        "incident_type": lead.incident_type,
        "suspicion": lead.suspicion.value if lead.suspicion is not None else None,
        "grade": str(lead.grade) if lead.grade is not None else None,
        "unit_id": lead.unit_id,
        "restricted": lead.restricted,
        "members": list(lead.members),
        "state": lead.state.value,
        "opened_at": lead.opened_at,
        "opened_by": lead.opened_by,
    }
    return db.execute(_ADD_LEAD, row).rowcount == 1


def place_leads(
    db: Connection, report_id: int, *, unit_id: int, restricted: bool, members: tuple[str, ...]
) -> None:
    """Let the leads of a tip go where the tip goes."""
    placed = {"unit_id": unit_id, "restricted": restricted, "members": list(members)}
    db.execute(_CHANGE_LEADS_OF_TIP, {"which": report_id, **placed})


def set_lead_state(db: Connection, lead_id: str, state: LeadState) -> None:
    """Say where a lead stands."""
    db.execute(leads.update().where(leads.c.id == lead_id).values(state=state.value))


def lead_by_id(db: Connection, lead_id: str) -> Lead | None:
    """One lead, as far as this actor sees it."""
    row = db.execute(select(leads).where(leads.c.id == lead_id)).one_or_none()
    return _lead(row) if row is not None else None


def leads_of_tip(db: Connection, report_id: int) -> list[Lead]:
    """The leads that a tip opened, by person."""
    return [_lead(row) for row in db.execute(_LEADS_OF_TIP, {"id": report_id})]


def all_leads(db: Connection, *, source: LeadSource | None, limit: int, offset: int) -> list[Lead]:
    """Leads that this actor sees, newest first."""
    query = select(leads).order_by(leads.c.opened_at.desc(), leads.c.id.desc())
    if source is not None:
        query = query.where(leads.c.source == source.value)
    return [_lead(row) for row in db.execute(query.limit(limit).offset(offset))]


def _lead(row: Row[Any]) -> Lead:
    return Lead(
        id=row.id,
        source=LeadSource(row.source),
        report_id=row.report_id,
        person_index=row.person_index,
        identifiers=row.identifiers,
        grounds=row.grounds,
        incident_type=row.incident_type,
        suspicion=Suspicion(row.suspicion) if row.suspicion is not None else None,
        grade=read_grade(row.grade) if row.grade is not None else None,
        unit_id=row.unit_id,
        restricted=row.restricted,
        members=tuple(row.members),
        state=LeadState(row.state),
        opened_at=row.opened_at,
        opened_by=row.opened_by,
    )
