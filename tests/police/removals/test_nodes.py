"""Notices to a host's own node: over real HTTP, sealed, and the answers back to the case."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.nodes import CONSOLE
from tests.police.removals.places import a_place, file_of, know, tasks_about
from tests.sharing.net import listening, pin, settle
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.pipeline import follow
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import noticing
from tipbridge.police.removals.model import Channel, Notice, NoticeState, Removal, RemovalState
from tipbridge.sharing.exchange.model import PackageKind
from tipbridge.sharing.notices import actions as notices
from tipbridge.sharing.notices.messages import notice_value, read_notice
from tipbridge.sharing.notices.model import HostNotice, NoticeStep, ReplyKind

HOST = "host.example"
Pair = tuple[Node, Node]


@pytest.fixture
def pair(make_node: Callable[..., Node]) -> Iterator[Pair]:
    """A police node and a host's own node, each of which listens and knows the other."""
    police = make_node(node_id="kr.police", profiles=("police",))
    host = make_node(node_id="us.host", profiles=("provider",))
    with contextlib.ExitStack() as open_:
        here, there = (open_.enter_context(listening(node)) for node in (police, host))
        pin(police, host, there)
        pin(host, police, here)
        yield police, host


def _asked(pair: Pair) -> tuple[Removal, Notice]:
    removal = a_place(pair[0])
    know(pair[0], HOST, Channel.NODE, "us.host")
    with open_work(pair[0], CONSOLE) as work:
        return removal, noticing.make_notice(work, removal.id)


def _settle(pair: Pair) -> None:
    settle(list(pair), follow)


def _arrived(pair: Pair) -> list[HostNotice]:
    with open_work(pair[1], CONSOLE) as work:
        return notices.list_notices(work)


def _answer(pair: Pair, kind: ReplyKind) -> None:
    (arrived,) = _arrived(pair)
    with open_work(pair[1], CONSOLE) as work:
        notices.answer_notice(work, arrived.package_id, kind)
    _settle(pair)


def test_a_notice_reaches_a_hosts_node_and_its_answers_come_back(pair: Pair) -> None:
    removal, notice = _asked(pair)
    _settle(pair)
    (sent,) = file_of(pair[0], removal).notices
    assert (sent.state, sent.channel, sent.recipient) == (
        NoticeState.SENT,
        Channel.NODE,
        "us.host",
    )
    (arrived,) = _arrived(pair)
    told = arrived.document
    assert (arrived.peer_id, told.notice, told.step) == ("kr.police", notice.id, NoticeStep.FIRST)
    assert told.address == "hxxps[:]//host[.]example/posts/1?a=b"
    assert (told.subject, told.text) == (notice.subject, notice.body)
    assert arrived.answers == ()
    _answer(pair, ReplyKind.ACKNOWLEDGED)
    assert file_of(pair[0], removal).removal.state is RemovalState.UNKNOWN
    _answer(pair, ReplyKind.REMOVED)
    found = file_of(pair[0], removal)
    assert [(reply.kind, reply.by) for reply in found.replies] == [
        (ReplyKind.ACKNOWLEDGED, "us.host"),
        (ReplyKind.REMOVED, "us.host"),
    ]
    assert (found.removal.state, found.steps[-1].source.value) == (RemovalState.REMOVED, "reply")
    assert found.removal.next_check_at is not None  # its word is looked at next
    (arrived,) = _arrived(pair)
    assert [answer.kind for answer in arrived.answers] == [
        ReplyKind.ACKNOWLEDGED,
        ReplyKind.REMOVED,
    ]


def test_everything_said_twice_between_the_nodes_is_done_once(pair: Pair) -> None:
    removal, notice = _asked(pair)
    for _ in range(2):
        follow(pair[0], "removals.notice.queued", {"notice_id": notice.id})
    _settle(pair)
    (arrived,) = _arrived(pair)
    came = {"package_id": arrived.package_id, "kind": PackageKind.NOTICE.value}
    for _ in range(2):
        follow(pair[1], "exchange.package.received", came)
    assert _arrived(pair) == [arrived]
    _answer(pair, ReplyKind.REMOVED)
    found = file_of(pair[0], removal)
    (reply,) = found.replies
    said = {"package_id": reply.id, "kind": PackageKind.NOTICE_ANSWER.value}
    for _ in range(2):
        follow(pair[0], "exchange.package.received", said)
    assert file_of(pair[0], removal) == found


def test_a_refusal_by_the_hosts_node_opens_the_next_step(pair: Pair) -> None:
    removal, _ = _asked(pair)
    _settle(pair)
    _answer(pair, ReplyKind.REFUSED)
    assert tasks_about(pair[0], removal) == [TaskKind.HOST_ANSWERED]
    with open_work(pair[0], CONSOLE) as work:
        firmer = noticing.make_notice(work, removal.id)
    _settle(pair)
    assert firmer.step is NoticeStep.REMINDER
    assert [each.document.step for each in _arrived(pair)] == [
        NoticeStep.REMINDER,
        NoticeStep.FIRST,
    ]


def test_a_notice_that_the_hosts_node_refuses_is_shown_as_failed_and_sent_anew(
    make_node: Callable[..., Node],
) -> None:
    police = make_node(node_id="kr.police", profiles=("police",))
    host = make_node(node_id="us.host", profiles=("provider",))
    pair = police, host
    with listening(host) as there:
        pin(police, host, there)
        removal, notice = _asked(pair)
        _settle(pair)
        (failed,) = file_of(police, removal).notices
        assert (failed.state, failed.problem) == (NoticeState.FAILED, "peer-refused")
        assert tasks_about(police, removal) == [TaskKind.NOTICE_FAILED]
        assert _arrived(pair) == []
        pin(host, police)
        with open_work(police, CONSOLE) as work:
            noticing.retry_notice(work, notice.id)
        _settle(pair)
    (sent,) = file_of(police, removal).notices
    assert (sent.state, sent.problem) == (NoticeState.SENT, "")
    assert [each.document.notice for each in _arrived(pair)] == [notice.id]


@pytest.mark.parametrize("contact", ["", "nobody.here", "us.nowhere"])
def test_a_node_that_is_no_peer_is_no_contact(pair: Pair, contact: str) -> None:
    with pytest.raises(Invalid):
        know(pair[0], HOST, Channel.NODE, contact)


def test_a_notice_that_nobody_sent_is_not_answered(pair: Pair) -> None:
    with open_work(pair[1], CONSOLE) as work, pytest.raises(NotFound):
        notices.answer_notice(work, "f" * 32, ReplyKind.REMOVED)


def test_a_notice_with_something_missing_or_strange_is_none(pair: Pair) -> None:
    _asked(pair)
    _settle(pair)
    value = notice_value(_arrived(pair)[0].document)
    assert read_notice(value) == _arrived(pair)[0].document
    for name in value:
        with pytest.raises(Invalid):
            read_notice({key: each for key, each in value.items() if key != name})
    for name, strange in (("step", "now"), ("asked", "tell-me"), ("made_at", "2014-06-02T03:00")):
        with pytest.raises(Invalid):
            read_notice(value | {name: strange})
