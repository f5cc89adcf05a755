"""Law and advice in words: both languages, every citation with its mark, differences."""

import dataclasses
import json
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.knowledge.law.builders import ACT, DECIDED, aged, born, facts
from tipbridge.cli.main import cli
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.commands import group
from tipbridge.knowledge.law.differences import advice_differences, law_differences
from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Mark, Offence, PersonFacts, SchoolLevel
from tipbridge.knowledge.law.rules import advise, law_on
from tipbridge.knowledge.law.words import explain, input_words

LAWS = shipped_laws()
OLD, NEW = law_on(LAWS, "KR", ACT), law_on(LAWS, "KR", date(2025, 6, 2))
PUPIL = facts(birth=aged(16), school_level=SchoolLevel.HIGH)


def _told(given: PersonFacts, language: str) -> str:
    advice = advise(LAWS, "KR", given, ACT, DECIDED)
    return "\n".join(
        f"{head}: {line}" for head, lines in explain(advice, OLD.words, language) for line in lines
    )


def test_advice_is_explained_in_english_and_korean() -> None:
    english, korean = _told(PUPIL, "en"), _told(PUPIL, "ko")
    assert "not booked, under guidance" in english
    assert "on condition of: guidance by the parents, guidance by the school" in english
    assert "up to 1 year or a fine up to 20 million won" in english
    assert "Decided by: age at the act" in english
    assert "선도 조건 불입건" in korean
    assert "결정권자: 선도심사위원회" in korean


def test_a_mark_that_is_not_confirmed_is_said_wherever_its_rule_is() -> None:
    told = _told(PUPIL, "en").splitlines()
    marks = {rule.rule: rule.mark for rule in _sources(OLD)}
    for line in told:
        for rule, mark in marks.items():
            if f"({rule})" in line:
                assert (f"({rule}) [" in line) == (mark is not Mark.CONFIRMED), line
    assert any("(PRACTICE-GUARDIAN) [unconfirmed]" in line for line in told)
    assert any("(PRACTICE-RETENTION) [agency practice]" in line for line in told)


def _sources(law: Any) -> list[Any]:
    found = [duty.source for duty in law.duties] + [each.source for each in law.outcomes]
    found += [band.source for band in law.bands] + [law.principle]
    found += [each.kept for each in law.outcomes] + [each.limitation for each in law.offences]
    return found


def test_an_unsettled_age_is_said_first() -> None:
    assert "find out before any booking" in _told(facts(birth=None), "en").splitlines()[1]


def test_inputs_are_said_in_words() -> None:
    assert input_words("age-at-act=13-13", OLD.words, "en") == "age at the act: 13"
    assert input_words("age-at-act=9-40", OLD.words, "ko") == "행위 당시 연령: 9-40"
    assert input_words("self-produced=true", OLD.words, "en") == "made of oneself: yes"
    assert (
        input_words("part=depicted,suspect", OLD.words, "ko")
        == "사건에서의 지위: 피해 아동, 피의자"
    )


def test_the_day_on_which_the_limitation_runs_out_or_what_is_missing_is_said() -> None:
    english, korean = _told(PUPIL, "en"), _told(PUPIL, "ko")
    assert "Limitation: still runs\nLimitation: runs out on 2019-03-10 at the earliest" in english
    assert "Limitation: not known: date of birth of the depicted child" in english
    assert "공소시효: 이르면 2019-03-10 완성" in korean
    assert "미상: 피해 아동의 생년월일" in korean
    assert "what stops the clock" in english
    own = dataclasses.replace(PUPIL, self_produced=True)
    assert "Limitation: runs out on 2022-03-10\n" in _told(own, "en")
    unsure = dataclasses.replace(own, birth=born(date(1998, 1, 1), date(1998, 2, 1)))
    assert "runs out from 2022-01-01 to 2022-02-01" in _told(unsure, "en")


