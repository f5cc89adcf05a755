"""Messages that fail for good are kept, shown with the reason, and driven again."""

from datetime import timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.pairs import START, Pair
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import resume_agreement, suspend_agreement
from tipbridge.sharing.exchange import pages
from tipbridge.sharing.exchange.actions import resend_package, stop_package
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.parking import actions as parking
from tipbridge.sharing.exchange.parking.model import Parked


def _parked(node) -> list[Parked]:
    with open_work(node, CONSOLE) as work:
        return parking.list_parked(work)


def _park(pair: Pair, package_id: str) -> None:
    with open_work(pair.receiver, WORKER) as work:
        parking.park(work, package_id, Invalid("synthetic"))


def _suspend(pair: Pair) -> None:
    with open_work(pair.receiver, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")


def _received(pair: Pair) -> str:
    package_id = pair.queue()
    pair.receive(pair.sealed(package_id))
    net.events(pair.receiver)
    return package_id


def test_a_refused_package_is_parked_until_it_is_delivered(pair: Pair) -> None:
    package_id = pair.queue()
    _suspend(pair)
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.REFUSED
        (parked,) = _parked(pair.sender)
        assert (parked.package_id, parked.incoming, parked.reason) == (
            package_id,
            False,
            "refused",
        )
        with open_work(pair.receiver, CONSOLE) as work:
            resume_agreement(work, pair.agreement)
        with open_work(pair.sender, CONSOLE) as work:
            resend_package(work, package_id)
        assert _parked(pair.sender) == []
        assert pair.send(package_id) is OutboxState.DELIVERED
    assert _parked(pair.sender) == []


def test_a_package_that_lapsed_in_the_queue_is_parked_and_sent_again_where_it_can(
    pair: Pair,
) -> None:
    package_id, recalled, draft = pair.queue(), pair.queue(), pair.draft()
    emptied = pair.queue(draft)
    with open_work(pair.sender, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    assert pair.send(package_id) is OutboxState.LAPSED
    with open_work(pair.sender, CONSOLE) as work:
        assert stop_package(work, recalled)
    (parked,) = _parked(pair.sender)
    found = (parked.package_id, parked.incoming, parked.lapsed, parked.reason, parked.tries)
    assert found == (package_id, False, True, "basis-lapsed", 1)
    with open_work(pair.sender, CONSOLE) as work:
        assert parking.count_parked(work) == 1
    with pytest.raises(Conflict, match="not in force"), open_work(pair.sender, CONSOLE) as work:
        resend_package(work, package_id)
    with open_work(pair.sender, CONSOLE) as work:
        resume_agreement(work, pair.agreement)
        resend_package(work, package_id)
    pair.sender.vault.destroy_key(draft.files["files/0/content"].key_id)
    assert pair.send(emptied) is OutboxState.LAPSED
    for kept, words in ((recalled, "was recalled"), (emptied, "destroyed")):
        with pytest.raises(Conflict, match=words), open_work(pair.sender, CONSOLE) as work:
            resend_package(work, kept)
    assert [(each.package_id, each.reason) for each in _parked(pair.sender)] == [
        (emptied, "content-gone")
    ]
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.DELIVERED


def test_a_package_that_cannot_be_followed_waits_with_reason_and_tries(pair: Pair) -> None:
    package_id = _received(pair)
    _park(pair, package_id)
    _park(pair, package_id)
    (parked,) = _parked(pair.receiver)
    assert (parked.peer_id, parked.incoming) == (pair.sender.id, True)
    assert (parked.reason, parked.tries) == ("invalid", 2)
    with open_work(pair.receiver, CONSOLE) as work:
        parking.retake_package(work, package_id)
    assert net.events(pair.receiver) == [
        ("exchange.package.received", {"package_id": package_id, "kind": "referral"})
    ]
    with open_work(pair.receiver, WORKER) as work:
        assert parking.count_parked(work) == 1
        parking.followed(work, package_id)
        assert parking.count_parked(work) == 0
    assert _parked(pair.receiver) == []
    _park(pair, package_id)
    assert [each.tries for each in _parked(pair.receiver)] == [3]


def test_what_is_not_parked_is_not_driven_again(pair: Pair) -> None:
    package_id = _received(pair)
    for wanted in (package_id, "0" * 32):
        with pytest.raises(NotFound), open_work(pair.receiver, CONSOLE) as work:
            parking.retake_package(work, wanted)
    assert net.events(pair.receiver) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("received, not followed", "clock differs")), ("ko", ("처리하지 못함", "시계 차이"))],
)
def test_the_page_shows_what_waits_and_drives_it_again(
    pair: Pair, language: str, words: tuple[str, ...]
) -> None:
    net.set_clock(pair.sender, START + timedelta(minutes=5))
    package_id = _received(pair)
    _park(pair, package_id)
    add_member(pair.receiver, "desk", Role.LIAISON)
    app = shell_app(pair.receiver, routers=(pages.router,), navigation=pages.NAV)
    client = browser(app, language=language)
    sign_in(client, "desk")
    shown = client.get("/exchange").text
    for word in (*words, package_id[:12], pair.sender.id):
        assert word in shown
    assert client.post(f"/exchange/packages/{package_id}/retaken").status_code == 303
    assert [event for event, _ in net.events(pair.receiver)] == ["exchange.package.received"]
    assert client.post(f"/exchange/packages/{'0' * 32}/retaken").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("ended here unanswered", "basis lapsed")), ("ko", ("이곳에서 종료됨", "근거 종료"))],
)
def test_the_page_shows_what_lapsed_and_sends_it_again(
    pair: Pair, language: str, words: tuple[str, ...]
) -> None:
    package_id = pair.queue()
    with open_work(pair.sender, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    pair.send(package_id)
    add_member(pair.sender, "desk", Role.LIAISON)
    app = shell_app(pair.sender, routers=(pages.router,), navigation=pages.NAV)
    client = browser(app, language=language)
    sign_in(client, "desk")
    shown = client.get("/exchange").text
    for word in (*words, package_id[:12]):
        assert word in shown
    again = f"/exchange/packages/{package_id}/resent"
    assert client.post(again).status_code == 409
    with open_work(pair.sender, CONSOLE) as work:
        resume_agreement(work, pair.agreement)
    assert client.post(again).status_code == 303
