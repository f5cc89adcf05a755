"""Agreements that both parties sign, amend, suspend and resume; in flight too."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing.net import pin, set_clock
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.model import Agreement
from tipbridge.knowledge.agreements.rules import in_force
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.trusting import actions as trusting

FIRST = template_text("police-mou", sender="us.hsi", receiver="kr.knpa")
AT = datetime(2014, 6, 1, tzinfo=UTC)
Pair = tuple[Node, Node]


@pytest.fixture
def pair(make_node: Callable[..., Node]) -> Pair:
    nodes = make_node("us.hsi"), make_node("kr.knpa")
    pin(nodes[0], nodes[1])
    pin(nodes[1], nodes[0])
    for node in nodes:
        set_clock(node, AT)
    return nodes


def _held(node: Node, sha256: str) -> Agreement:
    with open_work(node, CONSOLE) as work:
        return agreements.read_agreement(work, sha256)


def _agree(pair: Pair, text: str) -> str:
    names: set[str] = set()
    for node in pair:
        with open_work(node, CONSOLE) as work:
            names.add(agreements.add_agreement(work, document=text.encode(), confirmed=True).sha256)
    return names.pop()


def _sign(by: Node, sha256: str) -> bytes:
    with open_work(by, CONSOLE) as work:
        return agreements.sign_agreement(work, sha256)


def _take(at: Node, envelope: bytes) -> tuple[str, str]:
    with open_work(at, CONSOLE) as work:
        return actions.take_signature(work, envelope=envelope)


def _sign_both(pair: Pair, sha256: str) -> None:
    one, other = (_sign(node, sha256) for node in pair)
    assert _take(pair[0], other) == (sha256, "kr.knpa")
    assert _take(pair[1], one) == (sha256, "us.hsi")


def test_it_holds_once_both_signed_and_not_before(pair: Pair) -> None:
    sha256 = _agree(pair, FIRST)
    assert not in_force(_held(pair[0], sha256), AT)
    envelope = _sign(pair[0], sha256)
    assert not in_force(_held(pair[0], sha256), AT)
    _take(pair[1], envelope)
    assert not in_force(_held(pair[1], sha256), AT)
    _sign(pair[1], sha256)
    assert in_force(_held(pair[1], sha256), AT)
    assert not in_force(_held(pair[0], sha256), AT)


def test_only_the_other_party_over_exactly_these_bytes_counts(pair: Pair) -> None:
    sha256 = _agree(pair, FIRST)
    own = _sign(pair[0], sha256)
    with pytest.raises(IntegrityFailure):
        _take(pair[0], own)
    changed = _sign(pair[1], sha256).replace(b'"sig":"A', b'"sig":"B', 1)
    forged = changed if b'"sig":"B' in changed else own
    with pytest.raises(IntegrityFailure):
        _take(pair[0], forged)
    with pytest.raises(NotFound):
        _take(pair[0], pair[1].keys.sign(agreements.AGREEMENT_TYPE, b"{}"))
    assert _held(pair[0], sha256).signed_by == {"us.hsi"}


def test_an_amendment_takes_over_when_both_signed_it(pair: Pair) -> None:
    first = _agree(pair, FIRST)
    _sign_both(pair, first)
    text = FIRST.replace("version = 1", f'version = 2\nreplaces = "{first}"')
    second = _agree(pair, text.replace('ip = "allow"', 'ip = "generalise:prefix"'))
    assert in_force(_held(pair[0], first), AT)
    assert not in_force(_held(pair[0], second), AT)
    _sign_both(pair, second)
    for node in pair:
        assert not in_force(_held(node, first), AT)
        assert in_force(_held(node, second), AT)


def _revoke(at: Node, other: Node, since: datetime) -> tuple[str, ...]:
    with open_work(at, CONSOLE) as work:
        found = trusting.revoke_key(work, other.id, fingerprint=other.keys.fingerprint, since=since)
    return found.agreements


def test_what_a_revoked_key_signed_since_holds_no_more_until_it_is_signed_anew(
    pair: Pair, make_node: Callable[..., Node]
) -> None:
    first = _agree(pair, FIRST)
    _sign_both(pair, first)
    later = AT + timedelta(days=30)
    for node in pair:
        set_clock(node, later)
    second = _agree(pair, FIRST.replace("version = 1", f'version = 2\nreplaces = "{first}"'))
    _sign_both(pair, second)
    assert in_force(_held(pair[1], second), later)
    # Stolen in between: what was signed before stands, the amendment does not.
    assert _revoke(pair[1], pair[0], later - timedelta(days=1)) == (second,)
    held = _held(pair[1], second)
    assert (held.signed_by, in_force(held, later)) == ({"kr.knpa"}, False)
    assert _held(pair[1], first).signed_by == {"us.hsi", "kr.knpa"}
    # The party itself knows the first one alone: it stands again, and can be amended.
    assert in_force(_held(pair[1], first), later)
    text = FIRST.replace("version = 1", f'version = 3\nreplaces = "{first}"')
    with open_work(pair[1], CONSOLE) as work:
        agreements.add_agreement(work, document=text.encode(), confirmed=True)
    # The old signature is no way back, but one with a new key is.
    again = make_node("us.hsi")
    set_clock(again, later)
    pin(pair[1], again)
    with pytest.raises(IntegrityFailure):
        _take(pair[1], _sign(pair[0], second))
    with open_work(again, CONSOLE) as work:
        for text in (FIRST, FIRST.replace("version = 1", f'version = 2\nreplaces = "{first}"')):
            agreements.add_agreement(work, document=text.encode(), confirmed=True)
    _take(pair[1], _sign(again, second))
    assert in_force(_held(pair[1], second), later)
    assert not in_force(_held(pair[1], first), later)


def test_a_suspension_holds_until_it_is_lifted(pair: Pair) -> None:
    sha256 = _agree(pair, FIRST)
    _sign_both(pair, sha256)
    with open_work(pair[1], CONSOLE) as work:
        agreements.suspend_agreement(work, sha256, reason="review of handling")
    assert not in_force(_held(pair[1], sha256), AT)
    with open_work(pair[1], CONSOLE) as work, pytest.raises(Conflict):
        agreements.suspend_agreement(work, sha256, reason="again")
    with open_work(pair[1], CONSOLE) as work:
        agreements.resume_agreement(work, sha256)
    assert in_force(_held(pair[1], sha256), AT)
    assert len(_held(pair[1], sha256).suspensions) == 1
    with open_work(pair[1], CONSOLE) as work, pytest.raises(Conflict):
        agreements.resume_agreement(work, sha256)


def test_a_side_that_may_not_suspend_is_refused_and_notice_is_kept(pair: Pair) -> None:
    text = FIRST.replace('by = ["sender", "receiver"]', 'by = ["sender"]')
    sha256 = _agree(pair, text.replace("notice_days = 0", "notice_days = 3"))
    _sign_both(pair, sha256)
    with open_work(pair[1], CONSOLE) as work, pytest.raises(Invalid):
        agreements.suspend_agreement(work, sha256, reason="not ours to do")
    with open_work(pair[0], CONSOLE) as work:
        pause = agreements.suspend_agreement(work, sha256, reason="review")
    held = _held(pair[0], sha256)
    assert in_force(held, AT)
    assert not in_force(held, pause.starts_at)
    assert (pause.starts_at - AT).days == 3
