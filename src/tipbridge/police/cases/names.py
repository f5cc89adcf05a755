"""Names of staff, for pages that say who is on a list."""

from collections.abc import Iterable

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.work import Work


def names_of_staff(work: Work) -> dict[str, str]:
    """User names by id."""
    return {member.id: member.username for member in access_store.all_staff(work.db)}


def usernames(work: Work, ids: Iterable[str]) -> tuple[str, ...]:
    """The user names of these members of staff, in order."""
    known = names_of_staff(work)
    return tuple(sorted(known[id_] for id_ in ids if id_ in known))
