"""Where in a document something is: lines and columns count from 1, columns in characters."""

import re
from xml.parsers import expat

_BOM = b"\xef\xbb\xbf"
_LINE = re.compile(rb"\r\n|\r|\n")

Place = tuple[int, int]
"""Line and column."""


def place_at(data: bytes, offset: int) -> Place:
    """The place of a byte; one past the end is the place after the last character."""
    ends = [found.end() for found in _LINE.finditer(data, 0, offset)]
    start = ends[-1] if ends else len(_BOM) * data.startswith(_BOM)
    return len(ends) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1


def trimmed(data: bytes) -> tuple[bytes, Place]:
    """A body without byte-order mark and leading space, and the place where the rest begins.

    Shape: clients send both, and XML allows neither before its declaration.
    """
    rest = data.removeprefix(_BOM).lstrip()
    return rest, place_at(data, len(data) - len(rest))


def moved(place: Place, start: Place) -> Place:
    """A place of the trimmed body as a place of the body that was sent."""
    line, column = place
    return line + start[0] - 1, column + (start[1] - 1 if line == 1 else 0)


def element_places(data: bytes, wanted: set[int]) -> dict[int, Place]:
    """Where the elements of these numbers begin, counted from 0 in document order.

    Shape: the bytes are scanned again, so this is for a document already refused.
    """
    found: dict[int, Place] = {}
    parser = expat.ParserCreate("utf-8")
    count = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        if count in wanted:
            found[count] = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
            if len(found) == len(wanted):
                parser.StartElementHandler = None  # the rest is scanned at full speed
        count += 1

    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return found
    return found
