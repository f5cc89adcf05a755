"""A change of a list that would leave it, or another one, to nobody is refused."""

from collections.abc import Generator
from contextlib import contextmanager

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work

_WORDS = {
    "case": "the restricted case",
    "child-file": "a child's own file",
    "welfare-record": "a narrowed welfare record",
    "referral": "a restricted referral",
}


@contextmanager
def still_kept(work: Work) -> Generator[None]:
    """Do what changes a list, and take it back when a list that was kept no longer is.

    Errors: Conflict, naming what would be left.
    """
    before = access_store.lists_unkept(work.db)
    yield
    left = {each.kind for each in access_store.lists_unkept(work.db) if each not in before}
    if left:
        named = ", ".join(_WORDS[kind] for kind in sorted(left))
        raise Conflict(
            f"An investigator who sees the case stays on each list; none would on that of {named}."
        )
