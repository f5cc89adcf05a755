"""Which lists a pass looked into: without them, no hit says nothing."""

from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.police.evidence import store
from tipbridge.police.evidence.searches import SearchedList, Searching


def keep_searched(work: Work, pass_id: str, exhibit_id: str, *, since_entries: int) -> None:
    """Keep which lists are in effect, if they are others than before, within the caller's own action."""
    lists = tuple(
        SearchedList(
            name=each.name,
            version=each.active_version,
            purpose=each.purpose.value,
            entries=each.entry_count,
            sha256=each.content_sha256,
        )
        for each in hashes.lists_in_effect(work)
        if each.active_version is not None
    )
    before = store.searched_by(work.db, [pass_id]).get(pass_id, ())
    if not before or before[-1].lists != lists:
        told = Searching(at=work.now, since_entries=since_entries, lists=lists)
        store.insert_searched(work.db, pass_id, exhibit_id, told)
