"""How list files of every form are read."""

import hashlib
import json
from dataclasses import replace

import pytest

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.forms import FORMS, read_form
from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Entry,
    Gone,
    Passed,
    Reject,
    Scheme,
    Trivial,
)
from tipbridge.knowledge.hashes.rules import EXACT_KINDS
from tipbridge.knowledge.hashes.writing import HOLDS, WRITERS, Written

SOME = hashlib.sha256(b"synthetic").hexdigest()
MD5, SHA1 = SOME[:32], SOME[:40]
NSRL_HEAD = '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"'
NSRL_ROW = f'"{SHA1.upper()}","{MD5.upper()}","00000000","a,b.dll",17,1,"WIN",""'


def read(*lines: str | bytes, form: str = "text", kind=None, scheme=Scheme.FREE, reduces=False):
    given = [line if isinstance(line, bytes) else f"{line}\n".encode() for line in lines]
    return list(read_form(form, given, kind=kind, scheme=scheme, reduces=reduces))


def read_json(value: object, form: str, *, scheme=Scheme.FREE):
    return read(json.dumps(value).encode(), form=form, scheme=scheme)


def entry(kind: DigestKind, text: str, **said) -> Entry:
    return Entry(kind=kind, digest=bytes.fromhex(text), **said)


@pytest.mark.parametrize(
    ("text", "kind"),
    [(SOME, DigestKind.SHA256), (SHA1.upper(), DigestKind.SHA1), (MD5, DigestKind.MD5)],
)
def test_kind_is_told_by_length_and_case_does_not_matter(text: str, kind: DigestKind) -> None:
    assert read(text) == [entry(kind, text)]


def test_a_mark_may_follow_the_digest_in_quotes_or_not() -> None:
    assert read(f"{SOME},A1", f'"{MD5}","A2"') == [
        entry(DigestKind.SHA256, SOME, mark="A1"),
        entry(DigestKind.MD5, MD5, mark="A2"),
    ]


def test_what_a_bare_digest_is_can_be_said() -> None:
    assert read(SOME, kind=DigestKind.PDQ) == [entry(DigestKind.PDQ, SOME)]
    assert isinstance(read(SHA1, kind=DigestKind.PDQ)[0], Reject)


def test_blank_lines_comments_and_a_byte_order_mark_hold_nothing() -> None:
    assert read(b"\xef\xbb\xbf# a list\n", "", "  ", f"{SOME}\r") == [
        entry(DigestKind.SHA256, SOME)
    ]


def test_only_the_first_line_may_name_the_columns() -> None:
    assert read("sha256,mark") == []
    assert read(SOME, "sha256,mark")[1] == Reject(
        line=2, reason="not an MD5, SHA-1 or SHA-256 in hexadecimal"
    )


def test_columns_may_stand_in_any_order_and_one_row_hold_several_digests() -> None:
    found = read("Image ID;MD5;SHA1;PhotoDNA;Series name", f"17;{MD5.upper()};{SHA1};;none", "")
    assert found == [
        entry(DigestKind.MD5, MD5, item="17"),
        entry(DigestKind.SHA1, SHA1, item="17"),
    ]


def test_the_table_of_known_good_files_is_read() -> None:
    found = read(NSRL_HEAD, NSRL_ROW, reduces=True)
    assert found == [entry(DigestKind.SHA1, SHA1), entry(DigestKind.MD5, MD5)]


def test_the_table_of_known_good_files_makes_no_finding_whatever_its_form() -> None:
    with pytest.raises(Invalid, match=r"line 1: this is NSRL's table.* of the purpose known-good"):
        read(NSRL_HEAD, NSRL_ROW)
    (found,) = read(NSRL_ROW)  # its first line was cut off
    assert found == Reject(line=1, reason="8 columns, and no first line that names them")


EVERY_KIND = (
    Entry(kind=DigestKind.MD5, digest=bytes.fromhex(MD5), mark="2", item="m-1"),
    Entry(kind=DigestKind.SHA1, digest=bytes.fromhex(SHA1), mark='a, "quoted" mark', item="m-2"),
    Entry(kind=DigestKind.SHA256, digest=bytes.fromhex(SOME)),
    Entry(kind=DigestKind.PDQ, digest=bytes.fromhex(SOME), mark="5", item="가", quality=88),
    Entry(kind=DigestKind.VPDQ, digest=bytes.fromhex(SOME), item="film", frame=12, quality=77),
    *(
        Entry(kind=kind, digest=f"{kind}:17a+/==".encode(), mark="1", item=f"of {kind}")
        for kind in DigestKind
        if kind not in {*EXACT_KINDS, DigestKind.PDQ, DigestKind.VPDQ}
    ),
)


