"""When the child was born whom somebody's acts show, from whose majority limitation may run."""

from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, file_of, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Birth, Certainty, Limitation, Offence
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.changing import actions as changing
from tipbridge.police.cases.changing.model import Fact
from tipbridge.police.cases.model import PersonFacts
from tipbridge.police.cases.struck.uniting import one_of
from tipbridge.police.outcomes import pages

CHILD = verified(date(2005, 3, 11))


def limitation(node: Node, case_id: str, person_id: str) -> Limitation:
    advice = outcome_of(node, case_id, person_id).advice
    assert advice is not None
    assert advice.limitation is not None
    return advice.limitation


def test_limitation_is_worked_out_from_the_majority_of_the_child_that_is_shown(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    before = limitation(node, file.case.id, person_id)
    assert (before.earliest, before.latest) == (date(2019, 3, 10), None)
    assert before.unknowns == ("depicted-birth-date",)
    recorded(node, file, PersonFacts(depicted_born=CHILD))
    known = limitation(node, file.case.id, person_id)
    assert (known.earliest, known.latest) == (date(2029, 3, 11), date(2029, 3, 11))
    assert known.unknowns == ()
    said = Birth(earliest=CHILD.earliest, latest=CHILD.latest, certainty=Certainty.DECLARED)
    recorded(node, file, PersonFacts(depicted_born=said))
    unsure = limitation(node, file.case.id, person_id)
    assert (unsure.earliest, unsure.latest) == (date(2024, 3, 11), date(2034, 3, 11))
    with open_work(node, CONSOLE) as work:
        changing.withdraw_facts(work, person_id, [Fact.DEPICTED_BORN], because="It was another's.")
    assert limitation(node, file.case.id, person_id) == before


def test_a_further_act_of_others_counts_from_the_child_and_one_of_themselves_does_not(
    node: Node,
) -> None:
    file = a_case(node)
    acts = ("distribution 2014-04-01 suspect not-own", "distribution 2014-04-02 suspect own")
    born = verified(date(1998, 5, 1))
    person_id = recorded(node, file, suspect(birth=born, further_acts=acts, depicted_born=CHILD))
    told = outcome_of(node, file.case.id, person_id)
    ends = {
        each.act.text.split()[-1]: each.advice.limitation
        for each in told.acts
        if each.act.offence is Offence.DISTRIBUTION
    }
    assert ends["not-own"] is not None
    assert ends["own"] is not None
    assert (ends["not-own"].latest, ends["own"].latest) == (date(2031, 3, 11), date(2024, 5, 1))


def test_a_birth_that_cannot_be_is_refused(node: Node) -> None:
    file = a_case(node)
    recorded(node, file, suspect())
    for born, says in (
        (verified(date(2014, 3, 11)), "child that is shown .2014-03-11. lies after the act"),
        (verified(date(2030, 1, 1)), "none in the future"),
        (
            Birth(
                earliest=date(2005, 1, 1), latest=date(2004, 1, 1), certainty=Certainty.ESTIMATED
            ),
            "earliest first",
        ),
    ):
        with pytest.raises(Invalid, match=says):
            recorded(node, file, PersonFacts(depicted_born=born))


def test_of_two_records_of_one_human_the_days_of_both_children_stand(node: Node) -> None:
    file = a_case(node)
    recorded(node, file, suspect(depicted_born=CHILD))
    kept = file_of(node, file.case.id).people[0].person
    recorded(node, file, PersonFacts(depicted_born=verified(date(2003, 1, 1))))
    other = file_of(node, file.case.id).people[0].person
    both = Birth(earliest=date(2003, 1, 1), latest=CHILD.latest, certainty=Certainty.ESTIMATED)
    assert one_of(kept, other).depicted_born == both
    assert one_of(kept, kept).depicted_born == CHILD


@pytest.mark.parametrize(
    ("language", "asked", "missing"),
    [
        ("en", "Child shown, born", "not known: date of birth of the depicted child"),
        ("ko", "피해 아동 생년월일", "미상: 피해 아동의 생년월일"),
    ],
)
def test_the_page_asks_for_it_and_shows_it_and_names_what_is_missing(
    node: Node, language: str, asked: str, missing: str
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(case_pages.router, pages.router)))
    sign_in(client, "desk")
    client.get(f"/language/{language}")
    outcome, url = f"/cases/{file.case.id}/outcomes", f"/cases/{file.case.id}/people/{person_id}"
    assert missing in client.get(outcome).text
    sent = {"depicted_earliest": "2005-03-11", "depicted_certainty": "verified"}
    assert client.post(url, data=sent).status_code == 303
    shown = client.get(url).text
    assert asked in shown
    assert "2005-03-11" in shown
    told = client.get(outcome).text
    assert missing not in told
    assert "2029-03-11" in told
