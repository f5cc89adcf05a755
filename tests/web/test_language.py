import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.extract import extract
from jinja2.ext import babel_extract

import tipbridge
from tipbridge.knowledge.law.model import Custody, Offence, Outcome, Stage
from tipbridge.police.cases.model import PersonRole, WelfareFlag
from tipbridge.web.language import Language, read_catalogue
from tipbridge.web.shell import catalogue, environment, template_folders

TEMPLATES = sorted(
    (path.relative_to(folder).as_posix(), path)
    for folder in template_folders()
    for path in folder.rglob("*.html")
)
CATALOGUES = sorted(Path(tipbridge.__file__).parent.rglob("locale/ko.po"))
ROOMS_OF_A_CASE = {
    "cases", "outcomes", "welfare", "evidence", "disclosure", "removals", "deconfliction", "retention",
}  # fmt: skip
OF_NO_CASE = (
    ".kept.ended",
    ".listed",
    ".list.read",
    ".watched",
    ".woken",
    ".differences.read",
    ".plan.read",
    ".law.changed",
)
PLURALS = {"ngettext": (1, 2), "_": None, "gettext": None}


def test_there_are_templates() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("name", [name for name, _ in TEMPLATES])
def test_every_template_is_well_formed(name: str) -> None:
    environment(Language.KOREAN).get_template(name)


@pytest.mark.parametrize(("name", "path"), TEMPLATES)
def test_every_text_of_a_template_is_said_in_korean(name: str, path: Path) -> None:
    options = {"trim_blocks": "true", "lstrip_blocks": "true"}
    with path.open("rb") as file:
        found = list(extract(babel_extract, file, PLURALS, (), options))
    room, korean = name.partition("/")[0], catalogue(Language.KOREAN)
    texts = {text if isinstance(text, str) else text[0] for _, text, _, _ in found}
    missing = {text for text in texts if not korean.has(text, room)}
    assert not missing


@pytest.mark.parametrize(("name", "path"), TEMPLATES)
def test_no_template_needs_a_script_an_inline_style_or_media(name: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    for wrong in ("<script", " style=", "<style", " onclick=", "<video", "<audio", "<iframe"):
        assert wrong not in text
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text


def _catalogue(folder: Path, room: str, text: str, translated: str) -> Path:
    path = folder / room / "locale" / "ko.po"
    path.parent.mkdir(parents=True)
    path.write_text(f'msgid ""\nmsgstr ""\n\nmsgid "{text}"\nmsgstr "{translated}"\n', "utf-8")
    return path


def test_each_room_says_a_word_its_own_way(tmp_path: Path) -> None:
    made = read_catalogue(
        [
            _catalogue(tmp_path, "cases", "open", "수사 중"),
            _catalogue(tmp_path, "tips", "open", "접수"),
        ]
    )
    assert made.gettext("open", "tips") == "접수"
    assert made.gettext("open", "cases") == "수사 중"
    assert made.gettext("open", "triage") == "수사 중"
    assert made.gettext("closed", "tips") == "closed"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_no_catalogue_says_one_text_twice(path: Path) -> None:
    said = Counter(
        line for line in path.read_text("utf-8").splitlines() if line.startswith('msgid "')
    )
    assert [line for line, times in said.items() if times > 1 and line != 'msgid ""'] == []


OTHER_WORDS = {
    "이첩": "송부",  # a referral gives information on; it hands nobody's case over
    "협약": "협정",  # an agreement
}
"""Korean words that once stood for an idea that has another one (docs/glossary.md)."""


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_an_idea_has_one_korean_word(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [word for word in OTHER_WORDS if word in text] == []


def test_the_outcomes_of_every_country_that_feedback_may_name_are_said_in_korean() -> None:
    korean = catalogue(Language.KOREAN)
    assert not [each.value for each in Outcome if not korean.has(each.value, "referral")]


def test_every_stage_flag_and_offence_that_a_case_shows_is_said_in_korean() -> None:
    korean = catalogue(Language.KOREAN)
    words = [*Stage, *Custody, *WelfareFlag, *Offence, *PersonRole]
    assert [each.value for each in words if not korean.has(each.value, "cases")] == []


def test_codes_of_closed_lists_are_words_in_english_and_ids_stay_as_they_are() -> None:
    english = catalogue(Language.ENGLISH)
    assert english.gettext("not-on-the-list", "removals") == "not on the list"
    assert english.gettext("told-by-the-depicted") == "told by the depicted"
    assert english.gettext("screen_name") == "screen name"
    assert english.gettext("possible-self-production") == "possible self-production"
    for as_it_is in (
        "geo-blocked",
        "case-by-case",
        "knpa-hsi-mou",
        "Removal notices",
        "2014-06-01",
    ):
        assert english.gettext(as_it_is) == as_it_is
    assert english.gettext("removals.notice.made") == "removals.notice.made"


def test_whatever_a_cases_timeline_may_say_was_done_is_said_in_korean() -> None:
    """Its lines are events of the police's rooms; who asks for hosts' facts or lists is in none."""
    document = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")
    audit = document.partition("## What follows by itself")[0]
    events = set(re.findall(r"^\| `([a-z_.-]+)`", audit, re.MULTILINE))
    of_cases = {each for each in events if each.partition(".")[0] in ROOMS_OF_A_CASE}
    of_none = {
        each for each in of_cases if each.startswith("removals.host") or each.endswith(OF_NO_CASE)
    }
    korean = catalogue(Language.KOREAN)
    assert {each for each in of_cases - of_none if not korean.has(each, "cases")} == set()
