"""What commands say of the law carries the mark of every line that nobody confirmed."""

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import tipbridge
from tests.access.attempts import COMMAND_LINE, type_command
from tests.access.expected_commands import COMMANDS
from tests.access.law_marks import IN_AN_ANSWER, ON_A_PAGE, unmarked, unsure, used_in
from tests.access.material import texts_of_folder
from tests.access.test_commands import terminal_of_world
from tests.access.world import World
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Birth, Certainty, PersonFacts
from tipbridge.knowledge.law.rules import advise
from tipbridge.knowledge.law.versions import law_on
from tipbridge.police.outcomes.errors import OutcomeForbidden
from tipbridge.police.outcomes.rules import ground_of
from tipbridge.police.outcomes.stages import check_accusable

__all__ = ["terminal_of_world"]

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

READING = ("list", "show", "advise", "differences", "compare", "plan", "up", "measure", "diary")
USING_UNSURE_LAW = {"outcomes advise", "outcomes show", "retention plan"}

OTHERWISE = {
    "knowledge/law/checking.py": "the check of the law says the mark first",
    "police/outcomes/clearing.py": "this program's own words",
    "sharing/referral/messages.py": "what a peer wrote",
}
"""Modules that say a citation otherwise."""


def test_there_are_lines_of_the_law_that_nobody_confirmed() -> None:
    assert len(unsure()) > 20
    assert unmarked(f"{next(iter(unsure()))} (X) and no more", ON_A_PAGE)


def test_every_command_that_uses_such_a_line_says_its_mark(terminal_of_world: World) -> None:
    world = terminal_of_world
    using: set[str] = set()
    without_mark: list[str] = []
    for name, cell in COMMANDS.items():
        if "investigator" not in cell.who or name.split()[-1] not in READING:
            continue
        with world.owned("own"):
            told = type_command(world, name, "investigator", world.ids).words
        without_mark += [f"{name}: {each}" for each in unmarked(told, IN_AN_ANSWER)]
        if used_in(told, IN_AN_ANSWER):
            using.add(name)
    assert without_mark == []
    assert using >= USING_UNSURE_LAW


def test_a_bundle_says_the_marks_of_the_law_that_was_applied(terminal_of_world: World) -> None:
    world = terminal_of_world
    folder = Path(world.ids["some_file"]).parent
    before = set(folder.iterdir())
    with world.owned("own"):
        type_command(world, "disclosures preview", "investigator", world.ids)
    (made,) = set(folder.iterdir()) - before
    told = "".join(texts_of_folder(made))
    assert used_in(told, IN_AN_ANSWER)
    assert unmarked(told, IN_AN_ANSWER) == []


def test_refusals_say_the_marks_of_the_rules_they_rest_on() -> None:
    laws, day = shipped_laws(), date(2014, 6, 2)
    born = date(2006, 1, 1)
    child = PersonFacts(
        birth=Birth(earliest=born, latest=born, certainty=Certainty.VERIFIED), offence=None
    )
    advice = advise(laws, "GB-EW", child, day, day)
    told: list[str] = []
    for outcome in (each.outcome for each in advice.forbidden):
        with pytest.raises(OutcomeForbidden) as refused:
            ground_of(advice, outcome, grounds="A synthetic reason.", conditions=())
        told.append(refused.value.public)
    with pytest.raises(OutcomeForbidden) as refused:
        check_accusable(law_on(laws, "GB-EW", day), advice)
    told.append(refused.value.public)
    assert all(used_in(each, ON_A_PAGE) for each in told), told
    assert [each for text in told for each in unmarked(text, ON_A_PAGE)] == []


def test_nothing_cites_the_law_but_by_what_says_its_mark() -> None:
    home = Path(tipbridge.__file__).parent
    bare = {
        str(path.relative_to(home))
        for path in home.rglob("*.py")
        if re.search(r"{[^{}]*\.citation(_ko)?}", path.read_text("utf-8"))
    }
    assert bare == set(OTHERWISE)
    lines = [
        line
        for path in home.rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"\.citation", line) and "definitions.citation" not in line
    ]
    assert lines
    assert [line for line in lines if ".mark" not in line] == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_law_itself_is_told_with_its_marks(language: str) -> None:
    facts = "--act-on 2014-02-01 --born 1999-06-01 --offence distribution --school middle"
    for words in (
        "diff KR 2013-06-19 2025-06-01",
        f"explain KR --decided-on 2014-06-02 {facts}",
        f"explain DE --decided-on 2014-06-02 {facts}",
        f"explain JP --decided-on 2014-06-02 {facts}",
    ):
        told = CliRunner().invoke(COMMAND_LINE, ["law", *words.split(), "--language", language])
        assert told.exit_code == 0
        assert words.startswith("diff") or used_in(told.output, ON_A_PAGE), told.output
        assert unmarked(told.output, ON_A_PAGE) == []
