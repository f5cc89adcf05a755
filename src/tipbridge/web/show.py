"""How values are written on pages: times, counts, sizes and long ids."""

import re
from datetime import UTC, date, datetime

from markupsafe import Markup

_STEP = 1024
_SHORT_CHARACTERS = 12


def when(moment: datetime | None) -> str:
    """A moment to the minute, in UTC and saying so; a dash when there is none."""
    return "—" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def day(value: date | None) -> str:
    """A date; a dash when there is none."""
    return "—" if value is None else f"{value:%Y-%m-%d}"


def count(number: int | None) -> str:
    """A number with its thousands apart; a dash when it is unknown."""
    return "—" if number is None else f"{number:,}"


def size(size_bytes: int | None) -> str:
    """A size in the unit that reads best.

    Unit: bytes in, powers of 1,024 out.
    """
    if size_bytes is None:
        return "—"
    if size_bytes < _STEP:
        return f"{size_bytes} B"
    amount = float(size_bytes)
    for unit in ("KiB", "MiB", "GiB"):
        amount /= _STEP
        if amount < _STEP:
            return f"{amount:.1f} {unit}"
    return f"{amount / _STEP:.1f} TiB"


def breakable(address: str) -> Markup:
    """An address that a narrow column may break behind a slash or before a dot, never in a word
    or a number.
    """
    parts = re.split(r"(?<=/)(?=[^/])|(?=[.][^\d])", address)
    return Markup("<wbr>").join(parts)


def short(long_id: str) -> str:
    """The first characters of an id or digest, for a narrow column; link to the whole."""
    if len(long_id) <= _SHORT_CHARACTERS:
        return long_id
    return f"{long_id[:_SHORT_CHARACTERS]}…"
