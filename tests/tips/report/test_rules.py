"""The rules of the protocol: kept, broken where they are strict, and broken where lenient."""

import re
from datetime import UTC, datetime

import pytest

from tests.tips.report.rule_cases import CASES, account, details, person, report, reported
from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.report.batched import batched_details_faults, check_batched_files
from tipbridge.tips.report.errors import InvalidDocument
from tipbridge.tips.report.parse import Examined, examine_file_details, examine_report
from tipbridge.tips.report.prior import prior_report_faults, prior_reports
from tipbridge.tips.report.read import report_of
from tipbridge.tips.report.strictness import (
    MOST_LENIENT,
    RULES,
    STRICTEST,
    USUAL,
    Mode,
    Strictness,
    strictness_from,
)
from tipbridge.tips.report.tree import flat_values

NOW = datetime(2026, 1, 6, tzinfo=UTC)
KEPT = [(case.rule, each) for case in CASES for each in case.kept]
BROKEN = [(case.rule, each, name) for case in CASES for each, name in case.broken]
FIRST_OF_OURS = 900_000_001


def examine(text: str, strictness: Strictness) -> Examined:
    """Hold a document to all rules; one that begins with `b` is of a batched report's file."""
    data = text.removeprefix("b").encode()
    if "<report>" in text:
        found = examine_report(data, now=NOW, strictness=strictness)
        named = prior_reports(found.document)
        return found.held_to(prior_report_faults([e for e, n in named if n >= FIRST_OF_OURS]))
    found = examine_file_details(data, now=NOW, strictness=strictness)
    return found.held_to(batched_details_faults(found.document)) if text[0] == "b" else found


def only(rule: str, mode: Mode) -> Strictness:
    """One rule in this mode and every other strict; a rule that can't be lenient stays strict."""
    fixed = RULES[rule].fixed
    return Strictness({**STRICTEST.chosen, rule: Mode.STRICT if fixed else mode})


def test_every_rule_has_documents_that_keep_and_break_it():
    with_files = {"batched-files"}  # no document shows it; see the finish below
    assert {case.rule for case in CASES} == set(RULES) - with_files


@pytest.mark.parametrize(("rule", "text"), KEPT)
def test_what_keeps_a_rule_is_accepted_without_a_finding(rule: str, text: str):
    assert examine(text, only(rule, Mode.STRICT)).findings == ()


@pytest.mark.parametrize(("rule", "text", "name"), BROKEN)
def test_what_breaks_a_rule_is_refused_at_its_element(rule: str, text: str, name: str):
    laid_out = text.replace("><", ">\n <")
    with pytest.raises(InvalidDocument) as refused:
        examine(laid_out, only(rule, Mode.STRICT))
    told = refused.value.public
    places = re.findall(r"^\[(\d+),(\d+)\] - (\S+): ", told, re.MULTILINE)
    lines = laid_out.removeprefix("b").split("\n")
    at = [(lines[int(li) - 1][int(col) - 1 :], code) for li, col, code in places]
    codes = {code for found, code in at if re.match(rf"<{name}\b", found)}
    assert codes & {rule, "cvc-complex-type.2.4.a", "cvc-complex-type.3.2.2"}, told
    if not rule.startswith("unknown"):
        assert rule in codes, told


@pytest.mark.parametrize(("rule", "text", "name"), BROKEN)
def test_where_a_rule_is_lenient_its_fault_is_a_finding(rule: str, text: str, name: str):
    if RULES[rule].fixed:
        with pytest.raises(Invalid, match=f"The rule '{rule}' can't be lenient"):
            Strictness({rule: Mode.LENIENT})
        return
    found = examine(text, only(rule, Mode.LENIENT)).findings
    assert {finding.rule for finding in found} == {rule}
    assert name in {finding.element.name for finding in found}


def test_by_default_all_rules_are_strict_but_those_nobody_is_sure_of():
    lenient = {name for name in RULES if USUAL.of(name) is Mode.LENIENT}
    assert lenient == {"url-scheme", "internet-details"}


def test_a_strictness_is_kept_as_plain_data():
    chosen = {"unknown-element": "lenient", "url-scheme": "strict"}
    read = strictness_from(chosen)
    assert read.json() == chosen
    assert (read.of("unknown-element"), read.of("url-scheme")) == (Mode.LENIENT, Mode.STRICT)
    assert read.of("email-form") is Mode.STRICT


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"no-such": "strict"}, "There is no rule 'no-such'; the rules are: ip-address, "),
        ({"email-form": "maybe"}, "The rule 'email-form' is one of: strict, lenient"),
        ({"email-form": None}, "is one of: strict, lenient"),
        ({"ip-address": "lenient"}, "The rule 'ip-address' can't be lenient"),
    ],
)
def test_a_strictness_that_is_none_is_refused(chosen: dict[str, object], told: str):
    with pytest.raises(Invalid, match=told):
        strictness_from(chosen)


