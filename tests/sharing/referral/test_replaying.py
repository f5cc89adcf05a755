"""Every release decision can be made again, and says when the rules of now decide otherwise."""

import contextlib
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
import typer
from click.testing import CliRunner, Result

from tests.databases import fresh_database
from tests.nodes import CONSOLE, acting, add_staff, add_unit, build_node
from tests.sharing import net
from tests.sharing.referral.road import (
    KOREA,
    LAPSED,
    PERSON,
    Road,
    hold,
    hold_signed,
    open_road,
)
from tests.sharing.referral.test_approving import MOU, _approve, _decide, _release
from tests.tips.triage.filed import report_xml
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import Server
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements import rules as release_rules
from tipbridge.knowledge.agreements.decisions import RULE_VERSION, Reason, Refusal, ReleaseFacts
from tipbridge.knowledge.agreements.fields import reason_for
from tipbridge.knowledge.agreements.model import DataClass, Part, Terms
from tipbridge.office import terminal
from tipbridge.sharing.referral import actions, requesting
from tipbridge.sharing.referral.model import SourceKind, State
from tipbridge.sharing.referral.replaying import actions as replaying
from tipbridge.sharing.referral.replaying import store
from tipbridge.sharing.referral.replaying.model import Difference, Moment, Replay, Unread
from tipbridge.tips.intake.actions import purge
from tipbridge.tips.triage.actions import add_lead
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import SourceGrade, Suspicion


