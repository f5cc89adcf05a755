"""One file's exchange with its fork: feed the source, gather the result, learn how it ended."""

import os
import select
import signal
from typing import cast

from tipbridge.foundation.base.canonical import parse_json
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.box import wire
from tipbridge.foundation.box.decoder import NO_WALLS
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import DETAIL, Done, Failed, Limits, Outcome, Reason
from tipbridge.foundation.box.source import Feed
from tipbridge.foundation.box.wire import End

_GRACE_SECONDS = 5.0
_CHUNK_BYTES = 256 * 1024
_REASONS = frozenset(map(str, Reason))


class Exchange:
    """Two pipes to one fork: its result, and the warm process' word on how it ended."""

    def __init__(self, limits: Limits, feed: Feed | None) -> None:
        self._limits, self._feed = limits, feed
        self._result, self._their_result = os.pipe2(os.O_CLOEXEC)
        self._report, self._their_report = os.pipe2(os.O_CLOEXEC)
        self._gathered, self._told = bytearray(), bytearray()
        self._open = {self._result, self._report, self._their_result, self._their_report}
        self._poll = select.poll()

    @property
    def theirs(self) -> tuple[int, int]:
        """The ends that the other side gets."""
        return self._their_result, self._their_report

    def let_go(self) -> None:
        """Close their ends here, so that ours end when theirs do."""
        self._close(self._their_result)
        self._close(self._their_report)

    def await_outcome(self) -> Outcome | None:
        """What came of it; nothing when the warm process itself is gone.

        Errors: whatever the chunks of the source raise; BoxClosed when the walls did not stand.
        """
        for descriptor in (self._result, self._report):
            self._poll.register(descriptor, select.POLLIN)
        if self._feed is not None:
            self._poll.register(self._feed.descriptor, select.POLLOUT)
        deadline = monotonic_seconds() + self._limits.wall_seconds + _GRACE_SECONDS
        while self._report in self._open:
            left = deadline - monotonic_seconds()
            if left <= 0:
                return None
            for descriptor, _ in self._poll.poll(left * 1000):
                if not self._advance(descriptor):
                    return Failed(reason=Reason.RESULT_TOO_BIG)
        return _judge(bytes(self._told), bytes(self._gathered), self._limits)

    def _advance(self, descriptor: int) -> bool:
        if descriptor == self._report:
            self._read_report()
        elif descriptor == self._result:
            return self._read_result()
        elif self._feed is not None and not self._feed.push():
            self._poll.unregister(descriptor)
        return True

    def _read_report(self) -> None:
        data = os.read(self._report, _CHUNK_BYTES)
        self._told += data
        if not data:
            while self._result in self._open and self._read_result():
                pass  # what the fork wrote before it ended
            self._close(self._report)

    def _read_result(self) -> bool:
        data = os.read(self._result, _CHUNK_BYTES)
        self._gathered += data
        if not data:
            self._poll.unregister(self._result)
            self._close(self._result)
        return len(self._gathered) <= self._limits.result_bytes

    def _close(self, descriptor: int) -> None:
        if descriptor in self._open:
            self._open.remove(descriptor)
            os.close(descriptor)

    def __enter__(self) -> "Exchange":
        """The exchange itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every end: a fork that still runs is killed by the warm process then."""
        for descriptor in list(self._open):
            self._close(descriptor)


def _judge(told: bytes, gathered: bytes, limits: Limits) -> Outcome | None:
    if not told:
        return None
    end = wire.unpack_end(told)
    if end.late:
        return Failed(reason=Reason.OUT_OF_TIME, detail="waiting")
    if end.signal:
        return _by_signal(end, limits)
    if end.code == NO_WALLS:
        raise BoxClosed("The box could not wall itself in; nothing was decoded.")
    if end.code:
        return Failed(reason=Reason.KILLED, detail=f"exit-{end.code}")
    if len(gathered) > limits.result_bytes:
        return Failed(reason=Reason.RESULT_TOO_BIG)
    return _understand(gathered)


def _by_signal(end: End, limits: Limits) -> Failed:
    spent = end.signal == signal.SIGKILL and end.cpu_seconds >= limits.cpu_seconds
    if end.signal == signal.SIGXCPU or spent:
        return Failed(reason=Reason.OUT_OF_TIME, detail="processor")
    try:
        return Failed(reason=Reason.KILLED, detail=signal.Signals(end.signal).name)
    except ValueError:
        return Failed(reason=Reason.KILLED, detail=f"signal-{end.signal}")


def _understand(gathered: bytes) -> Outcome:
    """A result is data from a process that read hostile bytes: anything may stand in it."""
    malformed = Failed(reason=Reason.RESULT_MALFORMED)
    try:
        parsed: object = parse_json(gathered)
    except Invalid:
        return malformed
    if not isinstance(parsed, dict):
        return malformed
    result = cast("dict[str, object]", parsed)
    if set(result) == {"value"}:
        return Done(value=result["value"])
    reason, detail = result.get("reason"), result.get("detail")
    if set(result) != {"reason", "detail"} or not isinstance(reason, str):
        return malformed
    if reason not in _REASONS or not isinstance(detail, str) or not DETAIL.fullmatch(detail):
        return malformed
    return Failed(reason=Reason(reason), detail=detail)
