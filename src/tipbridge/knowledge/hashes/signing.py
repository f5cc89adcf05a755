"""What this node signs about a version of a list, and whether that still fits."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.node import Node
from tipbridge.knowledge.hashes.model import HashList, Version

LIST_VERSION_TYPE = "application/vnd.tipbridge.list-version+json"


def content_digest(lines: Iterable[bytes]) -> tuple[str, int]:
    """The SHA-256 over all entries' lines, in the store's order, and how many there are."""
    digest, count = hashlib.sha256(), 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 - the last one is the count
        digest.update(line)
    return digest.hexdigest(), count


def statement(hash_list: HashList, version: Version, *, before: str | None) -> bytes:
    """What is signed: the list, the version's content, who stands behind it, and what came before.

    Shape: `before` is the SHA-256 of the envelope of the version before.
    """
    return canonical_json(
        {
            "list": hash_list.id,
            "name": hash_list.name,
            "owner": hash_list.owner,
            "purpose": hash_list.purpose,
            "scheme": hash_list.scheme,
            "handling": hash_list.handling,
            "version": version.number,
            "content_sha256": version.content_sha256,
            "entries": version.entry_count,
            "valid_until": _time(version.valid_until),
            "prepared_by": sorted({each.person for each in version.imports}),
            "activated_by": version.activated_by,
            "activated_at": _time(version.activated_at),
            "before": before,
        }
    )


def sign_version(node: Node, hash_list: HashList, version: Version, *, before: str | None) -> str:
    """The envelope around a version's statement."""
    payload = statement(hash_list, version, before=before)
    return node.keys.sign(LIST_VERSION_TYPE, payload).decode("ascii")


def envelope_digest(envelope: str | None) -> str | None:
    """What the next version's statement names of this one."""
    return None if envelope is None else hashlib.sha256(envelope.encode()).hexdigest()


def signed_fault(
    node: Node, hash_list: HashList, version: Version, *, before: str | None
) -> str | None:
    """What does not fit between a version's row and what was signed about it."""
    envelope = (version.envelope or "").encode()
    try:
        payload = node.keys.verify_own(LIST_VERSION_TYPE, envelope)
    except IntegrityFailure:
        return "its signature does not fit"
    if payload != statement(hash_list, version, before=before):
        return "it says something else than what was signed"
    return None


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
