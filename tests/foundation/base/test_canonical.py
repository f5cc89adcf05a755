"""Canonical JSON: one byte form for each value, and nothing else is read."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical, parse_json
from tipbridge.foundation.base.errors import Invalid

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
    | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(VALUES)
def test_the_form_is_that_of_the_reference_library(value: object) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_was_written_is_read_as_canonical(value: object) -> None:
    assert parse_canonical(canonical_json(value)) == value


def test_keys_beyond_the_basic_plane_sort_by_utf_16() -> None:
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2}).decode() == '{"\U0001f600":2,"\ufb33":1}'


@pytest.mark.parametrize("value", [2**53, float("nan"), {1: 2}, "\ud800", object()])
def test_a_value_without_a_form_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        canonical_json(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}', b"NaN", b"[" * 100_000, b"9" * 5000, b"\xff", b"", b'"\xed\xa0\x80"',
    ],
)  # fmt: skip
def test_what_is_not_strict_json_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        parse_json(data)


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b'{"a": 1}', b"1.0", b'"\\u0061"'])
def test_json_in_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="canonical"):
        parse_canonical(data)
