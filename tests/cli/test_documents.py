"""What README and the documents tell a newcomer to type exists, and their links lead somewhere."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.test_contract import COMMANDS
from tipbridge.tips.report.parse import parse_report

TOP = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_TYPED = re.compile(r"(?:^|(?<=`)|(?<=\| ))(?:\.venv/bin/)?tipbridge ([a-z][^`\n]*)", re.MULTILINE)


def _typed(path: Path) -> list[list[str]]:
    """The words of each command line in a document, without redirections and remarks."""
    found = _TYPED.findall(path.read_text("utf-8").replace("\\\n", " "))
    return [shlex.split(re.split(r"\s[<>|…]|\s…", line)[0], comments=True) for line in found]


TYPED = [(path.relative_to(TOP).as_posix(), words) for path in DOCUMENTS for words in _typed(path)]


def test_the_readme_shows_every_desk_something_to_type() -> None:
    shown = {" ".join(words[:2]) for document, words in TYPED if document == "README.md"}
    assert {"init --profile", "tips list", "leads add", "cases show", "exhibits examine"} <= shown


@pytest.mark.parametrize(("document", "words"), TYPED)
def test_a_command_line_of_a_document_exists(document: str, words: list[str]) -> None:
    name = next((n for n in (" ".join(words[:2]), words[0]) if n in COMMANDS), None)
    group = any(each.startswith(words[0] + " ") for each in COMMANDS) and len(words) == 1
    assert name or group, document
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert options <= COMMANDS.get(name or "", set()) | {"--help"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_link_of_a_document_leads_to_a_file(path: Path) -> None:
    links = _LINK.findall(path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_readmes_report_is_one_that_is_taken() -> None:
    readme = (TOP / "README.md").read_text("utf-8")
    report = readme.partition("<<'END'\n")[2].partition("\nEND")[0]
    assert parse_report(report.encode(), now=datetime(2026, 1, 1, tzinfo=UTC))


def test_each_decision_has_a_number_of_its_own_which_its_title_repeats() -> None:
    records = sorted((TOP / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in records]
    assert len(numbers) > 15
    assert len(set(numbers)) == len(numbers)
    for number, path in zip(numbers, records, strict=True):
        assert path.read_text("utf-8").startswith(f"# {number} "), path.name
