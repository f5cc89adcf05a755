import pytest

from tests.knowledge.hashsharing.sharing import MD5, image, submission
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashsharing.errors import UnfitDocument
from tipbridge.knowledge.hashsharing.model import FingerprintType
from tipbridge.knowledge.hashsharing.reading import (
    MAX_CHANGES,
    NAMESPACE,
    read_submission,
    read_vote,
)
from tipbridge.knowledge.hashsharing.rules import REASONS, read_value, written_value

ENTITY = b'<!DOCTYPE a [<!ENTITY e "x">]>' + submission("<image/>")
GUID = "7b1d9a52-0000-4000-8001-000000000001"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "no well-formed XML"),
        (b"\xff", "no well-formed XML"),
        (b"<entrySubmission", "Line 1, column"),
        (ENTITY, "DOCTYPE"),
        (b"<entrySubmission/>", f"root must be <entrySubmission> in the namespace {NAMESPACE}"),
        (submission(""), "empty; 1 to 1000 of <image>, <video>, <deletedImage>, <deletedVideo>"),
        (submission("<picture/>"), "<picture>: not allowed here; allowed are <image>"),
        (submission("\n\n<image/>"), "Line 3, <image>: must hold <fingerprints>"),
        (submission("<image><fingerprints/></image>"), "at least one of <md5>, <sha1>"),
        (submission(image("a").replace("<id>a</id>", "")), "<image>: must hold <id>"),
        (submission(image("a b")), "<id>: 1 to 128 of A-Z"),
        (submission(image("a/b")), "<id>: 1 to 128 of A-Z"),
        (submission(image("a") + image("a")), "a stands twice in this submission"),
        (submission(image("a", "12")), "<md5>: 32 hexadecimal digits are expected"),
        (submission(image("a", digest_bytes(b"").md5)), "digest of an empty file"),
        (submission(image("a", more=f"<md5>{MD5}</md5>")), "<md5>: stands twice"),
        (submission(image("a", more="<crc>1</crc>")), "<crc>: not allowed in <fingerprints>"),
        (submission(image("a", more="<pdq>zz</pdq>")), "<pdq>: 64 hexadecimal digits"),
        (submission(image("a", more="<pdna>ß</pdna>")), "<pdna>: 1 to 2048 characters"),
        (submission(image("a", more="<tmk-pdqf>?</tmk-pdqf>")), "<tmk-pdqf>: base64"),
        (submission(image("a", more="<videntifier/>")), "<videntifier>: 1 to 1048576 bytes"),
        (submission(image("a", "<b/>")), "<md5>: holds elements; text is allowed"),
        (submission(image("a", after="<classification>C</classification>")), "one of A1, A2"),
        (submission(image("a", after="<access/>")), "at least one <member id>"),
        (submission(image("a", after='<access><member id="x"/></access>')), 'id="NUMBER"'),
        (submission("<deletedVideo/>"), "<deletedVideo>: must hold <id>"),
        (
            submission("".join(image(f"e{n}") for n in range(MAX_CHANGES + 1))),
            "at most 1000 entries",
        ),
        (submission("<a/>" * 41_000), "more than 40000 tags"),
    ],
)
def test_an_unfit_submission_is_refused_with_place_and_what_is_allowed(
    body: bytes, told: str
) -> None:
    with pytest.raises(UnfitDocument) as refused:
        read_submission(body)
    assert told in refused.value.public


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("", "exactly one of <affirmative>, <negative>"),
        ("<affirmative/><negative/>", "exactly one of"),
        ("<affirmative><a/></affirmative>", "nothing is allowed"),
        ("<negative/>", "must hold <reasonIds>"),
        ("<negative><reasonIds/></negative>", "at least one <guid>"),
        ("<negative><reasonIds><id/></reasonIds></negative>", "allowed is <guid>"),
    ],
)
def test_an_unfit_vote_is_refused_with_place_and_what_is_allowed(inside: str, told: str) -> None:
    body = f'<feedbackSubmission xmlns="{NAMESPACE}">{inside}</feedbackSubmission>'
    with pytest.raises(UnfitDocument) as refused:
        read_vote(body.encode())
    assert told in refused.value.public


def test_a_vote_is_in_favour_or_has_reasons() -> None:
    body = '<feedbackSubmission xmlns="%s">%s</feedbackSubmission>'
    against = f"<negative><reasonIds><guid>{GUID}</guid></reasonIds></negative>"
    assert read_vote((body % (NAMESPACE, "<affirmative/>")).encode()) is None
    assert read_vote((body % (NAMESPACE, against)).encode()) == (GUID,)


@pytest.mark.parametrize("type_", list(FingerprintType))
def test_each_kind_of_fingerprint_is_read_as_it_is_written(type_: FingerprintType) -> None:
    digits = {"MD5": 32, "SHA1": 40, "SHA256": 64, "PDQ": 64}.get(type_)
    if digits:
        assert written_value(type_, read_value(type_, "aB" * (digits // 2))) == "ab" * (digits // 2)
        with pytest.raises(Invalid):
            read_value(type_, "a" * (digits - 1))
    elif type_ in {"PDNA", "NETCLEAN"}:
        assert written_value(type_, read_value(type_, " 12,34 ")) == "12,34"
    else:
        assert read_value(type_, "c3lu\ndGg=") == b"synth"


def test_reasons_have_ids_of_their_own_for_each_kind() -> None:
    assert len(REASONS) == 3 * len(FingerprintType)
    assert all(reason.guid == guid for guid, reason in REASONS.items())
    assert REASONS[GUID].type is FingerprintType.MD5
