"""Where a referral's parts come from: a tip, a lead, or a received referral."""

from dataclasses import replace
from weakref import WeakKeyDictionary

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.clauses import InformationGrade, SourceGrade
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.told import release_label
from tipbridge.sharing.referral import store
from tipbridge.sharing.referral.keeping.store import kept_of
from tipbridge.sharing.referral.life import rules
from tipbridge.sharing.referral.life import store as life
from tipbridge.sharing.referral.life.model import Saying
from tipbridge.sharing.referral.model import (
    Direction,
    Referral,
    Source,
    SourceContent,
    SourceKind,
    State,
)
from tipbridge.tips.intake.actions import read_report
from tipbridge.tips.triage import actions as triage
from tipbridge.tips.triage.model import SourceGrade as LeadGrade

_read: WeakKeyDictionary[Work, dict[Source, SourceContent]] = WeakKeyDictionary()
"""What was read in units of work that still run; gone with them."""


def content_of(work: Work, source: Source) -> SourceContent:
    """Everything a source has to give, for an action, which records the access itself.

    Shape: read once in a unit of work, in which opening, deciding and releasing ask for it.
    Errors: NotFound; another unit's looks the same.
    """
    known = _read.setdefault(work, {})
    if source not in known:
        readers = {
            SourceKind.TIP: _of_tip,
            SourceKind.LEAD: _of_lead,
            SourceKind.REFERRAL: _of_referral,
        }
        found = readers[source.kind](work, source.id)
        labels = [part.label for part in found.all_parts]
        known[source] = replace(found, corrected=rules.corrected(labels, _said_of(work, source)))
    return known[source]


def sent_of_report(work: Work, report_id: str) -> list[Referral]:
    """The referrals of which a package left with parts of a report, as a tip or as its leads."""
    leads = (
        Source(kind=SourceKind.LEAD, id=id_) for id_ in triage.leads_of_report(work, report_id)
    )
    return [
        referral
        for source in (Source(kind=SourceKind.TIP, id=report_id), *leads)
        for referral in store.referrals_of_source(work.db, source)
        if referral.package_id is not None
    ]


def _said_of(work: Work, source: Source) -> list[Saying]:
    """What was said about a source: about the referral that it is, or those that it was sent as.

    Shape: a wrong value that a later referral of the same source gives right is right there.
    """
    if source.kind is SourceKind.REFERRAL:
        return [each.saying for each in life.sayings_of(work.db, source.id)]
    sent = _sent_as(work, source)
    own = {each.package_id for each in sent}
    said = [each.saying for one in sent for each in life.sayings_of(work.db, one.id)]
    return [each for each in said if each.instead is None or each.instead not in own]


def _sent_as(work: Work, source: Source) -> list[Referral]:
    if source.kind is SourceKind.TIP:
        return sent_of_report(work, source.id)
    report_id = triage.read_lead(work, source.id).lead.report_id
    if report_id is not None:
        return sent_of_report(work, str(report_id))
    return store.referrals_of_source(work.db, source)


def _of_tip(work: Work, report_id: str) -> SourceContent:
    record, parts, contents = triage.source_of_tip(work, report_id)
    return SourceContent(
        unit_id=record.unit_id,
        restricted=record.restricted,
        members=record.members,
        parts=tuple(parts),
        contents=contents,
        key_id=record.key_id,
    )


def _of_lead(work: Work, lead_id: str) -> SourceContent:
    lead = triage.read_lead(work, lead_id).lead
    return SourceContent(
        unit_id=lead.unit_id,
        restricted=lead.restricted,
        members=lead.members,
        parts=tuple(triage.parts_of_lead(work, lead_id)),
        contents=triage.contents_of_lead(work, lead_id),
        key_id=None if lead.report_id is None else read_report(work, str(lead.report_id)).key_id,
        grading=UNMARKED if lead.grade is None else _graded(lead.grade),
    )


def _graded(grade: LeadGrade) -> Marking:
    """The same code as markings have it."""
    return Marking(
        source=SourceGrade(grade.source), information=InformationGrade(str(grade.information))
    )


def _of_referral(work: Work, referral_id: str) -> SourceContent:
    referral = store.referral_by_id(work.db, referral_id)
    if referral is None or referral.direction is not Direction.IN or referral.package_id is None:
        raise NotFound("received referral", referral_id)
    if referral.state is State.RECALLED:
        raise Conflict("Its sender recalled this referral; nothing of it goes on.", id=referral_id)
    kept = kept_of(work.db, referral_id)
    if kept is not None and kept.deleted_at is not None:
        raise Conflict(
            "This referral was deleted as its agreement asks; nothing of it goes on.",
            id=referral_id,
        )
    header = exchange.received_header(work, referral.package_id)
    package = exchange.received_package(work, referral.package_id)
    senders = tuple(statement.sender for statement in header.statements)
    labels = {(hop, release_label(sender)) for hop, sender in enumerate(senders)}
    marks = tuple(item for item in header.parts if (item.hop, item.part.label) in labels)
    return SourceContent(
        unit_id=referral.unit_id,
        restricted=referral.restricted,
        members=referral.members,
        # From the exact bytes, not from the database: commitments bind the exact values.
        received=tuple(item for item in header.parts if item not in marks),
        marks=marks,
        senders=senders,
        purposes=tuple(statement.purpose for statement in header.statements),
        contents=package.files,
        passes_on=referral.package_id,
        hop=len(header.statements),
        key_id=package.key_id,
    )
