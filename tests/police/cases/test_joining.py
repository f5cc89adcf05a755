"""How cases stand to each other: nothing is lost, everything is attributed and taken back."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text

from tests.nodes import CONSOLE, add_unit
from tests.police.cases.builders import account_parts, file_part, part, taken
from tests.police.folk import a_case, file_of, outcome_of, recorded, suspect, verified
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.police.cases import actions, identifying, moving, seeing, store
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.joining.model import CaseRelation, Relation
from tipbridge.police.cases.model import Identifier, IdentifierKind, PersonRole
from tipbridge.police.outcomes import actions as outcomes

GROUNDS = "One circle of people."


def join(node: Node, case: str, other: str, relation: Relation) -> CaseRelation:
    with open_work(node, CONSOLE) as work:
        return joining.join_cases(work, case, other=other, relation=relation, grounds=GROUNDS)


def undo(node: Node, case: str, relation_id: str, actor: Actor = CONSOLE) -> None:
    with open_work(node, actor) as work:
        joining.undo_relation(work, case, relation_id)


def two_cases(node: Node) -> tuple[CaseFile, CaseFile]:
    first = a_case(node, account_parts("a"))
    return first, file_of(node, taken(node, account_parts("b")).case_id)


def whole(node: Node, case_id: str) -> object:
    """A case without what it says of relations."""
    file = file_of(node, case_id)
    return (file.case, file.referrals, file.people, file.item_count, file.foreign_numbers)


def test_a_merged_case_is_kept_whole_shown_inside_and_given_back(node: Node) -> None:
    first, second = two_cases(node)
    before = whole(node, first.case.id), whole(node, second.case.id)
    made = join(node, first.case.id, second.case.id, Relation.MERGED)
    file = file_of(node, first.case.id)
    assert [each.case.number for each in file.joined] == [second.case.number]
    assert file.joined[0].people == tuple(known.person for known in second.people)
    assert file_of(node, second.case.id).relations[0].role == "part"
    assert (whole(node, first.case.id), whole(node, second.case.id)) == before
    undo(node, second.case.id, made.id)
    file = file_of(node, first.case.id)
    assert file.joined == ()
    line = file.relations[0].relation
    assert (line.made_by, line.undone_by) == ("console", "console")
    with pytest.raises(NotFound):
        undo(node, first.case.id, made.id)


def test_what_comes_later_attaches_to_the_case_that_holds_the_merged_one(node: Node) -> None:
    first, second = two_cases(node)
    third = file_of(node, taken(node, account_parts("c")).case_id)
    join(node, second.case.id, third.case.id, Relation.MERGED)
    made = join(node, first.case.id, second.case.id, Relation.MERGED)
    assert taken(node, account_parts("c")).case_id == first.case.id
    undo(node, first.case.id, made.id)
    again = taken(node, [*account_parts("b"), file_part(5)])
    assert again.case_id == second.case.id


def test_somebody_whom_a_merged_case_knows_stays_one_person_there(node: Node) -> None:
    first, second = two_cases(node)
    third = file_of(node, taken(node, account_parts("c")).case_id)
    deeper = join(node, second.case.id, third.case.id, Relation.MERGED)
    made = join(node, first.case.id, second.case.id, Relation.MERGED)
    mail = part("people/0/emails/0", {"address": "c@mail.example"})
    given = [*account_parts("c"), mail, *account_parts("new", person=1), file_part(6)]
    known = taken(node, [*given, part("report/id", "78")], referral_id="r9")
    assert (known.case_id, known.new_people, known.parts) == (first.case.id, 1, (third.case.id,))
    whole_file, part_file = file_of(node, first.case.id), file_of(node, third.case.id)
    assert [_accounts(each) for each in (whole_file, part_file)] == [["a", "new"], ["c"]]
    assert len(part_file.people[0].identifiers) == 2
    assert file_of(node, second.case.id).referrals == second.referrals
    assert taken(node, [mail]).new_people == 0, "known by what came later, too"
    undo(node, first.case.id, made.id)
    undo(node, second.case.id, deeper.id)
    for each in (file_of(node, first.case.id), file_of(node, third.case.id)):
        assert "r9" in {one.referral_id for one in each.referrals}
        assert (each.item_count, each.foreign_numbers) == (1, (("us.hsi", "78"),))
        assert each.links == ()
    assert file_of(node, third.case.id).people == part_file.people


def _accounts(file: CaseFile) -> list[str]:
    return [
        each.value
        for known in file.people
        for each in known.identifiers
        if each.kind is IdentifierKind.ACCOUNT
    ]


def test_a_case_that_knows_somebody_itself_keeps_them_apart_from_its_part(node: Node) -> None:
    older, whole_case = two_cases(node)
    twin = person_with(node, whole_case, "a")
    join(node, whole_case.case.id, older.case.id, Relation.MERGED)
    found = taken(node, account_parts("a"), referral_id="r9")
    assert (found.case_id, found.new_people, found.parts) == (whole_case.case.id, 0, ())
    with open_work(node, CONSOLE) as work:
        assert store.referrals_about(work.db, twin) == ["r9"]
    assert file_of(node, whole_case.case.id).links == ()


def person_with(node: Node, file: CaseFile, account: str) -> str:
    """Somebody whom staff bring in, with an account."""
    identifier = Identifier(kind=IdentifierKind.ACCOUNT, scope="example-social", value=account)
    with open_work(node, CONSOLE) as work:
        person_id = actions.add_person(work, file.case.id, roles=[PersonRole.REPORTED_USER])
        identifying.add_identifier(work, person_id, identifier)
    return person_id


def test_a_restricted_part_hears_of_a_match_and_is_not_fed(node: Node) -> None:
    first, second = two_cases(node)
    join(node, first.case.id, second.case.id, Relation.MERGED)
    with open_work(node, CONSOLE) as work:
        actions.restrict_case(work, second.case.id, members=())
    found = taken(node, [*account_parts("a"), *account_parts("b", person=1)])
    assert (found.case_id, found.new_people, found.parts) == (first.case.id, 1, ())
    assert file_of(node, second.case.id).referrals == second.referrals
    assert len(file_of(node, second.case.id).notices) == 1


def test_what_comes_later_stays_out_of_a_whole_that_is_restricted(node: Node) -> None:
    first, second = two_cases(node)
    join(node, first.case.id, second.case.id, Relation.MERGED)
    with open_work(node, CONSOLE) as work:
        actions.restrict_case(work, first.case.id, members=())
    assert taken(node, account_parts("b")).case_id == second.case.id


def test_a_relation_is_shown_to_those_who_see_both_cases(
    node: Node, staff: Callable[..., Actor]
) -> None:
    first, second = two_cases(node)
    made = join(node, first.case.id, second.case.id, Relation.MERGED)
    with open_work(node, CONSOLE) as work:
        actions.restrict_case(work, second.case.id, members=())
    outsider = staff(node, Role.INVESTIGATOR)
    seen = file_of(node, first.case.id, outsider)
    assert (seen.relations, seen.joined) == ((), ())
    with pytest.raises(NotFound):
        undo(node, first.case.id, made.id, outsider)


@pytest.mark.parametrize("relation", [Relation.PARENT, Relation.TOGETHER, Relation.MERGED])
def test_a_relation_is_said_once_and_never_to_itself(node: Node, relation: Relation) -> None:
    first, second = two_cases(node)
    with pytest.raises(Conflict):
        join(node, first.case.id, first.case.number, relation)
    join(node, first.case.id, second.case.number, relation)
    with pytest.raises(Conflict):
        join(node, first.case.id, second.case.id, relation)
    with pytest.raises(Invalid):
        join(node, first.case.id, second.case.id, Relation.SPLIT)


def test_parents_form_a_tree(node: Node) -> None:
    first, second = two_cases(node)
    third = file_of(node, taken(node, account_parts("c")).case_id)
    join(node, first.case.id, second.case.id, Relation.PARENT)
    join(node, second.case.id, third.case.id, Relation.PARENT)
    with pytest.raises(Conflict, match="stands above"):
        join(node, third.case.id, first.case.id, Relation.PARENT)
    with pytest.raises(Conflict, match="has a parent"):
        join(node, first.case.id, third.case.id, Relation.PARENT)
    roles = {line.number: line.role for line in file_of(node, second.case.id).relations}
    assert roles == {first.case.number: "child", third.case.number: "parent"}


def test_who_is_split_off_takes_along_what_every_room_knows_and_comes_home(node: Node) -> None:
    named = [part("report/id", "77"), file_part(3)]
    file = a_case(node, [*account_parts("a"), *account_parts("b", person=1), *named])
    child = recorded(node, file, suspect(birth=verified(date(2002, 1, 1))), index=1)
    with open_work(node, CONSOLE) as work:
        outcomes.decide_outcome(work, child, outcome=Outcome.JUVENILE_DIVISION)
    before = outcome_of(node, file.case.id, child)
    assert before.welfare is not None
    with open_work(node, CONSOLE) as work:
        opened = joining.split_case(work, file.case.id, people=[child], grounds=GROUNDS)
    there = file_of(node, opened.id)
    assert [known.person.id for known in there.people] == [child]
    assert there.people[0].identifiers == file.people[1].identifiers
    assert [each.referral_id for each in there.referrals] == [file.referrals[0].referral_id]
    after = outcome_of(node, opened.id, child)
    assert (after.decision, after.welfare) == tuple(
        each if each is None else type(each)(**{**_fields(each), "case_id": opened.id})
        for each in (before.decision, before.welfare)
    )
    line = there.relations[0]
    assert (line.role, line.relation.people, line.relation.grounds) == (
        "offshoot", (child,), GROUNDS,
    )  # fmt: skip
    undo(node, file.case.id, line.relation.id)
    home = file_of(node, file.case.id)
    assert {known.person.id for known in home.people} == {k.person.id for k in file.people}
    assert outcome_of(node, file.case.id, child).decision == before.decision
    left = file_of(node, opened.id)
    assert (left.people, left.referrals, left.item_count, left.foreign_numbers) == ((), (), 0, ())
    assert left.relations[0].relation.referrals == (file.referrals[0].referral_id,)
    assert (home.referrals, home.item_count, home.foreign_numbers) == (
        file.referrals, 1, file.foreign_numbers,
    )  # fmt: skip


def test_a_referral_that_speaks_of_somebody_who_stays_stays_after_a_split(node: Node) -> None:
    accounts = [account_parts(name, person=index) for index, name in enumerate("abc")]
    file = a_case(node, [each for account in accounts for each in account])
    first, second, _ = (known.person.id for known in file.people)
    with open_work(node, CONSOLE) as work:
        opened = joining.split_case(work, file.case.id, people=[first], grounds=GROUNDS)
    with open_work(node, CONSOLE) as work:
        moving.move(work, [seeing.person_seen(work, second)], opened.id)
    undo(node, file.case.id, file_of(node, opened.id).relations[0].relation.id)
    left = file_of(node, opened.id)
    assert [known.person.id for known in left.people] == [second]
    assert [each.referral_id for each in left.referrals] == [file.referrals[0].referral_id]


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}  # type: ignore[attr-defined]


def test_a_split_names_people_of_the_case_and_leaves_somebody(node: Node) -> None:
    first, second = two_cases(node)
    for people, refusal in (
        ([], Invalid),
        ([first.people[0].person.id], Conflict),
        ([second.people[0].person.id], NotFound),
    ):
        with pytest.raises(refusal), open_work(node, CONSOLE) as work:
            joining.split_case(work, first.case.id, people=people, grounds=GROUNDS)


def test_a_number_in_a_case_is_never_given_twice(node: Node) -> None:
    file = a_case(node, [*account_parts("a"), *account_parts("b", person=1)])
    with open_work(node, CONSOLE) as work:
        joining.split_case(work, file.case.id, people=[file.people[0].person.id], grounds=GROUNDS)
        actions.add_person(work, file.case.id, roles=[*file.people[0].person.roles])
    assert [known.person.position for known in file_of(node, file.case.id).people] == [2, 3]


def test_every_row_about_a_person_follows_them(node: Node) -> None:
    """A table that names person and case, and would let them part, fails here."""
    with node.engine.connect() as db:
        naming = set(
            db.execute(
                text(
                    "SELECT table_name FROM information_schema.columns WHERE table_schema ="
                    " 'public' AND column_name IN ('person_id', 'case_id')"
                    " GROUP BY table_name HAVING count(*) = 2"
                )
            ).scalars()
        )
        following = set(
            db.execute(
                text(
                    "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
                    " AND confrelid = 'case_people'::regclass AND cardinality(conkey) = 2"
                    " AND confupdtype = 'c'"
                )
            ).scalars()
        )
    assert {"case_identifiers", "outcome_decisions", "welfare_records"} <= following
    assert naming - following == {"case_moves"}, "the trace of a move stays where it was made"
    assert following <= naming


def test_a_case_of_a_unit_beside_is_not_joined(node: Node, staff: Callable[..., Actor]) -> None:
    first, second = two_cases(node)
    add_unit(node, "beside")
    with open_work(node, CONSOLE) as work:
        actions.assign_case(work, first.case.id, unit="headquarters")
    beside = staff(node, Role.INVESTIGATOR, unit=add_unit(node, "below"))
    with pytest.raises(NotFound), open_work(node, beside) as work:
        joining.join_cases(
            work, first.case.id, other=second.case.id, relation=Relation.TOGETHER, grounds=GROUNDS
        )
