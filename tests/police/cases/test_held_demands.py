"""A demand about what came under PAP:RED or PAP:AMBER alone: it waits, also when it was drafted before."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.nodes import CONSOLE, add_unit
from tests.police.cases.builders import account_parts, part, taken
from tests.police.cases.test_demands import ASKED
from tests.police.deconfliction.pair import open_pair, referred
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.demands import actions, rules
from tipbridge.police.cases.demands.model import Demand, DemandFacts, DemandState
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.consent.model import Hold

ACCOUNT = replace(ASKED, ip=None, port=None, seen_at=None, account="kid-1")
OTHER = replace(ACCOUNT, account="kid-9")


def _came(node: Node, pap: str | None, *more: object) -> str:
    """A referral so marked about the account, in its case; the case's id."""
    given = [*account_parts("kid-1"), *more]
    return taken(node, given, referral_id=referred(node, given, pap=pap)).case_id


def _sent(node: Node, case_id: str, demand: Demand) -> Demand:
    with open_work(node, CONSOLE) as work:
        return actions.send_demand(work, case_id, demand.id)


def test_a_demand_is_held_while_every_way_it_is_known_by_is_marked(
    make_node: Callable[..., Node],
) -> None:
    with open_pair(make_node, agreed=False) as pair:
        node = pair.asker
        case_id = _came(node, "PAP:RED", part("people/0/ips/0", {"ip": "203.0.113.7"}))
        with open_work(node, CONSOLE) as work:
            asked = (ACCOUNT, ASKED, OTHER)
            account, ip, other = (actions.draft_demand(work, case_id, each) for each in asked)
        for demand in (account, ip, other):
            with pytest.raises(Conflict, match="PAP:RED"):
                _sent(node, case_id, demand)
        # The same account by a referral that forbids nothing: what that one names is free.
        assert _came(node, "PAP:GREEN") == case_id
        assert _sent(node, case_id, account).state is DemandState.SENT
        assert _sent(node, case_id, other).state is DemandState.SENT
        with pytest.raises(Conflict, match="PAP:RED"):
            _sent(node, case_id, ip)


def test_a_drafted_demand_is_held_by_a_mark_that_arrives_later(
    make_node: Callable[..., Node],
) -> None:
    with open_pair(make_node, agreed=False) as pair:
        node = pair.asker
        case_id = _came(node, None)
        with open_work(node, CONSOLE) as work:
            demand = actions.draft_demand(work, case_id, ASKED)
        marked = _came(node, "PAP:AMBER", part("people/0/ips/0", {"ip": "203.0.113.7"}))
        assert marked == case_id
        with pytest.raises(Conflict, match="PAP:AMBER"):
            _sent(node, case_id, demand)


def test_a_unit_below_that_can_not_open_the_referral_is_held_by_its_mark_too(
    make_node: Callable[..., Node],
) -> None:
    with open_pair(make_node, agreed=False) as pair:
        node = pair.asker
        case_id = _came(node, "PAP:RED")
        below = add_unit(node, "city")
        officer = Actor(
            kind=CONSOLE.kind,
            id="officer-1",
            name="officer",
            roles=frozenset({Role.INVESTIGATOR}),
            unit=below,
            units=(below,),
        )
        with open_work(node, replace(CONSOLE, units=(1, below))) as work:
            cases.assign_case(work, case_id, unit="city")
        with open_work(node, officer) as work:
            (said,) = cases.read_case(work, case_id).referrals
            with pytest.raises(NotFound):
                referrals.referral_seen(work, said.referral_id)
            demand = actions.draft_demand(work, case_id, ACCOUNT)
        with pytest.raises(Conflict, match="PAP:RED"), open_work(node, officer) as work:
            actions.send_demand(work, case_id, demand.id)


@pytest.mark.parametrize(
    ("bonds", "held"),
    [
        ([], None),
        ([None], None),
        ([Hold.PAP_RED, None], None),
        ([Hold.PAP_AMBER], Hold.PAP_AMBER),
        ([Hold.PAP_AMBER, Hold.PAP_RED], Hold.PAP_RED),
    ],
)
def test_one_free_way_frees_a_demand_and_the_strictest_mark_is_named(
    bonds: list[Hold | None], held: Hold | None
) -> None:
    assert rules.held_by(bonds) == held


@pytest.mark.parametrize(
    ("value", "asked", "found"),
    [
        ({"service": "example", "account": " Kid-1"}, ACCOUNT, True),
        (["203.0.113.7"], ASKED, True),
        ({"ip": "203.0.113.8", "port": 7}, ASKED, False),
        ("203.0.113.7", ACCOUNT, False),
        (None, ASKED, False),
    ],
)
def test_a_part_names_what_is_asked_wherever_it_says_it(
    value: object, asked: DemandFacts, found: bool
) -> None:
    assert rules.names(value, asked) is found
