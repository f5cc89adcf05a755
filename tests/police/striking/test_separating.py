"""Acts of somebody that go another way get a case of their own, and one human counts once."""

from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case, contacted, file_of, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.bulletin import actions as bulletin
from tipbridge.bulletin.model import Bulletin, Dimension, Period, View
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Offence, Outcome, Stage
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.acts import acts_of
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.humans import actions as humans
from tipbridge.police.cases.humans.model import Separated
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.striking import joining as records
from tipbridge.police.striking import pages, separating

EARLIER, LATER = "distribution 2014-01-31 suspect", "possession 2014-03-10 suspect not-own"
WHY = "At thirteen the division hears it, at fourteen the prosecutor."
BORN = verified(date(2000, 2, 28))  # thirteen for the first act, fourteen for the second
YEAR = Period(from_on=date(2014, 1, 1), to_on=date(2014, 12, 31))


def child(**changes: object) -> PersonFacts:
    return suspect(birth=BORN, school_level=None, further_acts=(EARLIER,), **changes)


def separated(node: Node, case_id: str, person_id: str, *acts: str) -> Separated:
    with open_work(node, CONSOLE) as work:
        made = separating.separate_acts(work, case_id, person_id, acts=acts, because=WHY)
    run_followups(node)
    return made


def counted(node: Node) -> Bulletin:
    with open_work(node, CONSOLE) as work:
        return bulletin.read_bulletin(work, YEAR, View.FULL)


def stages(found: Bulletin) -> dict[str, int | None]:
    (table,) = (each for each in found.tables if each.name == "outcomes")
    at = table.dimensions.index(Dimension.STAGE)
    return {cell.values[at]: cell.count for cell in table.cells}


def test_an_act_that_goes_another_way_has_a_case_with_all_that_it_needs(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, child(name="person-001"))
    made = separated(node, file.case.id, person_id, EARLIER)
    here, there = file_of(node, file.case.id), file_of(node, made.case.id)
    assert [act.text for act in acts_of(here.people[0].person)] == [LATER]
    (known,) = there.people
    assert known.person.id == made.person_id
    assert [act.text for act in acts_of(known.person)] == [EARLIER]
    assert (known.person.name, known.person.birth) == ("person-001", BORN)
    assert (known.person.roles, known.person.act) == (frozenset({PersonRole.SUSPECT}), None)
    assert known.identifiers == here.people[0].identifiers
    taken = {each.referral_id for each in here.referrals}
    assert {each.referral_id for each in there.referrals} == taken
    assert there.case.unit_id == here.case.unit_id
    assert [each.role for each in there.relations] == ["offshoot"]
    told = outcome_of(node, made.case.id, made.person_id)
    assert told.advice is not None
    assert next(p.outcome for p in told.advice.permitted) is Outcome.JUVENILE_DIVISION
    assert told.welfare is not None, "a child has a record there too"
    with open_work(node, CONSOLE) as work:
        (other,) = humans.elsewhere(work, here.people[0].person)
        assert (other.person.id, other.case_number) == (made.person_id, there.case.number)
        assert other.said is not None
        assert other.said.because == WHY


def test_one_human_of_two_cases_counts_once_by_what_accuses_most(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, child())
    made = separated(node, file.case.id, person_id, EARLIER)
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        outcomes.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    assert (counted(node).people, stages(counted(node))) == (1, {"booked": 1})
    with open_work(node, CONSOLE) as work:
        outcomes.decide_outcome(work, made.person_id, outcome=Outcome.JUVENILE_DIVISION)
    found = counted(node)
    assert (found.people, stages(found)) == (1, {"booked": 1})
    assert found.items.cases == 2, "what both cases hold is counted"
    with open_work(node, CONSOLE) as work:
        humans.part(work, made.case.id, made.person_id, because="They were brothers.")
    found = counted(node)
    assert (found.people, stages(found)) == (2, {"booked": 1, "not-booked": 1})


