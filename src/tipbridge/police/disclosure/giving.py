"""Who got bundles of a case, for a later room's action."""

from datetime import datetime

from tipbridge.foundation.work import Work
from tipbridge.police.disclosure import store


def receivers_since(work: Work, case_id: str, since: datetime) -> tuple[str, ...]:
    """Who got a bundle of a case that was written at or after a moment."""
    return tuple(
        disclosure.recipient
        for disclosure, _ in store.disclosures_of(work.db, case_id)
        if any(done.written_at >= since for done in store.written_of(work.db, disclosure.id))
    )
