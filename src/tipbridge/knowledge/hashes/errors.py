"""Refusals about hash lists."""

from tipbridge.foundation.base.errors import Conflict, Forbidden, Invalid, Kind, TipbridgeError
from tipbridge.knowledge.hashes.model import Reject

SHOWN_REJECTS = 10


class ListNameTaken(Conflict):
    """A list of this name exists."""

    def __init__(self, name: str) -> None:
        super().__init__(f"A hash list named {name} exists already.")


class ListRejected(Invalid):
    """Lines of the file are no entries; nothing of it was loaded."""

    def __init__(self, rejects: list[Reject], count: int) -> None:
        shown = "; ".join(f"line {each.line}: {each.reason}" for each in rejects[:SHOWN_REJECTS])
        more = count - SHOWN_REJECTS
        tail = f"; and {more} more" if more > 0 else ""
        super().__init__(f"Nothing was loaded: {count} lines rejected ({shown}{tail}).")


class NotTheSecondPerson(Forbidden):
    """Who asks may not put this version into effect."""


class NothingWaits(Conflict):
    """No version of the list is prepared, or another one than was looked at."""


class TooManyLookups(TipbridgeError):
    """A provider asked about more files than it may in a minute."""

    kind = Kind.TOO_OFTEN

    def __init__(self, per_minute: int, wait_seconds: int, *, id: str) -> None:  # noqa: A002
        super().__init__(
            f"At most {per_minute} files are looked up in a minute;"
            f" ask again in {wait_seconds} seconds.",
            id=id,
        )
        self.wait_seconds = wait_seconds


class BodyTooLong(TipbridgeError):
    """A request is longer than is taken."""

    kind = Kind.LIMIT

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"A request has at most {most_bytes} bytes.")