def as_kept(form: str, each: Entry, number: int) -> Entry:
    """What a form has a place for of an entry."""
    if form == "csv":
        return each
    if form == "vics":
        mark = each.mark if each.mark in {*"012345"} else None
        return replace(each, quality=None, mark=mark, item=each.item or str(number))
    return replace(each, item=each.item if form == "misp" else None, quality=None)


@pytest.mark.parametrize("form", WRITERS)
def test_what_is_written_in_a_form_is_read_from_it_and_what_has_no_place_is_counted(form) -> None:
    assert {each.kind for each in EVERY_KIND} == set(DigestKind)
    written = Written(form, EVERY_KIND)
    data = b"".join(written)
    kept = [each for each in EVERY_KIND if each.kind in HOLDS[form]]
    found = read(*data.splitlines(keepends=True), form=form)
    assert found == [as_kept(form, each, 1) for each in kept]
    assert written.left_out == {each.kind.value: 1 for each in EVERY_KIND if each not in kept}
    lost = {"text": {"item": 2}, "vics": {"quality": 1}}
    assert written.lost == lost.get(form, {})


def test_a_hash_set_has_one_medium_for_each_item_with_a_number_for_its_category() -> None:
    said = {"item": "7", "mark": "2"}
    entries = [
        entry(DigestKind.MD5, MD5, **said),
        entry(DigestKind.MD5, MD5[::-1], **said),
        entry(DigestKind.SHA1, SHA1, **said),
        entry(DigestKind.MD5, MD5, item="m-1", mark="A1"),
        entry(DigestKind.SHA256, SOME),
        entry(DigestKind.SHA1, SHA1),
    ]
    data = b"".join(Written("vics", entries))
    other = {"HashName": "MD5", "HashValue": MD5[::-1]}
    assert json.loads(data)["value"] == [
        {"MediaID": 7, "Category": 2, "MD5": MD5.upper(), "SHA1": SHA1.upper(),
         "AlternativeHashes": [other]},
        {"MediaID": "m-1", "Category": None, "Tags": "A1", "MD5": MD5.upper()},
        {"MediaID": 8, "Category": None, "SHA256": SOME.upper()},
        {"MediaID": 9, "Category": None, "SHA1": SHA1.upper()},
    ]  # fmt: skip
    found = read(data, form="vics", scheme=Scheme.VICS)
    assert found[:3] == [entries[0], entries[2], entries[1]]


@pytest.mark.parametrize("mark", ["item", "md5", 'quality "A"'])
def test_a_mark_that_is_called_like_a_column_makes_no_first_line_of_names(mark: str) -> None:
    data = b"".join(Written("text", [entry(DigestKind.SHA256, SOME, mark=mark)]))
    assert read(data) == [entry(DigestKind.SHA256, SOME, mark=mark)]


def test_an_unknown_column_is_named_with_what_is_allowed() -> None:
    with pytest.raises(Invalid, match="line 1: no column 'colour'; the columns are"):
        read("md5,colour", f"{MD5},red")


@pytest.mark.parametrize(
    "line",
    [
        SOME[:-1],
        SOME + "0",
        "g" * 64,
        f"{SOME},{'x' * 65}",
        b"\xff\xfe\n",
        "a" * 4001,
        "{}",
        "!!python/object/apply:os.system ['true']",
        "\x80\x04cposix\nsystem",
    ],
)
def test_what_is_no_digest_is_rejected_by_line(line) -> None:
    (first, found) = read(MD5, line)
    assert isinstance(first, Entry)
    assert isinstance(found, Reject)
    assert found.line == 2


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (f"pdq,{SOME},x,,", "frame and quality are whole numbers"),
        (f"pdq,{SOME},,-1,", "frame and quality are whole numbers"),
        (f"pdq,{SOME},,101,", "quality outside 0 to 100"),
        (f"pdq,{SOME},7,90,", "only a vpdq hash has a frame"),
        (f"vpdq,{SOME},7,90,", "needs item"),
        (f"md6,{SOME},,,", "no kind 'md6'"),
        (f"sha1,{SOME},,,", "not 40 hexadecimal digits"),
        ("photodna,é,,,", "printable ASCII"),
        (f"md5,{MD5},,", "4 columns, the first line has 5"),
        (",,,,", "no digest"),
    ],
)
def test_a_row_that_does_not_fit_says_why(cells: str, reason: str) -> None:
    (found,) = read("kind,digest,frame,quality,item", cells)
    assert isinstance(found, Reject)
    assert reason in found.reason


@pytest.mark.parametrize("data", [b"", b"\n", bytes(512)])
def test_files_without_content_are_refused_as_trivial(data: bytes) -> None:
    for algorithm in ("md5", "sha1", "sha256"):
        (found,) = read(hashlib.new(algorithm, data).hexdigest())
        assert isinstance(found, Trivial)


