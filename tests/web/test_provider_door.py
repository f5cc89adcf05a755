"""Providers' sign-in: guesses are counted over every spelling, and every refusal is told."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.nodes import acting
from tests.sharing.net import audit
from tests.tips.intake.ispws import add_provider
from tipbridge.foundation.access.errors import NotAProvider
from tipbridge.foundation.access.rules import FAILURES_BEFORE_PAUSE, PAUSE
from tipbridge.foundation.base.actors import DOORKEEPER
from tipbridge.foundation.node import Node
from tipbridge.web.provider_door import ProviderDoor

SPELLINGS = ("usr123", "USR123", " usr123", "\uff55\uff53\uff52123", "Usr\uff11\uff12\uff13")


def basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def guess(door: ProviderDoor, username: str, password: str = "wrong") -> None:
    with pytest.raises(NotAProvider, match=r"^Authentication required\.$"):
        door.login(basic(username, password))


def move_failures(node: Node, by: timedelta) -> None:
    with acting(node.engine, DOORKEEPER) as db:
        db.execute(text("UPDATE sign_in_failures SET last_at = last_at - :by"), {"by": by})


def test_guesses_are_counted_over_every_spelling_and_then_nothing_opens(node: Node) -> None:
    add_provider(node)
    door = ProviderDoor(node)
    for number in range(FAILURES_BEFORE_PAUSE):
        guess(door, SPELLINGS[number % len(SPELLINGS)])
    guess(door, "usr123", "pw-1")
    move_failures(node, PAUSE)
    assert door.login(basic("usr123", "pw-1")).username == "usr123"
    guess(door, "usr123")
    assert ProviderDoor(node).login(basic("usr123", "pw-1"))


def test_a_pause_never_grows_by_what_is_tried_in_it(node: Node) -> None:
    add_provider(node)
    door = ProviderDoor(node)
    for _ in range(FAILURES_BEFORE_PAUSE):
        guess(door, "usr123")
    move_failures(node, PAUSE - timedelta(seconds=1))
    guess(door, "usr123")
    move_failures(node, timedelta(seconds=1))
    assert door.login(basic("usr123", "pw-1"))


def test_guesses_do_not_stop_a_provider_that_was_let_in(node: Node) -> None:
    add_provider(node)
    door = ProviderDoor(node)
    login = door.login(basic("usr123", "pw-1"))
    for _ in range(FAILURES_BEFORE_PAUSE):
        guess(door, "usr123")
    assert door.known(basic("usr123", "pw-1")) == login


def test_a_refused_credential_leaves_one_record(node: Node) -> None:
    add_provider(node)
    guess(ProviderDoor(node), "usr123")
    guess(ProviderDoor(node), "nobody")
    refused = [event for event in audit(node) if event[0] == "access.action.refused"]
    assert len(refused) == 2
    assert "nobody" not in repr(refused)
