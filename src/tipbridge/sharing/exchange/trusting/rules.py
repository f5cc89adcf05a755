"""Pure decisions on signatures: which of them still count once a key was revoked."""

from collections.abc import Mapping, Sequence
from datetime import datetime


def counts(revoked_from: datetime | None, at: datetime) -> bool:
    """Whether a pinned key still counts at a moment."""
    return revoked_from is None or at < revoked_from


def untrusted(
    signed: Sequence[tuple[str, datetime]], revoked: Mapping[str, datetime], seen_at: datetime
) -> int | None:
    """The first signature that does not count any more, by its place; None when all do.

    Shape: `signed` are key id and stated time of each, oldest first; `revoked` says from when
    a key's signatures count no more; `seen_at` is when this node itself saw them.
    Whoever holds a stolen key can write any time, so that a statement's own says nothing: it
    counts when it was seen before the revocation, by this node or by a later signer whose own
    key was not revoked.
    """
    for place, (key_id, _) in enumerate(signed):
        limit = revoked.get(key_id)
        if limit is None:
            continue
        later = [at for other, at in signed[place + 1 :] if other not in revoked]
        if not any(at < limit for at in (seen_at, *later)):
            return place
    return None
