"""Access tokens at the desk: made for oneself, listed, ended."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from tests.nodes import CONSOLE, acting
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.tokens.actions import add_token, end_token, list_tokens
from tipbridge.office.tokens.commands import tokens


def test_a_token_is_kept_as_its_digest_alone(node: Node, staff: Callable) -> None:
    with open_work(node, staff(node, Role.ANALYST)) as work:
        made = add_token(work, label="our system")
    with acting(node.engine, WORKER) as db:
        rows = db.execute(text("SELECT t::text AS row FROM access_tokens t")).scalars()
        audited = db.execute(text("SELECT facts::text FROM audit_events")).scalars()
        assert made.token.removeprefix("tbt_") not in "".join((*rows, *audited))
    assert made.token not in repr(made)


def test_everybody_lists_and_ends_their_own_and_an_administrator_all(
    node: Node, staff: Callable
) -> None:
    one, two = staff(node, Role.ANALYST), staff(node, Role.INVESTIGATOR)
    made = {}
    for actor in (one, two):
        with open_work(node, actor) as work:
            made[actor.id] = add_token(work, label=actor.name)
    with open_work(node, one) as work:
        assert [line.username for line in list_tokens(work)] == [one.name]
        with pytest.raises(NotFound):
            end_token(work, made[two.id].id)
    administrator = staff(node, Role.ADMINISTRATOR)
    with open_work(node, administrator) as work:
        assert {line.username for line in list_tokens(work)} == {one.name, two.name}
        end_token(work, made[two.id].id)
        assert {line.username: line.holds for line in list_tokens(work)} == {
            one.name: True,
            two.name: False,
        }


@pytest.mark.parametrize(
    ("label", "days"), [("", 9), ("x\n", 9), ("x" * 101, 9), ("x", 0), ("x", 367)]
)
def test_a_token_has_a_label_and_an_end(node: Node, staff: Callable, label: str, days: int) -> None:
    with open_work(node, staff(node, Role.ANALYST)) as work, pytest.raises(Invalid):
        add_token(work, label=label, days=days)


def test_the_console_that_is_nobody_makes_none(node: Node) -> None:
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="--as"):
        add_token(work, label="x")


def test_a_token_made_by_command_is_listed_and_ended_by_it(
    node: Node, staff: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    who = staff(node, Role.ANALYST).name

    def run(*words: str):
        given = (*words, "--data", str(node.data), "--as", who, "--json")
        done = CliRunner().invoke(tokens, given, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    made = run("add", "our system", "--days", "3")
    assert made["token"].startswith("tbt_")
    (line,) = run("list")
    assert (line["id"], line["holds"]) == (made["id"], True)
    assert made["token"] not in json.dumps(line)
    run("end", made["id"])
    assert not run("list")[0]["holds"]
