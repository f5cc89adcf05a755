"""The dated expectations, as shipped."""

import functools
import tomllib
from datetime import date
from importlib.resources import files
from typing import cast

from tipbridge.tips.quality.model import Expectation


@functools.cache
def known_expectations() -> tuple[Expectation, ...]:
    """Every expectation of every date, in the order of the file."""
    text = files("tipbridge.tips.quality").joinpath("data/expectations.toml").read_text("utf-8")
    entries = cast("list[dict[str, object]]", tomllib.loads(text)["expectation"])
    return tuple(
        Expectation(
            check=str(entry["check"]),
            from_on=cast("date", entry["from"]),
            types=frozenset(cast("list[str]", entry.get("types", []))),
            decisive=bool(entry["decisive"]),
            reason=str(entry["reason"]),
            source=str(entry["source"]),
            confirmed=entry["confirmed"] is True,
        )
        for entry in entries
    )
