"""What is expected of each incident type: a whole report lacks nothing, and each thing is missed."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from lxml import etree

from tests.tips.quality.reports import details, record
from tipbridge.knowledge.law.model import Outcome
from tipbridge.tips.intake.model import Appraisal, ReportRecord
from tipbridge.tips.quality.checks import CHECKS
from tipbridge.tips.quality.expectations import known_expectations
from tipbridge.tips.quality.model import OutcomeClass
from tipbridge.tips.quality.rules import assess
from tipbridge.tips.report.model import FileDetails, Moment
from tipbridge.tips.report.nodes import XmlNode
from tipbridge.tips.report.parse import MAX_BYTES, SCHEMA_BYTES, parse_report
from tipbridge.tips.report.read import report_of
from tipbridge.tips.report.tree import flat_values
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

NOW = datetime(2024, 6, 2, tzinfo=UTC)
MATERIAL = "Child Pornography (possession, manufacture, and distribution)"
TRAFFICKING, TOURISM = "Child Sex Trafficking", "Child Sex Tourism"
MOLESTATION = "Child Sexual Molestation"
DOMAIN, WORDS = "Misleading Domain Name", "Misleading Words or Digital Images on the Internet"
ENTICEMENT = "Online Enticement of Children for Sexual Acts"
UNSOLICITED = "Unsolicited Obscene Material Sent to a Child"

WHOLE = """<report><incidentSummary><incidentType>{kind}</incidentType>
<incidentDateTime>2024-06-01T00:00:00Z</incidentDateTime></incidentSummary>
<internetDetails><webPageIncident><url>https://esp.example/1</url></webPageIncident></internetDetails>
<internetDetails><chatImIncident><content>Synthetic words.</content></chatImIncident></internetDetails>
<internetDetails><nonInternetIncident><locationName>A place</locationName></nonInternetIncident>
</internetDetails><reporter><reportingPerson><email>ts@esp.example</email>
<address><city>Of the platform</city></address></reportingPerson></reporter>
<personOrUserReported><personOrUserReportedPerson><phone>2025550100</phone>
</personOrUserReportedPerson><espIdentifier>user-1</espIdentifier><espService>Example Chat</espService>
<ipCaptureEvent><ipAddress>203.0.113.7</ipAddress><dateTime>2024-06-01T00:00:00Z</dateTime>
<port>4711</port></ipCaptureEvent></personOrUserReported>
<victim><victimPerson><age>13</age></victimPerson><espIdentifier>kid-1</espIdentifier></victim></report>"""
FILE = FileDetails(
    report_id=1,
    file_id="f",
    viewed_by_provider=True,
    uploaded_at=Moment(at=NOW, as_sent="2024-06-02T00:00:00Z"),
)
ALWAYS = ("ip-time", "ip-port", "incident-time")
FILED = ("file-viewed", "viral-marked")
"""Of every type, where the report has files."""
OF_PEOPLE = ("account", "ip-address", "service", *ALWAYS)

EXPECTED: dict[str, tuple[str, ...]] = {
    MATERIAL: (*OF_PEOPLE, "material", "upload-time"),
    TRAFFICKING: (*OF_PEOPLE, "victim", "child-age", "communication", "place", "offer"),
    TOURISM: (*OF_PEOPLE, "place", "offer"),
    MOLESTATION: (*OF_PEOPLE, "victim", "child-age", "place"),
    DOMAIN: (*ALWAYS, "web-address"),
    WORDS: (*ALWAYS, "web-address"),
    ENTICEMENT: (*OF_PEOPLE, "victim", "child-age", "communication"),
    UNSOLICITED: (*OF_PEOPLE, "material", "recipient", "child-age"),
}
"""By hand: what a report of each type should hold, whatever its files."""

_WEB, _CHILD = "internetDetails[webPageIncident]", "victim/espIdentifier"
TAKEN = {
    "account": ("personOrUserReported/espIdentifier", "personOrUserReported//phone"),
    "ip-address": ("personOrUserReported/ipCaptureEvent",),
    "ip-time": ("personOrUserReported//dateTime",),
    "ip-port": ("personOrUserReported//port",),
    "incident-time": ("incidentSummary/incidentDateTime",),
    "service": ("personOrUserReported/espService",),
    "material": (_WEB,),
    "web-address": (_WEB,),
    "victim": (_CHILD,),
    "recipient": (_CHILD,),
    "child-age": ("victim//age",),
    "communication": ("internetDetails[chatImIncident]",),
    "place": ("internetDetails[nonInternetIncident]",),
    "offer": (_WEB, "personOrUserReported//phone"),
}
"""Check → what is taken out of a whole report so that it, and nothing else, is missed."""


def given(kind: str, *, without: tuple[str, ...] = (), files=()) -> ReportRecord:
    """A report of this type as the reader of documents gives it to quality."""
    root = etree.fromstring(WHOLE.format(kind=kind))
    for path in without:
        for node in cast("list[XmlNode]", root.xpath(path)):
            parent = node.getparent()
            assert parent is not None
            parent.remove(node)
    document = parse_report(etree.tostring(root), now=NOW)
    values = tuple(flat_values(document))
    return replace(record(kind=kind, files=files), report=report_of(document), values=values)


def found(report: ReportRecord):
    assessment = assess(report, known_expectations(), {})
    assert assessment is not None
    return assessment


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_whole_report_of_a_type_lacks_nothing_of_what_is_expected_of_it(kind: str) -> None:
    whole = found(given(kind))
    assert (whole.missing, whole.actionable) == ((), True)
    assert set(whole.expected) == set(EXPECTED[kind]) - {"upload-time"}
    filed = found(given(kind, files=[FILE]))
    assert filed.missing == ()
    assert set(filed.expected) == {*EXPECTED[kind], "file-viewed"}


@pytest.mark.parametrize(
    ("kind", "check"),
    [(kind, check) for kind, checks in EXPECTED.items() for check in checks if check in TAKEN],
)
def test_each_thing_that_is_taken_out_of_a_whole_report_is_missed_alone(
    kind: str, check: str
) -> None:
    rule = next(one for one in known_expectations() if one.check == check)
    lacking = found(given(kind, without=TAKEN[check]))
    assert lacking.missing == (check,)
    assert lacking.actionable != rule.decisive


@pytest.mark.parametrize(
    ("told", "met"), [(FILE, True), (details(viewed=True), False), (None, False)]
)
def test_of_known_material_the_time_of_each_upload_is_expected(told, met: bool) -> None:
    assert ("upload-time" not in found(given(MATERIAL, files=[FILE, told])).missing) is met
    supplement = replace(details(viewed=True), relevance="Supplemental Reported")
    assert found(given(MATERIAL, files=[FILE, supplement])).missing == ()


@pytest.mark.parametrize("kind", [TRAFFICKING, ENTICEMENT])
def test_a_file_can_hold_what_was_written(kind: str) -> None:
    log = replace(details(viewed=True), relevance="Supplemental Reported")
    assert found(given(kind, without=TAKEN["communication"], files=[log])).missing == ()


def test_the_platforms_own_address_is_no_place_of_the_incident() -> None:
    without = found(given(TOURISM, without=TAKEN["place"]))
    assert without.missing == ("place",)


def test_every_incident_type_of_the_schema_has_its_expectations_and_no_other_is_named() -> None:
    schema = etree.fromstring(SCHEMA_BYTES)
    names = {"xs": "http://www.w3.org/2001/XMLSchema"}
    listed = schema.xpath("//xs:enumeration/@value", namespaces=names)
    kinds = {str(each) for each in listed if str(each) in EXPECTED}
    assert kinds == set(EXPECTED)
    assert len(SCHEMA_BYTES) < MAX_BYTES
    named = {kind for one in known_expectations() for kind in one.types}
    assert named == set(EXPECTED)
    assert {check for each in EXPECTED.values() for check in each} | set(FILED) == set(CHECKS)


def test_of_each_check_one_expectation_is_in_force_and_it_is_cited() -> None:
    checks = [one.check for one in known_expectations()]
    assert sorted(checks) == sorted(set(checks))
    for one in known_expectations():
        assert re.search(r"U\.S\.C\.|RFC|F\.4th|report \(", one.source), one.source
        assert one.reason.endswith(".")


def test_every_word_of_the_page_is_said_in_korean() -> None:
    korean = catalogue(Language.KOREAN)
    words = [*CHECKS, *Outcome, *Appraisal, *OutcomeClass]
    words += [one.reason for one in known_expectations()]
    assert [word for word in words if not korean.has(word, "quality")] == []


def test_the_guide_for_providers_lists_what_is_expected() -> None:
    guide = Path("docs/ispws.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (yes|no) \| (.+) \| (.+) \|$", guide, re.MULTILINE)
    short = {kind: kind.partition(" (")[0] for kind in EXPECTED}
    told = {
        one.check: (
            "yes" if one.decisive else "no",
            ", ".join(short[kind] for kind in EXPECTED if kind in one.types) or "all",
            one.reason,
        )
        for one in known_expectations()
    }
    assert {check: (decisive, kinds, reason) for check, decisive, kinds, reason in rows} == told
