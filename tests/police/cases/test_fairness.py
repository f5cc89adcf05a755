"""Where a case came from, both sides of everybody, the defence, and wrong persons put right."""

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.nodes import CONSOLE, add_staff, add_unit, run_followups
from tests.police.cases.builders import account_parts, file_part, part, taken
from tests.police.folk import a_case, file_of, outcome_of
from tests.sharing import net
from tests.sharing.referral.road import Road, open_road, view
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.office.actions import set_clock
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions
from tipbridge.police.cases.diary.actions import finish_task
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import rules, telling
from tipbridge.police.cases.fairness.model import CaseOrigin, DueProcess
from tipbridge.police.cases.fairness.rules import CLOSED_WORDS
from tipbridge.police.cases.model import PersonFacts, PersonRole, Task, TaskKind
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.sharing.exchange.model import SaltedPart
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.actions import favours_told
from tipbridge.sharing.referral.store import insert_parts
from tipbridge.tips.enrichment import sentences
from tipbridge.tips.triage import actions as triage

CHASE = TaskKind.CHASE_CORRECTION
CAFE = "The line is a café's."


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes that follow the pipeline."""
    with open_road(make_node) as made:
        made.settle = lambda: net.settle(made.nodes, follow)  # type: ignore[method-assign]
        yield made


def due_process(node: Node, case_id: str) -> DueProcess:
    with open_work(node, CONSOLE) as work:
        return fairness.read_due_process(work, case_id)


def only_case(node: Node) -> str:
    with open_work(node, CONSOLE) as work:
        (line,) = actions.list_cases(work)
    return line.id


def test_what_came_in_somebodys_favour_stands_beside_what_accuses(road: Road) -> None:
    *_, at_police = road.carry(road.tip())
    case_id = only_case(road.police)
    with open_work(road.police, CONSOLE) as work:
        person_id = actions.people_seen(work, case_id)[0].id
        sent = [
            each for each in view(road.police, at_police).parts
            if each.part.data_class is DataClass.FAVOURS
        ]  # fmt: skip
        fairness.record_favour(work, case_id, person_id, text=CAFE)
    assert sent
    shown = due_process(road.police, case_id)
    (side,) = shown.people
    texts = [each.text for each in (*shown.of_case, *side.favours)]
    assert len(texts) == len(sent) + 1
    assert side.favours[-1].text == CAFE
    assert [each.referral_id for each in shown.referrals] == [at_police]
    beside = outcome_of(road.police, case_id, person_id).favours
    assert sorted(each.text for each in beside) == sorted(texts), "beside the advice too"
    _stands_there_after_a_hand_over(road.police, case_id, at_police, sorted(texts))


def _stands_there_after_a_hand_over(
    node: Node, case_id: str, referral_id: str, texts: list[str]
) -> None:
    """The new unit reads every favour of the referral that stayed with the first, no more of it."""
    assert due_process(node, case_id).closed == frozenset()
    unit = add_unit(node, "city")
    city = add_staff(node, Role.INVESTIGATOR, unit=unit)
    root = replace(CONSOLE, units=(1, unit))
    with open_work(node, root) as work:
        actions.assign_case(work, case_id, unit="city")
    with open_work(node, city) as work:
        with pytest.raises(NotFound):
            referrals.read_parts(work, referral_id)
        told = favours_told(work, referral_id)
        assert {each.data_class for each in told} == {DataClass.FAVOURS}
        shown = fairness.read_due_process(work, case_id)
        (line,) = outcomes.read_outcomes(work, case_id)
    (side,) = shown.people
    assert sorted(each.text for each in (*shown.of_case, *side.favours)) == texts
    assert sorted(each.text for each in line.favours) == texts
    assert shown.closed == {referral_id}
    _told_without_where_from(node, city, case_id, referral_id, texts)
    other = add_staff(node, Role.INVESTIGATOR, unit=add_unit(node, "port"))
    with open_work(node, other) as work:
        assert favours_told(work, referral_id) == [], "not for who sees no case that it feeds"


def _told_without_where_from(
    node: Node, city: Actor, case_id: str, referral_id: str, texts: list[str]
) -> None:
    """Of the same referral once it is restricted: that, and of the house's sentences which."""
    own = "The classmate of the holder says so."
    with open_work(node, WORKER) as work:
        work.db.execute(
            text("UPDATE referrals SET restricted = true, members = '{console}' WHERE id = :id"),
            {"id": referral_id},
        )
        value = {"kind": "correction", "about": "", "text": own}
        spoken = Part(label="favours/x-1", value=value, data_class=DataClass.FAVOURS)
        salted = [SaltedPart(part=spoken, salt=bytes(32), hop=1)]
        insert_parts(work.db, referral_id, salted, ("a", "b"))
    with open_work(node, city) as work:
        shown = fairness.read_due_process(work, case_id)
        (line,) = outcomes.read_outcomes(work, case_id)
    (side,) = shown.people
    for found in ((*shown.of_case, *side.favours), line.favours):
        told = [each if each == CAFE else rules.said_of_closed(each) for each in texts]
        assert sorted(each.text for each in found) == sorted([*told, CLOSED_WORDS])
        assert not any("SHA-256" in each.text for each in found), "no name that its sender wrote"
        (kept,) = [each for each in found if each.source is not None]
        assert kept.text == CAFE, "nothing of the referral says where from"
        assert all(each.at is None for each in found if each is not kept)
    with open_work(node, replace(CONSOLE, units=(1, *city.units))) as work:
        told = fairness.read_due_process(work, case_id)
        assert own in {each.text for each in told.of_case}, "who sees the referral reads all"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (sentences.SHARED, sentences.SHARED),
        (sentences.EXACT.format(lists="person-009 told us"), sentences.EXACT_UNNAMED),
        (
            sentences.NEAR.format(lists="person-009", bits=3),
            sentences.NEAR_UNNAMED.format(bits=3),
        ),
        (sentences.NEAR_UNNAMED.format(bits="as person-009 says"), CLOSED_WORDS),
        (
            sentences.IP_DATA.format(file="networks", sha256="person-009", days=40),
            sentences.IP_DATA_UNNAMED.format(days=40),
        ),
        ("The classmate says so.", CLOSED_WORDS),
    ],
)
def test_of_a_closed_favour_nothing_that_its_sender_wrote_is_told(said: str, told: str) -> None:
    assert rules.said_of_closed(said) == told


