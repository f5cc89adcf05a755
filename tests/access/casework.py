"""The police side of the world: people, outcomes, welfare, removals."""

from datetime import date, timedelta
from pathlib import Path

from tests.access.exhibits import make_exhibits
from tests.access.material import planted
from tests.access.mistaken import brought_in, of_two_cases
from tests.nodes import add_staff
from tipbridge.foundation.access.desks.model import DeskTask
from tipbridge.foundation.access.store import all_units
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.hashes.actions import find_list
from tipbridge.knowledge.law.loading import shipped_jurisdictions
from tipbridge.knowledge.law.model import Offence, Outcome
from tipbridge.office.desks import actions as desks
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.asking import actions as asking
from tipbridge.police.cases.changing import actions as changing
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.children.model import ChildFacts
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands import undoing
from tipbridge.police.cases.demands.model import (
    DemandFacts,
    DemandKind,
    FactKind,
    LetterLanguage,
    Said,
)
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary.model import DocumentKind
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import telling
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.handing.model import HandOverGround
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.leaving import store as leaving
from tipbridge.police.cases.leaving.model import LeftEnd, LeftList, ListKind
from tipbridge.police.cases.misplaced import actions as misplaced
from tipbridge.police.cases.model import Identifier, IdentifierKind, PersonFacts, PersonRole
from tipbridge.police.cases.numbers import actions as numbers
from tipbridge.police.cases.searching import actions as searching
from tipbridge.police.cases.tasks import actions as tasks
from tipbridge.police.cases.tasks import store as tasks_store
from tipbridge.police.cases.tasks.model import Given
from tipbridge.police.deconfliction import store as deconfliction
from tipbridge.police.deconfliction.model import Asked, Question, QuestionState
from tipbridge.police.disclosure import actions as disclosure
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.outcomes import steps as stages
from tipbridge.police.outcomes.model import AppealBy
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import checking, hosts, moving, noticing, voting
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.items import store as items
from tipbridge.police.removals.model import (
    Channel,
    Classification,
    Offer,
    RemovalState,
    Reply,
    ReplyKind,
)
from tipbridge.police.removals.replies import keep_reply
from tipbridge.police.retention import actions as retention
from tipbridge.police.retention import store as retention_store
from tipbridge.police.retention.model import Erased, HoldGround, Kept
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare import steps
from tipbridge.police.welfare.model import (
    CoerciveStep,
    FollowUpKind,
    GuardianNotice,
    TalkWith,
    WelfareFacts,
)

HOST = "social.example"


def restrict_second_case(node: Node, console: Actor) -> None:
    """Restrict the case of the grown-up, so that the next match is told to its owner alone."""
    with open_work(node, console) as work:
        for file in _files(work):
            if _knows(file, "user-1"):
                cases.restrict_case(work, file.case.id, members=())


def do_casework(node: Node, console: Actor, seized: Path) -> dict[str, str]:
    """Work on the cases that the referrals opened; the ids of what came of it."""
    with open_work(node, console) as work:
        files = _files(work)
        assert len(files) == 3, files
        file = next(each for each in files if _knows(each, "kid-1"))
        case, person = file.case.id, file.people[0].person.id
        numbers.add_foreign_number(work, case, agency="hsi", number="HSI-1")
        mistake = planted("A synthetic mistake.")
        numbers.take_back_number(work, case, agency="hsi", number="HSI-1", because=mistake)
        numbers.add_foreign_number(work, case, agency="hsi", number="HSI-1")
        roles = frozenset({PersonRole.SUSPECT, PersonRole.VICTIM})
        cases.record_person(work, person, PersonFacts(roles=roles, act_on=date(2014, 2, 20)))
        outcomes.decide_outcome(
            work,
            person,
            outcome=Outcome.JUVENILE_DIVISION,
            grounds=planted("A synthetic decision."),
        )
        # What is recorded later makes the advice another: the decision is listed as differing.
        cases.record_person(work, person, PersonFacts(offence=Offence.DISTRIBUTION))
        appeal = stages.file_appeal(
            work, person, by=AppealBy.GUARDIAN, grounds=planted("A synthetic appeal.")
        )
        ids = {"case": case, "person": person, "link": file.links[0].id, "appeal": appeal.id}
        ids["decided_link"] = file.links[1].id
        joining.decide_link(work, case, file.links[1].id, confirmed=True)
        ids |= relate(work, case, [each.case.id for each in files if each.case.id != case])
        ids |= make_demands(work, case, person)
        ids |= keep_more(work, case, person)
        ids |= _desk(work)
        ids |= make_exhibits(work, case, seized)
    return ids


