"""Whose a referral is, and that nothing of a person is left where it does not belong."""

import json
from collections.abc import Callable, Generator

import pytest

from tests.nodes import CONSOLE, add_unit
from tests.sharing import net
from tests.sharing.referral.road import (
    PERSON,
    Road,
    open_road,
    view,
)
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Forbidden, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import actions, requesting
from tipbridge.sharing.referral.model import (
    SourceKind,
)
from tipbridge.tips.intake.actions import purge
from tipbridge.tips.triage.actions import list_leads

DATA = b"synthetic file " * 20


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes with agreements on both stretches."""
    with open_road(make_node) as found:
        yield found


def test_another_unit_sees_no_referral(road: Road, staff: Callable) -> None:
    first = road.refer(road.clearing, SourceKind.TIP, road.tip(), road.liaison)
    elsewhere = staff(road.clearing, Role.ANALYST, add_unit(road.clearing, "elsewhere"))
    for verb in (
        actions.read_referral,
        actions.decide_referral,
        actions.release_referral,
        requesting.open_request,
    ):
        with pytest.raises(NotFound), open_work(road.clearing, elsewhere) as work:
            verb(work, first)
    with open_work(road.clearing, elsewhere) as work:
        assert actions.list_referrals(work) == []
    with pytest.raises(Forbidden), open_work(road.clearing, staff(road.clearing, Role.PRESS)) as w:
        actions.list_referrals(w)


def test_a_received_referral_can_be_given_to_a_unit_and_restricted(
    road: Road, staff: Callable
) -> None:
    _, _, _, at_police = road.carry(road.tip())
    unit = add_unit(road.police, "cyber-1")
    inside, outside = staff(road.police, Role.INVESTIGATOR, unit), staff(road.police, Role.LIAISON)
    head = staff(road.police, Role.INVESTIGATOR)
    with pytest.raises(NotFound), open_work(road.police, inside) as work:
        actions.read_referral(work, at_police)
    with open_work(road.police, head) as work:
        actions.place_referral(
            work, at_police, unit="cyber-1", restricted=True, members=(inside.name,)
        )
    with open_work(road.police, inside) as work:
        actions.read_referral(work, at_police)
    with pytest.raises(NotFound), open_work(road.police, outside) as work:
        actions.read_referral(work, at_police)


@pytest.mark.parametrize("kind", [SourceKind.TIP, SourceKind.LEAD])
def test_a_purged_report_leaves_no_readable_copy_in_the_outbox(
    road: Road, kind: SourceKind
) -> None:
    report_id, lead_id = _tip_and_lead(road)
    source_id = report_id if kind is SourceKind.TIP else lead_id
    first = road.refer(road.clearing, kind, source_id, road.liaison)
    road.settle()
    package_id = str(view(road.clearing, first).referral.package_id)
    with open_work(road.clearing, CONSOLE) as work:
        purge(work, report_id)
    with open_work(road.clearing, WORKER) as work:
        actions.forget_report(work, report_id=report_id)
    with open_work(road.clearing, WORKER) as work:
        package = exchange.sent_package(work, package_id)
        assert package is not None
        with pytest.raises(NotFound):
            work.node.vault.read(package.header)
    assert view(road.clearing, first).referral.decision is not None


def test_the_audit_facts_hold_no_personal_data(road: Road) -> None:
    road.carry(road.tip(report_xml(PERSON), files=(DATA,)))
    for node in road.nodes:
        text = json.dumps(net.audit(node))
        for word in ("203.0.113.7", "user-1", "Family", "mail.example", "8210000001"):
            assert word not in text


def test_the_decision_is_replayable_and_holds_no_value(road: Road) -> None:
    first = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    decision = view(road.clearing, first).referral.decision
    assert decision is not None
    text = json.dumps(decision)
    assert decision["rule_version"]
    for word in ("203.0.113.7", "user-1", "Family", "mail.example"):
        assert word not in text


def _tip_and_lead(road: Road) -> tuple[str, str]:
    """A tip at the clearinghouse and the lead that came of it."""
    report_id = road.tip(report_xml(PERSON))
    with open_work(road.clearing, CONSOLE) as work:
        (lead,) = list_leads(work)
    return report_id, lead.id