@pytest.mark.parametrize(
    ("about", "label"),
    [("people/0/ips/1", "people/0"), ("people/0", "people/0"), ("files/0", None), ("", None)],
)
def test_a_favour_is_about_the_person_whose_part_it_names(about: str, label: str | None) -> None:
    value = {"kind": "possible-proxy", "about": about, "text": "A proxy."}
    given = Part(label="favours/0", value=value, data_class=DataClass.FAVOURS)
    assert rules.favours_in([given]) == [(label, about, "A proxy.", "favours/0")]


def test_grounds_and_grade_of_a_spontaneous_lead_are_read() -> None:
    lead = [part("lead/grounds", "Prepares a site."), part("lead/source_grade", "B2")]
    assert rules.grounds_in(lead) == ("Prepares a site.", "B2")
    assert rules.grounds_in(account_parts()) is None


def test_a_case_of_ones_own_has_grounds_grade_and_where_it_came_from(node: Node) -> None:
    first = a_case(node).case
    with open_work(node, CONSOLE) as work:
        made = fairness.open_case(
            work,
            origin=CaseOrigin.ANOTHER_CASE,
            grounds="Named there.",
            grade="b2",
            from_case=first.number,
        )
    shown = due_process(node, made.id)
    assert shown.origin is not None
    assert (shown.origin.grade, shown.from_number) == ("B2", first.number)
    assert file_of(node, made.id).people == ()
    for wrong in (
        {"grade": "Z9"},
        {"grounds": ""},
        {"origin": CaseOrigin.ANOTHER_CASE},
        {"from_case": first.id},
    ):
        given = {"origin": CaseOrigin.PUBLIC_REPORT, "grounds": "g", "grade": "X4"} | wrong
        with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
            fairness.open_case(work, **given)  # type: ignore[arg-type]


def test_the_defence_is_part_of_the_file_and_told_once(node: Node) -> None:
    file = a_case(node)
    other = taken(node, account_parts("b")).case_id
    person_id = file.people[0].person.id
    with open_work(node, CONSOLE) as work:
        asked = fairness.note_defence(work, file.case.id, person_id, asked="The logs, please.")
        with pytest.raises(Invalid, match="asked_on"):
            fairness.note_defence(
                work, file.case.id, person_id, asked="x", asked_on=date(2030, 1, 1)
            )
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        fairness.answer_defence(work, other, asked.id, answer="Here.")
    with open_work(node, CONSOLE) as work:
        fairness.answer_defence(work, file.case.id, asked.id, answer="Here they are.")
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        fairness.answer_defence(work, file.case.id, asked.id, answer="Again.")
    (request,) = due_process(node, file.case.id).people[0].requests
    assert (request.asked, request.answer) == ("The logs, please.", "Here they are.")


