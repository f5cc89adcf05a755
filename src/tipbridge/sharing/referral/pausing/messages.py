"""A suspension as the one part of a package, and read back strictly; whole in each word, so that one is enough."""

from collections.abc import Mapping
from typing import Any

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import moment_said
from tipbridge.knowledge.agreements.model import DataClass, Part, Suspension

SUSPENSION = "agreement/suspension"
_NAMES = {"agreement", "starts_at", "ends_at", "reason"}
_SHA256_CHARACTERS = 64
_REASON_MAX = 1000


def suspension_part(sha256: str, pause: Suspension) -> Part:
    """A suspension as it is sent; with its end once it was lifted."""
    value = {
        "agreement": sha256,
        "starts_at": pause.starts_at.isoformat(),
        "ends_at": None if pause.ends_at is None else pause.ends_at.isoformat(),
        "reason": pause.reason,
    }
    return Part(label=SUSPENSION, value=value, data_class=DataClass.INCIDENT)


def read_suspension(value: Mapping[str, Any], by: str) -> tuple[str, Suspension]:
    """The agreement's name and the suspension that `suspension_part` wrote, in the name of `by`.

    Errors: Invalid.
    """
    try:
        if set(value) != _NAMES:
            raise ValueError("other names")
        pause = Suspension(
            starts_at=moment_said(value["starts_at"]),
            ends_at=None if value["ends_at"] is None else moment_said(value["ends_at"]),
            by=by,
            reason=_text(value["reason"], _REASON_MAX),
        )
        if pause.ends_at is not None and pause.ends_at < pause.starts_at:
            raise ValueError("ends before it starts")
        return _text(value["agreement"], _SHA256_CHARACTERS), pause
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Invalid("This is not the word of a suspension.") from error


def _text(value: object, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or "\0" in value:
        raise ValueError("not a short text")
    return value
