"""The dated clocks of the welfare path, as shipped."""

import functools
import tomllib
from datetime import date
from importlib.resources import files
from typing import cast

from tipbridge.knowledge.law.model import Mark
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.welfare.model import ClockRule, ClockStep


@functools.cache
def known_clocks() -> tuple[ClockRule, ...]:
    """Every rule of every date, in the order of the file."""
    text = files("tipbridge.police.welfare").joinpath("data/clocks.toml").read_text("utf-8")
    entries = cast("list[dict[str, object]]", tomllib.loads(text)["clock"])
    return tuple(
        ClockRule(
            step=ClockStep(str(entry["step"])),
            jurisdiction=str(entry["jurisdiction"]),
            from_on=cast("date", entry["from"]),
            days=cast("int", entry["days"]),
            roles=frozenset(PersonRole(role) for role in cast("list[str]", entry.get("roles", []))),
            citation=str(entry["citation"]),
            mark=Mark(str(entry["mark"])),
        )
        for entry in entries
    )
