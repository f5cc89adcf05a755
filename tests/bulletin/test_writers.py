"""Text and JSON of a bulletin."""

import json
import re

import pytest

from tests.bulletin.rows import a_bulletin, a_person
from tipbridge.bulletin import vocabulary, wording
from tipbridge.bulletin.definitions import load_definitions
from tipbridge.bulletin.document import write_json
from tipbridge.bulletin.model import Bulletin, Dimension
from tipbridge.bulletin.suppression import public_view
from tipbridge.bulletin.text import write_text
from tipbridge.knowledge.law.model import Custody, Offence, Reason, SchoolLevel, Stage
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.police.cases.model import Act, Motive
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

english, korean = (catalogue(language).gettext for language in (Language.ENGLISH, Language.KOREAN))


@pytest.fixture
def bulletin() -> Bulletin:
    below = [a_person(n, age=12, stage="not-booked", reason="below-age") for n in range(7)]
    return a_bulletin([*below, *(a_person(100 + n) for n in range(9)), a_person(300, age=None)])


def test_the_same_rows_give_the_same_bytes(bulletin: Bulletin):
    for words in (english, korean):
        assert write_text(bulletin, words) == write_text(bulletin, words)
        assert write_json(bulletin, words) == write_json(bulletin, words)


def test_json_says_codes_labels_counts_and_shares(bulletin: Bulletin):
    found = json.loads(write_json(bulletin, korean))
    assert found["people"] == 17
    first = found["tables"]["outcomes"]["cells"][0]
    assert first["values"] == {
        "stage": "not-booked",
        "custody": "not-detained",
        "reason": "below-age",
    }
    assert first["labels"] == ["불입건", "불구속", "형사미성년자"]
    assert (first["people"], first["share"]) == (7, 41.2)
    assert found["items"] == {"cases": 17, "total": 51, "median_per_case": 3.0, "largest_case": 3}
    assert found["synthetic"] is True


def test_text_shows_the_police_term_and_notes_the_press_wording(bulletin: Bulletin):
    shown = write_text(bulletin, english)
    assert 'booked without detention (in the press: "indicted without arrest")' in shown
    assert "under the age of criminal responsibility       7  41.2%" in shown
    assert "SYNTHETIC DATA" in shown
    assert '불구속 입건 (언론 표현: "indicted without arrest")' in write_text(bulletin, korean)


def test_hidden_cells_are_starred_in_text_and_null_in_json(bulletin: Bulletin):
    public = public_view(bulletin)
    assert "unknown" in write_text(public, english)
    assert "*" in write_text(public, english)
    cells = json.loads(write_json(public, english))["tables"]["places"]["cells"]
    assert any(cell["people"] is None and cell["share"] is None for cell in cells)


def test_a_bulletin_of_nobody_hides_nothing():
    for bulletin in (a_bulletin([], []), public_view(a_bulletin([], []))):
        shown = write_text(bulletin, english)
        assert "*" not in shown.partition(english("What is counted"))[0]


def test_columns_line_up_when_korean_letters_take_two_places(bulletin: Bulletin):
    lines = write_text(bulletin, korean).splitlines()
    table = [line for line in lines if line.endswith("%") and "클라우드" in line]
    widths = {sum(2 if ord(letter) > 0x1100 else 1 for letter in line) for line in table}
    assert len(widths) == 1


def test_every_value_that_people_are_counted_by_is_said_in_korean():
    closed: dict[Dimension, list[str]] = {
        dimension: [*vocabulary.WORDS.get(dimension, {}), "unknown"] for dimension in Dimension
    }
    closed[Dimension.AGE_BAND] += [band.code for band in load_definitions().age_bands]
    closed[Dimension.STAGE] += list(Stage)
    closed[Dimension.CUSTODY] += list(Custody)
    closed[Dimension.REASON] += list(Reason)
    closed[Dimension.OFFENCE] += list(Offence)
    closed[Dimension.ACT] += list(Act)
    closed[Dimension.PLACE] += list(PlaceKind)
    closed[Dimension.SCHOOL] += list(SchoolLevel)
    closed[Dimension.MOTIVE] += list(Motive)
    said = {
        (dimension, code): korean(vocabulary.word_of(dimension, code))
        for dimension, codes in closed.items()
        for code in codes
    }
    assert {each: word for each, word in said.items() if re.search("[a-z]", word)} == {}


def test_the_korean_bulletin_has_no_english_but_names_and_quotations(bulletin: Bulletin):
    shown = write_text(public_view(bulletin), korean)
    for quoted in (*(press for _, press, _ in wording.OLD_WORDS), "Police of tests", "Asia/Seoul"):
        shown = shown.replace(quoted, "")
    assert re.findall("[a-z-]{3,}", shown) == []


def test_every_word_of_the_bulletin_has_a_korean_one():
    texts = [
        *vocabulary.DIMENSIONS.values(),
        *vocabulary.TABLE_TITLES.values(),
        *(word for words in vocabulary.WORDS.values() for word in words.values()),
        *wording.UNITS.values(),
        *wording.NOTES,
        *wording.STEPS.values(),
        *(text for term, _, difference in wording.OLD_WORDS for text in (term, difference)),
        wording.HIDDEN,
        wording.WITHHELD,
        load_definitions().citation,
    ]
    assert [text for text in texts if korean(text) == text] == []
