"""Names of staff, for pages that say who is on a list."""

from collections.abc import Iterable

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.work import Work


def usernames(work: Work, ids: Iterable[str]) -> tuple[str, ...]:
    """The user names of these members of staff, in order."""
    known = {member.id: member.username for member in access_store.all_staff(work.db)}
    return tuple(sorted(known[id_] for id_ in ids if id_ in known))
