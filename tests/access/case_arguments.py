"""Arguments of the actions of cases, as in `arguments`."""

from datetime import UTC, datetime

from tests.access.giving import DATA, Build, given
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.police.cases.children.model import ChildFacts
from tipbridge.police.cases.demands.model import (
    DemandFacts,
    DemandKind,
    FactKind,
    LetterLanguage,
    Said,
)
from tipbridge.police.cases.diary.model import DocumentKind
from tipbridge.police.cases.diary.sealing import SealedDocument
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.handing.model import HandOverGround
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.tasks.model import Whose

CASES: dict[str, Build] = {
    "police.cases.waiting.actions.take_waiting": lambda ids: given(ids["received"]),
    "police.cases.waiting.actions.list_unfit": lambda _: given(),
    "police.cases.actions.bring_wanted": lambda ids: given(referral_id=ids["received"]),
    "police.cases.actions.bring_detached": lambda ids: given(
        case_id=ids["case"], referral_id=ids["received"]
    ),
    "police.cases.actions.feed_referral": lambda ids: given(ids["case"], referral=ids["received"]),
    "police.cases.joining.actions.decide_link": lambda ids: given(
        ids["case"], ids["link"], confirmed=True
    ),
    "police.cases.joining.actions.reopen_link": lambda ids: given(ids["case"], ids["decided_link"]),
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
    "police.cases.demands.actions.drop_demand": lambda ids: given(
        ids["case"], ids["demand"], because="Not needed."
    ),
    "police.cases.demands.undoing.withdraw_fact": lambda ids: given(
        ids["case"], ids["fact"], because="Another's."
    ),
    "police.cases.demands.redating.correct_demand_day": lambda ids: given(
        ids["case"],
        ids["demand_sent"],
        done_at=datetime(2030, 1, 1, tzinfo=UTC),
        because="Another day.",
    ),
    "police.cases.demands.undoing.reopen_demand": lambda ids: given(
        ids["case"], ids["demand_refused"], because="A mistake."
    ),
    "police.cases.demands.actions.read_demands": lambda ids: given(ids["case"]),
    "police.cases.demands.actions.expire_demands": lambda _: given(),
    "police.cases.diary.actions.finish_task": lambda ids: given(ids["case"], ids["task"]),
    "police.cases.diary.actions.add_task": lambda ids: given(ids["case"], title="To do."),
    "police.cases.tasks.actions.list_tasks": lambda _: given(whose=Whose.ALL),
    "police.cases.tasks.actions.set_task_day": lambda ids: given(
        ids["case"], ids["own_task"], due_on=None, because="No day."
    ),
    "police.cases.tasks.actions.assign_task": lambda ids: given(
        ids["case"], ids["own_task"], to=None
    ),
    "police.cases.misplaced.actions.strike_entry": lambda ids: given(
        ids["case"], ids["paper"], because="Another's."
    ),
    "police.cases.misplaced.actions.restore_entry": lambda ids: given(
        ids["case"], ids["struck"], because="Its own."
    ),
    "police.cases.misplaced.actions.move_entry": lambda ids: given(
        ids["case"], ids["paper"], to=ids["other_case"], because="Another's."
    ),
    "police.cases.misplaced.actions.note_came": lambda ids: given(ids["moved_to"], ids["move"]),
    "police.cases.misplaced.actions.note_left": lambda ids: given(ids["moved_to"], ids["move"]),
    "police.cases.misplaced.actions.return_entry": lambda ids: given(
        ids["case"], ids["move"], because="Its own."
    ),
    "police.striking.actions.strike_person": lambda ids: given(
        ids["case"], ids["mistaken"], because="A namesake."
    ),
    "police.striking.detaching.detach_referral": lambda ids: given(
        ids["case"], ids["fed"], because="Another's."
    ),
    "police.striking.detaching.reattach_referral": lambda ids: given(
        ids["case"], ids["detachment"], because="Ours."
    ),
    "police.striking.joining.join_people": lambda ids: given(
        ids["case"], ids["person"], other=ids["mistaken"], because="One human."
    ),
    "police.striking.separating.separate_acts": lambda ids: given(
        ids["case"],
        ids["of_two_acts"],
        acts=["distribution 2014-02-01 suspect"],
        because="Another way.",
    ),
    "police.cases.humans.actions.say_same": lambda ids: given(
        ids["case"], ids["mistaken"], other=ids["human_elsewhere"], because="One human."
    ),
    "police.cases.humans.actions.part": lambda ids: given(
        ids["case"], ids["twofold"], because="Two humans."
    ),
    "police.striking.actions.restore_person": lambda ids: given(
        ids["case"], ids["struck_out"], because="No namesake."
    ),
    "police.cases.diary.actions.add_note": lambda ids: given(ids["case"], note="Noted."),
    "police.cases.diary.actions.add_document": lambda ids: given(
        ids["case"],
        [DATA],
        kind=DocumentKind.WARRANT,
        title="A warrant",
        media_type="application/pdf",
    ),
    "police.cases.diary.actions.add_sealed_document": lambda ids: given(
        ids["case"],
        SealedDocument(
            sealed=Sealed(key_id="case-0", file_id="0", wrapped_key=b"0", size_bytes=1),
            sha256="0" * 64,
            size_bytes=1,
            start=DATA,
        ),
        kind=DocumentKind.WARRANT,
        title="A warrant",
        media_type="application/pdf",
    ),
    "police.cases.diary.actions.open_document": lambda ids: given(ids["case"], ids["paper"]),
    "police.cases.diary.actions.read_diary": lambda ids: given(ids["case"]),
    "police.cases.access.read_access": lambda ids: given(ids["case"]),
    "police.deconfliction.actions.ask_peer": lambda ids: given(
        ids["case"], peer_id="kr.other", reason="Synthetic."
    ),
    "police.deconfliction.actions.list_questions": lambda ids: given(ids["case"]),
    "police.deconfliction.actions.list_answered": lambda _: given(),
    "police.deconfliction.answering.answer_question": lambda _: given(
        package_id="none", kind="deconfliction-question"
    ),
    "police.deconfliction.answering.take_answer": lambda _: given(
        package_id="none", kind="deconfliction-answer"
    ),
    "police.cases.handing.actions.offer_case": lambda ids: given(
        ids["case"], unit="below", ground=HandOverGround.WORKLOAD, words="Please."
    ),
    "police.cases.handing.actions.withdraw_offer": lambda ids: given(ids["case"], ids["offer"]),
    "police.cases.handing.actions.accept_case": lambda ids: given(ids["offer"]),
    "police.cases.handing.actions.refuse_case": lambda ids: given(ids["offer"], answer="No."),
    "police.cases.handing.actions.complete_hand_over": lambda ids: given(offer_id=ids["offer"]),
    "police.cases.handing.lists.give_lists": lambda ids: given(
        case_id=ids["case"], from_unit="1", heir="console", accepted=""
    ),
    "police.cases.leaving.actions.note_left": lambda _: given(),
    "police.cases.leaving.readers.admit_readers": lambda ids: given(
        referral_id=ids["received"], by="console"
    ),
    "police.cases.leaving.actions.note_unread": lambda ids: given(referral_id=ids["received"]),
    "police.cases.tasks.holders.note_gone": lambda _: given(),
    "police.cases.tasks.holders.tell_left": lambda ids: given(ids["case"], ids["task_left"]),
    "police.cases.leaving.actions.list_left": lambda _: given(),
    "police.cases.leaving.actions.take_over": lambda ids: given(
        ids["left"], grounds="A synthetic reason."
    ),
    "police.cases.leaving.actions.give_left": lambda ids: given(left_id=ids["left_taken"]),
    "police.welfare.lists.give_left": lambda ids: given(left_id=ids["left_taken"]),
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
    "police.cases.fairness.actions.open_case": lambda ids: given(
        origin=CaseOrigin.ANOTHER_CASE, grounds="A caller.", grade="X4", from_case=ids["case"]
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
    "police.cases.fairness.undoing.take_back_correction": lambda ids: given(
        ids["case"], ids["cleared"], grounds="The very one."
    ),
    "police.cases.fairness.actions.correct_person": lambda ids: given(
        ids["case"], ids["person"], grounds="Another."
    ),
    "police.cases.fairness.actions.send_correction": lambda ids: given(
        correction_id=ids["correction"]
    ),
    "police.cases.fairness.telling.note_answer": lambda ids: given(
        ids["case"], ids["telling"], words="Heard."
    ),
    "police.cases.fairness.telling.name_receiver": lambda ids: given(
        ids["case"], ids["cleared"], receiver="Court"
    ),
    "police.cases.fairness.telling.note_heard": lambda ids: given(task_id=ids["telling_task"]),
    "police.disclosure.actions.tell_change": lambda ids: given(change_id=ids["change"]),
    "police.deconfliction.telling.tell_peers": lambda ids: given(correction_id=ids["correction"]),
    "police.disclosure.actions.tell_receivers": lambda ids: given(correction_id=ids["correction"]),
    "police.cases.fairness.actions.chase_corrections": lambda _: given(),
    "police.cases.fairness.actions.read_due_process": lambda ids: given(ids["case"]),
    "police.cases.asking.actions.ask_others": lambda ids: given(ids["case"], grounds="Why."),
    "police.cases.asking.actions.answer_asking": lambda ids: given(asking_id=ids["asking"]),
    "police.cases.asking.actions.compare_case": lambda ids: given(case_id=ids["case"]),
}
