"""What a refusal says of lines and columns, and that it is said soon."""

import time
from datetime import UTC, datetime

import pytest

from tests.tips.report.rule_cases import reported
from tipbridge.tips.report.errors import InvalidDocument, MalformedDocument
from tipbridge.tips.report.parse import examine_report

NOW = datetime(2026, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        (b"<report>\n  <a/></report>", "[2,3]"),
        (b"<report>\r\n  <a/></report>", "[2,3]"),
        (b"<report>\r  <a/></report>", "[2,3]"),
        ("\ufeff<report><a/></report>".encode(), "[1,9]"),
        (b"\n\n  <report><a/></report>", "[3,11]"),
        ("\ufeff  <report><a/></report>".encode(), "[1,11]"),
        ("<!-- 말 --><report><a/></report>".encode(), "[1,19]"),
        ("<!-- 𝄞 -->\n<report><!-- 말말\n --> <a/></report>".encode(), "[3,6]"),
        (b"<?xml version='1.0'?>\t<report\n><a/></report>", "[2,2]"),
    ],
)
def test_a_place_counts_what_was_sent_in_lines_and_characters(sent: bytes, place: str):
    with pytest.raises(InvalidDocument) as refused:
        examine_report(sent, now=NOW)
    assert refused.value.public.startswith(f"Validation failed\n{place} - cvc-complex-type.2.4.a")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", "[1,1] - the body is empty"),
        (b"  \n ", "[2,2] - the body is empty"),
        (b"\n<report>\n \xff</report>", "[3,2] - the body is not UTF-8"),
        ("<a>\n말<!DOCTYPE x></a>".encode(), "[2,2] - a DOCTYPE"),
        (b"\n" + b"<a>" * 33 + b"</a>" * 33, "[2,97] - elements nest deeper than 32"),
        (b"<a>\n<b " + b" ".join(b"a%d='1'" % n for n in range(17)) + b"/></a>",
         "[2,1] - more than 16 attributes"),
        (b"<a>" + b"\n<b/>" * 200_000 + b"</a>", "[200001,1] - more than 200000 tags"),
        (b"x" * 5 + b"\n" + b"x" * 10_485_755, "[2,10485755] - more than 10485760 bytes"),
        (b"<?xml version='1.0' encoding='latin-1'?><a/>", "[1,31] - the encoding must be UTF-8"),
        (b"\n<report>\n</other>", "[3,"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_with_its_place(sent: bytes, told: str):
    with pytest.raises(MalformedDocument) as refused:
        examine_report(sent, now=NOW)
    assert refused.value.public.startswith(f"Malformed XML submittal\n{told}")


def test_more_faults_than_are_told_are_mentioned():
    with pytest.raises(InvalidDocument) as refused:
        examine_report(reported("<deviceId><idType/><idValue/></deviceId>" * 4).encode(), now=NOW)
    lines = refused.value.public.split("\n")
    assert len(lines) == 7
    assert lines[-1] == "More is wrong than is told here."


def test_a_document_of_very_many_faults_is_refused_quickly():
    text = reported("<deviceId><idType>a</idType></deviceId>" * 30_000)
    before = time.process_time()
    with pytest.raises(InvalidDocument, match="More is wrong"):
        examine_report(text.encode(), now=NOW)
    assert time.process_time() - before < 4  # a validator that counts siblings takes ten