def _disclosure(node: Node, console: Actor, case: str) -> str:
    """A disclosure that two people approved and that left."""
    roles = (Role.INVESTIGATOR, Role.INVESTIGATOR, Role.EXAMINER)
    with open_work(node, console) as work:
        number = cases.read_case(work, case).case.number
    proposer, one, two = (
        add_staff(node, role, username=f"{role}-{turn}-of-{number}")
        for turn, role in enumerate(roles)
    )
    with open_work(node, proposer) as work:
        made = disclosure.propose_disclosure(
            work, case, recipient=planted("Court."), purpose="court"
        )
    for actor in (one, two):
        with open_work(node, actor) as work:
            disclosure.approve_disclosure(work, made.id)
    with open_work(node, two) as work:
        disclosure.write_disclosure(work, made.id)
    return made.id


def _diary(work: Work, case: str, other: str) -> dict[str, str]:
    """A task of staff's own, what was struck out, and what went to another case."""
    own = diary.add_task(work, case, title=planted("Synthetic work."))
    left = diary.add_task(work, case, title=planted("Work that was left."))
    tasks_store.assign(work.db, left.id, "somebody")
    gone = Given(case_id=case, username="somebody", unit_id=1, restricted=False, members=())
    tasks_store.note_left(work.db, [gone], work.now)
    tasks.set_task_day(
        work, case, own.id, due_on=date(2030, 1, 1), because=planted("A synthetic delay.")
    )
    astray, struck = (
        diary.add_note(work, case, note=planted("A synthetic note of another case."))
        for _ in range(2)
    )
    because = planted("A synthetic mix-up.")
    misplaced.strike_entry(work, case, struck.id, because=because)
    misplaced.restore_entry(work, case, struck.id, because=because)
    misplaced.strike_entry(work, case, struck.id, because=because)
    moved = misplaced.move_entry(work, case, astray.id, to=other, because=because)
    misplaced.return_entry(work, case, moved.id, because=because)
    moved = misplaced.move_entry(work, case, astray.id, to=other, because=because)
    return {
        "own_task": own.id,
        "task_left": left.id,
        "struck": struck.id,
        "move": moved.id,
        "moved_to": other,
    }


def keep_more(work: Work, case: str, person: str) -> dict[str, str]:
    """A note, a document, a question that is answered, an offer, a child's own file."""
    diary.add_note(work, case, note=planted("A synthetic note."), person=person)
    _erased(work, case)
    retention.place_hold(work, case, ground=HoldGround.COURT, words=planted("A synthetic trial."))
    of = {
        "kind": DocumentKind.WARRANT,
        "title": planted("A warrant."),
        "media_type": "application/pdf",
    }
    paper = diary.add_document(work, case, [b"%PDF-1.7 synthetic"], **of)  # type: ignore[arg-type]
    _question(work, case, person)
    offered = handing.offer_case(
        work, case, unit="other", ground=HandOverGround.SPECIALITY, words=planted("Synthetic.")
    )
    searching.search(work, about=case, grounds=planted("Synthetic grounds."), text="synthetic")
    begun = fairness.open_case(
        work,
        origin=CaseOrigin.ANOTHER_CASE,
        grounds=planted("Synthetic."),
        grade="B2",
        from_case=case,
    )
    fairness.record_favour(work, case, person, text=planted("A shared line."))
    other = cases.add_person(work, case, roles=[PersonRole.SUSPECT])
    correction = fairness.correct_person(work, case, other, grounds=planted("Another."))
    told = telling.name_receiver(work, case, other, receiver=planted("Another agency."))
    lists = _lists_left(work, case)
    of_diary = _diary(work, case, begun.id)
    return {
        **of_diary,
        **lists,
        "cleared": other,
        **brought_in(work, case),
        **of_two_cases(work, case, begun.id),
        "telling": told.id,
        "telling_task": told.task_id,
        "defence": fairness.note_defence(work, case, person, asked=planted("The file.")).id,
        "correction": correction.id,
        "change": changing.read_changes(work, other)[0].id,
        "begun": begun.id,
        "paper": paper.id,
        "offer": offered.id,
        "child_file": _child_file(work, case, person),
        "asking": asking.ask_others(work, case, grounds=planted("Synthetic grounds.")).id,
    }


