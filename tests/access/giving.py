"""Arguments as the tests of access give them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

Ids = Mapping[str, str]
Arguments = tuple[tuple[object, ...], dict[str, object]]
Build = Callable[[Ids], Arguments]

DATA = b"synthetic bytes"
AT = datetime(2014, 2, 25, tzinfo=UTC)


def given(*values: object, **named: object) -> Arguments:
    """Arguments as one value."""
    return values, named
