"""Reading the dated definitions that ship with the room."""

import tomllib
from importlib.resources import files

from tipbridge.bulletin.model import AgeBand, Definitions, ReasonAges


def load_definitions() -> Definitions:
    """The definitions figures are computed with today."""
    raw = tomllib.loads((files("tipbridge.bulletin") / "definitions.toml").read_text("utf-8"))
    bands = tuple(
        AgeBand(code=band["code"], from_years=band["from_years"], to_years=band.get("to_years"))
        for band in raw["age_bands"]
    )
    return Definitions(
        version=raw["version"],
        citation=raw["citation"],
        time_zone=raw["time_zone"],
        small_cell=raw["small_cell"],
        age_bands=bands,
        reason_ages=tuple(
            ReasonAges(
                reason=each["reason"],
                from_years=each.get("from_years", 0),
                below_years=each.get("below_years"),
                unsettled=each["unsettled"],
                citation=each["citation"],
            )
            for each in raw["reason_ages"]
        ),
    )
