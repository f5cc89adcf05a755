"""Arguments of the actions of police besides those of cases, as in `arguments`."""

from datetime import UTC, date, datetime

from tests.access.exhibits import (
    acquisition_facts,
    made_elsewhere,
    one_byte,
    other_bytes,
    source_facts,
)
from tests.access.giving import Build, given
from tipbridge.foundation.box.model import Done
from tipbridge.knowledge.law.model import Custody, Outcome, Stage
from tipbridge.knowledge.law.shape import By
from tipbridge.police.cases.changing.model import Fact
from tipbridge.police.cases.model import Identifier, IdentifierKind, PersonFacts, PersonRole
from tipbridge.police.evidence.model import Taking
from tipbridge.police.outcomes.model import AppealBy, AppealState, CustodyFacts, StepFacts
from tipbridge.police.removals.model import (
    Channel,
    Classification,
    NoticeLanguage,
    NoticeStep,
    PlaceForm,
    RemovalState,
    ReplyKind,
)
from tipbridge.police.retention.model import HoldGround
from tipbridge.police.welfare.model import (
    CoerciveStep,
    Ending,
    FollowUpKind,
    TalkWith,
    WelfareFacts,
)
from tipbridge.tips.intake.model import Appraisal


def _mail(notice: str) -> dict[str, object]:
    """What the box reads of an answer to a notice."""
    return {
        "id": "a" * 32,
        "sender": "abuse@social.example",
        "subject": notice,
        "answers": [],
        "said": "received",
        "left_out": 0,
        "dated": None,
    }


