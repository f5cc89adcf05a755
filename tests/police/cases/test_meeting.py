"""Whom of a case a referral speaks of, on the real database."""

from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.folk import a_case, file_of, recorded, suspect, verified
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import IdentifierKind, PersonRole, Task, TaskKind

_FAMILY_PHONE = {"number": "+82 10 2000 0001"}


def _tasks(node: Node, case_id: str, kind: TaskKind) -> list[Task]:
    with open_work(node, CONSOLE) as work:
        return [each for each in diary.tasks_of(work, case_id) if each.kind is kind]


def _family(kind: str, value: object) -> list[Part]:
    """A reported father and the child he harmed, who have one phone or e-mail."""
    child = {"service": "example-social", "account": "child"}
    return [
        *account_parts("father"),
        part(f"people/0/{kind}/0", value),
        part("people/0/age", 46),
        part("people/0/name", "김철수"),
        part("people/1/role", "victim"),
        part("people/1/accounts/0", child),
        part(f"people/1/{kind}/0", value),
        part("people/1/age", 9),
        part("people/1/name", "김민수"),
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phones", _FAMILY_PHONE), ("emails", {"address": "family@mail.example"})],
)
def test_who_shares_a_phone_or_an_address_in_one_report_is_somebody_of_their_own(
    node: Node, kind: str, value: object
) -> None:
    result = taken(node, _family(kind, value))
    assert result.new_people == 2
    father, child = (known.person for known in file_of(node, result.case_id).people)
    assert (father.name, child.name) == ("김철수", "김민수")
    assert father.roles == {PersonRole.REPORTED_USER}
    assert child.roles == {PersonRole.VICTIM}
    assert father.birth is not None
    assert child.birth is not None
    assert child.birth.earliest.year >= 2003 > father.birth.latest.year
    (task,) = _tasks(node, result.case_id, TaskKind.SAME_PERSON)
    assert (task.person_id, task.title) == (child.id, "1"), "staff say whether it is one human"


def test_a_family_that_is_reported_again_stays_the_same_two(node: Node) -> None:
    first = taken(node, _family("phones", _FAMILY_PHONE))
    again = taken(node, _family("phones", _FAMILY_PHONE))
    assert (again.case_id, again.new_people) == (first.case_id, 0)
    one, other = file_of(node, first.case_id).people
    assert len(one.person.roles) == len(other.person.roles) == 1
    assert len(_tasks(node, first.case_id, TaskKind.SAME_PERSON)) == 1
    assert not _tasks(node, first.case_id, TaskKind.FACTS_CONTRADICTED)


def test_one_account_with_two_roles_in_one_report_is_one_child(node: Node) -> None:
    child = {"service": "example-social", "account": "kid1"}
    both = [part("people/1/role", "victim"), part("people/1/accounts/0", child)]
    result = taken(node, [*account_parts("kid1"), *both])
    (known,) = file_of(node, result.case_id).people
    assert known.person.roles == {PersonRole.REPORTED_USER, PersonRole.VICTIM}


def test_a_tip_that_says_otherwise_how_old_somebody_is_leaves_the_age_open(node: Node) -> None:
    case_id = a_case(node, [*account_parts("kid1"), part("people/0/age", 46)]).case.id
    young = [*account_parts("kid1"), part("people/0/age", 12), part("people/0/name", "아이")]
    assert taken(node, young, referral_id="r2-second").case_id == case_id
    (known,) = file_of(node, case_id).people
    birth = known.person.birth
    assert birth is not None
    assert (birth.earliest.year, birth.latest.year) == (1967, 2002)
    (task,) = _tasks(node, case_id, TaskKind.FACTS_CONTRADICTED)
    assert task.person_id == known.person.id
    assert task.title is not None
    assert "2001-01-21–2002-01-20" in task.title
    taken(node, young, referral_id="r3-third")
    assert len(_tasks(node, case_id, TaskKind.FACTS_CONTRADICTED)) == 1, "said twice, asked once"


def test_a_verified_birth_stays_and_staff_hear_what_is_said_otherwise(node: Node) -> None:
    file = a_case(node, account_parts("kid1"))
    person = recorded(node, file, suspect(birth=verified(date(1980, 5, 5)), name="김 철수"))
    other = [part("people/0/birth_date", "2003-01-01"), part("people/0/name", "이영희")]
    taken(node, [*account_parts("kid1"), *other])
    (known,) = file_of(node, file.case.id).people
    assert known.person.birth == verified(date(1980, 5, 5))
    assert known.person.name == "김 철수"
    (task,) = _tasks(node, file.case.id, TaskKind.FACTS_CONTRADICTED)
    assert task.person_id == person
    assert task.title is not None
    assert task.title.startswith("이영희 · 2003-01-01")
    agreeing = [part("people/0/name", "김철수"), part("people/0/birth_date", "1980-05-05")]
    taken(node, [*account_parts("kid1"), *agreeing])
    assert len(_tasks(node, file.case.id, TaskKind.FACTS_CONTRADICTED)) == 1


def test_who_holds_a_known_phone_but_is_of_another_age_comes_in_as_somebody_else(
    node: Node,
) -> None:
    phone = part("people/0/phones/0", _FAMILY_PHONE)
    first = taken(node, [*account_parts("a"), phone, part("people/0/birth_date", "1980-01-01")])
    second = taken(node, [*account_parts("b"), phone, part("people/0/birth_date", "2003-01-01")])
    assert (second.case_id, second.new_people) == (first.case_id, 1)
    assert [each.person.birth is not None for each in file_of(node, first.case_id).people] == [
        True,
        True,
    ]
    (task,) = _tasks(node, first.case_id, TaskKind.SAME_PERSON)
    assert task.title == "1"


@pytest.mark.parametrize(
    "number", ["000-0000-0000", "0000", "1234", "112", "010-0000-0000", "99999999999", "02"]
)
def test_a_number_that_nobody_can_have_ties_no_strangers(node: Node, number: str) -> None:
    theirs = [
        part("people/0/phones/0", {"number": number}),
        part("people/0/country", {"country": "KR"}),
    ]
    first = taken(node, [*account_parts("a"), *theirs])
    second = taken(node, [*account_parts("b"), *theirs])
    assert second.opened
    assert second.case_id != first.case_id
    (known,) = file_of(node, second.case_id).people
    assert IdentifierKind.PHONE in {each.kind for each in known.identifiers}, "kept and shown"
