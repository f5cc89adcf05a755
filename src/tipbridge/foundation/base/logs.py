"""The log: lines on standard error, and of a fault its type and places, never its words.

The words of an error can quote a report (a database names the row that did not fit), and so
can the values of local variables: neither is ever printed.
"""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

_PLACES = 12
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def places_of(error: BaseException, count: int = _PLACES) -> list[str]:
    """The lines that a fault passed, the last ones, as file, line and function."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-count:]
    ]


def configure_logs(stream: TextIO | None = None, *, least: int = logging.INFO) -> None:
    """Send every log, ours and those of libraries, to standard error in this form.

    Lines of a lower level than `least` are not written.
    """
    out = stream or sys.stderr
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(least),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            structlog.dev.ConsoleRenderer(colors=out.isatty()),
        ],
        logger_factory=structlog.PrintLoggerFactory(out),
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Formatter("%(asctime)s [%(levelname)s] %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["fault"] = type(error).__name__
        event["places"] = places_of(error)
    return event


class _Formatter(logging.Formatter):
    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the library's name
        """The type of each fault in the chain, and its places."""
        error, lines = ei[1], list[str]()
        while error is not None:
            lines.append(f"{type(error).__name__} at {' < '.join(reversed(places_of(error)))}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
