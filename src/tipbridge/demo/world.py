"""What the made-up world answers when an investigator asks: registers, interviews, searches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tipbridge.demo.draw import Draw
from tipbridge.demo.files import device_files
from tipbridge.demo.medium import write_medium
from tipbridge.demo.people import DrawnPerson, Population

_PARTITIONED = "laptop"
"""Which device has a table of partitions; a stick has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What inquiries about the holder of an account bring out."""

    reference: str
    born_on: date = field(repr=False)
    school: str
    act: str
    act_on: date
    place: str
    self_produced: bool
    motive: str
    devices: Mapping[str, Path]


class World:
    """Answers about holders of accounts; whoever does not know an account learns nothing."""

    def __init__(self, population: Population, folder: Path) -> None:
        self._holders = {(p.service, p.account): p for p in population.people}
        self._folder = folder
        draw = Draw(population.seed)
        for person in population.people:
            for device, names in person.devices.items():
                write_medium(
                    self._device(person, device),
                    device_files(draw, names),
                    modified_on=person.act_on,
                    partitioned=device == _PARTITIONED,
                )

    def ask_about(self, service: str, account: str) -> Found | None:
        """Everything that register, interview and search say about an account's holder."""
        person = self._holders.get((service, account))
        if person is None:
            return None
        return Found(
            reference=person.id,
            born_on=person.born_on,
            school=person.school,
            act=person.act,
            act_on=person.act_on,
            place=person.place,
            self_produced=person.self_produced,
            motive=person.motive,
            devices={device: self._device(person, device) for device in person.devices},
        )

    def waiting_of(self, service: str, account: str) -> DrawnPerson | None:
        """Whose matter lies on a desk: for how long it lies there, and nothing else."""
        return self._holders.get((service, account))

    def _device(self, person: DrawnPerson, device: str) -> Path:
        return self._folder / person.id / f"{device}.img"
