"""Many votes at once, for rooms whose people judge files and not entries."""

from collections.abc import Iterable
from datetime import datetime

from tipbridge.foundation.access.store import person_of
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes.actions import known, person
from tipbridge.knowledge.hashes.beside import store
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.rules import KIND_BY_LENGTH


def vote_on(work: Work, digests: Iterable[str], *, affirmative: bool, reason: str | None) -> int:
    """The actor's vote on every entry in effect that holds one of these digests; how many.

    Shape: within the caller's own action; a person's newest vote on an entry is the one that counts.
    """
    voter = f"person:{person(work)}"
    places = {
        (hit.list_id, KIND_BY_LENGTH[len(text)], bytes.fromhex(text))
        for text, hits in known(work, digests).items()
        for hit in hits
    }
    for place in sorted(places):
        store.note_vote(
            work.db, place, voter=voter, affirmative=affirmative, reason=reason, at=work.now
        )
    return len(places)


def bring_vote(
    work: Work,
    list_id: str,
    sha256: str,
    *,
    staff_id: str,
    affirmative: bool,
    reason: str,
    at: datetime,
) -> None:
    """Bring a vote of staff on a file to its entry on a list, also one that waits.

    Shape: within another room's own action; the person's newest vote counts, as everywhere.
    """
    store.note_vote(
        work.db,
        (list_id, DigestKind.SHA256, bytes.fromhex(sha256)),
        voter=f"person:{person_of(work.db, staff_id)}",
        affirmative=affirmative,
        reason=reason,
        at=at,
        waiting=True,
    )
