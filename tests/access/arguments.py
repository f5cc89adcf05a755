"""Arguments with which each action is tried: for the rows that exist, or for none that do."""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.access.casework import acquisition_facts, one_byte, source_facts
from tests.access.entries import hash_entry
from tipbridge.bulletin.model import Period
from tipbridge.foundation.access.desks.model import DeskTask
from tipbridge.foundation.access.model import Limits
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.knowledge.hashes.lookups import Query
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.probing import ProbingRule
from tipbridge.knowledge.hashsharing.model import (
    FingerprintType,
    Range,
)
from tipbridge.knowledge.law.model import Outcome, Stage
from tipbridge.police.cases.children.model import ChildFacts
from tipbridge.police.cases.demands.model import (
    DemandFacts,
    DemandKind,
    FactKind,
    LetterLanguage,
    Said,
)
from tipbridge.police.cases.diary.model import DocumentKind
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.handing.model import HandOverGround
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.model import Identifier, IdentifierKind, PersonFacts, PersonRole
from tipbridge.police.outcomes.model import AppealBy, AppealState, StepFacts
from tipbridge.police.removals.model import (
    Channel,
    Classification,
    PlaceForm,
    RemovalState,
    ReplyKind,
)
from tipbridge.police.welfare.model import (
    CoerciveStep,
    Ending,
    FollowUpKind,
    TalkWith,
    WelfareFacts,
)
from tipbridge.sharing.referral.model import SourceKind
from tipbridge.tips.filing.facts import Facts
from tipbridge.tips.filing.scan.model import Scanner, Sign
from tipbridge.tips.filing.scan.offers import offer_file
from tipbridge.tips.intake.model import Appraisal
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import SourceGrade

Ids = Mapping[str, str]
Arguments = tuple[tuple[object, ...], dict[str, object]]
Build = Callable[[Ids], Arguments]

DATA = b"synthetic bytes"
QUERY = Query(digests={DigestKind.MD5: bytes(range(16))})
FILE = hash_file(None, "some-file", b"synthetic one")
AT = datetime(2014, 2, 25, tzinfo=UTC)


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
    "office.desks.actions.add_desk": lambda _: given(
        unit="headquarters", code="desk-2", name="Desk", task=DeskTask.LIAISON, contact="desk 2"
    ),
    "office.desks.actions.add_turn": lambda _: given(
        desk="desk-1", username="somebody", from_at=AT, until_at=AT + timedelta(hours=8)
    ),
    "office.desks.actions.list_desks": lambda _: given(),
    "office.actions.sign_in": lambda _: given(username="somebody", password="long-enough-1"),
    "office.actions.count_sign_in_failure": lambda _: given(username="somebody"),
    "office.actions.sign_out": lambda _: given(token="0" * 64),
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
    "knowledge.hashes.actions.match_digests": lambda _: given([QUERY]),
    "knowledge.hashes.actions.match_for_provider": lambda _: given([QUERY]),
    "knowledge.hashes.actions.build_missing": lambda _: given(),
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
    "sharing.exchange.actions.send_package": lambda ids: given(package_id=ids["package"]),
    "sharing.exchange.actions.resend_package": lambda ids: given(ids["package"]),
    "sharing.exchange.actions.resend_due": lambda _: given(),
    "sharing.referral.actions.open_referral": lambda ids: given(
        kind=SourceKind.TIP, source_id=ids["report"], peer_id="us.hsi"
    ),
    "sharing.referral.actions.decide_referral": lambda ids: given(ids["draft"]),
    "sharing.referral.approving.approve_release": lambda ids: given(ids["draft"]),
    "sharing.referral.actions.release_referral": lambda ids: given(ids["draft"]),
    "sharing.referral.actions.place_referral": lambda ids: given(ids["draft"], unit="own"),
    "sharing.referral.actions.list_referrals": lambda _: given(),
    "sharing.referral.actions.read_referral": lambda ids: given(ids["received"]),
    "sharing.referral.actions.open_request": lambda ids: given(ids["draft"]),
    "sharing.referral.actions.list_requests": lambda _: given(),
    "sharing.referral.actions.read_request": lambda ids: given(ids["request"]),
    "sharing.referral.actions.answer_request": lambda ids: given(
        ids["asked"], granted=False, legal_basis="none"
    ),
    "sharing.referral.actions.send_feedback": lambda ids: given(
        ids["received"], feedback_id="feedback-2", outcome="booked", at=AT
    ),
    "sharing.referral.actions.take_package": lambda ids: given(
        package_id=ids["package"], kind="referral"
    ),
    "sharing.referral.actions.receive_referral": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.actions.receive_receipt": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.appraising.appraise_referral": lambda ids: given(
        ids["received"], appraisal=Appraisal.USEFUL
    ),
    "sharing.referral.appraising.follow_appraisal": lambda ids: given(
        referral_id=ids["received"], appraisal="duplicate"
    ),
    "sharing.referral.actions.receive_feedback": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.actions.receive_request": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.actions.receive_answer": lambda ids: given(package_id=ids["package"]),
    "sharing.referral.actions.note_settled": lambda ids: given(package_id=ids["package"]),
    "sharing.notices.actions.take_notice": lambda ids: given(
        package_id=ids["host_notice"], kind="notice"
    ),
    "sharing.notices.actions.list_notices": lambda _: given(),
    "sharing.notices.actions.answer_notice": lambda ids: given(
        ids["host_notice"], ReplyKind.ACKNOWLEDGED
    ),
    "sharing.referral.actions.forget_report": lambda ids: given(report_id=ids["report"]),
}

