"""Honest archives: every member with its path and digests, equal to Python's own readers."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.foundation.box.archives.made import (
    END,
    central,
    deflated,
    digests,
    ended,
    listed,
    listed_source,
    local,
    member,
    nested,
    tarred,
    zipped,
)
from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Reason

FILES = {"a.jpg": b"first", "b/c.png": b"second" * 1000, "empty": b""}
names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\:"), min_size=1, max_size=40).filter(lambda name: name != "..")  # fmt: skip
contents = st.dictionaries(names, st.binary(max_size=3000), max_size=8)


def paths_and_digests(found: dict) -> dict:
    return {tuple(one["path"]): one["sha256"] for one in found["members"]}


@settings(max_examples=40)
@given(contents, st.sampled_from([0, 8, 12]))
def test_a_zip_is_read_as_pythons_reader_reads_it(files: dict, method: int) -> None:
    data = zipped(files, method)
    found = listed(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        expected = {(name,): digests(archive.read(name))["sha256"] for name in archive.namelist()}
    assert paths_and_digests(found) == expected
    assert (found["skipped"], found["unlisted_bytes"]) == ([], 0)
    assert found["entries"] == len(files)


@settings(max_examples=40)
@given(contents, st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
def test_a_tar_is_read_as_pythons_reader_reads_it(files: dict, form: int) -> None:
    files = {name: data for name, data in files.items() if len(name.encode()) <= 100}
    data = tarred(files, form)
    if not files:
        with pytest.raises(Refused):
            listed(data)
        return
    expected = {(name,): digests(data)["sha256"] for name, data in files.items()}
    assert paths_and_digests(listed(data)) == expected


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_long_name_and_a_folder_in_a_tar(form: int) -> None:
    long = "folder/" * 30 + "file"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        info = tarfile.TarInfo(long)
        info.size = 4
        archive.addfile(info, io.BytesIO(b"deep"))
    found = listed(out.getvalue())
    assert found["members"] == [member([long], b"deep")]
    assert (found["folders"], found["entries"]) == (1, 2)


@pytest.mark.parametrize(
    ("pack", "kind"), [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")]
)
def test_a_packed_tar_is_a_tar_in_a_stream(pack, kind: str) -> None:
    inner = tarred(FILES)
    found = listed(pack(inner))
    assert found["kind"] == kind
    expected = [member(["~"], inner), *(member(["~", n], data) for n, data in FILES.items())]
    assert found["members"] == expected


def test_streams_behind_one_another_are_one() -> None:
    data = gzip.compress(b"one") + gzip.compress(b"two") + bytes(512)
    assert listed(data)["members"] == [member(["~"], b"onetwo")]


def test_archives_in_archives_are_opened_each_once_with_their_paths() -> None:
    inner = zipped({"x": b"deep"})
    middle = tarred({"inner.zip": inner})
    found = listed(zipped({"middle.tar": middle, "plain": b"p"}))
    assert found["members"] == [
        member(["middle.tar"], middle),
        member(["middle.tar", "inner.zip"], inner),
        member(["middle.tar", "inner.zip", "x"], b"deep"),
        member(["plain"], b"p"),
    ]
    assert found["unopened"] == []


def test_a_folder_in_a_zip_is_counted() -> None:
    found = listed(zipped({"folder/": b"", "folder/a": b"1"}))
    assert (found["folders"], found["entries"], len(found["members"])) == (1, 2, 1)


def test_what_stands_in_front_of_a_zip_is_counted_and_does_not_hide_it() -> None:
    data = b"MZ" + bytes(998) + zipped(FILES)
    found = listed(data)
    assert paths_and_digests(found) == paths_and_digests(listed(zipped(FILES)))
    assert found["unlisted_bytes"] == 1000


def test_a_zip_written_to_a_stream_has_descriptors_that_hide_nothing() -> None:
    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, given) -> int:
            self.data += bytes(given)
            return len(given)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    found = listed(stream.data)
    assert found["members"] == [member([name], data) for name, data in FILES.items()]
    assert found["unlisted_bytes"] == 0


def test_an_end_record_of_the_longer_form_is_followed_also_behind_something() -> None:
    files = {"a": b"1", "b": b"22"}
    plain = zipped(files, 0)
    directory_at = plain.index(b"PK\1\2")
    body, directory = plain[:directory_at], plain[directory_at:-22]
    longer = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2, 2, len(directory), len(body))
    place = struct.pack("<4sLQL", b"PK\6\7", 0, len(body) + len(directory), 1)
    end = END.pack(b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    data = body + directory + longer + place + end
    for front in (b"", b"in front"):
        found = listed(front + data)
        assert found["members"] == [member([name], given) for name, given in files.items()]
        assert found["unlisted_bytes"] == len(front)


def test_the_longer_form_of_sizes_is_read() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("big", "w", force_zip64=True) as opened,
    ):
        opened.write(b"content")
    data = bytearray(out.getvalue())
    at, packed = data.rindex(b"PK\1\2"), deflated(b"content")
    extra = b"\1\0\x18\0" + b"".join(n.to_bytes(8, "little") for n in (7, len(packed), 0))
    line = central(
        b"big", packed=0xFFFFFFFF, size=0xFFFFFFFF, crc=zlib.crc32(b"content"), at=0xFFFFFFFF,
        extra=extra,
    )  # fmt: skip
    assert listed(ended(bytes(data[:at]), line, 1))["members"] == [member(["big"], b"content")]


def test_a_comment_that_looks_like_an_end_does_not_hide_the_directory() -> None:
    packed = deflated(b"seen")
    body = local(b"seen", packed, size=4, crc=zlib.crc32(b"seen"))
    line = central(b"seen", packed=len(packed), size=4, crc=zlib.crc32(b"seen"), at=0)
    comment = b"PK\5\6" + bytes(18) + b"more"
    assert listed(ended(body, line, 1, comment))["members"] == [member(["seen"], b"seen")]


def test_a_source_that_can_not_be_sought_in_is_held_up_to_a_size() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    data = zipped(FILES)
    assert listed_source(Pipe(data), source_bytes=len(data))["entries"] == 3
    with pytest.raises(Refused) as caught:
        listed_source(Pipe(data), source_bytes=len(data) - 1)
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("data", "reason", "detail"),
    [
        (b"", Reason.UNSUPPORTED, "no-archive"),
        (b"\xff\xd8\xff\xe0 a picture", Reason.UNSUPPORTED, "no-archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), Reason.UNSUPPORTED, "7z"),
        (b"Rar!\x1a\x07\x01\0" + bytes(100), Reason.UNSUPPORTED, "rar"),
    ],
)
def test_what_is_not_walked_is_refused_by_name(data: bytes, reason: Reason, detail: str) -> None:
    with pytest.raises(Refused) as caught:
        listed(data)
    assert (caught.value.reason, caught.value.detail) == (reason, detail)


def test_depth_is_followed_to_its_cap_and_the_rest_is_named() -> None:
    found = listed(nested(6, b"core"))
    assert [len(one["path"]) for one in found["members"]] == [1, 2, 3, 4]
    assert found["unopened"] == [
        {"path": ("5.zip", "4.zip", "3.zip", "2.zip"), "reason": "depth", "detail": "", "count": 1}
    ]
