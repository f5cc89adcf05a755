"""Index files of lists in effect, built where they are not there: each list by itself."""

import structlog
from sqlalchemy.exc import DBAPIError

from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.indexes import build_indexes, indexes_of, is_built
from tipbridge.knowledge.hashes.model import HashList

FAILURES = (TipbridgeError, DBAPIError, OSError, MemoryError, ValueError)
"""What one list may have wrong that is nothing to the others: its rows, the disk, its size."""

log = structlog.get_logger("tipbridge")


def build_absent(work: Work) -> list[int]:
    """Build index files that are not there, within the caller's action; the rows of each list.

    Shape: a list whose files can't be built is logged and left alone for a while; look-ups name
    it as not searched, and every other list is built all the same.
    """
    if not _absent(work):
        return []
    store.let_one_build(work.db)  # who waited here finds them built
    built = (_built(work, each) for each in _absent(work))
    return [rows for rows in built if rows is not None]


def _absent(work: Work) -> list[HashList]:
    tried, lists = indexes_of(work.node), store.all_lists(work.db)
    active = (each for each in lists if each.active_version and tried.may_build(each))
    return [each for each in active if not is_built(work.node, each)]


def _built(work: Work, hash_list: HashList) -> int | None:
    version, content = hash_list.active_version or 0, hash_list.content_sha256 or ""
    try:
        with work.part():
            return build_indexes(work, hash_list, version, content)
    except FAILURES:
        log.exception("index not built", list=hash_list.id, version=version)
        indexes_of(work.node).note_unbuilt(hash_list)
        return None