def _desk(work: Work) -> dict[str, str]:
    """Somebody on duty."""
    desks.add_desk(
        work, unit="own", code="desk-1", name="Desk", task=DeskTask.RECEPTION, contact="desk 1"
    )
    turn = {"from_at": work.now, "until_at": work.now + timedelta(hours=8)}
    return {"turn": desks.add_turn(work, desk="desk-1", username="somebody", **turn).id}


def _child_file(work: Work, case: str, person: str) -> str:
    file = children.open_child_file(work, case, person)
    return children.record_child(work, case, file.id, ChildFacts(needs=planted("Quiet."))).id


def _erased(work: Work, case: str) -> None:
    """Somebody of the case whose time was over."""
    korea = next(law for law in shipped_jurisdictions() if law.code == "KR")
    kept = Kept(
        outcome=Outcome.WELFARE_ONLY,
        source=korea.rules["PRACTICE-RETENTION"],
        days=365,
        ended_on=date(2012, 1, 1),
        due_on=date(2012, 12, 31),
    )
    gone = Erased(
        id=work.ids.new(),
        case_id=case,
        person_id="somebody",
        kept=kept,
        rows_gone=1,
        packages=(),
        erased_at=work.now,
        keys_gone_at=work.now,
    )
    retention_store.insert_erased(work.db, gone)


def _lists_left(work: Work, case: str) -> dict[str, str]:
    """A list that waits for the actors' unit, and one that was taken over."""
    found: dict[str, str] = {}
    for name, kind in (("left", ListKind.REFERRAL), ("left_taken", ListKind.WELFARE_RECORD)):
        left = LeftList(
            id=work.ids.new(),
            case_id=None if kind is ListKind.REFERRAL else case,
            number="2014-000009",
            kind=kind,
            list_id=work.ids.new(),
            case_unit=1,
            for_unit=next(unit.id for unit in all_units(work.db) if unit.code == "own"),
            noted_at=work.now,
        )
        assert leaving.insert_left(work.db, left)
        found[name] = left.id
    leaving.end_left(
        work.db,
        found["left_taken"],
        ended=LeftEnd.TAKEN_OVER,
        at=work.now,
        by=work.actor.id,
        grounds="Synthetic.",
    )
    return found


def _question(work: Work, case: str, person: str) -> None:
    """A peer was asked about an account; no agreement of the world lets a further one be asked."""
    asked = Asked(
        position=0,
        person_id=person,
        identifier=Identifier(kind=IdentifierKind.ACCOUNT, scope="example-social", value="kid-1"),
    )
    question = Question(
        id=work.ids.new(),
        case_id=case,
        peer_id="us.hsi",
        agreement="ab" * 32,
        reason=planted("A synthetic reason."),
        package_id=work.ids.new(),
        state=QuestionState.OPEN,
        asked_at=work.now,
        asked_by=work.actor.id,
        secret=b"synthetic",
    )
    deconfliction.insert_question(work.db, question, [asked])


def make_demands(work: Work, case: str, person: str) -> dict[str, str]:
    """One demand written, one that went out, one answered."""
    asked = DemandFacts(
        kind=DemandKind.SUBSCRIBER,
        addressee=planted("Example Telecom."),
        language=LetterLanguage.KOREAN,
        authority=planted("A synthetic ground."),
        person_id=person,
        ip="203.0.113.7",
        seen_at=work.now,
    )
    drafted, sent, answered, refused = (demands.draft_demand(work, case, asked) for _ in range(4))
    for each in (sent, answered, refused):
        demands.send_demand(work, case, each.id)
    said = [Said(kind=FactKind.SUBSCRIBER_NAME, value=planted("subscriber-001"))]
    (fact,) = demands.answer_demand(work, case, answered.id, said=said)
    demands.refuse_demand(work, case, refused.id, words=planted("Nothing is held."))
    undoing.reopen_demand(work, case, refused.id, because=planted("Another's answer."))
    demands.refuse_demand(work, case, refused.id, words=planted("Nothing is held."))
    return {
        "demand": drafted.id,
        "demand_sent": sent.id,
        "demand_refused": refused.id,
        "fact": fact.id,
    }


