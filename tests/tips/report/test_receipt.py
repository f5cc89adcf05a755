import dataclasses
from datetime import UTC, datetime

import pytest

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.tips.report.receipt import (
    RECEIPT_TYPE,
    FiledDocument,
    FiledFile,
    FilingReceipt,
    check_filed,
    receipt_payload,
    verified_receipt,
)

AT = datetime(2014, 2, 25, 9, 0, 0, 123456, tzinfo=UTC)
KEYS, OTHER = NodeKeys.generate(), NodeKeys.generate()
CARD = KEYS.card("us.clearing", "Clearing", ("clearinghouse",), synthetic=True)
RECEIPT = FilingReceipt(
    node_id="us.clearing",
    synthetic=True,
    report_id="900000001",
    provider_id="p" * 32,
    provider_name="esp-one",
    test=False,
    credential_id="c" * 32,
    username="usr123",
    opened_at=AT,
    finished_at=AT,
    documents=(
        FiledDocument(
            about="report", file_id=None, received_at=AT, sha256="a" * 64, size_bytes=100
        ),
    ),
    files=(
        FiledFile(
            file_id="f" * 32,
            received_at=AT,
            md5="1" * 32,
            sha1="2" * 40,
            sha256="b" * 64,
            size_bytes=7,
        ),
    ),
)


def signed(receipt: FilingReceipt = RECEIPT, keys: NodeKeys = KEYS) -> bytes:
    return keys.sign(RECEIPT_TYPE, receipt_payload(receipt))


def test_a_receipt_is_read_again_exactly_as_it_was_signed():
    assert verified_receipt(CARD, signed()) == RECEIPT
    assert verified_receipt(CARD, signed() + b"\n") == RECEIPT
    bare = dataclasses.replace(RECEIPT, files=(), documents=())
    assert verified_receipt(CARD, signed(bare)) == bare


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"{}",
        b"\xff",
        signed(keys=OTHER),
        signed().replace(b'"sig":"', b'"sig":"A'),
        KEYS.sign("application/json", receipt_payload(RECEIPT)),
        KEYS.sign(RECEIPT_TYPE, b"no json"),
        KEYS.sign(RECEIPT_TYPE, b"[]"),
        KEYS.sign(RECEIPT_TYPE, receipt_payload(RECEIPT).replace(b"receipt/1", b"receipt/2")),
        KEYS.sign(RECEIPT_TYPE, receipt_payload(RECEIPT).replace(b"09:00", b"9:00")),
        KEYS.sign(RECEIPT_TYPE, b" " + receipt_payload(RECEIPT)),
        KEYS.sign(
            RECEIPT_TYPE,
            canonical_json({**parse_canonical(receipt_payload(RECEIPT)), "more": 1}),
        ),
        signed(dataclasses.replace(RECEIPT, node_id="us.other")),
        signed(dataclasses.replace(RECEIPT, synthetic=False)),
    ],
)
def test_anything_else_is_refused(envelope: bytes):
    with pytest.raises(IntegrityFailure):
        verified_receipt(CARD, envelope)


def test_what_was_filed_is_named_and_what_was_not_is_refused():
    check_filed(RECEIPT, {"report.xml": "a" * 64, "one.jpg": "b" * 64})
    with pytest.raises(IntegrityFailure, match=r"two\.jpg"):
        check_filed(RECEIPT, {"one.jpg": "b" * 64, "two.jpg": "c" * 64})
