"""What is left of an archive's caps while it is walked."""

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.box.archives.model import Caps, Left, Skip


class Budget:
    """Counts entries, bytes out and time over an archive and all that is nested in it."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self._entries, self._bytes, self._held = 0, 0, 0
        self._deadline = monotonic_seconds() + caps.seconds

    @property
    def entries_left(self) -> int:
        """How many entries may still come."""
        return self.caps.members - self._entries

    def count_entry(self) -> None:
        """One more entry.

        Errors: Left when there are too many, or the time is used up.
        """
        if not self.entries_left:
            raise Left(Skip.COUNT)
        self._entries += 1
        self.check_time()

    def check_time(self) -> None:
        """Nothing.

        Errors: Left when the time is used up.
        """
        if monotonic_seconds() > self._deadline:
            raise Left(Skip.TIME)

    def charge(self, count: int) -> None:
        """So many bytes came out.

        Errors: Left when bytes or time are used up.
        """
        self._bytes += count
        if self._bytes > self.caps.bytes:
            raise Left(Skip.BYTES)
        self.check_time()

    def weigh(self, *, out: int, of: int) -> None:
        """A member has given `out` bytes from `of`.

        Errors: Left when that is more than honest files give.
        """
        if out > self.caps.ratio_from_bytes and out > self.caps.ratio * max(of, 1):
            raise Left(Skip.RATIO)

    def hold(self, count: int) -> bool:
        """Whether so many bytes of archives in archives may still be kept in memory."""
        if self._held + count > self.caps.nested_bytes:
            return False
        self._held += count
        return True

    def release(self, count: int) -> None:
        """They are no longer kept."""
        self._held -= count
