"""How one line of a list file is read, and which digests say nothing."""

import re

from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.model import DigestKind, Entry, Reject, Trivial

KIND_BY_LENGTH = {32: DigestKind.MD5, 40: DigestKind.SHA1, 64: DigestKind.SHA256}
MARK_LENGTH = 64
_HEX = re.compile(r"[0-9a-fA-F]+")
_HEADERS = frozenset({"hash", "digest", "md5", "sha1", "sha-1", "sha256", "sha-256"})
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


def read_line(number: int, line: str) -> Entry | Reject | Trivial | None:
    """One line of a list: `DIGEST` or `DIGEST,MARK`; None for blank, comment or header.

    Shape: `number` counts from 1; only the first line may be a header.
    """
    text = line.strip()
    if not text or text.startswith("#"):
        return None
    first, _, rest = text.partition(",")
    first, mark = first.strip().strip('"'), rest.strip().strip('"')
    if number == 1 and first.lower() in _HEADERS:
        return None
    kind = digest_kind(first)
    if kind is None:
        return Reject(line=number, reason="not an MD5, SHA-1 or SHA-256 in hexadecimal")
    if len(mark) > MARK_LENGTH or not mark.isprintable():
        return Reject(line=number, reason=f"mark longer than {MARK_LENGTH} or not printable")
    digest = bytes.fromhex(first)
    if digest in TRIVIAL_DIGESTS:
        return Trivial(line=number, what=TRIVIAL_DIGESTS[digest])
    return Entry(kind=kind, digest=digest, mark=mark or None)
