"""Arguments with which each action is tried: for the rows that exist, or for none that do."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.access.case_arguments import CASES
from tests.access.entries import hash_entry
from tests.access.giving import AT, DATA, Build, Ids, given
from tests.access.police_arguments import POLICE
from tipbridge.bulletin.model import Period
from tipbridge.foundation.access.desks.model import DeskTask
from tipbridge.foundation.access.model import Limits
from tipbridge.knowledge.agreements.model import DataClass
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.knowledge.hashes.lookups import Query
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.probing import ProbingRule
from tipbridge.knowledge.hashsharing.model import (
    FingerprintType,
    Range,
)
from tipbridge.police.removals.model import (
    ReplyKind,
)
from tipbridge.sharing.referral.consent.model import Use
from tipbridge.sharing.referral.emergency.model import Danger, Finding
from tipbridge.sharing.referral.keeping.model import Need
from tipbridge.sharing.referral.life.model import Why, Word
from tipbridge.sharing.referral.model import SourceKind
from tipbridge.tips.filing.facts import Facts
from tipbridge.tips.filing.scan.model import Scanner, Sign
from tipbridge.tips.filing.scan.offers import offer_file
from tipbridge.tips.intake.model import Appraisal
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import SourceGrade

QUERY = Query(digests={DigestKind.MD5: bytes(range(16))})
FILE = hash_file(None, "some-file", b"synthetic one")
VERSION = (
    template_text("hsi-knpa-2013", sender="us.hsi", receiver="kr.police")
    .replace("version = 1", "version = 2")
    .encode()
)


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
    "office.desks.actions.add_desk": lambda _: given(
        unit="headquarters", code="desk-2", name="Desk", task=DeskTask.LIAISON, contact="desk 2"
    ),
    "office.desks.actions.add_turn": lambda _: given(
        desk="desk-1", username="somebody", from_at=AT, until_at=AT + timedelta(hours=8)
    ),
    "office.desks.actions.withdraw_turn": lambda ids: given(ids["turn"], because="Wrong."),
    "office.desks.actions.list_desks": lambda _: given(),
    "office.approvals.actions.list_approvals": lambda _: given(),
    "office.actions.sign_in": lambda _: given(
        username="somebody", password="long-enough-1", place="192.0.2.7"
    ),
    "office.actions.count_sign_in_failure": lambda _: given(username="somebody", place="192.0.2.7"),
    "office.actions.sign_out": lambda _: given(token="0" * 64),
    "office.tokens.actions.add_token": lambda _: given(label="a system"),
    "office.tokens.actions.list_tokens": lambda _: given(),
    "office.tokens.actions.end_token": lambda ids: given(ids["token"]),
    "office.actions.set_clock": lambda _: given(at=datetime(2099, 1, 1, tzinfo=UTC)),
    "office.actions.read_audit": lambda _: given(),
    "office.actions.verify_audit": lambda _: given(),
    "office.actions.erase_text": lambda ids: given(owner_url=ids["owner_url"]),
}

KNOWLEDGE: dict[str, Build] = {
    "knowledge.agreements.actions.add_agreement": lambda _: given(document=b"{}"),
    "knowledge.agreements.actions.list_agreements": lambda _: given(),
    "knowledge.agreements.actions.read_agreement": lambda _: given("0" * 64),
    "knowledge.agreements.actions.sign_agreement": lambda ids: given(ids["agreement"]),
    "knowledge.agreements.actions.withdraw_agreement": lambda ids: given(ids["agreement"]),
    "knowledge.agreements.actions.suspend_agreement": lambda ids: given(
        ids["agreement"], reason="asked for"
    ),
    "knowledge.agreements.actions.resume_agreement": lambda ids: given(ids["agreement"]),
    "knowledge.hashes.actions.add_list": lambda _: given(
        name="known", purpose="known-material", owner="test"
    ),
    "knowledge.hashes.actions.import_list": lambda _: given(name="known", lines=()),
    "knowledge.hashes.actions.activate_version": lambda _: given(name="known"),
    "knowledge.hashes.actions.list_lists": lambda _: given(),
    "knowledge.hashes.actions.rebuild_list": lambda _: given(name="known"),
    "knowledge.hashes.actions.match_digests": lambda _: given([QUERY]),
    "knowledge.hashes.actions.match_for_provider": lambda _: given([QUERY]),
    "knowledge.hashes.actions.build_missing": lambda _: given(),
    "knowledge.hashes.files.actions.begin_matching": lambda _: given(),
    "knowledge.hashes.files.actions.match_files": lambda _: given([FILE]),
    "knowledge.hashes.feeds.actions.pull_page": lambda _: given(name="known"),
    "knowledge.hashes.feeds.actions.push_votes": lambda _: given(name="known"),
    "knowledge.hashes.feeds.actions.vote": lambda _: given(
        name="known", kind="sha256", digest="1" * 64, affirmative=True
    ),
    "knowledge.hashes.guarding.note_probing": lambda ids: given(
        provider_id=ids["alarmed"], rule=ProbingRule.RATE, lookups=1
    ),
    "knowledge.hashes.guarding.list_alarms": lambda _: given(),
    "knowledge.hashes.guarding.see_alarm": lambda ids: given(alarm=ids["alarm"]),
    "knowledge.hashes.history.show_list": lambda _: given(name="known"),
    "knowledge.hashes.history.diff_list": lambda _: given(name="known"),
    "knowledge.hashes.history.export_list": lambda _: given(name="known", form="csv"),
    "knowledge.hashes.history.verify_lists": lambda _: given(),
}

SHARED_HASHES: dict[str, Build] = {
    "knowledge.hashsharing.actions.check_status": lambda _: given(),
    "knowledge.hashsharing.actions.read_members": lambda _: given(),
    "knowledge.hashsharing.actions.read_words": lambda _: given("categorizations"),
    "knowledge.hashsharing.actions.read_entries": lambda _: given(Range(after=AT, until=AT)),
    "knowledge.hashsharing.actions.read_fingerprint": lambda ids: given(
        int(ids["hash_member"]), ids["hash_entry"], FingerprintType.MD5
    ),
    "knowledge.hashsharing.actions.submit": lambda _: given([hash_entry("img-b")]),
    "knowledge.hashsharing.actions.vote": lambda ids: given(
        int(ids["hash_member"]), ids["hash_entry"], FingerprintType.MD5, reasons=None
    ),
    "knowledge.hashsharing.actions.enrol_member": lambda _: given(provider="esp-two"),
    "knowledge.hashsharing.actions.end_member": lambda ids: given(member=int(ids["hash_member"])),
    "knowledge.hashsharing.actions.list_members": lambda _: given(),
    "knowledge.hashsharing.actions.list_disputed": lambda _: given(),
    "knowledge.hashsharing.actions.publish_list": lambda _: given(name="known", kind="image"),
    "knowledge.hashsharing.actions.retract_entry": lambda ids: given(
        member=int(ids["hash_member"]), entry=ids["hash_entry"]
    ),
}

TIPS: dict[str, Build] = {
    "tips.intake.providers.add_provider": lambda _: given(
        name="esp-new", username="usr-new", password="long-enough-1"
    ),
    "tips.intake.providers.revoke_provider": lambda _: given(username="esp-one"),
    "tips.intake.providers.list_providers": lambda _: given(),
    "tips.intake.providers.read_provider": lambda _: given("esp-one"),
    "tips.intake.providers.add_contact": lambda _: given(
        "esp-one", purpose="legal", name="Desk", phone="1"
    ),
    "tips.intake.providers.remove_contact": lambda ids: given(ids["contact"]),
    "tips.intake.providers.set_limits": lambda _: given("esp-one", Limits(uploads_at_once=2)),
    "tips.intake.providers.set_rule": lambda _: given(
        "esp-one", rule="unknown-element", mode="lenient"
    ),
    "tips.intake.guessing.note_guess": lambda ids: given(credential_id=ids["credential"], number=1),
    "tips.intake.guessing.list_guessing": lambda _: given(),
    "tips.intake.guessing.see_guessing": lambda ids: given(alarm=ids["guessing"]),
    "tips.intake.actions.clear_sandboxes": lambda _: given(),
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
    "tips.intake.receipts.read_receipt": lambda ids: given(int(ids["report"])),
    "tips.intake.receipts.list_loose_ends": lambda _: given(),
    "tips.quality.actions.assess_report": lambda ids: given(report_id=ids["report"]),
    "tips.quality.actions.list_quality": lambda _: given(),
    "tips.quality.actions.read_quality": lambda _: given("esp-one"),
    "tips.quality.actions.read_own_quality": lambda _: given(),
    "tips.filing.actions.accept_filing": lambda ids: given(ids["document"].encode()),
    "tips.filing.trying.send_filing": lambda ids: given(filing_id=ids["filing"]),
    "tips.filing.trying.end_try": lambda ids: given(ids["filing"], 1),
    "tips.filing.trying.wake_due": lambda _: given(),
    "tips.filing.actions.preview_filing": lambda ids: given(ids["document"].encode()),
    "tips.filing.drafts.save_draft": lambda ids: given(ids["document"].encode()),
    "tips.filing.drafts.change_draft": lambda ids: given(
        ids["report_draft"], Facts(incident_type="Child Sex Trafficking")
    ),
    "tips.filing.drafts.decide_draft": lambda ids: given(
        ids["report_draft"], file=False, grounds="A synthetic decision."
    ),
    "tips.filing.viewing.state_viewed": lambda ids: given(ids["report_draft"], 1, viewed=True),
    "tips.filing.ledger.actions.read_receipts": lambda ids: given(ids["filing"]),
    "tips.filing.ledger.feedback.read_feedback": lambda _: given(to="http://127.0.0.1:1/ispws"),
    "tips.filing.ledger.actions.list_filings": lambda _: given(),
    "tips.filing.ledger.actions.read_filing": lambda ids: given(ids["filing"]),
    "tips.filing.actions.retry_filing": lambda ids: given(ids["filing"]),
    "tips.filing.actions.resolve_filing": lambda ids: given(ids["filing"]),
    "tips.filing.actions.purge_filing": lambda ids: given(ids["filing"]),
    "tips.filing.scan.actions.scan": lambda _: given([offer_file(DATA)]),
    "tips.filing.scan.actions.notice_probing": lambda ids: given(
        Scanner(id=ids["scanner"], name="upload-queue", unit_id=1), Sign.TOO_MANY
    ),
    "tips.filing.scan.actions.settle_alarm": lambda ids: given(ids["alarm"], grounds="Synthetic."),
    "tips.filing.scan.actions.read_scans": lambda _: given(),
    "tips.filing.scan.actions.forget_scans": lambda _: given(),
    "tips.filing.scan.scanners.add_scanner": lambda _: given(name="new-service"),
    "tips.filing.scan.scanners.end_scanner": lambda _: given(name="upload-queue"),
    "tips.enrichment.actions.enrich_tip": lambda ids: given(report_id=ids["report"]),
    "tips.enrichment.actions.forget_tip": lambda ids: given(report_id=ids["report"]),
    "tips.enrichment.likeness.actions.compare_file": lambda ids: given(
        report_id=ids["report"], file_id="file-1"
    ),
    "tips.enrichment.likeness.actions.compare_list": lambda _: given(list_id="list-1"),
    "tips.triage.actions.triage_tip": lambda ids: given(report_id=ids["report"]),
    "tips.triage.actions.list_tips": lambda _: given(),
    "tips.triage.actions.list_pending": lambda _: given(),
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
    "tips.triage.actions.end_leads": lambda ids: given(report_id=ids["report"]),
}

SHARING: dict[str, Build] = {
    "sharing.exchange.actions.show_card": lambda _: given(),
    "sharing.exchange.actions.add_peer": lambda _: given(card=b"{}"),
    "sharing.exchange.actions.list_peers": lambda _: given(),
    "sharing.exchange.actions.take_signature": lambda _: given(envelope=b"{}"),
    "sharing.exchange.actions.list_packages": lambda _: given(),
    "sharing.exchange.actions.receive_package": lambda _: given(io.BytesIO(b"no package")),
    "sharing.exchange.actions.note_refused": lambda ids: given(
        ids["package"], sender="us.hsi", reason="agreement-not-held"
    ),
    "sharing.exchange.actions.send_package": lambda ids: given(package_id=ids["package"]),
    "sharing.exchange.actions.resend_package": lambda ids: given(ids["package"]),
    "sharing.exchange.actions.resend_due": lambda _: given(),
    "sharing.exchange.carrying.handing.hand_over": lambda _: given(b"no fetch"),
    "sharing.exchange.carrying.handing.export_packages": lambda _: given(
        "xx.nobody", Path("/nowhere")
    ),
    "sharing.exchange.carrying.handing.import_receipt": lambda _: given(b"no receipt"),
    "sharing.exchange.carrying.refusals.import_refusal": lambda _: given(b"no refusal"),
    "sharing.exchange.carrying.fetching.fetch_due": lambda _: given(),
    "sharing.exchange.carrying.fetching.fetch_package": lambda _: given(peer_id="xx.nobody"),
    "sharing.exchange.carrying.fetching.import_package": lambda _: given(io.BytesIO(b"none")),
    "sharing.exchange.trusting.actions.prepare_keys": lambda _: given(),
    "sharing.exchange.trusting.actions.use_next_keys": lambda _: given(),
    "sharing.exchange.trusting.actions.follow_peer": lambda _: given(succession=b"{}"),
    "sharing.exchange.trusting.actions.revoke_key": lambda _: given(
        "xx.nobody", fingerprint="0" * 64, since=datetime(2013, 1, 1, tzinfo=UTC)
    ),
    "sharing.exchange.trusting.actions.list_keys": lambda _: given(),
    "sharing.exchange.parking.actions.list_parked": lambda _: given(),
    "sharing.exchange.parking.actions.retake_package": lambda ids: given(ids["package"]),
    "sharing.referral.actions.open_referral": lambda ids: given(
        kind=SourceKind.TIP, source_id=ids["report"], peer_id="us.hsi"
    ),
    "sharing.referral.dropping.actions.drop_referral": lambda ids: given(
        ids["draft"], reason="none"
    ),
    "sharing.referral.actions.decide_referral": lambda ids: given(ids["draft"]),
    "sharing.referral.system.actions.list_waiting": lambda _: given(),
    "sharing.referral.system.actions.fetch_referral": lambda ids: given(ids["received"]),
    "sharing.referral.system.actions.take_over": lambda ids: given(ids["received"], version=1),
    "sharing.referral.life.actions.say_stage": lambda ids: given(ids["received"], Word.ACCEPTED),
    "sharing.referral.life.actions.withdraw_referral": lambda ids: given(
        ids["withdrawn"], Word.CORRECTION, why=Why.WRONG_VALUE, labels=("incident/type",)
    ),
    "sharing.referral.life.actions.list_withdrawals": lambda _: given(),
    "sharing.referral.life.actions.receive_saying": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.life.actions.receive_withdrawal": lambda ids: given(
        package_id=ids["package"]
    ),
    "sharing.referral.pausing.actions.say_suspension": lambda ids: given(
        sha256=ids["agreement"], starts_at="2014-03-01T00:00:00+00:00"
    ),
    "sharing.referral.pausing.actions.receive_suspension": lambda ids: given(
        package_id=ids["package"]
    ),
    "sharing.referral.replaying.actions.replay_decisions": lambda _: given(),
    "sharing.referral.replaying.actions.read_decisions": lambda ids: given(ids["draft"]),
    "sharing.referral.approving.actions.approve_release": lambda ids: given(ids["draft"]),
    "sharing.referral.emergency.actions.call_emergency": lambda ids: given(
        ids["draft"], danger=Danger.CHILD_MISSING
    ),
    "sharing.referral.emergency.actions.take_back_call": lambda ids: given(ids["draft"]),
    "sharing.referral.emergency.actions.review_emergency": lambda ids: given(
        ids["urgent"], finding=Finding.JUSTIFIED
    ),
    "sharing.referral.emergency.actions.miss_reviews": lambda _: given(),
    "sharing.referral.emergency.actions.list_emergencies": lambda _: given(),
    "sharing.referral.keeping.actions.review_kept": lambda ids: given(
        ids["received"], finding=Need.NEEDED
    ),
    "sharing.referral.agreeing.counting.count_exchanged": lambda ids: given(ids["agreement"]),
    "sharing.referral.keeping.actions.list_owed": lambda _: given(),
    "police.retention.lapsing.end_kept": lambda _: given(),
    "sharing.referral.actions.release_referral": lambda ids: given(ids["draft"]),
    "sharing.referral.actions.place_referral": lambda ids: given(ids["draft"], unit="own"),
    "sharing.referral.actions.list_referrals": lambda _: given(),
    "sharing.referral.actions.read_referral": lambda ids: given(ids["received"]),
    "sharing.referral.agreeing.actions.try_agreement": lambda ids: given(
        ids["agreement"], ids["report"]
    ),
    "sharing.referral.agreeing.actions.compare_version": lambda _: given(document=b"{}"),
    "sharing.referral.agreeing.actions.try_version": lambda ids: given(
        ids["report"], document=VERSION
    ),
    "sharing.referral.consent.actions.ask_consent": lambda ids: given(
        ids["received"], Use.ONWARD, recipient="us.hsi"
    ),
    "sharing.referral.consent.actions.answer_consent": lambda ids: given(
        ids["consent"], granted=True
    ),
    "sharing.referral.consent.actions.list_consents": lambda _: given(),
    "sharing.referral.consent.actions.read_consent": lambda ids: given(ids["consent"]),
    "sharing.referral.consent.actions.receive_ask": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.consent.actions.receive_answer": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.requesting.open_request": lambda ids: given(ids["draft"]),
    "sharing.referral.requesting.list_requests": lambda _: given(),
    "sharing.referral.requesting.read_request": lambda ids: given(ids["request"]),
    "sharing.referral.requesting.answer_request": lambda ids: given(
        ids["asked"], granted=False, legal_basis="none"
    ),
    "sharing.referral.requesting.narrow_grant": lambda ids: given(
        ids["request"], frozenset({DataClass.INCIDENT})
    ),
    "sharing.referral.requesting.withdraw_grant": lambda ids: given(
        ids["leave_given"], reason="none"
    ),
    "sharing.referral.actions.send_feedback": lambda ids: given(
        ids["received"], feedback_id="feedback-2", outcome="booked", at=AT
    ),
    "sharing.referral.arriving.take_package": lambda ids: given(
        package_id=ids["package"], kind="referral"
    ),
    "sharing.referral.arriving.receive_referral": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.arriving.receive_receipt": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.appraising.appraise_referral": lambda ids: given(
        ids["received"], appraisal=Appraisal.USEFUL
    ),
    "sharing.referral.appraising.follow_appraisal": lambda ids: given(
        referral_id=ids["received"], appraisal="duplicate"
    ),
    "sharing.referral.arriving.receive_feedback": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.arriving.receive_request": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.arriving.receive_answer": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.arriving.note_settled": lambda ids: given(package_id=ids["package"]),
    "sharing.notices.actions.take_notice": lambda ids: given(
        package_id=ids["host_notice"], kind="notice"
    ),
    "sharing.notices.actions.list_notices": lambda _: given(),
    "sharing.notices.actions.answer_notice": lambda ids: given(
        ids["host_notice"], ReplyKind.ACKNOWLEDGED
    ),
    "sharing.referral.actions.forget_report": lambda ids: given(report_id=ids["report"]),
}

PERIOD = Period(from_on=date(2013, 11, 1), to_on=date(2014, 10, 31))

COUNTS: dict[str, Build] = {
    "bulletin.actions.read_public_bulletin": lambda _: given(PERIOD),
    "bulletin.actions.read_full_bulletin": lambda _: given(PERIOD),
    "bulletin.published.actions.publish_bulletin": lambda _: given(PERIOD),
    "bulletin.published.actions.list_publications": lambda _: given(),
    "bulletin.published.actions.read_publication": lambda ids: given(ids["publication"]),
}

ARGUMENTS: dict[str, Build] = (
    DESK | KNOWLEDGE | SHARED_HASHES | TIPS | SHARING | CASES | POLICE | COUNTS
)