CASES: dict[str, Build] = {
    "police.cases.actions.feed_referral": lambda ids: given(ids["case"], referral=ids["received"]),
    "police.cases.joining.actions.decide_link": lambda ids: given(
        ids["case"], ids["link"], confirmed=True
    ),
    "police.cases.joining.actions.join_cases": lambda ids: given(
        ids["case"], other=ids["other_case"], relation=Relation.MERGED, grounds="The same."
    ),
    "police.cases.joining.actions.split_case": lambda ids: given(
        ids["case"], people=[ids["person"]], grounds="Two matters."
    ),
    "police.cases.joining.actions.undo_relation": lambda ids: given(ids["case"], ids["relation"]),
    "police.cases.demands.actions.draft_demand": lambda ids: given(
        ids["case"],
        DemandFacts(
            kind=DemandKind.SUBSCRIBER,
            addressee="Example Telecom",
            language=LetterLanguage.KOREAN,
            authority="A synthetic ground.",
            account="user-1",
        ),
    ),
    "police.cases.demands.actions.send_demand": lambda ids: given(ids["case"], ids["demand"]),
    "police.cases.demands.actions.answer_demand": lambda ids: given(
        ids["case"], ids["demand_sent"], said=[Said(kind=FactKind.OTHER, value="synthetic")]
    ),
    "police.cases.demands.actions.refuse_demand": lambda ids: given(
        ids["case"], ids["demand_sent"], words="No."
    ),
    "police.cases.demands.actions.read_demands": lambda ids: given(ids["case"]),
    "police.cases.demands.actions.expire_demands": lambda _: given(),
    "police.cases.diary.actions.finish_task": lambda ids: given(ids["case"], ids["task"]),
    "police.cases.diary.actions.add_task": lambda ids: given(ids["case"], title="To do."),
    "police.cases.diary.actions.add_note": lambda ids: given(ids["case"], note="Noted."),
    "police.cases.diary.actions.add_document": lambda ids: given(
        ids["case"],
        [DATA],
        kind=DocumentKind.WARRANT,
        title="A warrant",
        media_type="application/pdf",
    ),
    "police.cases.diary.actions.read_diary": lambda ids: given(ids["case"]),
    "police.cases.access.read_access": lambda ids: given(ids["case"]),
    "police.cases.handing.actions.offer_case": lambda ids: given(
        ids["case"], unit="below", ground=HandOverGround.WORKLOAD, words="Please."
    ),
    "police.cases.handing.actions.withdraw_offer": lambda ids: given(ids["case"], ids["offer"]),
    "police.cases.handing.actions.accept_case": lambda ids: given(ids["offer"]),
    "police.cases.handing.actions.refuse_case": lambda ids: given(ids["offer"], answer="No."),
    "police.cases.handing.actions.complete_hand_over": lambda ids: given(offer_id=ids["offer"]),
    "police.cases.handing.actions.list_hand_overs": lambda _: given(),
    "police.cases.handing.actions.admit_member": lambda ids: given(
        ids["case"], username="somebody"
    ),
    "police.cases.handing.actions.dismiss_member": lambda ids: given(
        ids["case"], username="somebody"
    ),
    "police.cases.children.actions.open_child_file": lambda ids: given(ids["case"], ids["person"]),
    "police.cases.children.actions.read_child_file": lambda ids: given(
        ids["case"], ids["child_file"]
    ),
    "police.cases.children.actions.record_child": lambda ids: given(
        ids["case"], ids["child_file"], ChildFacts(needs="A quiet room.")
    ),
    "police.cases.children.actions.admit_to_child": lambda ids: given(
        ids["case"], ids["child_file"], username="somebody"
    ),
    "police.cases.children.actions.dismiss_from_child": lambda ids: given(
        ids["case"], ids["child_file"], username="somebody"
    ),
    "police.cases.searching.actions.search": lambda ids: given(
        about=ids["case"], grounds="Why.", text="user-1"
    ),
    "police.cases.searching.actions.list_searches": lambda ids: given(ids["case"]),
    "police.cases.fairness.actions.open_case": lambda _: given(
        origin=CaseOrigin.PUBLIC_REPORT, grounds="A caller.", grade="X4"
    ),
    "police.cases.fairness.actions.record_favour": lambda ids: given(
        ids["case"], ids["person"], text="A shared line."
    ),
    "police.cases.fairness.actions.note_defence": lambda ids: given(
        ids["case"], ids["person"], asked="The file."
    ),
    "police.cases.fairness.actions.answer_defence": lambda ids: given(
        ids["case"], ids["defence"], answer="Here."
    ),
    "police.cases.fairness.actions.correct_person": lambda ids: given(
        ids["case"], ids["person"], grounds="Another."
    ),
    "police.cases.fairness.actions.send_correction": lambda ids: given(
        correction_id=ids["correction"]
    ),
    "police.cases.fairness.actions.chase_corrections": lambda _: given(),
    "police.cases.fairness.actions.read_due_process": lambda ids: given(ids["case"]),
    "police.cases.asking.actions.ask_others": lambda ids: given(ids["case"], grounds="Why."),
    "police.cases.asking.actions.answer_asking": lambda ids: given(asking_id=ids["asking"]),
    "police.cases.asking.actions.compare_case": lambda ids: given(case_id=ids["case"]),
}

