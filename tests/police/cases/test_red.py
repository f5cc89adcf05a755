"""What came under TLP:RED is read in its case by those on the list, and told to no provider by any of them."""

from collections.abc import Callable, Generator
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from tests.nodes import CONSOLE, add_staff, run_followups
from tests.police.cases.builders import account_parts, taken
from tests.police.cases.test_held_demands import ACCOUNT, OTHER
from tests.police.deconfliction.pair import open_pair, referred
from tests.sharing.referral.road import hold
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.demands import actions
from tipbridge.police.cases.demands.model import DemandFacts, DemandState
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.leaving import actions as leaving
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral import store
from tipbridge.sharing.referral import tables as referral_tables
from tipbridge.sharing.referral.model import Step, StepName


@dataclass
class Came:
    """A restricted referral in its own case, which one of two investigators may open."""

    node: Node
    reader: Actor
    other: Actor
    referral_id: str
    case_id: str


def _arrived(node: Node, given: list[Part], tlp: str) -> str:
    referral_id = referred(node, given, tlp=tlp)
    with open_work(node, WORKER) as work:
        steps = [
            Step(name=each, node_id="us.hsi", at=work.now)
            for each in (StepName.RELEASED, StepName.RECEIVED)
        ]
        store.note_steps(work.db, referral_id, steps)
    return referral_id


def _came(node: Node, tlp: str) -> Came:
    reader = add_staff(node, Role.INVESTIGATOR, username="reader")
    other = add_staff(node, Role.INVESTIGATOR, username="other")
    given = account_parts("kid-1")
    referral_id = _arrived(node, given, tlp=tlp)
    with open_work(node, WORKER) as work:
        store.place(work.db, referral_id, unit_id=1, restricted=True, members=[reader.id])
    case = taken(node, given, referral_id=referral_id, restricted=True, members=(reader.id,))
    return Came(node, reader, other, referral_id, case.case_id)


@pytest.fixture
def node(make_node: Callable[..., Node]) -> Generator[Node]:
    with open_pair(make_node, agreed=False) as pair:
        yield pair.asker


def _asked(came: Came, who: Actor, facts: DemandFacts) -> DemandState:
    with open_work(came.node, who) as work:
        demand = actions.draft_demand(work, came.case_id, facts)
    with open_work(came.node, who) as work:
        return actions.send_demand(work, came.case_id, demand.id).state


def test_who_is_on_the_case_s_list_alone_is_held_by_a_referral_that_is_closed_to_him(
    node: Node,
) -> None:
    came = _came(node, "TLP:RED")
    with open_work(node, came.reader) as work:
        cases.restrict_case(work, came.case_id, members=["other"])
    with pytest.raises(NotFound), open_work(node, came.other) as work:
        referrals.referral_seen(work, came.referral_id)
    for facts in (ACCOUNT, OTHER):
        with pytest.raises(Conflict, match="TLP:RED"):
            _asked(came, came.other, facts)


def test_a_closed_referral_that_forbids_nothing_holds_nothing(node: Node) -> None:
    came = _came(node, "TLP:AMBER")
    with open_work(node, came.reader) as work:
        cases.restrict_case(work, came.case_id, members=["other"])
    assert _asked(came, came.other, ACCOUNT) is DemandState.SENT


def test_the_agreement_held_here_holds_by_a_closed_referral_whatever_its_sender_said(
    node: Node,
) -> None:
    strict = hold(node, "police-mou", "us.hsi", node.id)  # PAP:AMBER
    came = _came(node, "TLP:AMBER")
    with open_work(node, WORKER) as work:
        work.db.execute(
            update(referral_tables.referrals)
            .where(referral_tables.referrals.c.id == came.referral_id)
            .values(basis_id=strict)
        )
    with open_work(node, came.reader) as work:
        cases.restrict_case(work, came.case_id, members=["other"])
    for who in (came.reader, came.other):
        with pytest.raises(Conflict, match="PAP:AMBER"):
            _asked(came, who, ACCOUNT)


def test_the_list_of_its_case_is_not_lifted_and_it_feeds_no_open_case(node: Node) -> None:
    came = _came(node, "TLP:RED")
    given = account_parts("kid-9")
    open_case = taken(node, given, referral_id=referred(node, given)).case_id
    with pytest.raises(Conflict, match="its list stays"), open_work(node, came.reader) as work:
        cases.lift_restriction(work, came.case_id)
    with pytest.raises(Conflict, match="restrict the case"), open_work(node, came.reader) as work:
        cases.feed_referral(work, open_case, referral=came.referral_id)
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        cases.read_case(work, came.case_id)
    with open_work(node, came.reader) as work:
        cases.restrict_case(work, open_case, members=[])
        cases.feed_referral(work, open_case, referral=came.referral_id)


def test_a_list_of_staff_s_own_is_lifted(node: Node) -> None:
    came = _came(node, "TLP:AMBER")
    with open_work(node, came.reader) as work:
        cases.lift_restriction(work, came.case_id)
    with open_work(node, came.other) as work:
        assert not cases.read_case(work, came.case_id).case.restricted


