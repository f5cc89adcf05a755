"""Somebody brought into a case by mistake is struck out of it, and restored."""

from dataclasses import replace
from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts, part, taken
from tests.police.cases.test_demands import ASKED
from tests.police.folk import a_case, file_of, record_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Custody, Outcome, Stage
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import checks, identifying
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands import undoing
from tipbridge.police.cases.errors import StruckOut
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import pages as fairness_pages
from tipbridge.police.cases.model import Identifier, IdentifierKind, PersonFacts, PersonRole
from tipbridge.police.cases.searching.actions import search
from tipbridge.police.deconfliction import store as deconfliction
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.striking import actions, pages, rules
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare import steps
from tipbridge.police.welfare import undoing as talks
from tipbridge.police.welfare.model import CoerciveStep, Ending, TalkWith

PHONE = Identifier(kind=IdentifierKind.PHONE, value="+82 10-5555-1234")
MAIL = Identifier(kind=IdentifierKind.EMAIL, value="kid2@example.com")
CHILD = PersonFacts(name="Person-002", birth=verified(date(2001, 5, 5)))


def brought_in(node: Node, case_id: str, role: PersonRole = PersonRole.SUSPECT) -> str:
    """Somebody whom staff bring into a case, with two identifiers, one of them taken back."""
    with open_work(node, CONSOLE) as work:
        person = cases.add_person(work, case_id, roles=[role])
        cases.record_person(work, person, CHILD)
        for each in (PHONE, MAIL):
            identifying.add_identifier(work, person, each)
        identifying.take_back_identifier(work, person, MAIL, because="A slip.")
    run_followups(node)
    return person


def strike(node: Node, case_id: str, person: str, because: str = "A namesake.") -> None:
    with open_work(node, CONSOLE) as work:
        actions.strike_person(work, case_id, person, because=because)
    run_followups(node)


def restore(node: Node, case_id: str, person: str) -> None:
    with open_work(node, CONSOLE) as work:
        actions.restore_person(work, case_id, person, because="No namesake.")
    run_followups(node)


def counted(node: Node, case_id: str) -> dict[str, object]:
    """What counts, finds or compares the people of a case."""
    with open_work(node, CONSOLE) as work:
        (line,) = (each for each in cases.list_cases(work) if each.id == case_id)
        found = [search(work, about=case_id, grounds="To know.", text=text).counts
                 for text in ("Person-002", "01055551234")]  # fmt: skip
        return {
            "people": (line.people_count, line.undecided_count, cases.count_waiting(work)),
            "tasks": line.task_count,
            "found": [sum(each.values()) for each in found],
            "compared": len(deconfliction.held_identifiers(work.db)),
            "outcomes": len(outcomes.read_outcomes(work, case_id)),
            "welfare": len(welfare.list_records(work)),
        }


def test_whom_a_case_has_by_mistake_counts_nowhere_until_restored(node: Node) -> None:
    file = a_case(node)
    case_id, other = file.case.id, taken(node, account_parts("b")).case_id
    recorded(node, file, suspect())
    run_followups(node)
    before = counted(node, case_id)
    person = brought_in(node, case_id)
    record = record_of(node, person)
    with_them = counted(node, case_id)
    assert with_them != before
    for refusal, case, because in ((NotFound, other, "No."), (Invalid, case_id, " ")):
        with pytest.raises(refusal):
            strike(node, case, person, because)
    strike(node, case_id, person)
    assert counted(node, case_id) == before
    with open_work(node, CONSOLE) as work:
        closed = welfare.read_record(work, record.id).welfare
    assert closed.ending is Ending.OPENED_BY_MISTAKE
    assert closed.closed_at is not None
    (struck,) = file_of(node, case_id).struck
    assert (struck.person.name, struck.strike.because) == ("Person-002", "A namesake.")
    said = [
        lambda work: cases.record_person(work, person, CHILD),
        lambda work: identifying.add_identifier(work, person, PHONE),
        lambda work: outcomes.decide_outcome(work, person, outcome=Outcome.NO_SUSPICION),
        lambda work: steps.record_step(work, person, CoerciveStep.BOOKING),
        lambda work: welfare.review_person(work, person),
        lambda work: actions.strike_person(work, case_id, person, because="Again."),
    ]
    for say in said:
        with pytest.raises(StruckOut), open_work(node, CONSOLE) as work:
            say(work)
    assert (
        taken(node, [*account_parts("c"), part("people/0/phones/0", "+821055551234")]).case_id
        != case_id
    )
    restore(node, case_id, person)
    again = counted(node, case_id)
    assert again | {"people": 0, "compared": 0, "found": 0} == with_them | {
        "people": 0, "compared": 0, "found": 0,
    }  # fmt: skip
    (known,) = (each for each in file_of(node, case_id).people if each.person.id == person)
    assert [each.kind for each in known.identifiers] == [IdentifierKind.PHONE]
    with open_work(node, CONSOLE) as work:
        opened = welfare.read_record(work, record.id)
    assert opened.welfare.closed_at is None
    assert opened.replaced
    assert opened.clocks
    with pytest.raises(Conflict, match="not struck out"):
        restore(node, case_id, person)


