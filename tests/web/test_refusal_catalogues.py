"""Whatever a page may refuse is said in Korean, whole, and in words that fit any value."""

import re
from collections import Counter
from pathlib import Path
from string import Formatter
from typing import Annotated

import pytest
from babel.messages.pofile import read_po
from pydantic import TypeAdapter, ValidationError

from tests.web.test_language import OTHER_WORDS
from tipbridge.web.language import Language
from tipbridge.web.messages import NOUN, SENTENCE
from tipbridge.web.refusals import Refusals
from tipbridge.web.shell import catalogue, messages
from tools.refusals.catalogues import Needed, findings, needed_texts, read_entries, skeleton
from tools.refusals.fields import page_fields

TOP = Path(__file__).parents[2]
ENTRIES = read_entries(TOP, "ko")
CATALOGUES = sorted((TOP / "src" / "tipbridge").rglob("locale/ko.refusals.po"))
KOREAN = Refusals(messages=messages(Language.KOREAN), terms=catalogue(Language.KOREAN))

_BAD = ("", "x", "x" * 5000, "9" * 5000, "-1", "9" * 20, "1.5", "nan", "2014-99-01", "2014-02-30",
        "2014-02-01T10:00", "2014-xx-01", "xxxx-01-01", "2014/01/01", "2014-01-01x")  # fmt: skip
"""What somebody may write into a field that takes something else."""
_BY_THE_VALUE = re.compile(r"}(은|는|이|가|을|를|과|와|으로|로|이어야|여야|이며|이고)(?![가-힣(])")
"""Korean endings that depend on the last sound of what stands before them."""


@pytest.fixture(scope="module")
def needed() -> list[Needed]:
    """All that the program may refuse with on a page."""
    return needed_texts(TOP)


def test_every_refusal_of_a_page_is_said_in_korean_and_none_that_nobody_says(
    needed: list[Needed],
) -> None:
    """`python -m tools.refusals` prints what is missing, to be filled in."""
    assert findings(TOP, needed, "ko") == []


def test_the_program_refuses_in_all_of_its_rooms(needed: list[Needed]) -> None:
    rooms = {each.room for each in needed}
    assert rooms >= {"web", "office", "police/cases", "sharing/referral", "tips/triage"}
    assert sum(each.context == SENTENCE for each in needed) > 400


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_a_catalogue_of_refusals_says_each_text_once_and_leaves_none_empty(path: Path) -> None:
    text = path.read_text("utf-8")
    said = Counter(re.findall(r'^(?:msgctxt "(\w+)"\n)?msgid "(.+)"$', text, re.MULTILINE))
    assert [each for each, times in said.items() if times > 1] == []
    with path.open("rb") as file:
        assert [each.id for each in read_po(file) if not each.string] == []
    assert [word for word in OTHER_WORDS if word in text] == []


def test_every_gap_of_a_sentence_is_one_of_its_translation_by_the_same_name() -> None:
    def gaps(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)

    assert [each for each in ENTRIES if gaps(each.said) != gaps(each.translated)] == []


def test_no_korean_ending_depends_on_what_comes_into_a_gap() -> None:
    assert [each for each in ENTRIES if _BY_THE_VALUE.search(each.translated)] == []


def test_two_rooms_that_say_one_sentence_say_it_alike() -> None:
    said: dict[tuple[str, str], set[str]] = {}
    for each in ENTRIES:
        if each.context in {SENTENCE, NOUN}:
            plain = re.sub(r"{\w+}", "{}", each.translated)
            said.setdefault((each.context, skeleton(each.said)), set()).add(plain)
    assert {key: found for key, found in said.items() if len(found) > 1} == {}


def test_every_fault_of_a_field_is_said_in_korean() -> None:
    english: set[str] = set()
    for _, field in page_fields():
        kind = Annotated[field.annotation, None, *field.metadata]  # pyright: ignore[reportInvalidTypeForm]
        adapter = TypeAdapter(kind)
        for value in _BAD:
            try:
                adapter.validate_python(value)
            except ValidationError as error:
                english |= {each["msg"] for each in error.errors() if each["type"] != "list_type"}
    assert len(english) > 20
    left = {each for each in english if re.search("[a-z]{4,} [a-z]{2,}", KOREAN.say(each))}
    assert left == set()