def test_two_versions_differ_in_what_the_amendments_changed() -> None:
    told = {(each.kind, each.name) for each in law_differences(OLD, NEW, "en")}
    assert told == {
        ("offence", "distribution for profit"),
        ("offence", "advertising"),
        ("offence", "advertising without profit"),
        ("offence", "distribution"),
        ("offence", "possession"),
        ("offence", "buying"),
        ("offence", "viewing"),
        ("offence", "production by habit"),
        ("stage", "not sent to the prosecutor"),
        ("stage", "sent to the prosecutor"),  # by another rule
        ("duty", "send on the victim's objection"),
        ("transition", "booked → sent to the prosecutor"),
        ("transition", "booked → not sent to the prosecutor"),
        ("transition", "not sent to the prosecutor → sent to the prosecutor"),
        ("transition", "not sent to the prosecutor → booked"),
        ("stage", "investigation suspended"),
        ("transition", "booked → investigation suspended"),
        ("transition", "investigation suspended → booked"),
        ("transition", "sent to the prosecutor → booked"),
        ("limitation", "production"),
        ("clock", "the prosecutor's review of the file, not sent to the prosecutor"),
        ("caution", "KR-YPA-2-2024"),
        ("caution", "KR-YPA-ART-11-2"),
    }
    assert law_differences(NEW, NEW, "ko") == []
    back = {each.name: each.said("ko") for each in law_differences(NEW, OLD, "ko")}
    assert back["시청"].startswith("죄: 시청: 폐지")


def test_the_same_facts_eleven_years_later_differ_in_words() -> None:
    from tipbridge.police.outcomes.rules import advice_document

    later = dataclasses.replace(PUPIL, birth=aged(16, on=date(2025, 3, 10)))
    old = advice_document(advise(LAWS, "KR", PUPIL, ACT, DECIDED))
    new = advice_document(advise(LAWS, "KR", later, date(2025, 3, 10), date(2025, 6, 2)))
    told = [each.said("en") for each in advice_differences(old, new, NEW.words, "en")]
    assert any(line.startswith("Permitted: not booked, under guidance: gone") for line in told)
    assert any(line.startswith("Not allowed: not booked, under guidance: new") for line in told)
    assert advice_differences(old, old, NEW.words, "ko") == []


def test_an_unsure_first_day_of_a_law_is_said_with_its_mark() -> None:
    sure = _told(facts(), "en").splitlines()
    assert any("KR-SINCE-2013) [unconfirmed]" in line for line in sure)
    assert any("KR-SINCE-2013) [미확인]" in line for line in _told(facts(), "ko").splitlines())