def test_who_is_somebody_or_is_held_elsewhere_is_not_struck_out(node: Node) -> None:
    file = a_case(node)
    case_id, named = file.case.id, file.people[0].person.id
    with pytest.raises(Conflict, match=r"referral .*wrong-person"):
        strike(node, case_id, named)
    person = brought_in(node, case_id)
    record = record_of(node, person)
    with open_work(node, CONSOLE) as work:
        asked = replace(ASKED, person_id=person)
        drafted = demands.draft_demand(work, case_id, asked)
    with pytest.raises(Conflict, match="1 drafted demands"):
        strike(node, case_id, person)
    with open_work(node, CONSOLE) as work:
        demands.drop_demand(work, case_id, drafted.id, because="No.")
        talk = welfare.record_talk(work, record.id, talk_with=TalkWith.CHILD)
    with pytest.raises(Conflict, match="a talk"):
        strike(node, case_id, person)
    with open_work(node, CONSOLE) as work:
        talks.take_back_talk(work, record.id, talk.id, because="Of another.")
    with pytest.raises(Conflict, match="struck out of it"), open_work(node, CONSOLE) as work:
        welfare.close_welfare(work, record.id, ending=Ending.OPENED_BY_MISTAKE)
    strike(node, case_id, person)
    with pytest.raises(StruckOut), open_work(node, CONSOLE) as work:
        undoing.reopen_demand(work, case_id, drafted.id, because="Yes.")
    sent_about = brought_in(node, case_id)
    with open_work(node, CONSOLE) as work:
        sent = demands.draft_demand(work, case_id, replace(ASKED, person_id=sent_about))
        demands.send_demand(work, case_id, sent.id)
    with pytest.raises(Conflict, match="a demand to Example Telecom"):
        strike(node, case_id, sent_about)
    with open_work(node, CONSOLE) as work:
        fairness.correct_person(work, case_id, sent_about, grounds="A namesake of theirs.")
    run_followups(node)
    add_member(node, "desk", Role.INVESTIGATOR)
    routers = (case_pages.router, fairness_pages.router, pages.router)
    client = browser(shell_app(node, routers=routers))
    sign_in(client, "desk")
    where = f"/cases/{case_id}/people/{sent_about}"
    for verb, other in (("strike", "restoring"), ("restoring", "strike")):
        assert f'action="{where}/{verb}"' in client.get(where).text
        assert client.post(f"{where}/{verb}", data={"because": "So."}).status_code == 303
        assert f'action="{where}/{other}"' in client.get(where).text
        assert client.get(f"/cases/{case_id}").text.count(f'{where}"><s>') == (verb == "strike")
        told = client.get(f"/cases/{case_id}/due-process").text
        assert "A namesake of theirs." in told, "who was told of it has yet to acknowledge"
        assert (f"{where}/correction/taking-back" in told) == (verb == "restoring")


def test_a_decision_custody_or_step_refuses_a_strike_whatever_was_corrected() -> None:
    person = replace(checks.unknown_person("p", "c", 1), roles=frozenset({PersonRole.SUSPECT}))
    clear = rules.Standing(decided=False, coerced=False, demand_drafts=0, told=(), corrected=True)
    assert rules.reason_against(person, replace(clear, told=("a bundle for Court 1",))) is None
    for each, standing, words in (
        (person, replace(clear, decided=True), "decided"),
        (replace(person, stage=Stage.BOOKED), clear, "decided"),
        (replace(person, custody=Custody.DETAINED), clear, "custody"),
        (person, replace(clear, coerced=True), "coercive"),
        (person, replace(clear, demand_drafts=2), "2 drafted"),
        (person, replace(clear, told=("a hit of jp.npa",), corrected=False), "wrong-person"),
    ):
        assert words in (rules.reason_against(each, standing) or "")