class Carried(NamedTuple):
    """Where decisions were made, and about which referrals."""

    clearing: Node
    liaison: Node
    first: str
    second: str


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes with agreements on both stretches."""
    with open_road(make_node) as found:
        yield found


@pytest.fixture(scope="module")
def carried(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Generator[Carried]:
    """A road on which one tip went all the way; nothing more happens on it."""
    with contextlib.ExitStack() as stack:

        def make(node_id: str) -> Node:
            made = stack.enter_context(fresh_database(server))
            return build_node(tmp_path_factory.mktemp(node_id), made, node_id=node_id)

        road = stack.enter_context(open_road(make))
        first, _, second, _ = road.carry(road.tip(report_xml(PERSON)))
        yield Carried(road.clearing, road.liaison, first, second)


def _replay(node: Node, actor: Actor = CONSOLE) -> Replay:
    with open_work(node, actor) as work:
        return replaying.replay_decisions(work)


def test_decisions_of_every_kind_come_out_the_same_long_after(road: Road) -> None:
    report_id = road.tip(report_xml(PERSON))
    _, _, second, _ = road.carry(report_id)
    with open_work(road.clearing, CONSOLE) as work:
        lead = add_lead(
            work,
            OwnGrounds(
                grounds="planned a site",
                grade=SourceGrade(source="B", information=2),
                suspicion=Suspicion.PREPARING_SALE,
                accounts=(("Example Forum", "seller"),),
                age=40,
            ),
        )
        denied = actions.open_referral(
            work, kind=SourceKind.LEAD, source_id=lead.id, peer_id="kr.knpa"
        )
        actions.decide_referral(work, denied)
    # What happens to an agreement later is no part of what was decided before.
    with open_work(road.liaison, CONSOLE) as work:
        for held in agreements.list_agreements(work):
            if held.terms.sender == road.liaison.id:
                agreements.suspend_agreement(work, held.sha256, reason="reviewed")
    road.move_clocks(LAPSED)
    at_clearing, at_liaison = _replay(road.clearing), _replay(road.liaison)
    assert (at_clearing.decisions, at_clearing.same) == (3, 3)
    assert (at_liaison.decisions, at_liaison.same) == (2, 2)
    assert at_clearing.other_versions == 0
    with open_work(road.liaison, CONSOLE) as work:
        found = replaying.read_decisions(work, second)
    assert [each.moment for each in found] == [Moment.DECIDED, Moment.RELEASED]
    assert {each.decided_by for each in found} == {CONSOLE.id}
    assert {each.rule_version for each in found} == {RULE_VERSION}
    assert found[0].fields > found[0].released > 0


def test_a_changed_rule_is_named_field_by_field(
    carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:

    def laxer(terms: Terms, part: Part, facts: ReleaseFacts) -> Reason:
        """A planted rule: devices always leave."""
        if part.data_class is DataClass.DEVICE:
            return Reason.ALLOWED
        return reason_for(terms, part, facts)

    monkeypatch.setattr(release_rules, "reason_for", laxer)
    replay = _replay(carried.liaison)
    assert (replay.decisions, replay.same, replay.unread) == (2, 0, ())
    for each in replay.different:
        assert each.referral_id == carried.second
        (changed,) = each.changed
        assert (changed.what, changed.label) == (Difference.PART, "people/0/devices/0")
        assert changed.kept == {"released": False, "reason": "rule-withholds", "form": "exact"}
        assert changed.now == {"released": True, "reason": "allowed", "form": "exact"}
    # The clearinghouse's agreement lets devices go: nothing differs there.
    assert _replay(carried.clearing).different == ()


def test_a_changed_refusal_and_marking_are_named(
    carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_rules, "refusal_of", lambda *_: release_rules.Refusal.LAPSED)
    (first, _) = _replay(carried.clearing).different
    assert [each.what for each in first.changed[:3]] == [
        Difference.REFUSAL,
        Difference.MARKING,
        Difference.CONDITIONS,
    ]
    assert {each.what for each in first.changed[3:]} == {Difference.PART}


def test_what_was_known_of_people_ends_with_the_report_and_is_counted_apart(road: Road) -> None:
    kept, gone = road.tip(report_xml(PERSON)), road.tip(report_xml(PERSON))
    for report_id in (kept, gone):
        road.refer(road.clearing, SourceKind.TIP, report_id, road.liaison)
    road.settle()
    with open_work(road.clearing, CONSOLE) as work:
        purge(work, gone)
    with open_work(road.clearing, WORKER) as work:
        actions.forget_report(work, report_id=gone)
    replay = _replay(road.clearing)
    assert (replay.decisions, replay.same, replay.different) == (4, 2, ())
    assert {each.unread for each in replay.unread} == {Unread.ERASED}


def test_inputs_hold_no_value_and_are_sealed(carried: Carried) -> None:
    with acting(carried.clearing.engine, WORKER) as db:
        rows = store.decisions_after(db, "", limit=10)
    assert len(rows) == 2
    for row in rows:
        shown = carried.clearing.vault.open_words(row.key_id, row.inputs)
        assert b"ages" not in row.inputs
        assert row.inputs != shown
        assert b"Family" not in _inflated(shown)
        assert b'"low":30' in _inflated(shown)


def _inflated(data: bytes) -> bytes:
    return zlib.decompress(data)


def test_the_people_who_approved_stand_with_the_decision(make_node: Callable[..., Node]) -> None:
    with open_road(make_node, agreed=False) as road:
        hold_signed(road.liaison, road.police, MOU)
        road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml()), road.liaison)
        road.settle()
        node, at_liaison = road.liaison, road.received(road.liaison)[0].id
        people = [add_staff(node, Role.LIAISON), add_staff(node, Role.LIAISON)]
        with open_work(node, people[0]) as work:
            sent = actions.open_referral(
                work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
            )
        _decide(node, people[0], sent)
        for who in people:
            _approve(node, who, sent)
        _release(node, people[1], sent)
        with open_work(node, people[0]) as work:
            decided, released = replaying.read_decisions(work, sent)
        assert [decided.decided_by, released.decided_by] == [each.id for each in people]
        assert released.people == tuple(sorted(each.id for each in people))
        assert (decided.changed, released.changed) == ((), ())


def test_a_granted_request_is_replayed_too(make_node: Callable[..., Node]) -> None:
    with open_road(make_node, agreed=False) as road:
        road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
        road.settle()
        with open_work(road.liaison, CONSOLE) as work:
            sent = actions.open_referral(
                work,
                kind=SourceKind.REFERRAL,
                source_id=road.received(road.liaison)[0].id,
                peer_id="kr.knpa",
            )
            actions.decide_referral(work, sent)
            request = requesting.open_request(work, sent)
        road.settle()
        with open_work(road.police, CONSOLE) as work:
            requesting.answer_request(
                work, request.id, granted=True, legal_basis="Act, article 5", minimum_age=KOREA
            )
        road.settle()
        with open_work(road.liaison, CONSOLE) as work:
            actions.decide_referral(work, sent)
            refused, granted = replaying.read_decisions(work, sent)
        assert (refused.released, refused.changed) == (0, ())
        assert granted.released > 0
        assert granted.changed == ()
        # What came so is marked H2: it goes on by its originator's leave alone, agreement or not.
        with open_work(road.liaison, CONSOLE) as work:
            actions.release_referral(work, sent)
        road.settle()
        hold(road.police, "standing-referral", "kr.knpa", "us.clearing")
        with open_work(road.police, CONSOLE) as work:
            onward = actions.open_referral(
                work,
                kind=SourceKind.REFERRAL,
                source_id=road.received(road.police)[0].id,
                peer_id="us.clearing",
            )
            denied = actions.decide_referral(work, onward)
        assert denied.state is State.DENIED
        assert denied.decision is not None
        assert denied.decision["refusal"] == Refusal.NO_ONWARD_CONSENT


def test_another_units_decisions_are_neither_read_nor_counted(carried: Carried) -> None:
    node = carried.clearing
    other = add_staff(node, Role.ANALYST, unit=add_unit(node, "other"))
    assert _replay(node, other).decisions == 0
    with pytest.raises(NotFound), open_work(node, other) as work:
        replaying.read_decisions(work, carried.first)
    assert _replay(node).decisions == 2
    assert "referral.decisions.replayed" in {event for event, _, _ in net.audit(node)}


def test_inputs_that_do_not_fit_their_digest_are_a_difference(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    node, vault = road.clearing, road.clearing.vault
    with acting(node.engine, WORKER) as db:
        row = store.decisions_after(db, "", limit=1)[0]
        younger = vault.open_words(row.key_id, row.inputs) + b" "
        planted = {
            "f1": replace(row, inputs_sha256="0" * 64),
            "f2": replace(row, inputs=vault.seal_words(row.key_id, younger)),
            "f3": replace(row, inputs=row.inputs[:-1] + bytes([row.inputs[-1] ^ 1])),
        }
        for id_, other in planted.items():
            store.insert_decision(db, replace(other, id=id_))
    replay = _replay(node)
    assert {each.id: each.unread for each in replay.unread} == dict.fromkeys(
        planted, Unread.CHANGED_INPUTS
    )
    assert replay.same == 2
    typed = _type(node, monkeypatch)
    assert typed.exit_code == 1
    assert typed.output.count(Unread.CHANGED_INPUTS) == 3


def _type(node: Node, monkeypatch: pytest.MonkeyPatch) -> Result:
    """`tipbridge decisions replay` on this node."""

    @contextlib.contextmanager
    def opened(data: object) -> Iterator[tuple[Node, None]]:
        del data
        yield node, None

    monkeypatch.setattr(terminal, "_opened", opened)
    words = ["decisions", "replay", "--data", str(node.data), "--json"]
    return CliRunner().invoke(typer.main.get_command(cli), words)