def test_a_case_that_came_to_liaisons_alone_waits_for_who_supervises(node: Node) -> None:
    liaison = add_staff(node, Role.LIAISON, username="liaison")
    investigator = add_staff(node, Role.INVESTIGATOR, username="investigator")
    referral_id = _arrived(node, account_parts("kid-1"), tlp="TLP:RED")
    with open_work(node, WORKER) as work:
        store.place(work.db, referral_id, unit_id=1, restricted=True, members=[liaison.id])
    with open_work(node, WORKER) as work:
        case_id = cases.open_or_attach(work, referral_id=referral_id)
    other = add_staff(node, Role.LIAISON, username="liaison-2")
    with open_work(node, investigator) as work:
        (line,) = leaving.list_left(work)
        assert line.left.case_id == case_id
    with open_work(node, other) as work:
        assert leaving.list_left(work) == []
    with pytest.raises(NotFound), open_work(node, other) as work:
        leaving.take_over(work, line.left.id, grounds="Mine.")
    with open_work(node, investigator) as work:
        leaving.take_over(work, line.left.id, grounds="A child may be in it.")
    with open_work(node, WORKER) as work:
        leaving.give_left(work, left_id=line.left.id)
    with open_work(node, investigator) as work:
        assert cases.read_case(work, case_id).case.restricted


@pytest.mark.parametrize("apart", [True, False])
def test_whom_a_reader_of_the_case_names_on_the_referral_reads_the_case_it_alone_feeds(
    node: Node, *, apart: bool
) -> None:
    came = _came(node, "TLP:RED")
    liaison = add_staff(node, Role.LIAISON, username="liaison")
    if not apart:
        further = _arrived(node, account_parts("kid-9"), tlp="TLP:AMBER")
        with open_work(node, came.reader) as work:
            cases.feed_referral(work, came.case_id, referral=further)
    with open_work(node, came.reader) as work:
        referrals.place_referral(
            work,
            came.referral_id,
            unit="headquarters",
            restricted=True,
            members=("other", "liaison"),
        )
    run_followups(node)
    if apart:
        with open_work(node, came.other) as work:
            file = cases.read_case(work, came.case_id)
        assert file.case.members == tuple(sorted((came.reader.id, came.other.id)))
        assert liaison.id not in file.case.members
    else:
        with pytest.raises(NotFound), open_work(node, came.other) as work:
            cases.read_case(work, came.case_id)


def test_who_is_not_on_the_list_of_the_case_opens_it_to_nobody(node: Node) -> None:
    came = _came(node, "TLP:RED")
    with open_work(node, WORKER) as work:
        store.place(work.db, came.referral_id, unit_id=1, restricted=True, members=[came.other.id])
    with open_work(node, came.other) as work:
        referrals.place_referral(work, came.referral_id, unit="headquarters", restricted=True)
    run_followups(node)
    with pytest.raises(NotFound), open_work(node, came.other) as work:
        cases.read_case(work, came.case_id)


def test_it_feeds_no_open_case_that_was_merged_into_a_restricted_one(node: Node) -> None:
    came = _came(node, "TLP:RED")
    given = account_parts("kid-1")
    part = taken(node, given, referral_id=_arrived(node, given, "TLP:AMBER")).case_id
    with open_work(node, came.reader) as work:
        whole = fairness.open_case(
            work, origin=CaseOrigin.OWN_INQUIRY, grounds="Seen by us.", grade="B2"
        )
    with open_work(node, came.reader) as work:
        cases.restrict_case(work, whole.id, members=[])
        joining.join_cases(work, whole.id, other=part, relation=Relation.MERGED, grounds="One.")
    with pytest.raises(Conflict, match="restrict the case"), open_work(node, came.reader) as work:
        cases.feed_referral(work, whole.id, referral=came.referral_id)
    with open_work(node, came.reader) as work:
        cases.restrict_case(work, part, members=[])
        cases.feed_referral(work, whole.id, referral=came.referral_id)


def test_nobody_of_whom_it_speaks_comes_home_from_a_split_to_a_case_that_is_open_again(
    node: Node,
) -> None:
    given = [*account_parts("kid-1"), *account_parts("kid-2", person=1)]
    home = taken(node, given, referral_id=_arrived(node, given, "TLP:AMBER")).case_id
    reader = add_staff(node, Role.INVESTIGATOR, username="reader")
    with open_work(node, reader) as work:
        file = cases.read_case(work, home)
        gone = joining.split_case(work, home, people=[file.people[0].person.id], grounds="Apart.")
    with open_work(node, reader) as work:
        cases.restrict_case(work, gone.id, members=[])
    red = account_parts("kid-1")
    referral_id = _arrived(node, red, "TLP:RED")
    with open_work(node, WORKER) as work:
        store.place(work.db, referral_id, unit_id=1, restricted=True, members=[reader.id])
    with open_work(node, reader) as work:
        cases.feed_referral(work, gone.id, referral=referral_id)
        (made,) = cases.read_case(work, home).relations
    with pytest.raises(Conflict, match="its list stays"), open_work(node, reader) as work:
        joining.undo_relation(work, home, made.relation.id)
    with open_work(node, reader) as work:
        cases.restrict_case(work, home, members=[])
        joining.undo_relation(work, home, made.relation.id)