def relate(work: Work, case: str, others: list[str]) -> dict[str, str]:
    """Two cases below the first; one of them stands to it as to be taken back."""
    made = joining.join_cases(
        work, case, other=others[0], relation=Relation.PARENT, grounds=planted("One circle.")
    )
    return {"other_case": others[1], "relation": made.id}


def what_came_of_it(node: Node, console: Actor, case: str) -> dict[str, str]:
    """The ids of what the worker made of the decisions."""
    return _what_came_of_it(node, console, case) | {"disclosure": _disclosure(node, console, case)}


def _what_came_of_it(node: Node, console: Actor, case: str) -> dict[str, str]:
    with open_work(node, console) as work:
        about = next(each for each in outcomes.read_outcomes(work, case) if each.welfare)
        assert about.welfare is not None
        assert about.decision is not None
        removal, notice, entry, authority = _ask_for_removal(work, case)
        told = WelfareFacts(guardian_notice=GuardianNotice.NO_GUARDIAN)
        welfare.record_welfare(work, about.welfare.welfare_id, told)
        talk = welfare.record_talk(work, about.welfare.welfare_id, talk_with=TalkWith.CHILD)
        steps.record_step(
            work, about.person.id, CoerciveStep.SEARCH, grounds=planted("A synthetic one.")
        )
        follow_up = welfare.plan_follow_up(
            work,
            about.welfare.welfare_id,
            kind=FollowUpKind.COUNSELLING,
            due_on=date(2014, 3, 1),
        )
        task = next(task for file in _files(work) for task in file.tasks)
        return {
            "welfare": about.welfare.welfare_id,
            "follow_up": follow_up.id,
            "talk": talk.id,
            "duty": next(
                duty.id for duty in about.duties if not duty.by_step and duty.settled is None
            ),
            "decision": about.decision.id,
            "stage_step": about.history.steps[0].id,
            "task": task.id,
            "removal": removal,
            "removal_entry": entry,
            "authority": authority,
            "notice": notice,
            "host": HOST,
            "host_id": hosts.host_known(work, HOST).id,
        }


def _ask_for_removal(work: Work, case: str) -> tuple[str, str, str, str]:
    """A place that its host was asked about and says it removed, with a vote on its item."""
    hosts.write_host(work, HOST, channel=Channel.BY_HAND)
    hosts.allow_checks(work, HOST, allowed=False)
    (file,) = removals.list_removals(work, case)
    removal, notice = file.removal.id, file.notices[0].id  # asked at once: it shows the child
    noticing.carry_notice(work, notice)
    noticing.record_reply(work, removal, ReplyKind.ACKNOWLEDGED)
    mailed = Reply(
        id=f"<{removal}@social.example>",
        removal_id=removal,
        kind=ReplyKind.ACKNOWLEDGED,
        at=work.now,
        by=work.actor.id,
        said="안녕하세요. 확인하고 있습니다.\nWe are looking into hxxps[:]//social[.]example/posts/1.",
        left_out=2,
    )
    assert keep_reply(work, file.removal, mailed)
    checking.check_now(work, removal)
    moving.record_state(work, removal, RemovalState.LIVE)
    comparing.record_authority(
        work, removal, words=planted("A synthetic one."), until=date(2030, 1, 1)
    )
    comparing.compare_digest(work, removal)
    voting.classify_item(work, removal, Classification.BASELINE)
    offer = Offer(
        removal_id=removal, list_id=find_list(work, "known").id, sha256="a" * 64, at=work.now
    )
    items.keep_offer(work.db, offer, case, by=work.actor.id)
    (file,) = removals.list_removals(work, case)
    return removal, notice, file.steps[-1].id, file.authorities[-1].id


def _knows(file: CaseFile, account: str) -> bool:
    return any(known.value == account for known in file.people[0].identifiers)


def _files(work: Work) -> list[CaseFile]:
    return [cases.read_case(work, line.id) for line in cases.list_cases(work)]