POLICE: dict[str, Build] = {
    "police.cases.withdrawn.note_withdrawal": lambda ids: given(
        referral_id=ids["received"], word="recall"
    ),
    "police.cases.actions.open_or_attach": lambda ids: given(referral_id=ids["received"]),
    "police.cases.actions.list_cases": lambda _: given(),
    "police.cases.actions.read_case": lambda ids: given(ids["case"]),
    "police.cases.told.actions.read_told": lambda ids: given(ids["case"], ids["received"]),
    "police.cases.appraising.appraise": lambda ids: given(ids["case"], appraisal=Appraisal.USEFUL),
    "police.cases.actions.assign_case": lambda ids: given(ids["case"], unit="own"),
    "police.cases.actions.restrict_case": lambda ids: given(ids["case"], members=()),
    "police.cases.actions.lift_restriction": lambda ids: given(ids["case"]),
    "police.cases.numbers.actions.take_back_number": lambda ids: given(
        ids["case"], agency="hsi", number="HSI-1", because="Another case's."
    ),
    "police.cases.numbers.actions.add_foreign_number": lambda ids: given(
        ids["case"], agency="hsi", number="2"
    ),
    "police.cases.actions.add_person": lambda ids: given(ids["case"], roles=(PersonRole.VICTIM,)),
    "police.cases.actions.record_person": lambda ids: given(
        ids["person"], PersonFacts(reference="person-001")
    ),
    "police.cases.stating.state_exploitation": lambda ids: given(
        ids["person"], None, source="Examination"
    ),
    "police.cases.changing.actions.withdraw_facts": lambda ids: given(
        ids["person"], (Fact.PLACE_SERVICE,), because="Misread."
    ),
    "police.cases.changing.actions.read_changes": lambda ids: given(ids["person"]),
    "police.cases.identifying.add_identifier": lambda ids: given(
        ids["person"], Identifier(kind=IdentifierKind.EMAIL, value="kid@mail.example")
    ),
    "police.cases.identifying.take_back_identifier": lambda ids: given(
        ids["person"],
        Identifier(kind=IdentifierKind.IP, value="203.0.113.7"),
        because="Somebody else's.",
    ),
    "police.evidence.actions.add_exhibit": lambda ids: given(
        ids["case"],
        mark="USB-2",
        kind="device",
        description="a stick",
        place="at home",
        authority="warrant",
        taking=Taking(person="1", grounds="It was about to be wiped."),
    ),
    "police.evidence.actions.hand_over": lambda ids: given(
        ids["exhibit"], to="somebody", outside=True
    ),
    "police.evidence.actions.receive": lambda ids: given(ids["exhibit"]),
    "police.evidence.actions.return_exhibit": lambda ids: given(ids["exhibit"], to="somebody"),
    "police.evidence.keeping.seal_exhibit": lambda ids: given(ids["exhibit"], seal="A 001"),
    "police.evidence.keeping.destroy_exhibit": lambda ids: given(
        ids["exhibit"], witness="somebody", how="shredded"
    ),
    "police.evidence.keeping.add_photographs": lambda ids: given(
        ids["exhibit"], digests="a" * 64, shows="a stick"
    ),
    "police.evidence.actions.list_exhibits": lambda _: given(),
    "police.evidence.actions.read_exhibit": lambda ids: given(ids["exhibit"]),
    "police.evidence.actions.read_progress": lambda ids: given(ids["exhibit"]),
    "police.evidence.acquisitions.begin_acquisition": lambda ids: given(
        ids["exhibit"], acquisition_facts("other")
    ),
    "police.evidence.acquisitions.finish_acquisition": lambda ids: given(
        ids["acquisition"], one_byte()
    ),
    "police.evidence.recording.record_acquisition": lambda ids: given(
        ids["exhibit"],
        acquisition_facts("elsewhere"),
        made_elsewhere(),
        other_bytes(),
        reason="lab",
    ),
    "police.evidence.recording.check_stated": lambda ids: given(
        ids["exhibit"], made_elsewhere(), reason="lab"
    ),
    "police.evidence.begun.open_medium": lambda ids: given(ids["exhibit"], source="other.raw"),
    "police.evidence.marking.keep_reading": lambda ids: given(
        ids["pass"], "digest-before", bytes_read=1, size_bytes=1
    ),
    "police.evidence.passes.begin_pass": lambda ids: given(ids["exhibit"], source_facts("other")),
    "police.evidence.passes.keep_found": lambda ids: given(
        ids["pass"], [], position=9, bytes_read=1
    ),
    "police.evidence.passes.finish_pass": lambda ids: given(
        ids["pass"], sha256_after="1" * 64, unread=[]
    ),
    "police.evidence.passes.give_up_pass": lambda ids: given(
        ids["exhibit"], ids["pass"], reason="another image"
    ),
    "police.evidence.labelling.label_exhibits": lambda ids: given(ids["exhibit"]),
    "police.evidence.categorising.give_media": lambda ids: given(ids["exhibit"]),
    "police.evidence.categorising.take_categories": lambda ids: given(
        ids["exhibit"], b'{"value": []}', confirming={1}
    ),
    "police.evidence.reporting.read_report": lambda ids: given(ids["exhibit"]),
    "police.disclosure.actions.propose_disclosure": lambda ids: given(
        ids["case"], recipient="Example Court", purpose="court"
    ),
    "police.disclosure.actions.read_disclosure": lambda ids: given(ids["disclosure"]),
    "police.disclosure.actions.preview_disclosure": lambda ids: given(ids["disclosure"]),
    "police.disclosure.actions.approve_disclosure": lambda ids: given(ids["disclosure"]),
    "police.disclosure.actions.begin_sealing": lambda ids: given(ids["disclosure"]),
    "police.disclosure.actions.write_disclosure": lambda ids: given(ids["disclosure"]),
    "police.disclosure.actions.list_disclosures": lambda _: given(),
    "police.outcomes.actions.read_advice": lambda ids: given(ids["person"]),
    "police.outcomes.actions.decide_outcome": lambda ids: given(
        ids["person"], outcome=Outcome.JUVENILE_DIVISION, grounds="A synthetic decision."
    ),
    "police.outcomes.actions.read_outcomes": lambda ids: given(ids["case"]),
    "police.outcomes.actions.finish_duty": lambda ids: given(ids["duty"]),
    "police.welfare.actions.record_welfare": lambda ids: given(
        ids["welfare"], WelfareFacts(agency="Agency", contact_made=True)
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
    "police.welfare.undoing.take_back_talk": lambda ids: given(
        ids["welfare"], ids["talk"], because="A synthetic reason."
    ),
    "police.welfare.undoing.drop_follow_up": lambda ids: given(
        ids["welfare"], ids["follow_up"], because="A synthetic reason."
    ),
    "police.welfare.actions.change_access": lambda ids: given(
        ids["welfare"], members=(), narrowed=False
    ),
    "police.welfare.lists.give_lists": lambda ids: given(
        case_id=ids["case"], from_unit="1", heir="console", accepted=""
    ),
    "police.welfare.actions.miss_clocks": lambda _: given(),
    "police.welfare.steps.record_step": lambda ids: given(
        ids["person"], CoerciveStep.SEARCH, grounds="A synthetic reason."
    ),
    "police.welfare.actions.review_case": lambda ids: given(case_id=ids["case"]),
    "police.outcomes.steps.record_step": lambda ids: given(
        ids["person"], StepFacts(stage=Stage.JUVENILE_DIVISION)
    ),
    "police.outcomes.mistaken.take_back_step": lambda ids: given(
        ids["person"], stage=Stage.NOT_BOOKED, because="A synthetic mistake."
    ),
    "police.outcomes.mistaken.tell_taken_back": lambda ids: given(step_id=ids["stage_step"]),
    "police.outcomes.holding.change_custody": lambda ids: given(
        ids["person"], CustodyFacts(custody=Custody.DETAINED, by=By.COURT)
    ),
    "police.outcomes.steps.tell_authorities": lambda ids: given(correction_id=ids["correction"]),
    "police.welfare.steps.tell_agency": lambda ids: given(correction_id=ids["correction"]),
    "police.outcomes.steps.tell_change": lambda ids: given(change_id=ids["change"]),
    "police.outcomes.steps.tell_step": lambda ids: given(step_id=ids["stage_step"]),
    "police.outcomes.steps.file_appeal": lambda ids: given(
        ids["person"], by=AppealBy.COUNSEL, grounds="A synthetic appeal."
    ),
    "police.outcomes.steps.answer_appeal": lambda ids: given(
        ids["appeal"], state=AppealState.REJECTED, answer="A synthetic answer."
    ),
    "police.outcomes.comparing.list_differences": lambda _: given(),
    "police.outcomes.comparing.compare_with": lambda _: given(year=2025),
    "police.outcomes.readvising.watch_law": lambda _: given(),
    "police.outcomes.turning.watch_days": lambda _: given(),
    "police.outcomes.actions.review_case": lambda ids: given(case_id=ids["case"]),
    "police.outcomes.actions.send_feedback": lambda ids: given(outcome_id=ids["decision"]),
    "police.removals.actions.note_addresses": lambda ids: given(
        case_id=ids["case"], referral_id=ids["received"]
    ),
    "police.removals.actions.list_removals": lambda ids: given(ids["case"]),
    "police.removals.moving.record_state": lambda ids: given(ids["removal"], RemovalState.LIVE),
    "police.removals.actions.add_place": lambda ids: given(
        ids["case"], address="https://other.example/1", form=PlaceForm.URL
    ),
    "police.removals.actions.list_up": lambda _: given(),
    "police.removals.actions.measure_hosts": lambda _: given(),
    "police.removals.noticing.make_notice": lambda ids: given(ids["removal"]),
    "police.removals.noticing.ask_for_own_material": lambda ids: given(case_id=ids["case"]),
    "police.removals.detaching.follow_detached": lambda ids: given(
        case_id=ids["case"], referral_id=ids["received"]
    ),
    "police.removals.returning.return_places": lambda ids: given(
        case_id=ids["other_case"], home_id=ids["case"]
    ),
    "police.removals.marks.reconsider_marks": lambda ids: given(case_id=ids["case"]),
    "police.removals.noticing.reconsider_own_material": lambda ids: given(
        case_id=ids["case"], removal_id=ids["removal"], said_at="2014-06-02T03:00:00+00:00"
    ),
    "police.removals.mistaken.actions.take_back": lambda ids: given(
        ids["removal"], ids["removal_entry"], because="Another place."
    ),
    "police.removals.noticing.carry_notice": lambda ids: given(ids["notice"]),
    "police.removals.redating.correct_notice_day": lambda ids: given(
        ids["notice"], done_at=datetime(2030, 1, 1, tzinfo=UTC), because="Another day."
    ),
    "police.removals.correcting.correct_place": lambda ids: given(
        ids["removal"], country="DE", because="Its host says so."
    ),
    "police.removals.noticing.retry_notice": lambda ids: given(ids["notice"]),
    "police.removals.noticing.send_notice": lambda ids: given(notice_id=ids["notice"]),
    "police.removals.compared.actions.record_authority": lambda ids: given(
        ids["removal"], words="A synthetic warrant.", until=date(2030, 1, 1)
    ),
    "police.removals.compared.actions.compare_digest": lambda ids: given(ids["removal"]),
    "police.removals.compared.actions.end_authority": lambda ids: given(
        ids["removal"], ids["authority"], ended_on=date(2030, 1, 1), because="Lifted."
    ),
    "police.removals.nodes.note_settled": lambda ids: given(package_id=ids["package"]),
    "police.removals.nodes.take_answer": lambda ids: given(
        package_id=ids["package"], kind="notice-answer"
    ),
    "police.removals.noticing.wake_notices": lambda _: given(),
    "police.removals.mailed.actions.import_mail": lambda ids: given(
        lambda: Done(value=_mail(ids["notice"])), where="one.eml"
    ),
    "police.removals.noticing.record_reply": lambda ids: given(
        ids["removal"], ReplyKind.ACKNOWLEDGED
    ),
    "police.removals.checking.wake_checks": lambda _: given(),
    "police.removals.checking.check_due": lambda ids: given(removal_id=ids["removal"]),
    "police.removals.checking.check_now": lambda ids: given(ids["removal"]),
    "police.removals.looking.look_by_hand": lambda ids: given(ids["removal"]),
    "police.removals.voting.name_item": lambda ids: given(ids["removal"], "a" * 64),
    "police.removals.texts.actions.write_text": lambda _: given(
        "social.example",
        language=NoticeLanguage.KOREAN,
        step=NoticeStep.FIRST,
        subject="{notice}",
        body="{place}",
    ),
    "police.removals.texts.actions.drop_text": lambda _: given(
        "social.example", language=NoticeLanguage.KOREAN, step=NoticeStep.FIRST
    ),
    "police.removals.texts.actions.read_texts": lambda _: given("social.example"),
    "police.removals.voting.classify_item": lambda ids: given(
        ids["removal"], Classification.BASELINE
    ),
    "police.removals.voting.offer_item": lambda ids: given(ids["removal"], list_name="known"),
    "police.retention.actions.read_plan": lambda _: given(),
    "police.retention.actions.place_hold": lambda ids: given(
        ids["other_case"], ground=HoldGround.COMPLAINT, words="A synthetic complaint."
    ),
    "police.retention.actions.lift_hold": lambda ids: given(ids["case"], words="Settled."),
    "police.retention.actions.wake_due": lambda _: given(),
    "police.retention.actions.erase_due": lambda ids: given(case_id=ids["case"]),
    "police.removals.hosts.list_hosts": lambda _: given(),
    "police.removals.hosts.write_host": lambda _: given("new.example", channel=Channel.BY_HAND),
    "police.removals.hosts.allow_checks": lambda _: given("social.example", allowed=False),
}
