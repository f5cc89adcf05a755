"""Refusals about hash lists."""

from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.knowledge.hashes.model import Reject

SHOWN_REJECTS = 10


class ListNameTaken(Conflict):
    """A list of this name exists."""

    def __init__(self, name: str) -> None:
        super().__init__(f"A hash list named {name} exists already.")


class ListRejected(Invalid):
    """Lines of the file are no entries; nothing of it was loaded."""

    def __init__(self, rejects: list[Reject]) -> None:
        shown = "; ".join(f"line {each.line}: {each.reason}" for each in rejects[:SHOWN_REJECTS])
        more = len(rejects) - SHOWN_REJECTS
        tail = f"; and {more} more" if more > 0 else ""
        super().__init__(f"Nothing was loaded: {len(rejects)} lines rejected ({shown}{tail}).")
