from collections import Counter
from datetime import UTC, datetime

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tests.tips.report.protocol import ENUMERATIONS, KINDS
from tipbridge.tips.report.errors import InvalidDocument, MalformedDocument
from tipbridge.tips.report.parse import (
    MAX_BYTES,
    SCHEMA_BYTES,
    parse_file_details,
    parse_report,
)
from tipbridge.tips.report.tree import PRESENCE_FLAGS, element_from_json, element_json, flat_values

NOW = datetime(2026, 1, 6, tzinfo=UTC)
EXAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:noNamespaceSchemaLocation="https://clearing.example/ispws/xsd">
  <incidentSummary>
    <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
    <platform>Example Chat</platform>
    <reportAnnotations><sextortion/></reportAnnotations>
    <incidentDateTime>2026-01-05T10:20:30+01:00</incidentDateTime>
  </incidentSummary>
  <reporter>
    <reportingPerson><firstName>Rep</firstName><email>ts@esp.example</email></reportingPerson>
  </reporter>
  <personOrUserReported>
    <personOrUserReportedPerson>
      <phone type="Mobile" verified="true" countryCallingCode="+1">2025550100</phone>
    </personOrUserReportedPerson>
    <espIdentifier>user-0001</espIdentifier>
    <ipCaptureEvent><ipAddress>203.0.113.7</ipAddress><eventName>Login</eventName>
      <dateTime>2026-01-05T09:00:00Z</dateTime><port>44321</port></ipCaptureEvent>
    <deviceId><idType>IMEI</idType><idValue>000000000000000</idValue></deviceId>
    <estimatedLocation><city>Springfield</city><region>IL</region><countryCode>US</countryCode>
    </estimatedLocation>
  </personOrUserReported>
  <victim><victimPerson><age>13</age></victimPerson></victim>
