"""Entries of shared hash lists, as a member submits them."""

from tipbridge.knowledge.hashsharing.model import (
    Change,
    EntryKind,
    Fingerprint,
    FingerprintType,
)


def hash_entry(entry_id: str, *, visible_to: frozenset[int] = frozenset()) -> Change:
    """An image with one digest, as a member submits it."""
    digest = Fingerprint(type=FingerprintType.MD5, value=b"\x01" * 16)
    return Change(
        entry_id=entry_id, kind=EntryKind.IMAGE, fingerprints=(digest,), visible_to=visible_to
    )
