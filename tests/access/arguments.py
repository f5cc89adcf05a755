"""Arguments with which each action is tried: for the rows that exist, or for none that do."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import SourceGrade

Ids = Mapping[str, str]
Arguments = tuple[tuple[object, ...], dict[str, object]]
Build = Callable[[Ids], Arguments]

DATA = b"synthetic bytes"


def given(*values: object, **named: object) -> Arguments:
    """Arguments as one value."""
    return values, named


def _received() -> ReceivedFile:
    return ReceivedFile(digests=digest_bytes(DATA), data=DATA)


def _details(ids: Ids) -> bytes:
    return (
        f"<fileDetails><reportId>{ids['open_report']}</reportId>"
        f"<fileId>{ids['open_file']}</fileId></fileDetails>"
    ).encode()


DESK: dict[str, Build] = {
    "office.actions.add_staff": lambda _: given(
        username="new-one", password="long-enough-1", roles=("press",), unit="headquarters"
    ),
    "office.actions.change_staff": lambda _: given(
        username="somebody", roles=("press",), unit="headquarters", active=True
    ),
    "office.actions.list_staff": lambda _: given(),
    "office.actions.add_unit": lambda _: given(code="new", name="New", parent="headquarters"),
    "office.actions.list_units": lambda _: given(),
    "office.actions.sign_in": lambda _: given(username="somebody", password="long-enough-1"),
    "office.actions.count_sign_in_failure": lambda _: given(username="somebody"),
    "office.actions.sign_out": lambda _: given(token="0" * 64),
    "office.actions.set_clock": lambda _: given(at=datetime(2099, 1, 1, tzinfo=UTC)),
    "office.actions.read_audit": lambda _: given(),
    "office.actions.verify_audit": lambda _: given(),
}

KNOWLEDGE: dict[str, Build] = {
    "knowledge.agreements.actions.add_agreement": lambda _: given(document=b"{}"),
    "knowledge.agreements.actions.list_agreements": lambda _: given(),
    "knowledge.agreements.actions.read_agreement": lambda _: given("0" * 64),
    "knowledge.hashes.actions.add_list": lambda _: given(
        name="known", purpose="identify-known-material", source="test"
    ),
    "knowledge.hashes.actions.import_list": lambda _: given(name="known", lines=()),
    "knowledge.hashes.actions.list_lists": lambda _: given(),
}

TIPS: dict[str, Build] = {
    "tips.intake.actions.add_provider": lambda _: given(
        name="esp-new", username="usr-new", password="long-enough-1"
    ),
    "tips.intake.actions.revoke_provider": lambda _: given(username="esp-one"),
    "tips.intake.actions.list_providers": lambda _: given(),
    "tips.intake.actions.check_status": lambda _: given(),
    "tips.intake.actions.submit": lambda ids: given(
        ids["document"].encode(), credential_id=ids["credential"]
    ),
    "tips.intake.actions.upload": lambda ids: given(int(ids["open_report"]), _received()),
    "tips.intake.actions.file_info": lambda ids: given(_details(ids)),
    "tips.intake.actions.finish": lambda ids: given(int(ids["open_report"])),
    "tips.intake.actions.retract": lambda ids: given(int(ids["open_report"])),
    "tips.intake.actions.expire_reports": lambda _: given(),
    "tips.intake.actions.erase_ended": lambda _: given(),
    "tips.intake.actions.purge": lambda ids: given(ids["report"]),
    "tips.intake.actions.record_feedback": lambda ids: given(
        report_id=ids["report"], feedback_id="feedback-1", sender="kr.police", outcome="booked"
    ),
    "tips.enrichment.actions.enrich_tip": lambda ids: given(report_id=ids["report"]),
    "tips.enrichment.actions.forget_tip": lambda ids: given(report_id=ids["report"]),
    "tips.triage.actions.triage_tip": lambda ids: given(report_id=ids["report"]),
    "tips.triage.actions.list_tips": lambda _: given(),
    "tips.triage.actions.read_tip": lambda ids: given(ids["report"]),
    "tips.triage.actions.assign_tip": lambda ids: given(ids["report"], unit="own"),
    "tips.triage.actions.list_leads": lambda _: given(),
    "tips.triage.actions.read_lead": lambda ids: given(ids["lead"]),
    "tips.triage.actions.add_lead": lambda _: given(
        OwnGrounds(
            grounds="A tip-off.",
            grade=SourceGrade(source="B", information=2),
            accounts=(("Example Social", "user-9"),),
        )
    ),
    "tips.triage.actions.close_lead": lambda ids: given(ids["lead"]),
}

ARGUMENTS: dict[str, Build] = DESK | KNOWLEDGE | TIPS

MARKS: dict[str, str] = {
    "tips.triage.actions.list_tips": "report",
    "tips.triage.actions.list_leads": "lead",
}
"""For actions that list rows: which id shows that the row is among them."""