CASE = {
    "@odata.context": "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Cases",
    "value": [{"CaseID": "0000", "Media": [
        {"MediaID": 7, "MD5": MD5.upper(), "SHA1": SHA1, "Category": 1, "MediaSize": 3,
         "AlternativeHashes": [{"HashName": "PhotoDNA", "HashValue": "17a+/=="}]},
        {"MediaID": 8, "MD5": MD5, "Category": None},
        {"MediaID": 9, "Category": 2},
    ]}],
}  # fmt: skip


def test_a_case_of_vics_gives_every_digest_of_every_medium() -> None:
    said = {"mark": "1", "item": "7"}
    assert read_json(CASE, "vics", scheme=Scheme.VICS) == [
        entry(DigestKind.MD5, MD5, **said),
        entry(DigestKind.SHA1, SHA1, **said),
        Entry(kind=DigestKind.PHOTODNA, digest=b"17a+/==", **said),
        entry(DigestKind.MD5, MD5, item="8"),
        Reject(line=3, reason="no digest"),
    ]


def test_a_hash_set_of_vics_1_3_with_a_byte_order_mark_is_read() -> None:
    flat = {"odata.metadata": "http://…#Media", "value": [{"MD5": MD5, "Category": 9}]}
    document = b"\xef\xbb\xbf" + json.dumps(flat).encode()
    assert read(document, form="vics") == [entry(DigestKind.MD5, MD5, mark="9")]
    (found,) = read(document, form="vics", scheme=Scheme.VICS)
    assert isinstance(found, Reject)


def test_an_event_of_misp_gives_its_digests_and_counts_the_rest() -> None:
    event = {"Event": {
        "Attribute": [
            {"type": "md5", "value": MD5, "uuid": "u-1", "to_ids": True},
            {"type": "url", "value": "https://share.example/1"},
            {"type": "sha1", "value": SHA1, "to_ids": False},
            {"type": "sha256", "value": SOME, "deleted": True},
        ],
        "Object": [{"Attribute": [{"type": "filename|sha1", "value": f"a|{SHA1}"}]}],
    }}  # fmt: skip
    assert read_json({"response": [event]}, "misp") == [
        entry(DigestKind.MD5, MD5, item="u-1"),
        Passed(line=2, why="attribute of type url"),
        Passed(line=3, why="attribute not meant for detection"),
        Gone(kind=DigestKind.SHA256, digest=bytes.fromhex(SOME)),
        entry(DigestKind.SHA1, SHA1),
    ]


def test_pages_of_stopncii_take_back_what_was_withdrawn() -> None:
    records = [
        {"signalType": "ImagePDQ", "hashValue": SOME, "hashStatus": "Active"},
        {"signalType": "VideoMD5", "hashValue": MD5, "hashStatus": "Withdrawn"},
        {"signalType": "URL", "hashValue": "https://share.example", "hashStatus": "Active"},
    ]
    pages = [{"count": 2, "hashRecords": records[:2]}, {"count": 1, "hashRecords": records[2:]}]
    assert read_json(pages, "stopncii") == [
        entry(DigestKind.PDQ, SOME),
        Gone(kind=DigestKind.MD5, digest=bytes.fromhex(MD5)),
        Passed(line=3, why="signal of type URL"),
    ]


def test_a_dump_of_threatexchange_is_read_with_its_tombstones() -> None:
    described = [{"status": "MALICIOUS", "owner": {"id": "1"}}]
    data = [
        {"id": 5, "type": "HASH_PDQ", "indicator": SOME, "descriptors": described},
        {"id": 6, "type": "HASH_MD5", "indicator": MD5, "should_delete": True},
        {"id": 7, "type": "HASH_SHA1", "indicator": SHA1},
        {"id": 8, "type": "URI", "indicator": "https://share.example"},
    ]
    assert read_json({"data": data, "paging": {}}, "threatexchange") == [
        entry(DigestKind.PDQ, SOME, mark="MALICIOUS", item="5"),
        Gone(kind=DigestKind.MD5, digest=bytes.fromhex(MD5)),
        Gone(kind=DigestKind.SHA1, digest=bytes.fromhex(SHA1)),
        Passed(line=4, why="indicator of type URI"),
    ]


@pytest.mark.parametrize("form", FORMS[1:])
@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[",
        b"{}",
        b"[1]",
        b'{"value":{}}',
        b'{"value":1,"value":2}',
        b"\x80\x04.",
        b"[" * 99_999,
        b'{"hashRecords":[1]}',
        b'{"data":[1]}',
        b"NaN",
        b'"\\ud800"',
    ],
)
def test_a_broken_document_is_refused_or_gives_no_entry(form: str, document: bytes) -> None:
    try:
        found = read(document, form=form)
    except Invalid:
        return
    assert not [each for each in found if isinstance(each, Entry | Gone)]


def test_a_form_that_is_none_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(Invalid, match="one of: text, csv, vics, misp, stopncii, threatexchange"):
        read(SOME, form="excel")
