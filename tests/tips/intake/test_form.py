import contextlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipbridge.tips.intake.errors import UnfitUpload
from tipbridge.tips.intake.form import FormReader, Part, boundary_of, form_of

BODY = (
    b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n900000001\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\r\n-b\r\n--\r\n'
    b"--b--\r\n"
)


def read(pieces: list[bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def begin(part: Part):
        found[part.name] = b""

        def take(data: bytes) -> None:
            found[part.name] += data

        return take

    reader = FormReader(b"b", begin)
    for piece in pieces:
        reader.feed(piece)
    reader.close()
    return found


@given(st.lists(st.integers(0, len(BODY)), max_size=8))
def test_a_form_reads_the_same_however_it_is_cut_into_pieces(cuts: list[int]):
    places = [0, *sorted(cuts), len(BODY)]
    pieces = [BODY[a:b] for a, b in itertools.pairwise(places)]
    assert read(pieces) == {"id": b"900000001", "file": b"\r\n-b\r\n--"}


@settings(max_examples=300)
@given(st.data())
def test_any_bytes_are_a_form_or_refused(data: st.DataObject):
    body = bytearray(BODY)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    with contextlib.suppress(UnfitUpload):
        read([bytes(body)])


@given(st.integers(0, len(BODY) - 3))
def test_a_form_cut_short_is_refused(length: int):
    with contextlib.suppress(UnfitUpload):
        read([BODY[:length]])
        raise AssertionError("a truncated form was read as whole")


def test_a_boundary_is_found_in_the_header_or_the_first_line():
    assert boundary_of("multipart/form-data; boundary=x", b"") == b"x"
    assert boundary_of("", b"--y\r\nrest") == b"y"
    assert boundary_of("text/plain", b"id=1") is None
    assert boundary_of("multipart/form-data", b"--y\r\n") is None


@pytest.mark.parametrize("header", ["", "application/json", "multipart/form-data"])
def test_a_header_that_announces_no_form_is_refused_in_words(header: str):
    with pytest.raises(UnfitUpload, match="multipart/form-data with a boundary"):
        form_of(header, lambda _: bytes.__len__)
    assert form_of("multipart/form-data; boundary=b", lambda _: bytes.__len__)
