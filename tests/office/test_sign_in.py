"""Staff's sign-in: failures count where they are made, and who got in before is kept out by none."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.sharing.net import audit
from tests.web.pages import ORIGIN, PASSWORD, add_member, shell_app
from tests.web.test_provider_door import (
    ELSEWHERE,
    HOME,
    SPELLINGS,
    THIRD,
    counted,
    move_failures,
)
from tipbridge.foundation.access.model import ANYWHERE
from tipbridge.foundation.access.rules import FAILURES_BEFORE_PAUSE, PAUSE
from tipbridge.foundation.base.actors import DOORKEEPER, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office import actions


@pytest.fixture
def desk(node: Node) -> FastAPI:
    add_member(node, "usr123", Role.ANALYST)
    return shell_app(node)


def attempt(desk: FastAPI, host: str, password: str = PASSWORD) -> int:
    """What the form answers to somebody at this address: 303 lets in, 401 does not."""
    browser = TestClient(
        desk,
        base_url=ORIGIN,
        client=(host, 50000),
        follow_redirects=False,
        headers={"accept": "text/html", "origin": ORIGIN},
    )
    return browser.post("/sign-in", data={"username": "usr123", "password": password}).status_code


def exhaust(node: Node, host: str) -> None:
    """As many failures as make a pause, in all spellings of the name."""
    for number in range(FAILURES_BEFORE_PAUSE):
        with open_work(node, DOORKEEPER) as work:
            name = SPELLINGS[number % len(SPELLINGS)]
            actions.count_sign_in_failure(work, username=name, place=host)


def test_a_guesser_elsewhere_keeps_staff_out_of_no_place_that_got_in_before(
    node: Node, desk: FastAPI
) -> None:
    assert attempt(desk, HOME) == 303
    exhaust(node, ELSEWHERE)
    assert counted(node) == {ANYWHERE: FAILURES_BEFORE_PAUSE, HOME: 0}
    assert attempt(desk, ELSEWHERE) == attempt(desk, THIRD) == 401, "all other places share it"
    assert attempt(desk, HOME) == 303
    assert counted(node) == {ANYWHERE: FAILURES_BEFORE_PAUSE, HOME: 0}, "and go on sharing it"
    move_failures(node, PAUSE)
    assert attempt(desk, THIRD) == 303
    assert counted(node) == {HOME: 0, THIRD: 0}


def test_a_place_that_got_in_is_paused_by_its_own_guesses_alone(node: Node, desk: FastAPI) -> None:
    assert attempt(desk, HOME) == attempt(desk, ELSEWHERE) == 303
    assert attempt(desk, HOME, "wrong password") == 401
    assert counted(node) == {ELSEWHERE: 0, HOME: 1}
    exhaust(node, HOME)
    assert attempt(desk, HOME) == 401
    assert attempt(desk, ELSEWHERE) == attempt(desk, THIRD) == 303


def test_what_is_tried_during_a_pause_does_not_make_it_longer(node: Node, desk: FastAPI) -> None:
    exhaust(node, HOME)
    move_failures(node, PAUSE - timedelta(seconds=30))
    assert attempt(desk, HOME, "wrong password") == 401
    assert counted(node) == {ANYWHERE: FAILURES_BEFORE_PAUSE}
    move_failures(node, timedelta(seconds=30))
    assert attempt(desk, HOME) == 303


def test_each_failure_leaves_one_record_that_names_nobody(node: Node, desk: FastAPI) -> None:
    assert attempt(desk, HOME, "wrong password") == 401
    told = [event for event in audit(node) if event[0] == "office.session.refused"]
    assert len(told) == 1
    assert "usr123" not in repr(told)
    assert HOME not in repr(told)