def test_a_near_match_alone_opens_no_person(node: Node) -> None:
    """Files, hits and likenesses of files are about files: nobody is made out of them."""
    known = a_case(node, [*account_parts("known"), file_part(3)])
    assert len(known.people) == 1
    near = Part(
        label="favours/0",
        value={"kind": "near-match", "about": "files/0", "text": "Near, not exact."},
        data_class=DataClass.FAVOURS,
    )
    case_id = taken(node, [file_part(3), near]).case_id
    again = taken(node, [file_part(3), near]).case_id
    assert file_of(node, case_id).people == file_of(node, again).people == ()
    assert case_id != again  # a file attaches to no case either; it proposes a link
    run_followups(node)
    after = file_of(node, known.case.id)
    assert after.people == known.people, "nor does it touch who is known with the same file"
    assert {link.other_id for link in after.links} == {case_id, again}


def test_a_wrong_person_is_put_right_with_everyone_who_was_told_and_they_acknowledge(
    road: Road,
) -> None:
    report_id = road.tip()
    first, _, second, at_police = road.carry(report_id)
    case_id = only_case(road.police)
    with open_work(road.police, CONSOLE) as work:
        person = actions.people_seen(work, case_id)[0]
        actions.record_person(work, person.id, PersonFacts(roles=frozenset(PersonRole)))
        made = fairness.correct_person(work, case_id, person.id, grounds="Another of that name.")
    (waiting,) = due_process(road.police, case_id).people[0].correction.told  # type: ignore[union-attr]
    assert (waiting.via, waiting.state) == (at_police, "waiting")
    road.settle()
    for node, referral_id in (
        (road.police, at_police),
        (road.liaison, second),
        (road.clearing, first),
    ):
        (feedback,) = view(node, referral_id).feedback
        assert (feedback.outcome, feedback.feedback_id) == ("wrong-person", made.id)
    with open_work(road.clearing, CONSOLE) as work:
        (on_tip,) = triage.read_tip(work, report_id).record.feedback
    assert on_tip.outcome == "wrong-person"
    side = due_process(road.police, case_id).people[0]
    assert side.correction is not None
    assert {(each.receiver, each.state.value) for each in side.correction.told} == {
        (road.liaison.id, "acknowledged"),
        (road.clearing.id, "acknowledged"),
    }
    assert PersonRole.SUSPECT not in side.known.person.roles
    with pytest.raises(Conflict), open_work(road.police, CONSOLE) as work:
        fairness.correct_person(work, case_id, person.id, grounds="Again.")


def test_what_is_not_acknowledged_in_seven_days_becomes_one_task(road: Road) -> None:
    road.carry(road.tip())
    case_id = only_case(road.police)
    with open_work(road.police, CONSOLE) as work:
        person = actions.people_seen(work, case_id)[0]
        made = fairness.correct_person(work, case_id, person.id, grounds="Another.")

    def chase(days: int) -> int:
        with open_work(road.police, CONSOLE) as work:
            set_clock(work, at=made.made_at + timedelta(days=days, minutes=1))
        with open_work(road.police, WORKER) as work:
            return fairness.chase_corrections(work)

    assert [chase(6), chase(7), chase(8)] == [0, 1, 0]
    (task,) = chasing(road.police, case_id)
    with open_work(road.police, CONSOLE) as work:
        finish_task(work, case_id, task.id)
        told = telling.name_receiver(work, case_id, person.id, receiver="A school")
    assert [chase(15), chase(16), chase(17)] == [0, 1, 0]
    with open_work(road.police, CONSOLE) as work:
        telling.note_answer(work, case_id, told.id, words="Nobody there.", reached=False)
    assert chase(18) == 0, "one at a time"
    with open_work(road.police, CONSOLE) as work:
        finish_task(work, case_id, chasing(road.police, case_id)[-1].id)
        telling.note_answer(work, case_id, told.id, words="Nobody there.", reached=False)
    assert [chase(19), chase(20)] == [1, 0]
    assert [each.done_at is None for each in chasing(road.police, case_id)] == [False, False, True]


def chasing(node: Node, case_id: str) -> list[Task]:
    tasks = [task for task in file_of(node, case_id).tasks if task.kind is CHASE]
    return sorted(tasks, key=lambda task: task.opened_at)
