"""The people of an operation and what they did: facts of a made-up world."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnReport:
    """One report a service will file: the day and the files, by their names in the world."""

    number: int
    filed_on: date
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How long this person's matter waits on each desk.

    Unit: days.
    """

    analyst_days: int
    liaison_days: int
    answer_days: int
    investigator_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPerson:
    """One person of the world; nobody's name, ever.

    Shape: of each report, their service describes the first `described` files.
    """

    id: str
    born_on: date = field(repr=False)
    school: str
    service: str
    described: int
    place: str
    account: str
    email: str
    act: str
    act_on: date
    subject: str
    self_produced: bool
    motive: str
    lead_on: date | None
    reports: tuple[DrawnReport, ...]
    devices: dict[str, tuple[str, ...]]
    waiting: Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Everybody drawn for one operation, and its calendar."""

    seed: int
    scale: str
    starts_on: date
    ends_on: date
    time_zone: str
    step_days: int
    people: tuple[DrawnPerson, ...]
