"""Providers' sign-in: guesses are counted over every spelling, and every refusal is told."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.nodes import acting
from tests.sharing.net import audit
from tests.tips.intake.ispws import add_provider
from tipbridge.foundation.access.errors import NotAProvider
from tipbridge.foundation.access.model import ANYWHERE
from tipbridge.foundation.access.rules import (
    FAILURES_BEFORE_PAUSE,
    PAUSE,
    PLACES_KEPT_FOR,
    place_of,
)
from tipbridge.foundation.base.actors import DOORKEEPER
from tipbridge.foundation.node import Node
from tipbridge.web.provider_door import ProviderDoor

SPELLINGS = ("usr123", "USR123", " usr123", "\uff55\uff53\uff52123", "Usr\uff11\uff12\uff13")
HOME, ELSEWHERE, THIRD = "192.0.2.7", "198.51.100.9", "203.0.113.4"


def basic(username: str, password: str = "pw-1") -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def guess(door: ProviderDoor, host: str, username: str = "usr123", password: str = "wrong") -> None:
    with pytest.raises(NotAProvider, match=r"^Authentication required\.$"):
        door.login(basic(username, password), host)


def exhaust(door: ProviderDoor, host: str) -> None:
    for number in range(FAILURES_BEFORE_PAUSE):
        guess(door, host, SPELLINGS[number % len(SPELLINGS)])


def move_failures(node: Node, by: timedelta) -> None:
    with acting(node.engine, DOORKEEPER) as db:
        db.execute(text("UPDATE sign_in_failures SET last_at = last_at - :by"), {"by": by})


def counted(node: Node) -> dict[str, int]:
    with acting(node.engine, DOORKEEPER) as db:
        rows = db.execute(text("SELECT place, failures FROM sign_in_failures ORDER BY place"))
        return {str(row.place): int(row.failures) for row in rows}


def test_guesses_are_counted_over_every_spelling_and_place_and_then_no_new_place_gets_in(
    node: Node,
) -> None:
    add_provider(node)
    for number in range(FAILURES_BEFORE_PAUSE):
        guess(ProviderDoor(node), f"198.51.100.{number}", SPELLINGS[number % len(SPELLINGS)])
    assert counted(node) == {ANYWHERE: FAILURES_BEFORE_PAUSE}
    guess(ProviderDoor(node), HOME, password="pw-1")
    move_failures(node, PAUSE)
    assert ProviderDoor(node).login(basic("usr123"), HOME).username == "usr123"
    assert counted(node) == {HOME: 0}, "a place that got in ends the count of all others"


def test_a_guesser_elsewhere_keeps_the_right_holder_out_of_no_place_that_got_in_before(
    node: Node,
) -> None:
    add_provider(node)
    ProviderDoor(node).login(basic("usr123"), HOME)
    exhaust(ProviderDoor(node), ELSEWHERE)
    restarted = ProviderDoor(node)
    assert restarted.login(basic("usr123"), HOME).username == "usr123"
    guess(restarted, ELSEWHERE)
    guess(restarted, THIRD, password="pw-2")
    assert counted(node) == {ANYWHERE: FAILURES_BEFORE_PAUSE, HOME: 0}
    guess(ProviderDoor(node), THIRD, password="pw-1")


def test_a_place_that_got_in_is_paused_by_its_own_guesses_and_pauses_no_other(node: Node) -> None:
    add_provider(node)
    for host in (HOME, ELSEWHERE):
        ProviderDoor(node).login(basic("usr123"), host)
    exhaust(ProviderDoor(node), ELSEWHERE)
    assert counted(node) == {ELSEWHERE: FAILURES_BEFORE_PAUSE, HOME: 0}
    guess(ProviderDoor(node), ELSEWHERE, password="pw-1")
    assert ProviderDoor(node).login(basic("usr123"), HOME)
    assert ProviderDoor(node).login(basic("usr123"), THIRD), "a new place was never guessed at"
    move_failures(node, PAUSE)
    assert ProviderDoor(node).login(basic("usr123"), ELSEWHERE)
    assert counted(node)[ELSEWHERE] == 0


def test_a_place_is_known_that_asked_with_a_password_verified_elsewhere(node: Node) -> None:
    add_provider(node)
    door = ProviderDoor(node)
    login = door.login(basic("usr123"), HOME)
    assert door.known(basic("usr123"), HOME) == login
    assert door.known(basic("usr123"), THIRD) is None, "the gate asks once more, and notes it"
    exhaust(door, ELSEWHERE)
    assert door.login(basic("usr123"), THIRD) == door.known(basic("usr123"), THIRD) == login
    assert ProviderDoor(node).login(basic("usr123"), THIRD) == login


def test_a_place_that_nobody_used_for_long_is_forgotten(node: Node) -> None:
    add_provider(node)
    ProviderDoor(node).login(basic("usr123"), HOME)
    move_failures(node, PLACES_KEPT_FOR + timedelta(days=1))
    ProviderDoor(node).login(basic("usr123"), THIRD)
    assert counted(node) == {THIRD: 0}


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("x" * 5000, "x" * 100),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_is_counted_as_its_place(host: str | None, place: str) -> None:
    assert place_of(host) == place != ANYWHERE


def test_a_pause_never_grows_by_what_is_tried_in_it(node: Node) -> None:
    add_provider(node)
    door = ProviderDoor(node)
    exhaust(door, HOME)
    move_failures(node, PAUSE - timedelta(seconds=30))
    guess(door, HOME)
    move_failures(node, timedelta(seconds=30))
    assert door.login(basic("usr123"), HOME)


def test_guesses_do_not_stop_a_provider_that_was_let_in(node: Node) -> None:
    add_provider(node)
    door = ProviderDoor(node)
    login = door.login(basic("usr123"), HOME)
    exhaust(door, HOME)
    assert door.known(basic("usr123"), HOME) == login


def test_a_refused_credential_leaves_one_record(node: Node) -> None:
    add_provider(node)
    guess(ProviderDoor(node), HOME)
    guess(ProviderDoor(node), HOME, "nobody")
    refused = [event for event in audit(node) if event[0] == "access.action.refused"]
    assert len(refused) == 2
    assert "nobody" not in repr(refused)
