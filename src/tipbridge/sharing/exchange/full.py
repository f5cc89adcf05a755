"""Whether something failed because a disk has no room: the node's own, or its database's."""

import errno

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_DISK_FULL = "53100"
"""PostgreSQL's state for a disk without room."""


def is_full(error: BaseException | None) -> bool:
    """Whether this error, or what it came of, says that there is no room."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if getattr(error, "sqlstate", None) == _DISK_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False
