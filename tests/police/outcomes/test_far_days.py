"""Days at the ends of the calendar are answered in words, on no page and no command by a fault."""

from datetime import date

import pytest
from typer.testing import CliRunner

from tests.nodes import CONSOLE
from tests.police.folk import a_case, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.police.outcomes import actions, pages
from tipbridge.police.retention import pages as retention


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_pages_answer_the_first_and_the_last_day_there_is(node: Node, day: str) -> None:
    person_id = recorded(node, a_case(node), suspect(birth=verified(date(2001, 5, 5))))
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION)
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router, retention.router)))
    sign_in(client, "desk")
    for path in ("/retention", "/outcomes/differences"):
        assert client.get(path, params={"on": day}).status_code == 200, path


def test_advice_of_the_last_day_there_is_has_its_duties_on_that_day() -> None:
    words = "law explain KR --decided-on 9999-12-31 --act-on 9998-01-01 --born 9986-01-01"
    told = CliRunner().invoke(cli, [*words.split(), "--offence", "possession"])
    assert told.exit_code == 0, told.output
    assert "9999-12-31" in told.output
    early = "law explain KR --decided-on 0001-01-01 --born 0001-01-01 --offence possession"
    told = CliRunner().invoke(cli, early.split())
    assert "No law" in str(told.exception) or "no law" in str(told.exception).lower()