def test_two_people_of_two_cases_are_said_to_be_one_human_and_parted(node: Node) -> None:
    first, second = a_case(node), a_case(node, account_parts("b"))
    one, other = (each.people[0].person.id for each in (first, second))
    with open_work(node, CONSOLE) as work:
        humans.say_same(work, first.case.id, one, other=other, because="One passport.")
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict, match="said already"):
        humans.say_same(work, second.case.id, other, other=one, because="One passport.")
    with open_work(node, CONSOLE) as work:
        third = cases.add_person(work, first.case.id, roles=[PersonRole.SUSPECT])
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict, match="joined instead"):
        humans.say_same(work, first.case.id, one, other=third, because="One passport.")
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="because"):
        humans.say_same(work, second.case.id, other, other=third, because=" ")
    with open_work(node, CONSOLE) as work, pytest.raises(NotFound):
        humans.say_same(work, second.case.id, one, other=third, because="Of another case.")
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict, match="nobody said"):
        humans.part(work, first.case.id, third, because="Of another.")
    with open_work(node, CONSOLE) as work:
        fairness.correct_person(work, first.case.id, third, grounds="Somebody else's line.")
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict, match="wrong person"):
        humans.say_same(work, second.case.id, other, other=third, because="One passport.")
    with open_work(node, CONSOLE) as work:
        humans.part(work, first.case.id, one, because="Two passports.")
    with open_work(node, CONSOLE) as work:
        humans.say_same(work, first.case.id, one, other=other, because="One after all.")


def test_what_cannot_be_separated_is_refused_with_what_to_do(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, child())
    for acts, kind, says in (
        ((), Invalid, "at least one"),
        (("viewing ? suspect",), Invalid, "No act of theirs"),
        ((EARLIER, LATER), Conflict, "One act must stay"),
    ):
        with open_work(node, CONSOLE) as work, pytest.raises(kind, match=says):
            separating.separate_acts(work, file.case.id, person_id, acts=acts, because=WHY)
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        outcomes.decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION, acts=(EARLIER,))
    for act, says in ((EARLIER, "decide again about the others"), (LATER, "recorded first stays")):
        with open_work(node, CONSOLE) as work, pytest.raises(Conflict, match=says):
            separating.separate_acts(work, file.case.id, person_id, acts=[act], because=WHY)


def test_undone_the_record_comes_home_and_the_two_are_joined(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, child())
    made = separated(node, file.case.id, person_id, LATER)
    (relation,) = file_of(node, file.case.id).relations
    with open_work(node, CONSOLE) as work:
        joining.undo_relation(work, file.case.id, relation.relation.id)
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        records.join_people(
            work, file.case.id, person_id, other=made.person_id, because="It is one case again."
        )
    (known,) = file_of(node, file.case.id).people
    assert {act.offence for act in acts_of(known.person)} == {
        Offence.DISTRIBUTION,
        Offence.POSSESSION,
    }
    assert file_of(node, made.case.id).people == ()
    assert known.person.stage is Stage.INQUIRY


def test_an_act_of_several_days_goes_whole(node: Node) -> None:
    file = a_case(node)
    long = "distribution 2014-01-03..2014-01-31 suspect"
    person_id = recorded(node, file, suspect(further_acts=(long,)))
    made = separated(node, file.case.id, person_id, long)
    (known,) = file_of(node, made.case.id).people
    days = {day for act in acts_of(known.person) for day in act.days}
    assert days == {date(2014, 1, 3), date(2014, 1, 31)}
    assert long in known.person.further_acts


@pytest.mark.parametrize(
    ("language", "offers", "says"),
    [
        ("en", "Acts that go another way, to a case of their own", "The same human in other cases"),
        ("ko", "따로 처리할 행위를 별도 사건으로", "다른 사건의 같은 사람"),
    ],
)
def test_the_page_separates_and_shows_the_human_elsewhere(
    node: Node, language: str, offers: str, says: str
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, child())
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(case_pages.router, pages.router)))
    sign_in(client, "desk")
    client.get(f"/language/{language}")
    at = f"/cases/{file.case.id}/people/{person_id}"
    assert offers in client.get(at).text
    answer = client.post(f"{at}/separate", data={"acts": [EARLIER], "because": WHY})
    assert answer.status_code == 303
    there = answer.headers["location"]
    for url in (there, at):
        shown = client.get(url).text
        assert says in shown
        assert WHY in shown
    assert client.post(f"{there}/human/parting", data={"because": "Two."}).status_code == 303
    shown = client.get(at).text
    assert WHY not in shown.partition(says)[2].partition("</form>")[0]
    other = there.rpartition("/")[2]
    sent = {"other": other, "because": "One after all."}
    assert client.post(f"{at}/human", data=sent).status_code == 303
    assert "One after all." in client.get(at).text
