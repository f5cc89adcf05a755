"""A believed change of the law changes nothing and is said, with its mark, wherever it matters."""

from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from tests.access.law_marks import IN_AN_ANSWER, ON_A_PAGE, unmarked, unsure, used_in
from tests.knowledge.law.builders import aged, facts
from tests.police.folk import a_case, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.knowledge.law.differences import advice_differences
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Advice, Mark, Offence, Part
from tipbridge.knowledge.law.rules import advise, law_on
from tipbridge.knowledge.law.versions import counts_as_child
from tipbridge.police.outcomes import pages
from tipbridge.police.outcomes.rules import advice_document

LAWS = shipped_laws()
RULE = "KR-YPA-2-2024"
BEFORE, SINCE = date(2023, 12, 31), date(2024, 1, 1)


def asked(act_on: date, **given: object) -> Advice:
    birth = aged(30, on=date(2014, 3, 10))
    return advise(LAWS, "KR", facts(birth=birth, **given), act_on, date(2024, 6, 3))


@pytest.mark.parametrize(
    "given", [{"self_produced": True}, {"parts": frozenset({Part.SUSPECT, Part.DEPICTED})}]
)
def test_the_change_of_2024_is_said_from_its_day_on_where_a_child_is_asked_about(
    given: dict[str, object],
) -> None:
    assert [each.rule for each in asked(BEFORE, **given).cautions] == []
    (caution,) = asked(SINCE, **given).cautions
    assert (caution.rule, caution.mark) == (RULE, Mark.UNCONFIRMED)


def test_it_is_not_said_where_nobody_asks_who_is_a_child() -> None:
    assert asked(SINCE, offence=Offence.POSSESSION).cautions == ()


def test_an_article_that_is_not_read_is_said_for_every_act_since_its_promulgation() -> None:
    day = date(2024, 10, 16)
    said = [
        [source.rule for source in advise(LAWS, "KR", facts(), on, date(2025, 6, 2)).cautions]
        for on in (day - timedelta(days=1), day)
    ]
    assert said == [[], ["KR-YPA-ART-11-2"]]


def test_it_changes_nothing_while_nobody_has_read_it() -> None:
    """By birthday below 19 until the birthday; by the year, as loaded, until the first of January."""
    turning_19, law = verified(date(2005, 12, 1)), law_on(LAWS, "KR", date(2024, 6, 3))
    assert counts_as_child(law, turning_19, date(2024, 6, 3)) is False
    with_it, without = asked(SINCE, self_produced=True), asked(BEFORE, self_produced=True)
    assert with_it.permitted == without.permitted
    assert with_it.forbidden == without.forbidden


@pytest.mark.parametrize("language", ["en", "ko"])
def test_commands_and_differences_say_it_with_its_mark(language: str) -> None:
    line = "--decided-on 2024-06-03 --act-on 2024-02-01 --born 2007-03-01 --offence distribution"
    words = f"law explain KR {line} --self-produced --language {language}"
    told = CliRunner().invoke(cli, words.split(), catch_exceptions=False).output
    assert RULE in told
    assert unmarked(told, IN_AN_ANSWER) == []
    old, new = (
        advice_document(asked(day, self_produced=True)) for day in (BEFORE, date(2024, 1, 2))
    )
    said = [each.said(language) for each in advice_differences(old, new, LAWS[0].words, language)]
    (change,) = [each for each in said if RULE in each]
    assert used_in(change, ON_A_PAGE)
    assert unmarked(change, ON_A_PAGE) == []


def test_the_difference_of_two_years_says_it_only_across_its_day() -> None:
    def told(before: str, after: str) -> str:
        return CliRunner().invoke(cli, ["law", "diff", "KR", before, after]).output

    across = told("2014-06-02", "2025-06-02")
    (line,) = [each for each in across.splitlines() if RULE in each]
    assert "2024-01-01" in line
    assert unmarked(line, ON_A_PAGE) == []
    assert RULE not in told("2014-06-02", "2020-05-01")


def test_law_check_lists_it_as_not_loaded() -> None:
    told = CliRunner().invoke(cli, ["law", "check"]).output
    assert "not loaded, since 2024-01-01" in told
    assert f"{RULE} is unconfirmed" in told


def test_the_page_of_outcomes_shows_it_with_its_mark_in_both_languages(node: Node) -> None:
    file = a_case(node, now=datetime(2024, 6, 3, tzinfo=UTC))
    young = suspect(birth=verified(date(2007, 3, 1)), act_on=date(2024, 2, 1), self_produced=True)
    recorded(node, file, young)
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router,)))
    sign_in(client, "desk")
    citations = {text for text in unsure() if "2024" in text}
    for language in ("en", "ko"):
        client.get(f"/language/{language}")
        shown = client.get(f"/cases/{file.case.id}/outcomes").text
        assert citations & {text for text, _ in used_in(shown, IN_AN_ANSWER)}
        assert unmarked(shown, IN_AN_ANSWER) == []
