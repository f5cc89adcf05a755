"""Every rule says where it stands and how sure it is; what is confirmed also says where it was read."""

import tomllib
from importlib import resources

import pytest
from typer.testing import CliRunner

from tipbridge.knowledge.law.commands import group
from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.loading import load_law, shipped_jurisdictions, shipped_laws
from tipbridge.knowledge.law.model import Mark, Stage

HOME = resources.files("tipbridge.knowledge.law") / "jurisdictions"
TEXTS = {each.name: each.read_text("utf-8") for each in HOME.iterdir()}
KOREA = TEXTS["kr.toml"]

KNOWN_FROM_OTHERS_ALONE = {
    "KR": {
        "KR-GUIDE-2012",
        "KR-REVIEW-COMMITTEE",
        "KR-PIR-108",
        "KR-YPA-OLD",
        "KR-YPA-2-2024",
        "KR-PROSECUTOR",
        "KR-COURT",
    },
    "JP": {"JP-CP-7", "JP-PROCEDURE"},
    "DE": {"DE-STPO-170", "DE-PROCEDURE"},
    "GB-EW": {"EW-CYPA-50", "EW-PCA-1", "EW-CJA-160", "EW-OUTCOME-22", "EW-PROCEDURE"},
    "US": {"US-2251", "US-2252A", "US-PROCEDURE", "US-5032-15"},
}
"""By hand: what is known from the press or from memory, and was not read in any text."""


def test_whatever_is_confirmed_says_where_it_was_read_and_nothing_else_does() -> None:
    for name, text in TEXTS.items():
        for rule, entry in tomllib.loads(text)["rules"].items():
            assert entry["en"], (name, rule)
            assert entry["ko"], (name, rule)
            assert entry["mark"] in set(Mark), (name, rule)
            read = entry.get("read_in", "").strip()
            assert bool(read) == (entry["mark"] == "confirmed"), (name, rule)


def test_what_nobody_read_is_not_confirmed() -> None:
    found = {each.code: each for each in shipped_jurisdictions()}
    for code, rules in KNOWN_FROM_OTHERS_ALONE.items():
        for rule in rules:
            assert found[code].rules[rule].mark is Mark.UNCONFIRMED, rule
            assert rule not in found[code].read_in
    for code, rule in (("KR", "KR-GUIDE-2012"), ("KR", "KR-PIR-108")):
        source = found[code].rules[rule]
        assert "not read" in source.citation
        assert "미확인" in source.citation_ko


def test_every_clock_starts_with_a_stage_of_its_law() -> None:
    for law in shipped_laws():
        stages = {rule.stage for rule in law.stages}
        for clock in law.clocks:
            assert clock.starts in set(Stage), (law.id, clock.code)
            assert Stage(clock.starts) in stages, (law.id, clock.code)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'mark = "confirmed"\nread_in = "elaw.klri.re.kr, hseq=54827"',
            'mark = "confirmed"',
            r"KR-YPA-2: read_in is missing",
        ),
        ('read_in = "elaw.klri.re.kr, hseq=54827"', 'read_in = " "', r"KR-YPA-2: read_in is empty"),
        (
            'mark = "confirmed"\nread_in = "elaw.klri.re.kr, hseq=54827"',
            'mark = "unconfirmed"\nread_in = "elaw.klri.re.kr, hseq=54827"',
            r"KR-YPA-2: read_in is for what is confirmed; this is unconfirmed",
        ),
        (
            'code = "file-review"\nstarts = "not-sent"',
            'code = "file-review"\nstarts = "report-finished"',
            r"clock file-review: no stage report-finished here",
        ),
    ],
)
def test_a_file_that_says_otherwise_is_refused(old: str, new: str, says: str) -> None:
    assert KOREA.count(old) == 1
    with pytest.raises(NotALaw, match=says):
        load_law(KOREA.replace(old, new))


def test_the_check_says_where_what_is_confirmed_was_read() -> None:
    told = CliRunner().invoke(group, ["check"])
    assert told.exit_code == 0
    assert "read   KR-JA-2 in ko.wikisource.org (Juvenile Act 8722)" in told.stdout
    assert "open   KR-GUIDE-2012 is unconfirmed" in told.stdout
    assert "read   KR-GUIDE-2012" not in told.stdout
