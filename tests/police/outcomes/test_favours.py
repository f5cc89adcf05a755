"""What favours somebody stands beside the advice, where the decision is made (house law 15)."""

from dataclasses import replace

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts
from tests.police.cases.test_demands import ASKED, NAMED
from tests.police.folk import a_case, outcome_of, recorded, suspect
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands import undoing
from tipbridge.police.cases.demands.model import FactKind, Said
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.outcomes import pages

NO_ADVICE = "Somebody else had the password."
OWN = "The line is a café's."
PORT = "No port was named: several subscribers may share the address."
CLOCK = "The time is as reported: a clock that was off names another subscriber."
PAYS = "A subscriber is who pays for a line, not yet who used it."
TAKEN_OVER = "An account may have been used by somebody else, or taken over."


def _answered(node: Node, case_id: str, person_id: str | None, said: Said, **asked: object) -> None:
    about = replace(ASKED, person_id=person_id, **asked)  # type: ignore[arg-type]
    with open_work(node, CONSOLE) as work:
        demand = demands.draft_demand(work, case_id, about)
        demands.send_demand(work, case_id, demand.id)
        demands.answer_demand(work, case_id, demand.id, said=[said])


def _said(node: Node, case_id: str, person_id: str) -> set[str]:
    return {each.text for each in outcome_of(node, case_id, person_id).favours}


def _no_more_once_it_is_withdrawn(node: Node, case_id: str, person_id: str) -> None:
    with open_work(node, CONSOLE) as work:
        _, views = demands.read_demands(work, case_id)
        (fact,) = next(each.facts for each in views if each.demand.asked.account == "b")
        undoing.withdraw_fact(work, case_id, fact.id, because="Another's answer.")
    assert _said(node, case_id, person_id) == set(), "what does not hold accuses nobody"


def test_what_favours_stands_beside_the_advice_with_the_weak_points_of_answers(node: Node) -> None:
    file = a_case(node, [*account_parts("a", person=0), *account_parts("b", person=1)])
    case_id, other = file.case.id, file.people[1].person.id
    person = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        fairness.record_favour(work, case_id, person, text=OWN)
        waiting = demands.draft_demand(work, case_id, replace(ASKED, person_id=person, port=None))
        demands.send_demand(work, case_id, waiting.id)
    assert _said(node, case_id, person) == {OWN}, "nothing was answered yet"
    nothing = Said(kind=FactKind.NOTHING_HELD, value="nothing")
    _answered(node, case_id, person, nothing, ip=None, port=None, account="a")
    assert TAKEN_OVER not in _said(node, case_id, person), "what tells nothing accuses nobody"
    _answered(node, case_id, person, NAMED, port=None)
    assert _said(node, case_id, person) == {OWN, PORT, CLOCK, PAYS}
    assert _said(node, case_id, other) == set()
    _answered(node, case_id, None, NAMED, ip=None, port=None, account="b")
    assert _said(node, case_id, other) == {TAKEN_OVER}, "whom it is about is not said"
    _no_more_once_it_is_withdrawn(node, case_id, other)
    with open_work(node, CONSOLE) as work:
        (side, _) = fairness.read_due_process(work, case_id).people
    assert {PORT, CLOCK, PAYS} <= {each.text for each in side.favours}
    add_member(node, "desk", Role.INVESTIGATOR)
    shown: dict[str, str] = {}
    for language in ("en", "ko"):
        app = shell_app(node, routers=(pages.router, case_pages.router))
        client = browser(app, language=language)
        sign_in(client, "desk")
        shown[language] = client.get(f"/cases/{case_id}/outcomes").text
    assert PORT in shown["en"]
    assert "포트가 없어 여러 가입자가 같은 주소를 썼을 수 있습니다." in shown["ko"]
    assert PORT not in shown["ko"]


def test_what_favours_stands_on_the_page_without_a_law_that_advises(node: Node) -> None:
    there = replace(node, settings=node.settings.model_copy(update={"jurisdiction": "ZZ"}))
    file = a_case(there)
    person = recorded(there, file, suspect())
    with open_work(there, CONSOLE) as work:
        fairness.record_favour(work, file.case.id, person, text=NO_ADVICE)
    assert outcome_of(there, file.case.id, person).advice is None
    add_member(there, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(there, routers=(pages.router, case_pages.router)))
    sign_in(client, "desk")
    assert NO_ADVICE in client.get(f"/cases/{file.case.id}/outcomes").text
