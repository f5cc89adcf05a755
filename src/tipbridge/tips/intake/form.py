"""Multipart forms read as they arrive, by a push parser that keeps no part itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from tipbridge.tips.intake.errors import UnfitUpload

MAX_PARTS = 16
MAX_FIELD_BYTES = 4096
MAX_BOUNDARY_BYTES = 200
_FIRST_LINE = re.compile(rb"\A--([\x21-\x7e]{1,200})\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The head of one part of a form."""

    name: str
    file_name: str | None = field(default=None, repr=False)


Sink = Callable[[bytes], None]


class FormReader:
    """Feeds each part to the sink that its owner chooses when the part's head is known."""

    def __init__(self, boundary: bytes, begin: Callable[[Part], Sink]) -> None:
        self._begin = begin
        self._sink: Sink | None = None
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._parts = 0
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._part_data,
                "on_end": self._end,
            },
        )

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body.

        Errors: UnfitUpload when they are no form; what a sink raises.
        """
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise UnfitUpload("The body is no well-formed multipart form.") from error

    def close(self) -> None:
        """Say that the body is over.

        Errors: UnfitUpload when the form is not: the parser itself would not mind.
        """
        if not self._ended:
            raise UnfitUpload("The multipart form is cut short.")

    def _part_begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise UnfitUpload(f"A form may have {MAX_PARTS} parts.")
        self._headers = {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.strip().lower()] = self._value
        self._name, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        file_name = options.get(b"filename")
        self._sink = self._begin(
            Part(
                name=_inert(options.get(b"name", b"")),
                file_name=None if file_name is None else _inert(file_name),
            )
        )

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._sink is not None:
            self._sink(data[start:end])

    def _end(self) -> None:
        self._ended = True


def _inert(sent: bytes) -> str:
    """A name as sent, for show only: no path is ever made of it; NUL can't be stored."""
    return sent.decode("utf-8", "replace").replace("\x00", "\ufffd")


def form_of(content_type: str, begin: Callable[[Part], Sink]) -> FormReader:
    """A reader of the form that this header announces. Errors: UnfitUpload when it does not."""
    return FormReader(fit_boundary(boundary_of(content_type, b"")), begin)


def fit_boundary(boundary: bytes | None) -> bytes:
    """The boundary that was found. Errors: UnfitUpload when none was."""
    if boundary is None:
        raise UnfitUpload("The body must be multipart/form-data with a boundary.")
    return boundary


def boundary_of(content_type: str, start: bytes) -> bytes | None:
    """The boundary of a multipart body, from its header or, failing that, its first line."""
    kind, options = parse_options_header(content_type)
    if kind == b"multipart/form-data":
        boundary = options.get(b"boundary", b"")
        return boundary if 0 < len(boundary) <= MAX_BOUNDARY_BYTES else None
    found = _FIRST_LINE.match(start)
    return found[1] if found else None