def test_what_is_unknown_is_kept_as_it_was_sent():
    text = reported('<espIdentifier>u</espIdentifier><novelty a="1">말<deep>b</deep>c</novelty>')
    values = flat_values(examine(text, MOST_LENIENT).document)
    road = "report/personOrUserReported/novelty"
    assert {(f"{road}/@a", "1"), (road, "말c"), (f"{road}/deep", "b")} <= set(values)


def test_the_rules_do_not_look_into_what_is_unknown():
    inside = "<ipAddress>none</ipAddress><priorCTReports>none</priorCTReports><phone/>"
    found = examine(reported(f"<novelty>{inside}</novelty>"), MOST_LENIENT)
    assert {finding.rule for finding in found.findings} == {"unknown-element"}


@pytest.mark.parametrize(
    "text",
    [
        reported("<port>1</port>"),  # the schema has a port elsewhere: it would be lost here
        details("<ipCaptureEvent/><ipCaptureEvent/>"),
        person('<address verified="true"/>'),
        reported("<deviceId/>"),
        report("<victim><novelty/></victim>"),
    ],
)
def test_what_is_out_of_place_is_refused_however_lenient(text: str):
    with pytest.raises(InvalidDocument, match="cvc-"):
        examine(text, MOST_LENIENT)


def test_beside_the_unknown_the_place_of_a_fault_is_still_right():
    text = reported("<novelty>\n<x/><y/></novelty>").replace(
        "<personOrUserReported>", "<personOrUserReported>\n <port>1</port>"
    )
    with pytest.raises(InvalidDocument, match=r"\n\[2,2\] - cvc-complex-type.2.4.a.*'port'"):
        examine(text, MOST_LENIENT)


def test_a_batched_report_of_several_files_is_refused_or_let_through():
    check_batched_files(1, STRICTEST)
    check_batched_files(9, strictness_from({"batched-files": "lenient"}))
    with pytest.raises(InvalidDocument, match=r"batched-files: .* 1 file \(0-1\); this one has 2"):
        check_batched_files(2, USUAL)


OTHER_SPELLINGS = {
    account(attributes='accountType="Linked"'): ("other_accounts", "kind", "Linked"),
    account(attributes='type="Linked"'): ("other_accounts", "kind", "Linked"),
}
ACCEPTED = [
    account(attributes='type="Linked" thirdPartyUser="true"'),
    account('<platform thirdPartyUser="true">p</platform>'),
    report().replace(
        "<reporter>",
        '<lawEnforcement fleaCountry="KR"><agencyName>a</agencyName></lawEnforcement><reporter>',
    ),
    report().replace(
        "<reporter>",
        "<lawEnforcement><agencyName>a</agencyName><servedLegalProcessInternational "
        'fleaCountry="KR">true</servedLegalProcessInternational></lawEnforcement><reporter>',
    ),
    details("<fileName>a</fileName><potentialMeme>true</potentialMeme>"),
    details('<details type="EXIF"><nameValuePair><name>a</name><value/></nameValuePair></details>'),
    details('<details><nameValuePair type="EXIF"><name>a</name><value/></nameValuePair></details>'),
    report(
        "<intendedRecipient><additionalInfo>a</additionalInfo><additionalInfo/></intendedRecipient>"
    ),
    person("<age>13</age><ageAssertionDiscrepancy>true</ageAssertionDiscrepancy>"),
    account("<ageAssertionDiscrepancy>1</ageAssertionDiscrepancy>"),
    report(summary="<reportAnnotations><informational/></reportAnnotations>"),
    report(
        summary="<reportAnnotations><instrumentalUse/><potentialAggravatingFactors/>"
        "</reportAnnotations>"
    ),
    report(summary="<reportAnnotations><spam>true</spam><sextortion/></reportAnnotations>"),
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_where_descriptions_differ_either_spelling_is_accepted(text: str):
    assert examine(text, STRICTEST).findings == ()


@pytest.mark.parametrize("text", OTHER_SPELLINGS)
def test_either_name_of_an_accounts_type_is_read_as_one(text: str):
    held = report_of(examine(text, STRICTEST).document).people[0].other_accounts
    assert [each.kind for each in held] == ["Linked"]
