"""Pure decisions on lists: which digests say nothing, which marks fit, whom it takes, who votes."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.model import (
    Confidence,
    DigestKind,
    Entry,
    Handling,
    ListPurpose,
    Reject,
    Scheme,
    Standing,
    Trivial,
)

KIND_BY_LENGTH = {32: DigestKind.MD5, 40: DigestKind.SHA1, 64: DigestKind.SHA256}
HEX_DIGITS = {
    DigestKind.MD5: 32,
    DigestKind.SHA1: 40,
    DigestKind.SHA256: 64,
    DigestKind.PDQ: 64,
    DigestKind.VPDQ: 64,
}
EXACT_KINDS = (DigestKind.MD5, DigestKind.SHA1, DigestKind.SHA256)
NEAR_KINDS = (DigestKind.PDQ, DigestKind.VPDQ)
MARK_LENGTH = 64
ITEM_LENGTH = 200
VERBATIM_LENGTH = 2_000
QUALITIES = range(101)
LEAST_QUALITY = 50
"""Below it a PDQ hash tells little of its picture. Source: PDQ's published advice."""
FRAMES = range(2**31)
VOTES_TO_TRUST = 3

MARKS = {
    Scheme.INDUSTRY: frozenset({"A1", "A2", "B1", "B2"}),
    Scheme.UK: frozenset({"A", "B", "C"}),
    Scheme.VICS: frozenset("012345"),
}
NAMED_PEOPLE_ONLY = frozenset({Handling.RED, Handling.AMBER_STRICT})
"""What goes to named people, or within one organisation: never to members or providers."""
TOLD_TO_PROVIDERS = frozenset({ListPurpose.KNOWN_MATERIAL, ListPurpose.VIRAL_MATERIAL})
"""An answer from a list of cases or of children who are sought would tell of an investigation."""

_HEX = re.compile(r"[0-9a-fA-F]+")
_CONTENTLESS = {
    "an empty file": b"",
    "one zero byte": b"\0",
    "one line feed": b"\n",
    "one carriage return and line feed": b"\r\n",
    "512 zero bytes": bytes(512),
    "4,096 zero bytes": bytes(4096),
}


def _contentless_digests() -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for what, data in _CONTENTLESS.items():
        digests = digest_bytes(data)
        for text in (digests.md5, digests.sha1, digests.sha256):
            found[bytes.fromhex(text)] = what
    return found


TRIVIAL_DIGESTS = _contentless_digests()


def digest_kind(text: str) -> DigestKind | None:
    """The kind of a digest written in hexadecimal, or None when it is none."""
    return KIND_BY_LENGTH.get(len(text)) if _HEX.fullmatch(text) else None


def read_digest(kind: DigestKind, text: str) -> bytes | None:
    """The bytes of a digest of this kind, or None when it is none."""
    digits = HEX_DIGITS.get(kind)
    if digits is None:
        fits = 0 < len(text) <= VERBATIM_LENGTH and text.isascii() and text.isprintable()
        return text.encode("ascii") if fits else None
    return bytes.fromhex(text) if len(text) == digits and _HEX.fullmatch(text) else None


def written_digest(kind: DigestKind, digest: bytes) -> str:
    """A digest as lists write it."""
    return digest.hex() if kind in HEX_DIGITS else digest.decode("ascii")


def digest_words(kind: DigestKind) -> str:
    """What a digest of this kind looks like."""
    digits = HEX_DIGITS.get(kind)
    if digits is None:
        return f"1 to {VERBATIM_LENGTH} printable ASCII characters"
    return f"{digits} hexadecimal digits"


def checked(number: int, entry: Entry, scheme: Scheme) -> Entry | Reject | Trivial:
    """`entry`, unless its mark or place does not fit, or it would match what has no content."""
    why = _unfit(entry, scheme)
    if why is not None:
        return Reject(line=number, reason=why)
    what = triviality(entry)
    return entry if what is None else Trivial(line=number, what=what)


def _unfit(entry: Entry, scheme: Scheme) -> str | None:
    item = entry.item or ""
    why = _unfit_mark(entry.mark or "", scheme)
    if why is not None:
        return why
    if len(item) > ITEM_LENGTH or not item.isprintable():
        return f"item longer than {ITEM_LENGTH} or not printable"
    if entry.quality is not None and entry.quality not in QUALITIES:
        return "quality outside 0 to 100"
    if entry.kind is DigestKind.VPDQ and (not item or entry.frame is None):
        return "a vpdq hash needs item (the video) and frame"
    if entry.frame is not None and entry.kind is not DigestKind.VPDQ:
        return "only a vpdq hash has a frame"
    return None


def _unfit_mark(mark: str, scheme: Scheme) -> str | None:
    allowed = MARKS.get(scheme)
    if allowed is not None and mark and mark not in allowed:
        return f"mark is none of the scheme {scheme}: {', '.join(sorted(allowed))}"
    if len(mark) > MARK_LENGTH or not mark.isprintable():
        return f"mark longer than {MARK_LENGTH} or not printable"
    return None


def triviality(entry: Entry) -> str | None:
    """What sort of empty file an entry would match; None for an entry worth keeping."""
    if entry.kind in HEX_DIGITS and not any(entry.digest):
        return "all zero"
    if entry.kind in NEAR_KINDS and entry.quality is not None and entry.quality < LEAST_QUALITY:
        return f"picture of quality below {LEAST_QUALITY}"
    return TRIVIAL_DIGESTS.get(entry.digest) if entry.kind in EXACT_KINDS else None


def may_activate(prepared_by: Collection[str], person: str, *, nobody: str) -> str | None:
    """Why this person may not put a version into effect; None when they may.

    Shape: people, not user names; `nobody` is the console, which is no person.
    """
    if person == nobody:
        return "A version is activated by a named member of staff, never by the console."
    if person in prepared_by:
        return "Whoever prepared a version can't activate it; a second person has to."
    return None


def confidence_of(votes: Iterable[tuple[str, bool]]) -> Confidence:
    """What votes of people and agencies say together; the newest vote of each counts.

    Source: three undisputed votes from different voters make a classification trusted, as in
    the United Kingdom's CAID.
    """
    said = list(dict(votes).values())
    return confidence_of_counts(sum(said), len(said) - sum(said))


def confidence_of_counts(in_favour: int, against: int) -> Confidence:
    """What so many different voters say together."""
    if against:
        return Confidence.DISPUTED
    if not in_favour:
        return Confidence.UNVOTED
    return Confidence.TRUSTED if in_favour >= VOTES_TO_TRUST else Confidence.OPEN


def standing_of(votes: Mapping[str, bool]) -> Standing:
    """What votes say together, with their counts."""
    in_favour = sum(votes.values())
    return Standing(
        confidence=confidence_of(votes.items()),
        in_favour=in_favour,
        against=len(votes) - in_favour,
    )


def holds(valid_until: datetime | None, now: datetime) -> bool:
    """Whether a version is still valid."""
    return valid_until is None or now < valid_until


def told_to_providers(purpose: ListPurpose, handling: Handling) -> bool:
    """Whether a provider may learn that a file stands on this list."""
    return purpose in TOLD_TO_PROVIDERS and may_be_named(handling)


def may_be_named(handling: Handling) -> bool:
    """Whether another organisation may learn that this list exists here, and its name."""
    return handling not in NAMED_PEOPLE_ONLY