</report>"""
DETAILS = """<fileDetails><reportId>900000123</reportId>
<fileId>c0ffee00aa11bb22cc33dd44ee55ff66</fileId><originalFileName>a.jpg</originalFileName>
<fileViewedByEsp>true</fileViewedByEsp><fileRelevance>Reported</fileRelevance>
<originalFileHash hashType="MD5">d41d8cd98f00b204e9800998ecf8427e</originalFileHash>
<ipCaptureEvent><ipAddress>2001:db8::7</ipAddress></ipCaptureEvent></fileDetails>"""


def test_every_element_attribute_and_listed_value_is_accepted_and_visible():
    documents = maximal_reports()
    for data, written in documents:
        values = Counter(value for _, value in flat_values(parse_report(data, now=NOW)))
        missing = Counter(value for value in written if value) - values
        assert not missing, missing.most_common(3)
    for data, written in maximal_file_details("900000123", ["a" * 32]):
        values = Counter(v for _, v in flat_values(parse_file_details(data, now=NOW)))
        assert not Counter(written) - values
    everything = b"".join(data for data, _ in documents)
    everything += b"".join(data for data, _ in maximal_file_details("900000123", ["a" * 32]))
    seen = {
        str(e.tag)
        for e in etree.fromstring(
            b"<all>"
            + everything.replace(b'<?xml version="1.0" encoding="UTF-8"?>\n', b"")
            + b"</all>"
        ).iter()
    }
    assert seen >= {slot.name for kind in KINDS.values() for slot in kind.children}
    text = everything.decode()
    for listed in ENUMERATIONS.values():
        assert all(f">{value}<" in text or f'"{value}"' in text for value in listed)
    for grade in ENUMERATIONS["industryClassification"]:
        assert f"<industryClassification>{grade}<" in text


def test_an_empty_element_is_true_only_where_being_there_says_so():
    document = EXAMPLE.replace("<age>13</age>", "<address><country/></address>")
    values = dict(flat_values(parse_report(document.encode(), now=NOW)))
    assert values["report/incidentSummary/reportAnnotations/sextortion"] == "true"
    assert values["report/victim/victimPerson/address/country"] == ""


def test_the_presence_flags_are_those_of_the_schema():
    found = etree.fromstring(SCHEMA_BYTES).iterfind(".//{*}element[@type='presence']")
    assert {element.get("name") for element in found} == PRESENCE_FLAGS


def test_a_second_validator_accepts_the_same_documents():
    schema = xmlschema.XMLSchema(SCHEMA_BYTES.decode())
    for data, _ in maximal_reports() + maximal_file_details("900000123", ["a" * 32]):
        schema.validate(data.decode().removeprefix('<?xml version="1.0" encoding="UTF-8"?>'))


def test_the_schema_holds_every_child_the_notes_name():
    schema = etree.fromstring(SCHEMA_BYTES)
    ns = {"xs": "http://www.w3.org/2001/XMLSchema"}
    for name, kind in KINDS.items():
        found = schema.xpath(f"//xs:complexType[@name='{name}']//xs:element/@name", namespaces=ns)
        if kind.content == "seq" and found and name != "fileDetails":
            assert [str(n) for n in found] == [slot.name for slot in kind.children], name


def test_the_parsed_tree_survives_json():
    for data, _ in maximal_reports():
        document = parse_report(data, now=NOW)
        assert element_from_json(element_json(document)) == document


@pytest.mark.parametrize(
    "form",
    [
        EXAMPLE.encode(),
        b"\xef\xbb\xbf" + EXAMPLE.encode(),
        EXAMPLE.split("\n", 1)[1].encode(),
        EXAMPLE.replace("\n", "").replace("?><", "?><").encode(),
        EXAMPLE.replace("UTF-8", "utf-8").encode(),
        EXAMPLE.replace("<victim>", "<!-- <!DOCTYPE in a comment> --><victim>").encode(),
        EXAMPLE.replace("user-0001", "<![CDATA[<!DOCTYPE x>]]>").encode(),
    ],
)
def test_a_report_is_accepted_in_each_form_that_clients_send(form: bytes):
    assert parse_report(form, now=NOW).name == "report"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello", "Malformed"),
        (b"<report>", "Malformed"),
        (EXAMPLE.encode("utf-16"), "UTF-8"),
        (EXAMPLE.replace("UTF-8", "ISO-8859-1").encode(), "UTF-8"),
        (b'<?xml version="1.0"?><!DOCTYPE report><report/>', "DOCTYPE"),
        (b'<!DOCTYPE r SYSTEM "http://192.0.2.1/x.dtd"><report/>', "DOCTYPE"),
        (b"<report><!ENTITY x 'y'></report>", "DOCTYPE"),
        (b"<!-- unclosed <!-- " * 50_000, "Malformed"),
        (b"<a>" * 257, "Malformed"),
        (b"<a>" * 100_000, "Malformed"),
        (b"<report>" * 40 + b"</report>" * 40, "deeper"),
        (b"<report>" * 300 + b"</report>" * 300, "nest deeper than 32"),
        (b"<report " + b" ".join(b"a%d='1'" % n for n in range(50_000)) + b"/>", "attributes"),
        (b"<report>" + b"<a/>" * 1_000_000 + b"</report>", "tags"),
        (b"<report>" + b"x" * MAX_BYTES + b"</report>", "bytes"),
        (EXAMPLE.replace("user-0001", "a\x00b").encode(), "Malformed"),
        (EXAMPLE.replace("user-0001", "&undefined;").encode(), "Malformed"),
        (EXAMPLE.encode().replace(b"user-0001", b"\xed\xa0\x80"), "UTF-8"),
    ],
)
def test_what_is_no_document_is_refused_by_name_of_the_limit(data: bytes, reason: str):
    with pytest.raises(MalformedDocument, match=reason):
        parse_report(data, now=NOW)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<platform>", "<spare/><platform>", r"starting with element 'spare'.*One of '\{platform"),
        ("<reporter>", "<victim/><reporter>", "'report' holds, in this order: batchedReport"),
        ("Sexual Acts", "Sexual Act", "must be one of"),
        ("<sextortion/>", "<sextortion>false</sextortion>", r"must be one of '\[, true, 1\]"),
        ("44321", "0", "'port'"),
        ("44321", "65536", "a whole number from 1 to 65535"),
        ("203.0.113.7", "203.0.113.999", "IPv4"),
        ("203.0.113.7", "fe80::1%eth0", "IPv4"),
        ("09:00:00Z", "09:00:00", "offset"),
        ("2026-01-05T09:00:00Z", "2026-02-05T09:00:00Z", "past"),
        ("+01:00<", "+01:00</incidentDateTime><incidentDateTime>2026-01-01T00:00:00Z<", "2.4.a"),
        ("<age>13<", "<age>151<", "a whole number from 0 to 150"),
        ("<age>13<", "<age>x<", "cvc-"),
        ('type="Mobile"', 'type="Pager"', "Mobile, Home"),
        ('type="Mobile"', 'kind="Mobile"', "'kind' is not allowed"),
        ("2025550100", "+12025550100", "must not begin with"),
        ('verified="true"', 'verificationDate="2026-01-01T00:00:00Z"', "verified"),
        ("<email>ts@esp.example</email>", "", "must have an 'email'"),
        ("ts@esp.example", "ts@@", "well-formed"),
        ("IMEI", " ", "blank"),
        ("<region>IL</region>", "", "region"),
        ("<region>IL<", "<region>Illinois<", "abbreviation"),
        ("<countryCode>US</countryCode>", "", "countryCode"),
        ("<victim>", "<reporter/><victim>", "One of"),
        ("</personOrUserReported>", "</personOrUserReported><personOrUserReported/>", "batched"),
        ("<report ", '<report xmlns="urn:x" ', "root element"),
        ("<age>13</age>", "<age>13</age><dateOfBirth>2031-01-01</dateOfBirth>", "past"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_place_and_remedy(old: str, new: str, told: str):
    assert old in EXAMPLE
    with pytest.raises(InvalidDocument, match=told) as refused:
        parse_report(EXAMPLE.replace(old, new, 1).encode(), now=NOW)
    assert refused.value.public.startswith("Validation failed\n[")


def test_a_refusal_names_line_and_column_of_the_element():
    with pytest.raises(InvalidDocument) as refused:
        parse_report(EXAMPLE.replace("    <platform>", "    <oops/><platform>").encode(), now=NOW)
    assert "\n[6,5] - cvc-complex-type.2.4.a: Invalid content" in refused.value.public


def test_a_value_is_not_repeated_in_a_refusal():
    with pytest.raises(InvalidDocument) as refused:
        parse_report(EXAMPLE.replace("44321", "secretvalue").encode(), now=NOW)
    assert "secretvalue" not in refused.value.public


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "</ipCaptureEvent>",
            "</ipCaptureEvent><ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>",
            r"One of '\{deviceId, details, additionalInfo\}'.*ipCaptureEvent\?",
        ),
        (
            "Reported</fileRelevance>",
            "Supplemental Reported</fileRelevance><industryClassification>A1</industryClassification>",
            "supplemental",
        ),
        (
            "true</fileViewedByEsp>",
            "false</fileViewedByEsp><exifViewedByEsp>true</exifViewedByEsp>",
            "fileViewedByEsp",
        ),
        (' hashType="MD5"', "", "hashType"),
    ],
)
def test_file_details_that_break_a_rule_are_refused(old: str, new: str, told: str):
    with pytest.raises(InvalidDocument, match=told):
        parse_file_details(DETAILS.replace(old, new, 1).encode(), now=NOW)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_bytes_end_in_a_document_or_a_refusal(data: st.DataObject):
    body = bytearray(EXAMPLE.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        match data.draw(st.sampled_from(("flip", "cut", "copy", "insert"))):
            case "flip":
                body[at] = data.draw(st.integers(0, 255))
            case "cut":
                del body[at : at + data.draw(st.integers(1, 60))]
            case "copy":
                body[at:at] = body[at : at + data.draw(st.integers(1, 200))]
            case _:
                body[at:at] = data.draw(st.binary(max_size=20))
        body = body or bytearray(b"<")
    try:
        parse_report(bytes(body), now=NOW)
    except (MalformedDocument, InvalidDocument):
        return
