"""Peers that gave or may have got a hit about a wrong person are told by staff, once each."""

from collections.abc import Generator
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE
from tests.police.deconfliction.pair import Pair, a_suspect, open_pair
from tests.police.folk import NOW, file_of
from tests.sharing import net
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness.model import Target
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.identifying import take_back_identifier
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.deconfliction.telling import tell_peers


@pytest.fixture
def pair(make_node) -> Generator[Pair]:
    with open_pair(make_node) as opened:
        yield opened


def told(node: Node, file: CaseFile) -> list[tuple[Target, str | None]]:
    """Whom staff tell after the person of a case was put right."""
    with open_work(node, CONSOLE) as work:
        made = fairness.correct_person(
            work, file.case.id, file.people[0].person.id, grounds="Another line."
        )
    for _ in range(2):  # a repeat opens none
        with open_work(node, WORKER) as work:
            tell_peers(work, correction_id=made.id)
    with open_work(node, CONSOLE) as work:
        (side,) = fairness.read_due_process(work, file.case.id).people
    assert side.correction is not None
    return [
        (each.target, each.receiver)
        for each in side.correction.told
        if each.target in {Target.PEER_HIT, Target.PEER_ANSWER}
    ]


def not_theirs(node: Node, file: CaseFile, account: str) -> None:
    """Take the account back by which the person of a case was known."""
    (known,) = file.people
    (named,) = (each for each in known.identifiers if each.value == account)
    with open_work(node, CONSOLE) as work:
        take_back_identifier(work, known.person.id, named, because="Another's.")


def test_who_gave_or_may_have_got_a_hit_is_told_and_nobody_else_is(pair: Pair) -> None:
    held = a_suspect(pair.holder, "both")
    wrong, never = (a_suspect(pair.holder, name) for name in ("wrong", "never"))
    not_theirs(pair.holder, never, "never")
    net.set_clock(pair.holder, NOW + timedelta(minutes=30))
    hit, miss = a_suspect(pair.asker, "both"), a_suspect(pair.asker, "ours")
    assert pair.ask(hit.case.id).hits == 1
    assert pair.ask(miss.case.id).hits == 0
    # The peer itself does not know that it gave a hit: who asked is to ask again.
    net.set_clock(pair.holder, NOW + timedelta(hours=1))
    later = a_suspect(pair.holder, "later")
    assert told(pair.holder, later) == []  # was not known when the peer asked
    not_theirs(pair.holder, wrong, "wrong")
    assert told(pair.holder, wrong) == [(Target.PEER_ANSWER, "kr.knpa")]  # it stood when they asked
    assert told(pair.holder, never) == []
    assert told(pair.holder, held) == [(Target.PEER_ANSWER, "kr.knpa")]
    assert told(pair.asker, miss) == []
    assert told(pair.asker, hit) == [(Target.PEER_HIT, "us.hsi")]
    tasks = [each for each in file_of(pair.asker, hit.case.id).tasks if each.done_at is None]
    assert [(each.kind, each.title) for each in tasks] == [(TaskKind.TELL_CORRECTION, "us.hsi")]