def _run(*words: str) -> str:
    done = CliRunner().invoke(group, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_check_lists_what_is_open_and_finds_nothing_wrong() -> None:
    told = _run("check")
    assert "kr.toml: 4 versions" in told
    assert "EW-CYPA-50 is unconfirmed" in told
    assert "WRONG" not in told


def test_check_names_every_contradiction_of_a_file(tmp_path: Any) -> None:
    from tests.knowledge.law.test_loading import TEXT

    path = tmp_path / "zz.toml"
    path.write_text(
        TEXT.replace("kept_days = 365", "kept_days = 4000")
        .replace('by = "court"', 'by = "police"')
        .replace('who = "everybody"', 'who = "somebody-else"'),
        "utf-8",
    )
    done = CliRunner().invoke(group, ["check", str(path)])
    assert isinstance(done.exception, NotALaw)
    assert done.stdout.count("WRONG") == 9  # two in each version, and the word
    with pytest.raises(Invalid):
        CliRunner().invoke(group, ["check", str(tmp_path)], catch_exceptions=False)


def test_explain_and_diff_from_the_command_line() -> None:
    words = ("--decided-on", "2014-06-02", "--act-on", "2014-03-10", "--offence", "possession")
    told = _run("explain", "KR", *words, "--born", "2000-03-11", "--language", "ko")
    assert "소년부 송치" in told
    assert "경찰서장이 직접 송치" in told
    told = _run("diff", "KR", "2014-06-02", "KR/2021-01-01")
    assert "viewing: new" in told
    assert "KR/2013-06-19, 2013-06-19: Press" in told
    assert "(KR-SINCE-2013) [unconfirmed]" in told
    assert "DE/2021-07-01 → DE/2024-06-28" in _run("diff", "DE", "2024-06-27", "2024-06-28")


def test_a_later_edition_is_compared_before_it_is_here(tmp_path: Any) -> None:
    from tests.knowledge.law.test_loading import TEXT

    path, now = tmp_path / "kr.toml", f"edition = {NEW.edition}"
    assert TEXT.count(now) == 1
    newer = TEXT.replace(now, f"edition = {NEW.edition + 1}").replace(
        'text = { en = "view, knowing: at least 1 year',
        'text = { en = "view, knowing: at least 2 years',
    )
    path.write_text(newer, "utf-8")
    told = _run("diff", "KR", NEW.id, NEW.id, "--file", str(path))
    assert f"data edition {NEW.edition} → {NEW.edition + 1}" in told
    assert [line for line in told.splitlines() if "→" in line and "Offence: viewing" in line]
    assert told.count("  - ") == 1, "what did not change is not listed"
    assert "data edition" not in _run("diff", "KR", NEW.id, NEW.id)
    said = json.loads(_run("diff", "KR", NEW.id, NEW.id, "--file", str(path), "--json"))
    assert (said["edition_before"], said["edition_after"]) == (NEW.edition, NEW.edition + 1)
    for words, says in (
        (("diff", "JP", "JP/2013", "JP/2013", "--file", str(path)), "the law of KR, not of JP"),
        (("diff", "KR", NEW.id, NEW.id, "--file", str(tmp_path)), "cannot be read as UTF-8"),
    ):
        with pytest.raises(Invalid, match=says):
            CliRunner().invoke(group, words, catch_exceptions=False)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("diff", "XX", "2014-06-02", "2015-06-02"), "there are: DE, GB-EW, JP, KR, US"),
        (("diff", "KR", "yesterday", "2015-06-02"), "nor one of: KR/2012"),
        (("diff", "KR", "1999-01-01", "2015-06-02"), "before 2012-01-01"),
        (("explain", "KR", "--decided-on", "2014-01-01", "--act-on", "2014-01-02"), "--decided-on"),
        (
            ("explain", "KR", "--decided-on", "2014-01-01", "--born", "2000-01-02", "--born-latest",
             "2000-01-01"),
            "--born-latest",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        CliRunner().invoke(group, words, catch_exceptions=False)


def test_the_law_is_a_group_of_the_program() -> None:
    assert CliRunner().invoke(cli, ["law", "diff", "KR", "2014-06-02", "2014-06-03"]).exit_code == 0


def test_no_text_applies_that_was_no_offence_at_the_act() -> None:
    advice = advise(LAWS, "KR", facts(offence=Offence.VIEWING), ACT, DECIDED)
    assert advice.applied is not None
    assert advice.applied.law is None
    assert advice.applied.source.rule == "KR-NO-OFFENCE"


def test_who_a_matter_goes_before_is_said_as_a_place_and_not_as_what_sends_it_there() -> None:
    """The code of the juvenile division is that of an outcome too: sent to the juvenile division."""
    words = ("--decided-on", "2014-06-02", "--act-on", "2014-03-10", "--offence", "possession")
    twelve = ("--born", "2001-05-05")
    for where, language, says in (
        ("KR", "en", "the juvenile division"),
        ("KR", "ko", "소년부"),
        ("JP", "en", "the child guidance centre"),
        ("JP", "ko", "아동상담소"),
    ):
        given = (
            (*words, *twelve)
            if where == "KR"
            else (*words[:4], "--offence", "distribution", *twelve)
        )
        told = _run("explain", where, *given, "--language", language).splitlines()
        head = "Goes before:" if language == "en" else "관할:"
        assert told[told.index(head) + 1] == f"  - {says}"


def test_a_comparison_that_finds_nothing_says_so() -> None:
    assert "  no difference" in _run("diff", "US", "2014-01-01", "2025-01-01").splitlines()
    same = _run("diff", "KR", NEW.id, NEW.id, "--language", "ko").splitlines()
    assert "  차이 없음" in same
    assert "no difference" not in _run("diff", "DE", "2024-06-27", "2024-06-28")
