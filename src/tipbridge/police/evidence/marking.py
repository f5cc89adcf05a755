"""Saying how far the readings of a source are: at once to who listens, now and then on the page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.evidence import store
from tipbridge.police.evidence.errors import OutOfTurn
from tipbridge.police.evidence.readings import Reading, ReadingMark

MARK_SECONDS = 20.0
Units = Callable[[], AbstractContextManager[Work]]
"""Opens a unit of work; each step is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a pass is. Unit: bytes of the source; seconds since this reading of it began."""

    bytes_read: int
    size_bytes: int
    entries: int
    findings: int
    seconds: float
    at: Reading = Reading.FILES
    kept_before: int = 0
    """What was read before this call, of which the rate says nothing."""

    @property
    def bytes_per_second(self) -> float:
        """The rate since this call began."""
        return (self.bytes_read - self.kept_before) / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it takes at this rate; None while nothing is known."""
        rate = self.bytes_per_second
        return max(0, self.size_bytes - self.bytes_read) / rate if rate > 0 else None


Tell = Callable[[Progress], None]


@action("evidence.reading.advanced", roles=(Role.EXAMINER,))
def keep_reading(
    work: Work,
    pass_id: str,
    reading: str,
    *,
    bytes_read: int,
    size_bytes: int,
    began_at: datetime | None = None,
) -> datetime:
    """Keep how far a reading of an examination's source has come; without `began_at` it begins now.

    Shape: when it began.
    Errors: NotFound; OutOfTurn when the examination is finished or given up.
    """
    opening = store.opening_by_id(work.db, pass_id)
    if opening is None:
        raise NotFound("examination", pass_id)
    store.lock_exhibit(work.db, opening.exhibit_id)
    if store.open_opening(work.db, pass_id) is None:
        raise OutOfTurn(pass_id)
    mark = ReadingMark(
        pass_id=pass_id,
        reading=Reading(reading),
        began_at=began_at or work.now,
        at=work.now,
        bytes_read=bytes_read,
        size_bytes=size_bytes,
    )
    store.insert_mark(work.db, opening.exhibit_id, mark)
    work.record(opening.exhibit_id, examination=pass_id, reading=reading, bytes_read=bytes_read)
    return mark.began_at


class Marking:
    """Says of one pass where it is. Shape: a reading is kept when it begins, and each 20 seconds."""

    def __init__(self, units: Units, pass_id: str, tell: Tell | None) -> None:
        self._units, self._pass_id, self.tell = units, pass_id, tell

    def begins(
        self, at: Reading, size: int, *, read: int = 0, entries: int = 0, findings: int = 0
    ) -> Callable[[int], None]:
        """A reading begins; what is given back says how far it is. Errors: those of `keep_reading`."""
        began_at = self._keep(at, read, size)
        begun = kept = monotonic_seconds()

        def told(so_far: int) -> None:
            nonlocal kept
            now = monotonic_seconds()
            if now - kept >= MARK_SECONDS:
                kept = now
                self._keep(at, so_far, size, began_at)
            self._say(
                Progress(
                    bytes_read=so_far,
                    size_bytes=size,
                    entries=entries,
                    findings=findings,
                    seconds=now - begun,
                    at=at,
                )
            )

        if at is not Reading.FILES:
            told(0)
        return told

    def _say(self, progress: Progress) -> None:
        if self.tell is not None:
            self.tell(progress)

    def _keep(
        self, at: Reading, read: int, size: int, began_at: datetime | None = None
    ) -> datetime:
        with self._units() as work:
            return keep_reading(
                work,
                self._pass_id,
                at.value,
                bytes_read=read,
                size_bytes=size,
                began_at=began_at,
            )
