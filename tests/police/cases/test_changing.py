"""What was known of a person before stays, and what was written by mistake is unknown again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.nodes import CONSOLE, add_unit, run_followups
from tests.police.cases.builders import account_parts, part, taken
from tests.police.folk import a_case, file_of, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Offence, Outcome, Stage
from tipbridge.police.cases import actions, pages, stating
from tipbridge.police.cases.changing import actions as changing
from tipbridge.police.cases.changing.model import WITHDRAWABLE, Fact, FactChange
from tipbridge.police.cases.changing.rows import as_document, from_document
from tipbridge.police.cases.changing.rules import known
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import (
    Act,
    Exploiting,
    Motive,
    Person,
    PersonFacts,
    PersonRole,
    TaskKind,
    WelfareFlag,
)
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.outcomes import steps
from tipbridge.police.outcomes.model import StepFacts

WHY = "It was the sister's."
EVERYTHING = PersonFacts(
    reference="person-001",
    name="person-001",
    roles=frozenset({PersonRole.SUSPECT, PersonRole.VICTIM}),
    birth=verified(date(1999, 5, 5)),
    school_level=suspect().school_level,
    country="KR",
    offence=Offence.POSSESSION,
    act=Act.POSSESSED,
    act_on=date(2014, 3, 10),
    place_kind=None,
    place_service="example-social",
    self_produced=False,
    motive=Motive.CURIOSITY,
    nationalities=("KR", "JP"),
    guardian="guardian-001",
    guardian_contact="010",
    counsel="counsel-001",
    counsel_contact="011",
    flags=frozenset({WelfareFlag.IN_CARE}),
    depicted_born=verified(date(2005, 3, 11)),
    further_acts=("distribution 2014-02-01..2014-02-03 suspect own", "viewing ? suspect"),
)


def withdraw(node: Node, person_id: str, *facts: Fact, because: str = WHY) -> Person:
    with open_work(node, CONSOLE) as work:
        return changing.withdraw_facts(work, person_id, facts, because=because)


def earlier(node: Node, person_id: str, actor: Actor = CONSOLE) -> list[FactChange]:
    with open_work(node, actor) as work:
        return changing.read_changes(work, person_id)


def person_of(node: Node, case_id: str, index: int = 0) -> Person:
    return file_of(node, case_id).people[index].person


def test_each_change_keeps_what_was_known_with_who_when_and_why(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2001, 1, 1))))
    with open_work(node, CONSOLE) as work:
        actions.record_person(
            work, person_id, suspect(birth=verified(date(2000, 1, 1))), because="Family register."
        )
    newest, *older = earlier(node, person_id)
    assert (newest.fact, newest.before) == (Fact.BIRTH, verified(date(2001, 1, 1)))
    assert (newest.because, newest.by, newest.withdrawn) == ("Family register.", "console", False)
    assert {each.fact: each.before for each in older}[Fact.OFFENCE] is None, "unknown at first"
    with open_work(node, CONSOLE) as work:
        actions.record_person(work, person_id, suspect(birth=verified(date(2000, 1, 1))))
    assert len(earlier(node, person_id)) == len(older) + 1, "the same again is no change"


def test_every_fact_can_be_withdrawn_and_is_kept_as_it_was(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, EVERYTHING)
    before = person_of(node, file.case.id)
    had = [fact for fact in WITHDRAWABLE if known(before, fact) is not None]
    assert set(WITHDRAWABLE) - set(had) == {Fact.PLACE_KIND}
    after = withdraw(node, person_id, *had)
    assert after == person_of(node, file.case.id)
    assert all(known(after, fact) is None for fact in WITHDRAWABLE)
    assert after.roles == before.roles
    gone = {each.fact: each for each in earlier(node, person_id) if each.withdrawn}
    assert {fact: each.before for fact, each in gone.items()} == {
        fact: known(before, fact) for fact in had
    }
    assert {(each.because, each.by) for each in gone.values()} == {(WHY, "console")}


def test_what_was_stated_of_exploitation_is_kept_too(node: Node) -> None:
    file = a_case(node)
    person_id = file.people[0].person.id
    for answer, source in ((Exploiting.NONE, "Interview"), (None, "The interview was another's.")):
        with open_work(node, CONSOLE) as work:
            stating.state_exploitation(work, person_id, answer, source=source)
    newest, first = earlier(node, person_id)
    assert (newest.withdrawn, newest.because) == (True, "The interview was another's.")
    assert newest.before is not None
    assert getattr(newest.before, "answer", None) is Exploiting.NONE
    assert first.before is None


@pytest.mark.parametrize("fact", [Fact.ROLES, Fact.EXPLOITING])
def test_a_role_is_not_withdrawn_here_nor_what_was_stated(node: Node, fact: Fact) -> None:
    file = a_case(node)
    with pytest.raises(Invalid, match="name, reference, birth"):
        withdraw(node, file.people[0].person.id, fact)


def test_withdrawing_asks_for_a_reason_and_for_something_known(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, PersonFacts(offence=Offence.POSSESSION))
    with pytest.raises(Conflict, match="motive"):
        withdraw(node, person_id, Fact.OFFENCE, Fact.MOTIVE)
    with pytest.raises(Invalid, match="because"):
        withdraw(node, person_id, Fact.OFFENCE, because=" ")
    with pytest.raises(Invalid, match="one or several"):
        withdraw(node, person_id)
    assert person_of(node, file.case.id).offence is Offence.POSSESSION


def test_no_referral_brings_back_what_was_withdrawn_but_says_something_else(node: Node) -> None:
    born = part("people/0/birth_date", "2001-01-01")
    file = a_case(node, [*account_parts("a"), born])
    person_id = file.people[0].person.id
    withdraw(node, person_id, Fact.BIRTH)
    again = taken(node, [*account_parts("a"), born], referral_id="r8")
    assert again.case_id == file.case.id
    assert person_of(node, file.case.id).birth is None
    other = part("people/0/birth_date", "2002-02-02")
    taken(node, [*account_parts("a"), other], referral_id="r9")
    birth = person_of(node, file.case.id).birth
    assert birth is not None
    assert birth.earliest == date(2002, 2, 2)
    assert earlier(node, person_id)[0].by == WORKER.id


def test_advice_is_asked_again_and_whoever_has_the_matter_is_told(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2001, 5, 5))))
    with open_work(node, CONSOLE) as work:
        outcomes.decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION)
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        actions.record_person(work, person_id, PersonFacts(name="person-002"))
        actions.record_person(work, person_id, PersonFacts(name="person-003"))
    run_followups(node)
    assert _tasks(node, file.case.id, TaskKind.TELL_CHANGE) == [], "only the police have it"
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=Stage.JUVENILE_DIVISION))
    with open_work(node, CONSOLE) as work:
        actions.record_person(work, person_id, PersonFacts(counsel="counsel-001", reference="a"))
        actions.record_person(work, person_id, PersonFacts(reference="b"))
    run_followups(node)
    assert _tasks(node, file.case.id, TaskKind.TELL_CHANGE) == [], "nothing said was otherwise"
    withdraw(node, person_id, Fact.BIRTH)
    run_followups(node)
    assert _tasks(node, file.case.id, TaskKind.TELL_CHANGE) == [(person_id, "juvenile-division")]
    assert _tasks(node, file.case.id, TaskKind.ADVICE_CHANGED) == [(person_id, None)]
    change = earlier(node, person_id)[0].id
    with open_work(node, WORKER) as work:
        assert steps.tell_change(work, change_id=change) == 0, "again opens none"
    advice = outcome_of(node, file.case.id, person_id).advice
    assert advice is not None
    assert "birth-date" in advice.unknowns
    assert not advice.age_resolved


def _tasks(node: Node, case_id: str, kind: TaskKind) -> list[tuple[str | None, str | None]]:
    tasks = file_of(node, case_id).tasks
    return [(task.person_id, task.title) for task in tasks if task.kind is kind]


def test_what_was_known_follows_who_is_split_off_and_is_hidden_with_their_case(
    node: Node, staff: Callable[..., Actor]
) -> None:
    file = a_case(node, [*account_parts("a"), *account_parts("b", person=1)])
    person_id = recorded(node, file, suspect(), index=1)
    withdraw(node, person_id, Fact.OFFENCE)
    before = earlier(node, person_id)
    with open_work(node, CONSOLE) as work:
        opened = joining.split_case(work, file.case.id, people=[person_id], grounds="Another ring.")
    assert earlier(node, person_id) == [replace(each, case_id=opened.id) for each in before]
    with open_work(node, CONSOLE) as work:
        actions.restrict_case(work, opened.id, members=())
    outsider = staff(node, Role.INVESTIGATOR, unit=add_unit(node, "beside"))
    with pytest.raises(NotFound):
        earlier(node, person_id, outsider)
    with open_work(node, outsider) as work:
        assert changing.changes_seen(work, person_id) == [], "the database hides the rows too"


def test_what_was_known_before_is_in_no_statistics(node: Node) -> None:
    with node.engine.connect() as db:
        columns = set(
            db.execute(
                text(
                    "SELECT attname FROM pg_attribute WHERE attstattarget = 0"
                    " AND attrelid = 'case_person_changes'::regclass"
                )
            ).scalars()
        )
    assert columns == {"before", "because"}


def test_every_kind_of_fact_is_read_back_as_it_was_kept() -> None:
    for fact in Fact:
        value = getattr(EVERYTHING, fact.field, None)
        value = tuple(sorted(value)) if isinstance(value, frozenset) else value
        assert from_document(fact, as_document(value)) == value


def test_the_page_shows_what_was_known_and_withdraws(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, EVERYTHING)
    add_member(node, "desk", Role.INVESTIGATOR)
    client: TestClient = browser(shell_app(node, routers=[pages.router]))
    sign_in(client, "desk")
    path = f"/cases/{file.case.id}/people/{person_id}"
    done = client.post(path, data={"guardian": "guardian-002", "because": "Divorced."})
    assert done.status_code == 303
    given = {"facts": ["birth", "flags"], "because": "Misread <b>."}
    assert client.post(f"{path}/withdrawal", data=given).status_code == 303
    shown = client.get(path).text
    assert "<s>guardian-001</s>" in shown
    assert "· desk</span> · Divorced." in shown
    assert "not known after all, since" in shown
    assert "1999-05-05" in shown
    # What was written down for the first time replaced nothing: the roles, and what was done above.
    assert shown.split("Known before")[1].split("</ul>")[0].count("<li") == 4
    assert "Misread &lt;b&gt;." in shown
    assert client.post(f"{path}/withdrawal", data={"because": "None."}).status_code == 400
