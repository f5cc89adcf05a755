"""Desks and the duty rota: by command and page, and a wrong turn is withdrawn."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.nodes import CONSOLE
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.access.desks import store
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.base.moments import read_moment
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import read_audit
from tipbridge.office.desks import actions, pages
from tipbridge.office.desks.commands import desks

Run = Callable[..., Any]
DESK = ("--code", "front", "--name", "Front", "--task", "reception", "--contact", "1")


@pytest.fixture
def run(node: Node, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command of desks on the node's own database and reads its JSON."""
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))

    def run_(verb: str, *words: str) -> Any:
        given = (verb, "--data", str(node.data), "--json", *words)
        done = CliRunner().invoke(desks, given, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run_


def around(node: Node, hours: int) -> tuple[str, ...]:
    """A turn from an hour ago, for so long."""
    with open_work(node, CONSOLE) as work:
        start = work.now - timedelta(hours=1)
    until = start + timedelta(hours=hours)
    return ("--from", f"{start:%Y-%m-%dT%H:%M}", "--until", f"{until:%Y-%m-%dT%H:%M}")


def reached(node: Node) -> tuple[str, ...]:
    """Who a case of headquarters is routed to."""
    with open_work(node, CONSOLE) as work:
        return store.on_duty(work.db, 1, work.now)


def test_a_wrong_turn_reaches_nobody_and_stays_readable(node: Node, run: Run) -> None:
    for name in ("right", "wrong"):
        add_member(node, name, Role.INVESTIGATOR)
    run("add", *DESK)
    right, wrong = (
        run("turn", "front", "--username", name, *around(node, 8))["turn"]
        for name in ("right", "wrong")
    )
    assert reached(node) == ("right", "wrong")
    with pytest.raises(Invalid, match="say why"), open_work(node, CONSOLE) as work:
        actions.withdraw_turn(work, wrong, because=" ")
    run("withdraw", wrong, "--because", "Another's week.")
    assert reached(node) == ("right",)
    (line,) = run("list")
    assert (line["on_duty"], [each.split()[0] for each in line["turns"]]) == (["right"], [right])
    (told,) = line["withdrawn"]
    assert told.startswith(f"{wrong} wrong ")
    assert told.endswith(": Another's week.")
    assert f" by {CONSOLE.id} " in told
    with open_work(node, CONSOLE) as work:
        events = [each.event for each in read_audit(work)]
        (kept,) = (each for each in events if each.event == "office.turn.withdrawn")
        assert (kept.actor_id, kept.facts["turn"]) == (CONSOLE.id, wrong)
    for turn, refusal in ((wrong, Conflict), ("nothing", NotFound)):
        with pytest.raises(refusal), open_work(node, CONSOLE) as work:
            actions.withdraw_turn(work, turn, because="Again.")


def test_an_administrator_withdraws_on_the_page_and_a_turn_that_is_over_stays(
    node: Node, run: Run
) -> None:
    add_member(node, "chief", Role.ADMINISTRATOR)
    add_member(node, "reader", Role.INVESTIGATOR)
    run("add", *DESK)
    turn = run("turn", "front", "--username", "reader", *around(node, 8))["turn"]
    over = run("turn", "front", "--username", "reader", *around(node, 1))["turn"]
    with pytest.raises(Conflict, match="ended at"), open_work(node, CONSOLE) as work:
        actions.withdraw_turn(work, over, because="Wrong.")
    app = shell_app(node, routers=(pages.router,))
    reader, client = browser(app), browser(app)
    sign_in(reader, "reader")
    sign_in(client, "chief")
    where, form = f"/desks/turns/{turn}/withdrawal", {"because": "Wrong week."}
    assert where not in reader.get("/desks").text
    assert reader.post(where, data=form).status_code in {403, 404}
    assert where in client.get("/desks").text
    assert client.post(where, data=form).status_code == 303
    shown = reader.get("/desks").text
    assert "chief: Wrong week." in shown
    assert reached(node) == ()


def test_a_moment_is_utc_unless_it_says_otherwise() -> None:
    nine = datetime(2014, 3, 1, 9, tzinfo=UTC)
    assert read_moment("from", "2014-03-01T09:00") == nine
    assert read_moment("from", "2014-03-01T18:00+09:00") == nine
    with pytest.raises(Invalid, match="until is a time such as"):
        read_moment("until", "tomorrow")
    with pytest.raises(Invalid, match="until is a time"):
        read_moment("until", "9999-12-31T23:59-10:00")
