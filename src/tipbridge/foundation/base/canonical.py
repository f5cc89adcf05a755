"""Canonical JSON (RFC 8785): one byte form for each value, so that it can be signed."""

import json
from typing import Any, cast

import rfc8785

from tipbridge.foundation.base.errors import Invalid

_simple = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
_EXACT_INTEGERS = range(-(2**53) + 1, 2**53)
_LAST_OF_BASIC_PLANE = "\uffff"


def _sorts_alike(key: str) -> bool:
    return key.isascii() or max(key) <= _LAST_OF_BASIC_PLANE


def _is_simple(value: object) -> bool:
    """Whether the standard encoder gives the canonical form: no floats, keys that sort alike.

    Keys sort by UTF-16 code units in RFC 8785; within the basic plane that is Python's order.
    """
    ahead: list[object] = [value]
    while ahead:
        item = ahead.pop()
        kind = type(item)
        if kind is str or kind is bool or item is None:
            continue
        if kind is int:
            if item not in _EXACT_INTEGERS:
                return False
        elif kind is dict:
            for key, inner in cast("dict[object, object]", item).items():
                if type(key) is not str or not _sorts_alike(key):
                    return False
                ahead.append(inner)
        elif kind is list or kind is tuple:
            ahead.extend(cast("list[object]", item))
        else:
            return False
    return True


def canonical_json(value: object) -> bytes:
    """The RFC 8785 form of `value`.

    Errors: Invalid when `value` holds something JSON can't say exactly.
    """
    try:
        if _is_simple(value):
            return _simple.encode(value).encode("utf-8")
        return rfc8785.dumps(cast("Any", value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise Invalid(f"This value has no canonical JSON form: {type(error).__name__}.") from error


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate name")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def parse_json(data: bytes) -> Any:  # noqa: ANN401 - JSON is any value; callers narrow it
    """Strict JSON: UTF-8, no duplicate names, no NaN, bounded nesting.

    Errors: Invalid, never another exception, for any bytes.
    """
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise Invalid("Not strict JSON (UTF-8, no duplicate names, no NaN).") from error


def parse_canonical(data: bytes) -> Any:  # noqa: ANN401 - as above
    """Strict JSON that must also already be in canonical form.

    Errors: Invalid when it parses but re-writing it gives other bytes.
    """
    value = parse_json(data)
    if canonical_json(value) != data:
        raise Invalid("JSON is not in canonical form (RFC 8785).")
    return value
