"""Each handling code against each act: what the product does about a referral that is marked so.

Source: TLP 2.0; PAP; Europol handling codes H0 to H3; ADR 0212, 0339, 0340, 0343.
"""

import inspect
from collections.abc import Callable
from dataclasses import replace

from tests.nodes import add_staff
from tests.police.cases.builders import account_parts, part, taken
from tests.police.cases.test_demands import ASKED
from tests.police.deconfliction.pair import open_pair, referred
from tests.police.removals.places import know, near
from tests.police.removals.servers import site
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements import markings
from tipbridge.knowledge.agreements.clauses import Pap
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.knowledge.agreements.words import HandlingCode, Tlp
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import checking, noticing, store
from tipbridge.police.removals.model import CheckOutcome
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.consent import leaves, rules
from tipbridge.sharing.referral.consent.model import Use
from tipbridge.sharing.referral.model import Step, StepName

_TABLE = """
code             | onward | told  | court | notice | look | demand | unit
H0               | free   | free  | free  | free   | free | free   | free
H1               | free   | free  | leave | free   | free | free   | free
H2               | leave  | leave | free  | free   | free | free   | free
H3               | free   | free  | free  | free   | free | free   | free
TLP:RED          | leave  | leave | free  | held   | held | held   | held
TLP:AMBER+STRICT | leave  | leave | free  | free   | free | free   | free
TLP:AMBER        | free   | free  | free  | free   | free | free   | free
TLP:GREEN        | free   | free  | free  | free   | free | free   | free
TLP:CLEAR        | free   | free  | free  | free   | free | free   | free
PAP:RED          | free   | free  | free  | held   | held | held   | free
PAP:AMBER        | free   | free  | free  | held   | held | held   | free
PAP:GREEN        | free   | free  | free  | free   | free | free   | free
PAP:CLEAR        | free   | free  | free  | free   | free | free   | free
"""
"""`leave` needs the originator's; `held` waits for another way by which it is known, or a lower mark."""
_HEAD, *_ROWS = ([cell.strip() for cell in line.split("|")] for line in _TABLE.strip().splitlines())
EXPECTED = {row[0]: dict(zip(_HEAD[1:], row[1:], strict=True)) for row in _ROWS}
CODES = {each.value for words in (HandlingCode, Tlp, Pap) for each in words}
_DECIDING = {"may_pass_on": "onward", "may_use_in_court": "court", "may_act_visibly": "notice"}
_USES = {Use.ONWARD: "onward", Use.COURT: "court"}


def _marks(code: str) -> dict[str, object]:
    """The marks of a referral that carries this code, and none that says more."""
    if code in set(HandlingCode):
        return {"handling": ("H0", code)}
    return {"tlp": code} if code in set(Tlp) else {"pap": code}


def _came(node: Node, code: str, number: int, address: str) -> tuple[str, str]:
    """A referral so marked with an account and a place of its own; its id and its case's."""
    given = [
        *account_parts(f"kid-{number}"),
        part("incident/addresses/0", {"url": address}),
    ]
    referral_id = referred(node, given, **_marks(code))
    with open_work(node, WORKER) as work:
        names = (StepName.RELEASED, StepName.RECEIVED)
        steps = [Step(name=name, node_id="us.hsi", at=work.now) for name in names]
        referral_store.note_steps(work.db, referral_id, steps)
    case_id = taken(node, given, referral_id=referral_id).case_id
    with open_work(node, WORKER) as work:
        removals.note_addresses(work, case_id=case_id, referral_id=referral_id)
    return referral_id, case_id


def _done(act: Callable[[Work], object], node: Node, who: Actor) -> str:
    """Whether an action is done or held by a mark; any other refusal says itself."""
    try:
        with open_work(node, who) as work:
            act(work)
    except (Conflict, Invalid) as error:
        return "held" if "marked" in str(error) else str(error)
    return "free"


def _acts(node: Node, who: Actor, referral_id: str, case_id: str, number: int) -> dict[str, str]:
    """What each act of who reads it comes to, by the product's own actions and leaves."""
    with open_work(node, who) as work:
        bound = rules.bound_by(
            leaves.marks_on(work, referrals.referral_seen(work, referral_id)), Use.ONWARD
        )
        told = leaves.tellable(work, [referral_id], "kr.other", Purpose.INVESTIGATION)
        court = leaves.court_leave(work, referral_id)
        (place,) = store.removals_of(work.db, case_id)
        asked = replace(ASKED, ip=None, port=None, seen_at=None, account=f"kid-{number}")
        demand = demands.draft_demand(work, case_id, asked)
    with open_work(near(node), who) as work:
        look = checking.check_now(work, place.id).outcome
    return {
        "onward": "leave" if bound.never or bound.nodes else "free",
        "told": "free" if referral_id in told else "leave",
        "court": "leave" if court.waiting or court.never else "free",
        "notice": _done(lambda work: noticing.make_notice(work, place.id), node, who),
        "look": "held" if look is CheckOutcome.HELD else "free",
        "demand": _done(lambda work: demands.send_demand(work, case_id, demand.id), node, who),
        "unit": _done(
            lambda work: referrals.place_referral(work, referral_id, unit="headquarters"), node, who
        ),
    }


def test_every_code_and_every_act_is_in_the_table() -> None:
    assert EXPECTED.keys() == CODES
    deciding = {
        name
        for name, _ in inspect.getmembers(markings, inspect.isfunction)
        if name.startswith("may_")
    }
    assert deciding == _DECIDING.keys()
    assert set(Use) == _USES.keys()
    assert {*_DECIDING.values(), *_USES.values()} <= {*_HEAD[1:]}


def test_each_code_holds_what_the_table_says_and_nothing_else(
    make_node: Callable[..., Node],
) -> None:
    found: dict[str, dict[str, str]] = {}
    with open_pair(make_node, agreed=False) as pair, site() as host:
        know(pair.asker, host.host, checks=True)
        who = add_staff(pair.asker, Role.INVESTIGATOR, username="reader")
        for number, code in enumerate(sorted(CODES)):
            address = host.place(f"/posts/{number}")
            before = len(host.asked)
            referral_id, case_id = _came(pair.asker, code, number, address)
            found[code] = _acts(pair.asker, who, referral_id, case_id, number)
            # PAP:RED and the like: nothing at all was asked of the host.
            assert (len(host.asked) == before) == (EXPECTED[code]["look"] == "held"), code
    assert found == EXPECTED
