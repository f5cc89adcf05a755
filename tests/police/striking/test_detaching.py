"""A referral that fed a case by mistake is taken out of it, and brought back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts, file_part, part, sha256
from tests.police.deconfliction.pair import open_pair, referred
from tests.police.folk import file_of, record_of, suspect, verified
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.knowledge.law.model import Outcome
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import store
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.items import store as items
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.removals import actions as removals
from tipbridge.police.retention import store as retention_store
from tipbridge.police.striking import detaching
from tipbridge.police.striking.actions import restore_person
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare.model import Ending
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.model import Step, StepName

ADDRESS = "https://host.example/1"
FIRST = [
    *account_parts("kid1"),
    part("people/0/emails/0", {"address": "both@mail.example"}),
    part("report/id", "77"),
    file_part(1),
]
WRONG = [
    *account_parts("kid1"),
    part("people/0/name", "Person-009"),
    part("people/0/birth_date", "2008-01-01"),
    part("people/0/emails/0", {"address": "both@mail.example"}),
    part("people/0/emails/1", {"address": "other@mail.example"}),
    part("people/0/ips/0", {"address": "203.0.113.7", "at": "2014-01-10T18:17:42Z"}),
    *account_parts("stranger", person=1),
    part("people/1/age", 12),
    part("report/id", "88"),
    file_part(1),
    file_part(2, 1),
    part("files/1/address", {"url": ADDRESS}),
]


@pytest.fixture
def node(make_node: Callable[..., Node]) -> Iterator[Node]:
    with open_pair(make_node, agreed=False) as pair:
        yield pair.asker


def fed(node: Node, given: list[Part]) -> tuple[str, str]:
    """A referral taken into a case; both."""
    referral_id = referred(node, given)
    with open_work(node, WORKER) as work:
        steps = [
            Step(name=each, node_id="us.hsi", at=work.now)
            for each in (StepName.RELEASED, StepName.RECEIVED)
        ]
        referral_store.note_steps(work.db, referral_id, steps)
        case_id = cases.open_or_attach(work, referral_id=referral_id)
    run_followups(node)
    return case_id, referral_id


def detach(node: Node, case_id: str, referral_id: str, because: str = "Another's.") -> str:
    with open_work(node, CONSOLE) as work:
        made = detaching.detach_referral(work, case_id, referral_id, because=because)
    run_followups(node)
    return made.id


def held(file: CaseFile) -> tuple[object, ...]:
    """What a case holds."""
    return (
        file.people,
        file.item_count,
        file.foreign_numbers,
        [each.referral_id for each in file.referrals],
    )


def places(node: Node, case_id: str) -> list[bool]:
    with open_work(node, CONSOLE) as work:
        found = removals.list_removals(work, case_id)
    return [each.removal.mistake is None for each in found]


def test_what_a_referral_alone_told_goes_and_comes_back(node: Node) -> None:
    case_id, first = fed(node, FIRST)
    before = file_of(node, case_id)
    assert fed(node, WRONG)[0] == case_id
    wrong = file_of(node, case_id).referrals[-1].referral_id
    with_it = file_of(node, case_id)
    assert (len(with_it.people), with_it.item_count) == (2, 2)
    stranger = with_it.people[1].person
    record = record_of(node, stranger.id)
    for refusal, which, because in ((Invalid, wrong, " "), (NotFound, "none", "No.")):
        with pytest.raises(refusal):
            detach(node, case_id, which, because)
    made = detach(node, case_id, wrong)
    after = file_of(node, case_id)
    assert held(after) == held(before)
    (struck,) = after.struck
    assert (struck.person.id, struck.strike.because) == (stranger.id, "Another's.")
    with open_work(node, CONSOLE) as work:
        closed = welfare.read_record(work, record.id).welfare
    assert closed.ending is Ending.OPENED_BY_MISTAKE
    assert places(node, case_id) == []
    with open_work(node, WORKER) as work:
        (home,) = store.cases_of_referral(work.db, wrong)
        assert [d[0] for d in items.digests_of(work.db, case_id)] == [sha256(1)]
    assert home != case_id
    own = file_of(node, home)
    assert (len(own.people), own.item_count, own.foreign_numbers) == (2, 2, (("us.hsi", "88"),))
    assert places(node, home) == [True]
    assert {each.other_id for each in after.links} | {each.case_id for each in after.links} == {
        case_id, home,
    }  # fmt: skip
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        cases.feed_referral(work, case_id, referral=wrong)
    with open_work(node, CONSOLE) as work:
        detaching.reattach_referral(work, case_id, made, because="Ours after all.")
    run_followups(node)
    again = file_of(node, case_id)
    assert held(again) == held(with_it)
    assert again.struck == ()
    assert again.detached[0].ended_because == "Ours after all."
    assert record_of(node, stranger.id).closed_at is None
    assert places(node, case_id) == [True]
    assert file_of(node, home).referrals[0].referral_id == wrong, "what it feeds meanwhile keeps it"
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        detaching.reattach_referral(work, case_id, made, because="Twice.")
    assert first in {each.referral_id for each in again.referrals}


def test_what_staff_wrote_down_and_others_say_stays(node: Node) -> None:
    case_id, first = fed(node, FIRST)
    assert fed(node, WRONG)[0] == case_id
    (kid, _) = file_of(node, case_id).people
    with open_work(node, CONSOLE) as work:
        cases.record_person(work, kid.person.id, PersonFacts(name="Person-001"))
    detach(node, case_id, first, "The first one is another's.")
    (left, _) = file_of(node, case_id).people
    assert left.person.name == "Person-001"
    assert left.person.birth == kid.person.birth
    assert left.identifiers == kid.identifiers, "the second referral tells them too"
    assert file_of(node, case_id).item_count == 2


def test_a_detached_referral_comes_into_no_case_by_itself_that_it_was_taken_out_of(
    node: Node,
) -> None:
    case_id, _ = fed(node, FIRST)
    _, wrong = fed(node, WRONG)
    detach(node, case_id, wrong)
    detached = file_of(node, case_id)
    assert wrong not in {each.referral_id for each in detached.referrals}
    telling = [*account_parts("kid1"), part("people/0/emails/0", {"address": "other@mail.example"})]
    third, _ = fed(node, [*telling, part("people/0/name", "Person-009")])
    assert third == case_id, "others come as before"
    (kid,) = file_of(node, case_id).people
    assert "other@mail.example" in {each.value for each in kid.identifiers}, "and tell it anew"
    assert kid.person.name == "Person-009"


def test_what_the_police_did_about_whom_it_alone_named_goes_along_by_a_split(node: Node) -> None:
    case_id, _ = fed(node, FIRST)
    _, wrong = fed(node, WRONG)
    stranger = file_of(node, case_id).people[1].person.id
    with open_work(node, CONSOLE) as work:
        facts = replace(suspect(), birth=verified(date(1990, 1, 1)), act_on=date(2014, 2, 1))
        cases.record_person(work, stranger, facts)
        outcomes.decide_outcome(work, stranger, outcome=Outcome.NO_SUSPICION)
    run_followups(node)
    with pytest.raises(Conflict, match="cases split"):
        detach(node, case_id, wrong)
    with open_work(node, CONSOLE) as work:
        apart = joining.split_case(work, case_id, people=[stranger], grounds="Another matter.")
    run_followups(node)
    detach(node, case_id, wrong)
    there = file_of(node, apart.id)
    assert [each.person.id for each in there.people] == [stranger]
    assert [each.referral_id for each in there.referrals] == [wrong]
    with open_work(node, WORKER) as work:
        assert store.cases_of_referral(work.db, wrong) == [apart.id]
    relation = there.relations[0].relation.id
    with pytest.raises(Conflict, match="taken out"), open_work(node, CONSOLE) as work:
        joining.undo_relation(work, apart.id, relation)


def test_a_case_keeps_its_only_referral_and_whom_a_detachment_struck_out_may_come_back_alone(
    node: Node,
) -> None:
    case_id, first = fed(node, FIRST)
    with pytest.raises(Conflict, match="alone"):
        detach(node, case_id, first)
    _, wrong = fed(node, WRONG)
    stranger = file_of(node, case_id).people[1].person.id
    made = detach(node, case_id, wrong)
    with open_work(node, CONSOLE) as work:
        restore_person(work, case_id, stranger, because="Known by another way.")
        detaching.reattach_referral(work, case_id, made, because="Ours after all.")
    run_followups(node)
    assert len(file_of(node, case_id).people) == 2


def test_what_a_detachment_wrote_is_no_word_of_staff_when_the_referral_goes_again(
    node: Node,
) -> None:
    case_id, _ = fed(node, FIRST)
    before = file_of(node, case_id)
    _, wrong = fed(node, WRONG)
    made = detach(node, case_id, wrong)
    with open_work(node, CONSOLE) as work:
        detaching.reattach_referral(work, case_id, made, because="Ours after all.")
    run_followups(node)
    assert file_of(node, case_id).people[0].person.name == "Person-009"
    detach(node, case_id, wrong, "Not ours, now for certain.")
    assert held(file_of(node, case_id)) == held(before)


def test_it_comes_not_back_to_less_than_it_told(node: Node) -> None:
    case_id, _ = fed(node, FIRST)
    _, wrong = fed(node, WRONG)
    (kid, _) = file_of(node, case_id).people
    made = detach(node, case_id, wrong)
    with open_work(node, CONSOLE) as work:
        cases.add_person(work, case_id, roles=[PersonRole.REPORTED_USER])
        joining.split_case(work, case_id, people=[kid.person.id], grounds="Another matter.")
    run_followups(node)
    with pytest.raises(Conflict, match="split off"), open_work(node, CONSOLE) as work:
        detaching.reattach_referral(work, case_id, made, because="Ours after all.")


def test_it_comes_not_back_once_what_it_said_is_deleted(node: Node) -> None:
    case_id, _ = fed(node, FIRST)
    _, wrong = fed(node, WRONG)
    made = detach(node, case_id, wrong)
    with open_work(node, WORKER) as work:
        (home,) = store.cases_of_referral(work.db, wrong)
        assert retention_store.erase_case(work.db, home, work.now) is not None
    with pytest.raises(Conflict, match="was deleted"), open_work(node, CONSOLE) as work:
        detaching.reattach_referral(work, case_id, made, because="Ours after all.")
