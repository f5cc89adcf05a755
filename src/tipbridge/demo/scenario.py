"""The scenario's facts, read from its file and checked once."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tipbridge.foundation.base.errors import Invalid


class Scale(StrEnum):
    """How many files people have; people are the same at every scale."""

    SMALL = "small"
    DEFAULT = "default"
    FULL = "full"

    @property
    def place(self) -> int:
        """Where this scale stands in the scenario's lists of three."""
        return list(Scale).index(self)


Count = Annotated[int, Field(ge=0)]
Span = tuple[Count, Count]
ByScale = tuple[Count, Count, Count]


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(_Facts):
    """A made-up service; those that file reports are providers of the clearinghouse."""

    name: str = Field(pattern=r"^[a-z0-9-]+\.example$")
    place: str
    files_reports: bool = True
    describes_files: Count


class Delays(_Facts):
    """Days that things wait on desks, from and to."""

    analyst_days: Span
    liaison_days: Span
    answer_days: Span
    investigator_days: Span


class Cohort(_Facts):
    """So many people of whom these facts are true."""

    people: Count
    also: Count = 0
    always: bool = False
    ages: Span
    school: str
    place: str
    act: str
    subject: str = "sexual-abuse-material"
    self_produced: bool = False
    motives: tuple[str, ...] = Field(min_length=1)
    lead: bool = False
    reports: ByScale
    files: ByScale
    devices: dict[str, ByScale] = Field(default_factory=dict[str, ByScale])


class Scenario(_Facts):
    """Everything the operation starts from."""

    title: str
    seed: int
    starts_on: date
    ends_on: date
    time_zone: str
    step_days: int = Field(ge=1)
    delays: Delays
    services: tuple[Service, ...]
    cohorts: tuple[Cohort, ...]


def load_scenario(path: Path | None = None) -> Scenario:
    """The scenario of the operation, or another one of the same form.

    Errors: Invalid naming what does not fit.
    """
    source = path or files("tipbridge.demo") / "scenario.toml"
    try:
        return Scenario.model_validate(tomllib.loads(source.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise Invalid(f"This scenario does not fit: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asked the demo for."""

    scale: Scale = Scale.DEFAULT
    seed: int | None = None
    people: int | None = None