POLICE: dict[str, Build] = {
    "police.cases.actions.open_or_attach": lambda ids: given(referral_id=ids["received"]),
    "police.cases.actions.list_cases": lambda _: given(),
    "police.cases.actions.read_case": lambda ids: given(ids["case"]),
    "police.cases.appraising.appraise": lambda ids: given(ids["case"], appraisal=Appraisal.USEFUL),
    "police.cases.actions.assign_case": lambda ids: given(ids["case"], unit="own"),
    "police.cases.actions.restrict_case": lambda ids: given(ids["case"], members=()),
    "police.cases.actions.lift_restriction": lambda ids: given(ids["case"]),
    "police.cases.actions.add_foreign_number": lambda ids: given(
        ids["case"], agency="hsi", number="2"
    ),
    "police.cases.actions.add_person": lambda ids: given(ids["case"], roles=(PersonRole.VICTIM,)),
    "police.cases.actions.record_person": lambda ids: given(
        ids["person"], PersonFacts(reference="person-001")
    ),
    "police.cases.actions.add_identifier": lambda ids: given(
        ids["person"], Identifier(kind=IdentifierKind.EMAIL, value="kid@mail.example")
    ),
    "police.evidence.actions.add_exhibit": lambda ids: given(
        ids["case"],
        mark="USB-2",
        kind="device",
        description="a stick",
        place="at home",
        authority="warrant",
    ),
    "police.evidence.actions.hand_over": lambda ids: given(ids["exhibit"], to="somebody"),
    "police.evidence.actions.receive": lambda ids: given(ids["exhibit"]),
    "police.evidence.actions.return_exhibit": lambda ids: given(ids["exhibit"], to="somebody"),
    "police.evidence.actions.examine_folder": lambda ids: given(
        ids["exhibit"], folder=Path(ids["folder"])
    ),
    "police.evidence.actions.list_exhibits": lambda _: given(),
    "police.evidence.actions.read_exhibit": lambda ids: given(ids["exhibit"]),
    "police.evidence.acquisitions.begin_acquisition": lambda ids: given(
        ids["exhibit"], acquisition_facts("other")
    ),
    "police.evidence.acquisitions.finish_acquisition": lambda ids: given(
        ids["acquisition"], one_byte()
    ),
    "police.evidence.passes.begin_pass": lambda ids: given(ids["exhibit"], source_facts("other")),
    "police.evidence.passes.keep_found": lambda ids: given(
        ids["pass"], [], position=9, bytes_read=1
    ),
    "police.evidence.passes.finish_pass": lambda ids: given(
        ids["pass"], sha256_after="1" * 64, unread=[]
    ),
    "police.evidence.reporting.read_report": lambda ids: given(ids["exhibit"]),
    "police.outcomes.actions.read_advice": lambda ids: given(ids["person"]),
    "police.outcomes.actions.decide_outcome": lambda ids: given(
        ids["person"], outcome=Outcome.JUVENILE_DIVISION, grounds="A synthetic decision."
    ),
    "police.outcomes.actions.read_outcomes": lambda ids: given(ids["case"]),
    "police.outcomes.actions.finish_duty": lambda ids: given(ids["duty"]),
    "police.welfare.actions.record_welfare": lambda ids: given(
        ids["welfare"], WelfareFacts(contact_made=True)
    ),
    "police.welfare.actions.close_welfare": lambda ids: given(
        ids["welfare"], ending=Ending.NOT_A_MINOR
    ),
    "police.welfare.actions.review_person": lambda ids: given(ids["person"]),
    "police.welfare.actions.list_records": lambda _: given(),
    "police.welfare.actions.read_record": lambda ids: given(ids["welfare"]),
    "police.welfare.actions.record_talk": lambda ids: given(
        ids["welfare"], talk_with=TalkWith.CHILD
    ),
    "police.welfare.actions.plan_follow_up": lambda ids: given(
        ids["welfare"], kind=FollowUpKind.COUNSELLING, due_on=date(2014, 3, 1)
    ),
    "police.welfare.actions.finish_follow_up": lambda ids: given(ids["welfare"], ids["follow_up"]),
    "police.welfare.actions.change_access": lambda ids: given(
        ids["welfare"], members=(), narrowed=False
    ),
    "police.welfare.actions.miss_clocks": lambda _: given(),
    "police.welfare.steps.record_step": lambda ids: given(
        ids["person"], CoerciveStep.SEARCH, grounds="A synthetic reason."
    ),
    "police.welfare.actions.review_case": lambda ids: given(case_id=ids["case"]),
    "police.outcomes.steps.record_step": lambda ids: given(
        ids["person"], StepFacts(stage=Stage.JUVENILE_DIVISION)
    ),
    "police.outcomes.steps.file_appeal": lambda ids: given(
        ids["person"], by=AppealBy.COUNSEL, grounds="A synthetic appeal."
    ),
    "police.outcomes.steps.answer_appeal": lambda ids: given(
        ids["appeal"], state=AppealState.REJECTED, answer="A synthetic answer."
    ),
    "police.outcomes.comparing.list_differences": lambda _: given(),
    "police.outcomes.comparing.compare_with": lambda _: given(year=2025),
    "police.outcomes.actions.review_case": lambda ids: given(case_id=ids["case"]),
    "police.outcomes.actions.send_feedback": lambda ids: given(outcome_id=ids["decision"]),
    "police.removals.actions.note_addresses": lambda ids: given(
        case_id=ids["case"], referral_id=ids["received"]
    ),
    "police.removals.actions.list_removals": lambda ids: given(ids["case"]),
    "police.removals.actions.record_state": lambda ids: given(ids["removal"], RemovalState.LIVE),
    "police.removals.actions.add_place": lambda ids: given(
        ids["case"], address="https://other.example/1", form=PlaceForm.URL
    ),
    "police.removals.actions.list_up": lambda _: given(),
    "police.removals.actions.measure_hosts": lambda _: given(),
    "police.removals.noticing.make_notice": lambda ids: given(ids["removal"]),
    "police.removals.noticing.ask_for_own_material": lambda ids: given(case_id=ids["case"]),
    "police.removals.noticing.carry_notice": lambda ids: given(ids["notice"]),
    "police.removals.noticing.retry_notice": lambda ids: given(ids["notice"]),
    "police.removals.noticing.send_notice": lambda ids: given(notice_id=ids["notice"]),
    "police.removals.compared.actions.record_authority": lambda ids: given(
        ids["removal"], words="A synthetic warrant.", until=date(2030, 1, 1)
    ),
    "police.removals.compared.actions.compare_digest": lambda ids: given(ids["removal"]),
    "police.removals.nodes.note_settled": lambda ids: given(package_id=ids["package"]),
    "police.removals.nodes.take_answer": lambda ids: given(
        package_id=ids["package"], kind="notice-answer"
    ),
    "police.removals.noticing.wake_notices": lambda _: given(),
    "police.removals.noticing.record_reply": lambda ids: given(
        ids["removal"], ReplyKind.ACKNOWLEDGED
    ),
    "police.removals.checking.wake_checks": lambda _: given(),
    "police.removals.checking.check_due": lambda ids: given(removal_id=ids["removal"]),
    "police.removals.checking.check_now": lambda ids: given(ids["removal"]),
    "police.removals.voting.classify_item": lambda ids: given(
        ids["removal"], Classification.BASELINE
    ),
    "police.removals.voting.offer_item": lambda ids: given(ids["removal"], list_name="known"),
    "police.removals.hosts.list_hosts": lambda _: given(),
    "police.removals.hosts.write_host": lambda _: given("new.example", channel=Channel.BY_HAND),
    "police.removals.hosts.allow_checks": lambda _: given("social.example", allowed=False),
}

PERIOD = Period(from_on=date(2013, 11, 1), to_on=date(2014, 10, 31))

COUNTS: dict[str, Build] = {
    "bulletin.actions.read_public_bulletin": lambda _: given(PERIOD),
    "bulletin.actions.read_full_bulletin": lambda _: given(PERIOD),
}

ARGUMENTS: dict[str, Build] = (
    DESK | KNOWLEDGE | SHARED_HASHES | TIPS | SHARING | CASES | POLICE | COUNTS
)
