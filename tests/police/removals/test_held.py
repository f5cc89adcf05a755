"""A place that came under PAP:RED or PAP:AMBER: nobody is asked about it who could notice."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.cases.test_demands import ASKED
from tests.police.deconfliction.pair import open_pair, referred
from tests.police.removals.places import know
from tests.police.removals.servers import site
from tests.sharing import net
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.removals import actions, checking, noticing, store
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import Check, CheckOutcome, PlaceForm, Removal
from tipbridge.sharing.referral import store as referrals
from tipbridge.sharing.referral.model import Part, Step, StepName


def _named(node: Node, address: str, pap: str | None) -> Removal:
    """A referral so marked that names an address, taken into its case with its places."""
    given = [*account_parts("kid-1"), part("incident/addresses/0", {"url": address})]
    (removal,) = told(node, given, pap)
    return removal


def told(node: Node, given: list[Part], pap: str | None = None, **marks: str) -> list[Removal]:
    """A referral with these parts, taken into its case; the places that the case knows then."""
    referral_id = referred(node, given, pap=pap, **marks)
    with open_work(node, WORKER) as work:
        names = (StepName.RELEASED, StepName.RECEIVED)
        steps = [Step(name=name, node_id="us.hsi", at=work.now) for name in names]
        referrals.note_steps(work.db, referral_id, steps)
    case_id = taken(node, given, referral_id=referral_id).case_id
    with open_work(node, WORKER) as work:
        actions.note_addresses(work, case_id=case_id, referral_id=referral_id)
        return store.removals_of(work.db, case_id)


@pytest.mark.parametrize(
    ("marks", "word"),
    [({"tlp": "TLP:RED"}, "TLP:RED"), ({"onward": "never"}, "onward:never")],
)
def test_what_is_for_nobody_else_is_told_to_no_host_and_by_no_demand(
    make_node: Callable[..., Node], marks: dict[str, str], word: str
) -> None:
    with open_pair(make_node, agreed=False) as pair:
        node = pair.asker
        given = [
            *account_parts("kid-1"),
            part("incident/addresses/0", {"url": "https://host.example/posts/1"}),
        ]
        (held,) = told(node, given, **marks)
        assert held.held_by == word
        with pytest.raises(Conflict, match=word), open_work(node, CONSOLE) as work:
            noticing.make_notice(work, held.id)
        with open_work(node, CONSOLE) as work:
            demand = demands.draft_demand(work, held.case_id, replace(ASKED, account="kid-1"))
        with pytest.raises(Conflict, match=word), open_work(node, CONSOLE) as work:
            demands.send_demand(work, held.case_id, demand.id)


def _look(node: Node, removal: Removal) -> Check:
    near = {"removal_private_networks": (ip_network("127.0.0.0/8"),)}
    with open_work(replace(node, settings=node.settings.model_copy(update=near)), CONSOLE) as work:
        return checking.check_now(work, removal.id)


@pytest.mark.parametrize("pap", ["PAP:RED", "PAP:AMBER"])
def test_a_held_place_is_asked_nothing_until_it_is_known_by_another_way(
    make_node: Callable[..., Node], pap: str
) -> None:
    with open_pair(make_node, agreed=False) as pair, site() as host:
        node, address = pair.asker, host.place("/posts/1")
        know(node, host.host, checks=True)
        held = _named(node, address, pap)
        assert held.held_by == pap
        assert _look(node, held).outcome is CheckOutcome.HELD
        with pytest.raises(Conflict, match=pap), open_work(node, CONSOLE) as work:
            noticing.make_notice(work, held.id)
        assert host.asked == []
        with open_work(node, CONSOLE) as work:
            assert actions.file_of(work, held).notices == ()
        # The same place by a referral that forbids nothing: it is free.
        net.events(node)
        free = _named(node, address, "PAP:GREEN")
        # What it shows of a child is asked about at once.
        assert "removals.places.noted" in [event for event, _ in net.events(node)]
        assert (free.id, free.held_by) == (held.id, None)
        assert _look(node, free).outcome is CheckOutcome.ANSWERS
        assert len(host.asked) == 1
        # What staff noted, and took back, is known by nothing but the marked referral then.
        other = host.place("/posts/2")
        with open_work(node, CONSOLE) as work:
            wrong = actions.add_place(work, held.case_id, address=other, form=PlaceForm.URL)
            take_back(work, wrong.id, wrong.id, because="A typing error.")
        given = [*account_parts("kid-1"), part("incident/addresses/0", {"url": other})]
        again = next(each for each in told(node, given, pap) if each.id == wrong.id)
        assert (again.mistake, again.held_by) == (None, pap)


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ({"pap": "PAP:AMBER"}, {"tlp": "TLP:RED"}, "TLP:RED"),
        ({"pap": "PAP:RED"}, {"pap": "PAP:AMBER"}, "PAP:RED"),
    ],
)
def test_what_two_referrals_hold_is_held_by_the_stricter_mark(
    make_node: Callable[..., Node], first: dict[str, str], second: dict[str, str], word: str
) -> None:
    with open_pair(make_node, agreed=False) as pair:
        node = pair.asker
        given = [
            *account_parts("kid-1"),
            part("incident/addresses/0", {"url": "https://host.example/posts/1"}),
        ]
        told(node, given, **first)
        (held,) = told(node, given, **second)
        assert held.held_by == word
