"""Packages that are longer than their receiver takes: both ends say the limit and the setting."""

import hashlib
from dataclasses import replace

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.packages import salted
from tests.sharing.exchange.pairs import Pair
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Settings
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.carrying import fetching
from tipbridge.sharing.exchange.model import OutboxState

LONG = bytes(8 * 1024**2)
LIMIT = 999


@pytest.fixture
def limited(pair: Pair) -> Pair:
    """A receiver that takes hardly anything."""
    settings = pair.receiver.settings.model_copy(update={"package_max_bytes": LIMIT})
    return replace(pair, receiver=replace(pair.receiver, settings=settings))


def _queued(pair: Pair) -> str:
    with open_work(pair.sender, WORKER) as work:
        key_id = work.ids.new()
        work.node.vault.create_key(key_id)
        sealed = work.node.vault.seal(key_id, "long", LONG)
    value = {"sha256": hashlib.sha256(LONG).hexdigest(), "size_bytes": len(LONG)}
    part = Part(label="files/0/content", value=value, data_class=DataClass.CONTENT)
    return pair.queue(
        replace(pair.draft(), parts=salted([part]), files={"files/0/content": sealed})
    )


def _said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if "too-long" in line]


def test_what_is_pushed_and_too_long_says_the_limit_at_both_ends(
    limited: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    package_id = _queued(limited)
    with net.listening(limited.receiver) as url:
        net.pin(limited.sender, limited.receiver, url)
        assert limited.send(package_id) is OutboxState.REFUSED
    assert limited.sent(package_id).last_outcome == "too-long"
    said = _said(capsys)
    assert len(said) == 2, "one of each end"
    assert all("package_max_bytes" in line and str(LIMIT) in line for line in said)


def test_what_is_fetched_and_too_long_says_the_limit_where_it_stands(
    limited: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    with net.listening(limited.sender) as url:
        with open_work(limited.sender, CONSOLE) as work:
            actions.add_peer(work, card=net.card_of(limited.receiver), collected=True)
        with open_work(limited.receiver, CONSOLE) as work:
            actions.add_peer(work, card=net.card_of(limited.sender), url=url, fetches=True)
        package_id = _queued(limited)
        with open_work(limited.receiver, WORKER) as work:
            fetching.fetch_package(work, peer_id=limited.sender.id)
    (line,) = _said(capsys)
    assert all(word in line for word in ("package_max_bytes", str(LIMIT), package_id))


def test_as_shipped_a_node_takes_packages_of_ten_gigabytes() -> None:
    assert Settings.model_fields["package_max_bytes"].default > 10 * 10**9
