"""A tip and a lead as plain values for commands and pages: everything a reader may see, no keys."""

from tipbridge.foundation.base.defanging import defang_address
from tipbridge.tips.enrichment.model import Duplicate, PersonFacts, PlacedIp
from tipbridge.tips.intake.model import ReportFile
from tipbridge.tips.triage.model import Lead, TipView


def tip_json(view: TipView) -> dict[str, object]:
    """Everything of a tip: what arrived value by value, what was worked out, where it stands."""
    record, facts = view.record, view.tip.facts
    return {
        "report_id": record.report_id,
        "provider": record.provider_name,
        "state": record.state,
        "opened_at": record.opened_at,
        "finished_at": record.finished_at,
        "unit": view.unit,
        "restricted": record.restricted,
        "queue": view.triage.queue if view.triage is not None else None,
        "child_path": view.triage.child_path if view.triage is not None else None,
        "reasons": view.triage.reasons if view.triage is not None else (),
        "values": _values(record.values),
        "files": [_file(index, file) for index, file in enumerate(record.files)],
        "facts": {
            "people": [_person(each) for each in facts.person_facts],
            "addresses": [_address(each) for each in facts.placed],
            "favours": facts.favours,
            "duplicates": [_duplicate(each, view) for each in facts.duplicates],
            "list_hits": facts.hits,
            "near_hits": facts.near,
            "looks": facts.looks,
        },
        "leads": [each.id for each in view.leads],
        "feedback": record.feedback,
    }


def lead_json(lead: Lead, unit: str | None = None) -> dict[str, object]:
    """One lead in words."""
    return {
        "id": lead.id,
        "source": lead.source,
        "report_id": str(lead.report_id) if lead.report_id is not None else None,
        "person": f"people/{lead.person_index}",
        "incident_type": lead.incident_type,
        "suspicion": lead.suspicion,
        "source_grade": str(lead.grade) if lead.grade is not None else None,
        "state": lead.state,
        "opened_at": lead.opened_at,
        **({"unit": unit} if unit is not None else {}),
    }


def _values(values: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"path": path, "value": defang_address(value)} for path, value in values]


def _file(index: int, file: ReportFile) -> dict[str, object]:
    return {
        "label": f"files/{index}",
        "id": file.file_id,
        "received_at": file.received_at,
        "sent_name": file.sent_name,
        "md5": file.md5,
        "sha1": file.sha1,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "empty": file.empty,
        "claims_differ": file.claims_differ,
        "values": _values(file.values),
    }


def _person(facts: PersonFacts) -> dict[str, object]:
    return {
        "label": f"people/{facts.index}",
        "role": facts.role,
        "likely_country": facts.likely.country,
        "confidence": facts.likely.confidence,
        "reasons": facts.likely.reasons,
        "place": facts.place,
    }


def _address(placed: PlacedIp) -> dict[str, object]:
    event, facts = placed.event, placed.facts
    return {
        "label": placed.label,
        "address": facts.address,
        "event": event.event,
        "at": event.at.at if event.at is not None else None,
        "port": event.port,
        "possible_proxy": event.possible_proxy,
        "reach": facts.reach,
        "prefix": facts.prefix,
        "country": facts.country,
        "network": facts.network,
        "source": facts.source,
    }


def _duplicate(found: Duplicate, view: TipView) -> dict[str, object]:
    """A report that this reader may not open stays a number of reports without a name."""
    visible = found.first_report_id in view.visible_reports
    return {
        "file_id": found.file_id,
        "sha256": found.sha256,
        "first_report_id": str(found.first_report_id) if visible else None,
        "earlier_reports": found.earlier_reports,
    }
