"""Pure decisions: what a fingerprint looks like, what may change, which range is answered."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.rules import TRIVIAL_DIGESTS
from tipbridge.knowledge.hashsharing.errors import EntryConflict
from tipbridge.knowledge.hashsharing.model import (
    Change,
    FingerprintType,
    Outcome,
    Range,
    Reason,
    Stored,
)

PAGE_SIZE = 1000
ENTRY_ID = re.compile(r"[A-Za-z0-9._:~-]{1,128}")
ENTRY_ID_WORDS = "1 to 128 of A-Z a-z 0-9 . _ : ~ -"
RAW_BYTES = 1024 * 1024
"""The longest fingerprint that goes by reference; a TMK+PDQF is about a quarter of it."""

AHEAD = timedelta(seconds=60)
"""How far a client's clock may run before ours. What a range ends with can't be written into
any more, so each such request moves the time of later entries by up to this much."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
_HEX_DIGITS = {
    FingerprintType.MD5: 32,
    FingerprintType.SHA1: 40,
    FingerprintType.SHA256: 64,
    FingerprintType.PDQ: 64,
}
_TEXT = (FingerprintType.PDNA, FingerprintType.NETCLEAN)
_TEXT_FORM = re.compile(r"[A-Za-z0-9+/=,._:-]{1,2048}")
BY_REFERENCE = frozenset(set(FingerprintType) - set(_HEX_DIGITS) - set(_TEXT))
"""Kinds whose bytes are fetched one by one and never stand in a list."""

_PARAMETERS = ("from", "to", "start", "size", "max")
_REASON_NAMES = (
    "The file is not child sexual abuse material",
    "The fingerprint matches other files",
    "The fingerprint is damaged or of another kind",
)


def _reasons() -> dict[str, Reason]:
    """Three for each kind; ids are fixed for ever: kind and reason written into one GUID."""
    found: dict[str, Reason] = {}
    for kind_number, type_ in enumerate(FingerprintType, 1):
        for number, name in enumerate(_REASON_NAMES, 1):
            guid = f"7b1d9a52-0000-4000-8{kind_number:03x}-{number:012x}"
            found[guid] = Reason(guid=guid, name=name, type=type_)
    return found


REASONS: Mapping[str, Reason] = _reasons()


def fingerprint_type(text: str) -> FingerprintType:
    """The kind that a path names; Invalid with what is allowed."""
    if text not in set(FingerprintType):
        raise Invalid(f"No fingerprint type {text[:40]!r}; one of: {', '.join(FingerprintType)}.")
    return FingerprintType(text)


def read_value(type_: FingerprintType, text: str) -> bytes:
    """The bytes of a fingerprint as a document writes it.

    Errors: Invalid with what is allowed for this kind, without the place.
    """
    text = text.strip()
    if type_ in _HEX_DIGITS:
        return _hexadecimal(type_, text)
    if type_ in _TEXT:
        if not _TEXT_FORM.fullmatch(text):
            raise Invalid("1 to 2048 characters of A-Z a-z 0-9 + / = , . _ : - are allowed.")
        return text.encode("ascii")
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid("base64 is expected.") from error
    if not 1 <= len(data) <= RAW_BYTES:
        raise Invalid(f"1 to {RAW_BYTES} bytes are allowed, in base64.")
    return data


def _hexadecimal(type_: FingerprintType, text: str) -> bytes:
    digits = _HEX_DIGITS[type_]
    if not re.fullmatch(rf"[0-9a-fA-F]{{{digits}}}", text):
        raise Invalid(f"{digits} hexadecimal digits are expected.")
    value = bytes.fromhex(text)
    if value in TRIVIAL_DIGESTS:
        raise Invalid(f"this is the digest of {TRIVIAL_DIGESTS[value]}, which is never listed.")
    return value


def written_value(type_: FingerprintType, value: bytes) -> str:
    """A fingerprint that stands in lists, as documents write it."""
    return value.hex() if type_ in _HEX_DIGITS else value.decode("ascii")


def outcome_of(stored: Stored | None, change: Change) -> Outcome:
    """What a change does to what is kept.

    Errors: EntryConflict when the kind differs, or who may see the entry would be narrowed:
    what was shared can be retracted for all, not hidden from some.
    """
    if stored is None:
        if change.deleted:
            raise EntryConflict(f"There is no entry {change.entry_id} of this member to delete.")
        return Outcome.ADDED
    kept = stored.change
    if kept.kind is not change.kind:
        raise EntryConflict(f"The entry {change.entry_id} is of kind {kept.kind}.")
    if change.deleted:
        return Outcome.UNCHANGED if kept.deleted else Outcome.DELETED
    narrower = change.visible_to and (not kept.visible_to or kept.visible_to - change.visible_to)
    if narrower:
        raise EntryConflict(
            f"Who sees the entry {change.entry_id} may be widened, never narrowed;"
            " delete it and submit another."
        )
    return Outcome.UNCHANGED if kept == change else Outcome.UPDATED


def read_range(asked: Mapping[str, str], now: datetime) -> Range:
    """The range that a query names; what is left out is everything until now.

    Errors: Invalid, naming the parameter and what is allowed.
    """
    unknown = sorted(set(asked) - set(_PARAMETERS))
    if unknown:
        allowed = ", ".join(_PARAMETERS)
        raise Invalid(f"No query parameter {unknown[0][:40]!r}; the parameters are {allowed}.")
    here = now.replace(microsecond=0)
    after = _time("from", asked["from"]) if "from" in asked else datetime(1970, 1, 1, tzinfo=UTC)
    until = _time("to", asked["to"]) if "to" in asked else here
    if until > here + AHEAD:
        raise Invalid(
            f"The query parameter 'to' lies in the future: it is {written_time(here)} here."
            " Later entries would be missed; times are UTC."
        )
    if after > until:
        raise Invalid("The query parameter 'from' may not be later than 'to'.")
    return Range(
        after=after,
        until=until,
        start=_number("start", asked.get("start", "0"), 2**62),
        size=_number("size", asked.get("size", str(PAGE_SIZE)), PAGE_SIZE, least=1),
        last=_number("max", asked["max"], 2**62) if "max" in asked else None,
    )


def _time(name: str, text: str) -> datetime:
    try:
        if not _TIME.fullmatch(text):
            raise ValueError(name)
        return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)
    except ValueError as error:
        raise Invalid(
            f"The query parameter {name!r} must be a UTC time such as 2024-01-02T03:04:05Z."
        ) from error


def _number(name: str, text: str, most: int, *, least: int = 0) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", text) or not least <= int(text) <= most:
        raise Invalid(f"The query parameter {name!r} must be a whole number, {least} to {most}.")
    return int(text)


def written_time(at: datetime) -> str:
    """A time as the documents write it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def link_of(range_: Range) -> str:
    """The address of a page, relative to the environment's root."""
    asked = {
        "from": written_time(range_.after).replace("Z", ".000Z"),
        "to": written_time(range_.until).replace("Z", ".000Z"),
        "start": range_.start,
        "size": range_.size,
        "max": range_.last,
    }
    return (
        f"/v2/entries?{urlencode({name: each for name, each in asked.items() if each is not None})}"
    )
