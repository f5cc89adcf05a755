"""What commands say of the law carries the mark of every line that nobody confirmed."""

import pytest
from click.testing import CliRunner

from tests.access.expected_commands import COMMANDS
from tests.access.law_marks import IN_AN_ANSWER, ON_A_PAGE, unmarked, unsure, used_in
from tests.access.test_commands import COMMAND_LINE, terminal_of_world, type_command
from tests.access.world import World

__all__ = ["terminal_of_world"]

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

READING = ("list", "show", "advise", "differences", "compare", "plan", "up", "measure", "diary")
USING_UNSURE_LAW = {"outcomes advise", "outcomes show", "retention plan"}


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
