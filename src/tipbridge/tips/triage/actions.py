"""Verbs of triage: place a tip in the queue, read it, give it to a unit; open and read leads."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import cast

from tipbridge.foundation.access.store import staff_by_username
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.model import Part
from tipbridge.tips.enrichment.actions import tip_of
from tipbridge.tips.enrichment.model import Tip
from tipbridge.tips.intake.actions import place_report, read_report, report_number
from tipbridge.tips.intake.model import ReportRecord
from tipbridge.tips.triage import store
from tipbridge.tips.triage.identifiers import OwnGrounds, identifiers_of
from tipbridge.tips.triage.model import (
    ChildAge,
    Lead,
    LeadSource,
    LeadState,
    LeadView,
    PendingLine,
    Queue,
    TipLine,
    TipView,
)
from tipbridge.tips.triage.parts import lead_parts, tip_parts
from tipbridge.tips.triage.rules import decide_triage, lead_people

ANALYSTS = (Role.ANALYST,)
LEAD_ROLES = (Role.ANALYST, Role.LIAISON)
OWN_GROUNDS_ROLES = (Role.LIAISON,)
PAGE_LINES = 100


@action("triage.tip.triaged", system=True)
def triage_tip(work: Work, *, report_id: str, record: ReportRecord | None = None) -> None:
    """Say where a tip stands in the queue and open its leads; may be run again."""
    record = record or read_report(work, report_id)
    if record.report is None:
        work.record(report_id, done=False)
        return
    tip = tip_of(work, record)
    decided = decide_triage(tip, child_age(work.now.date()))
    incident_type = tip.source.report.incident.type
    store.keep_triage(
        work.db, tip.source.report_id, decided, incident_type=incident_type, at=work.now
    )
    opened = [
        store.add_lead(
            work.db,
            Lead(
                id=work.ids.new(),
                source=LeadSource.TIP,
                report_id=tip.source.report_id,
                person_index=person.index,
                identifiers={},
                grounds="",
                incident_type=incident_type,
                suspicion=None,
                grade=None,
                unit_id=record.unit_id,
                restricted=record.restricted,
                members=record.members,
                state=LeadState.OPEN,
                opened_at=work.now,
                opened_by=work.actor.id,
            ),
        )
        for person in lead_people(tip)
    ]
    reasons = ",".join(sorted({reason.code for reason in decided.reasons}))
    work.record(
        report_id, done=True, queue=decided.queue, leads_opened=sum(opened), reasons=reasons[:200]
    )


@action("triage.tips.listed", roles=ANALYSTS)
def list_tips(
    work: Work, *, queue: str | None = None, waiting: bool = False, page: int = 1
) -> list[TipLine]:
    """Finished tips in the order in which they are to be looked at, a hundred at a time.

    Errors: Invalid when there is no such queue.
    """
    if queue is not None and queue not in set(Queue):
        raise Invalid(f"The queue is one of: {', '.join(Queue)}.")
    chosen = Queue(queue) if queue is not None else None
    offset = (max(page, 1) - 1) * PAGE_LINES
    found = store.tip_lines(work.db, queue=chosen, waiting=waiting, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found


@action("triage.pending.listed", roles=ANALYSTS)
def list_pending(work: Work) -> list[PendingLine]:
    """Reports that their providers call urgent and have not finished, the oldest first.

    Shape: nothing of them is a tip yet; each enters the queue when it is finished.
    """
    found = store.pending_lines(work.db, work.now, limit=PAGE_LINES)
    work.record("all", count=len(found))
    return found


@action("triage.tip.read", roles=ANALYSTS)
def read_tip(work: Work, report_id: str) -> TipView:
    """Everything of one tip: every value that arrived, the facts, the reasons, the feedback.

    Errors: NotFound; another unit's looks the same.
    """
    record = read_report(work, report_id)
    tip = tip_of(work, record)
    number = tip.source.report_id
    earlier = (each.first_report_id for each in tip.facts.duplicates)
    view = TipView(
        record=record,
        tip=tip,
        triage=store.triage_of(work.db, number),
        unit=store.unit_codes(work.db)[record.unit_id],
        leads=tuple(store.leads_of_tip(work.db, number)),
        visible_reports=store.visible_reports(work.db, earlier),
    )
    work.record(report_id, files=len(record.files))
    return view


@action("triage.tip.assigned", roles=ANALYSTS)
def assign_tip(
    work: Work,
    report_id: str,
    *,
    unit: str,
    restricted: bool = False,
    members: tuple[str, ...] = (),
) -> None:
    """Give a tip and its leads to a unit; a restricted one only to the members named.

    Shape: `members` are user names; who restricts a tip is on its list.
    Errors: NotFound; Invalid when there is no such unit or member of staff.
    """
    unit_id = _unit_id(work, unit)
    ids = _member_ids(work, members) if restricted else ()
    number = report_number(report_id)
    place_report(work, report_id, unit_id=unit_id, restricted=restricted, members=ids)
    store.place_leads(work.db, number, unit_id=unit_id, restricted=restricted, members=ids)
    store.mark_assigned(work.db, number, work.now)
    work.record(report_id, unit=unit_id, restricted=restricted)


@action("triage.lead.opened", roles=OWN_GROUNDS_ROLES)
def add_lead(work: Work, own: OwnGrounds) -> Lead:
    """Open a lead from this organisation's own grounds, without a provider's report.

    Errors: Invalid when no identifier, no grounds or no grade is given.
    """
    identifiers = identifiers_of(own)
    lead = Lead(
        id=work.ids.new(),
        source=LeadSource.OWN_GROUNDS,
        report_id=None,
        person_index=0,
        identifiers=identifiers,
        grounds=own.grounds.strip(),
        incident_type=own.incident_type,
        suspicion=own.suspicion,
        grade=own.grade,
        unit_id=_unit_id(work, own.unit) if own.unit is not None else work.actor.unit or 1,
        restricted=own.restricted,
        members=_member_ids(work, own.members) if own.restricted else (),
        state=LeadState.OPEN,
        opened_at=work.now,
        opened_by=work.actor.id,
    )
    store.add_lead(work.db, lead)
    work.record(
        lead.id, source=lead.source, grade=str(own.grade), suspicion=own.suspicion or "none"
    )
    return lead


@action("triage.leads.listed", roles=LEAD_ROLES)
def list_leads(work: Work, *, source: str | None = None, page: int = 1) -> list[Lead]:
    """Leads, newest first, a hundred at a time.

    Errors: Invalid when there is no such source.
    """
    if source is not None and source not in set(LeadSource):
        raise Invalid(f"The source is one of: {', '.join(LeadSource)}.")
    chosen = LeadSource(source) if source is not None else None
    offset = (max(page, 1) - 1) * PAGE_LINES
    found = store.all_leads(work.db, source=chosen, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found


@action("triage.lead.read", roles=LEAD_ROLES)
def read_lead(work: Work, lead_id: str) -> LeadView:
    """One lead with the parts that it would be referred by; a closed lead of a tip has none.

    Errors: NotFound; another unit's looks the same.
    """
    lead = _lead(work, lead_id)
    over = lead.state is LeadState.CLOSED and lead.source is LeadSource.TIP
    parts = () if over else tuple(parts_of_lead(work, lead_id))
    work.record(lead_id, parts=len(parts))
    return LeadView(lead=lead, unit=store.unit_codes(work.db)[lead.unit_id], parts=parts)


@action("triage.lead.closed", roles=LEAD_ROLES)
def close_lead(work: Work, lead_id: str) -> None:
    """Say that nothing more is to be done about a lead; a named member of staff decides it.

    Errors: NotFound; Conflict when it is closed already.
    """
    lead = _lead(work, lead_id)
    if lead.state is LeadState.CLOSED:
        raise Conflict(f"Lead {lead_id} is closed already.", id=lead_id)
    store.set_lead_state(work.db, lead_id, LeadState.CLOSED)
    work.record(lead_id)


@action("triage.leads.ended", system=True)
def end_leads(work: Work, *, report_id: str) -> None:
    """Close the leads of a report whose text was destroyed: nothing is left to refer."""
    found = store.leads_of_tip(work.db, report_number(report_id))
    for lead in found:
        store.set_lead_state(work.db, lead.id, LeadState.CLOSED)
    work.record(report_id, leads=len(found))


def count_waiting(work: Work) -> int:
    """How many tips wait to be given to a unit, for the start page."""
    return store.count_waiting(work.db)


def contents_of_tip(work: Work, report_id: str) -> dict[str, Sealed]:
    """Where the bytes of a tip's content parts lie sealed, by the part's label.

    Errors: NotFound.
    """
    return _contents(tip_of(work, read_report(work, report_id, hold=True)))


def source_of_tip(work: Work, report_id: str) -> tuple[ReportRecord, list[Part], dict[str, Sealed]]:
    """A tip's record, parts and sealed contents in one reading: a tip can be large.

    Shape: it isn't purged before this work ends, so that a purge finds what came of it.
    Errors: NotFound; another unit's looks the same.
    """
    record = read_report(work, report_id, hold=True)
    tip = tip_of(work, record)
    return record, tip_parts(tip), _contents(tip)


def _contents(tip: Tip) -> dict[str, Sealed]:
    return {
        f"files/{file.index}/content": file.sealed
        for file in tip.source.files
        if file.sealed is not None
    }


def parts_of_lead(work: Work, lead_id: str) -> list[Part]:
    """Every part of a lead, for the action of a later room, which records the access itself.

    Errors: NotFound, also when its tip was purged; another unit's looks the same.
    """
    lead = _lead(work, lead_id)
    if lead.report_id is None:
        return lead_parts(lead, None)
    return lead_parts(lead, tip_of(work, read_report(work, str(lead.report_id), hold=True)))


def contents_of_lead(work: Work, lead_id: str) -> dict[str, Sealed]:
    """Where the bytes of a lead's content parts lie sealed; none for own grounds.

    Errors: NotFound.
    """
    lead = _lead(work, lead_id)
    return contents_of_tip(work, str(lead.report_id)) if lead.report_id is not None else {}


def report_of_lead(work: Work, lead_id: str) -> str | None:
    """The report that a lead came of; None for a lead on own grounds.

    Errors: NotFound.
    """
    lead = _lead(work, lead_id)
    return None if lead.report_id is None else str(lead.report_id)


def leads_of_report(work: Work, report_id: str) -> tuple[str, ...]:
    """The ids of the leads that came of a report."""
    return tuple(lead.id for lead in store.leads_of_tip(work.db, report_number(report_id)))


@cache
def _child_ages() -> tuple[tuple[date, ChildAge], ...]:
    text = files("tipbridge.tips.triage").joinpath("data/child.toml").read_text("utf-8")
    ages = cast("list[dict[str, object]]", tomllib.loads(text)["ages"])
    return tuple(
        (
            cast("date", each["from"]),
            ChildAge(years=cast("int", each["years"]), citation=str(each["citation"])),
        )
        for each in ages
    )


def child_age(on: date) -> ChildAge:
    """Below which age a reported person takes the child path on a day."""
    return max((each for each in _child_ages() if each[0] <= on), key=lambda each: each[0])[1]


def _lead(work: Work, lead_id: str) -> Lead:
    lead = store.lead_by_id(work.db, lead_id)
    if lead is None:
        raise NotFound("lead", lead_id)
    return lead


def units_to_give(work: Work) -> dict[str, int]:
    """The units that this actor may give rows to, by code: their own and those below."""
    units = sorted(store.unit_codes(work.db).items())
    return {code: id_ for id_, code in units if id_ in work.actor.units}


def _unit_id(work: Work, code: str) -> int:
    mine = units_to_give(work)
    if code not in mine:
        raise Invalid(f"The unit is one of: {', '.join(sorted(mine))}.")
    return mine[code]


def _member_ids(work: Work, usernames: tuple[str, ...]) -> tuple[str, ...]:
    found = {work.actor.id}
    for username in usernames:
        member = staff_by_username(work.db, username)
        if member is None or not member.active:
            raise Invalid(f"No active member of staff {username}.")
        found.add(member.id)
    return tuple(sorted(found))
