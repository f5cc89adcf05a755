"""The builders say all that the schema can say, and nothing else."""

import dataclasses
import functools
import typing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree

from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.filing import documents
from tipbridge.tips.filing.documents import (
    BatchedReport,
    Email,
    FileDetails,
    IncidentSummary,
    Person,
    PersonOrUserReported,
    Report,
    Reporter,
)
from tipbridge.tips.filing.writing import file_details_bytes, report_bytes, xml_name
from tipbridge.tips.report.parse import SCHEMA_BYTES, parse_any, parse_report

XS = "{http://www.w3.org/2001/XMLSchema}"
NOW = datetime(2026, 1, 5, tzinfo=UTC)
SCHEMA: Any = etree.fromstring(SCHEMA_BYTES)
TYPES = {each.get("name"): each for each in SCHEMA.iter(f"{XS}complexType")}
ANSWERS = {"reportResponse", "reportDoneResponse", "files", "internetDetails"}
MINIMAL = Report(
    incident_summary=IncidentSummary(incident_type="Child Sex Trafficking"),
    reporter=Reporter(reporting_person=Person(email=(Email(address="ts@esp.example"),))),
)


def builder(name: str) -> type | None:
    found = getattr(documents, name[0].upper() + name[1:], None)
    return found if isinstance(found, type) else None


def slots(kind: Any) -> list[tuple[str, str]]:
    """Each element with how often it may occur: 1, ? or *."""
    found = []
    for element in kind.iter(f"{XS}element"):
        choice = element.getparent().tag == f"{XS}choice"
        least = "0" if choice else element.get("minOccurs", "1")
        often = "*" if element.get("maxOccurs") == "unbounded" else "?" if least == "0" else "1"
        found.append((element.get("name"), often))
    return found


def fields(made: type, *, attributes: bool) -> list[tuple[str, str]]:
    hints = typing.get_type_hints(made)
    found = []
    for field in dataclasses.fields(made):
        kind = field.metadata.get("as")
        if kind == "content" or (kind == "attribute") != attributes:
            continue
        name = field.metadata.get("element") or xml_name(field)
        hint = hints[field.name]
        optional = type(None) in typing.get_args(hint)
        often = "*" if typing.get_origin(hint) is tuple else "?" if optional else "1"
        found.append((name, often))
    return found


@pytest.mark.parametrize("name", sorted(set(TYPES) - ANSWERS))
def test_a_builder_has_each_element_and_attribute_of_its_type_in_order(name: str) -> None:
    made = builder(name)
    assert made is not None, f"no builder for {name}"
    assert fields(made, attributes=False) == slots(TYPES[name])
    attributes = {each.get("name") for each in TYPES[name].iter(f"{XS}attribute")}
    assert {found for found, _ in fields(made, attributes=True)} == attributes


def test_the_incidents_are_those_of_the_schema() -> None:
    named = [each.get("name") for each in TYPES["internetDetails"].iter(f"{XS}element")]
    assert [each.ELEMENT for each in typing.get_args(documents.InternetIncident)] == named


@functools.cache
def hints_of(made: type) -> dict[str, object]:
    return typing.get_type_hints(made)


def rebuild(made: type, node: Any) -> object:
    """A builder's value from a document, by names alone."""
    hints = hints_of(made)
    values: dict[str, object] = {}
    for field in dataclasses.fields(made):
        hint, kind = hints[field.name], field.metadata.get("as")
        if kind == "attribute":
            if (sent := node.get(xml_name(field))) is not None:
                values[field.name] = sent
        elif kind == "content":
            values[field.name] = node.text or ""
        elif kind == "inside":
            incidents = {each.ELEMENT: each for each in typing.get_args(documents.InternetIncident)}
            values[field.name] = tuple(
                rebuild(incidents[outer[0].tag], outer[0])
                for outer in node.findall(field.metadata["element"])
            )
        else:
            inner = [
                each
                for each in typing.get_args(hint) or (hint,)
                if dataclasses.is_dataclass(each)
                and each.__module__.startswith("tipbridge.tips.filing")
            ]
            found = tuple(
                rebuild(inner[0], child) if inner else (child.text or "")
                for child in node.findall(xml_name(field))
            )
            if typing.get_origin(hint) is tuple:
                values[field.name] = found
            elif found:
                values[field.name] = found[0]
    return made(**values)


def test_every_element_and_attribute_is_written_as_it_is_read() -> None:
    both = [*maximal_reports()[::8], *maximal_file_details("900", ["aa"])]
    for data, _ in both:
        root = etree.fromstring(data)
        made = documents.Report if root.tag == "report" else documents.FileDetails
        write = report_bytes if root.tag == "report" else file_details_bytes
        again = parse_any(write(rebuild(made, root)), root.tag)
        assert again == parse_any(data, root.tag)


def test_values_are_written_as_the_protocol_has_them() -> None:
    report = dataclasses.replace(
        MINIMAL,
        batched_report=BatchedReport(),
        person_or_user_reported=(
            PersonOrUserReported(
                compromised_account=False,
                person_or_user_reported_person=Person(date_of_birth=date(1990, 2, 3)),
                prior_ct_reports=(900000045,),
            ),
        ),
    )
    text = report_bytes(report).decode()
    assert '<batchedReport reason="VIRAL_POTENTIAL_MEME"/>' in text
    assert "<compromisedAccount>false</compromisedAccount>" in text
    assert "<dateOfBirth>1990-02-03</dateOfBirth>" in text
    assert "<priorCTReports>900000045</priorCTReports>" in text
    assert parse_report(report_bytes(MINIMAL), now=NOW).name == "report"


def test_what_a_document_can_not_carry_is_named() -> None:
    naive = IncidentSummary(
        incident_type="Child Sex Trafficking",
        incident_date_time=datetime(2026, 1, 1),  # noqa: DTZ001 - the fault that is tried
    )
    with pytest.raises(Invalid, match="'incident_date_time' has no offset"):
        report_bytes(dataclasses.replace(MINIMAL, incident_summary=naive))
    with pytest.raises(Invalid, match="'additional_info' holds a character"):
        report_bytes(dataclasses.replace(MINIMAL, additional_info="a\0b"))
    assert b"<fileId>0</fileId>" in file_details_bytes(FileDetails())
