"""Which file systems a medium has, and which ranges belong to none."""

from collections.abc import Callable
from dataclasses import dataclass

import pytsk3

from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.model import TABLE, EntryFault, Place

_MOST_PARTITIONS = 1024
_HEAD_BYTES = 512
_ENCRYPTED = ((0, b"LUKS\xba\xbe", "LUKS"), (3, b"-FVE-FS-", "BitLocker"))


def _unsaid(_place: Place) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a listing goes: around places that end the reader, each said before it is entered."""

    around: frozenset[Place] = frozenset()
    say: Callable[[Place], None] = _unsaid

    def leads_to(self, place: Place) -> bool:
        """Whether it is entered; then it is said."""
        if place in self.around:
            return False
        self.say(place)
        return True


ANYWHERE = Route()


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A range of the medium. Shape: without `system` there is no file system to walk.

    Unit: bytes; `missing` of them are said to be there and lie behind the medium's end.
    """

    name: str
    offset: int
    length: int
    system: pytsk3.FS_Info | None = None
    missing: int = 0
    fault: EntryFault | None = None
    detail: str = ""


def volumes_of(image: SourceImage, route: Route = ANYWHERE) -> list[Volume]:
    """Every range of the medium, in order; together they are all of it."""
    size = image.get_size()
    whole = _volume(image, route, "volume", (0, size))
    if whole.system is not None or whole.fault is EntryFault.ENCRYPTED_VOLUME:
        return _with_outside([whole], size)
    found = [
        _volume(image, route, f"partition-{number}", part)
        for number, part in enumerate(_partitions(image, route), start=1)
    ]
    return _with_outside(found, size) if found else [whole]


def _partitions(image: SourceImage, route: Route) -> list[tuple[int, int]]:
    if not route.leads_to(TABLE):
        return []
    try:
        table = pytsk3.Volume_Info(image)
    except OSError:
        return []
    unit = table.info.block_size
    found: list[tuple[int, int]] = []
    for part in table:
        if part.flags == pytsk3.TSK_VS_PART_FLAG_ALLOC and len(found) < _MOST_PARTITIONS:
            found.append((part.start * unit, part.len * unit))
    return sorted(found)


def _volume(image: SourceImage, route: Route, name: str, part: tuple[int, int]) -> Volume:
    offset, length = part
    there = max(0, min(length, image.get_size() - offset))
    missing = length - there
    head = image.read(offset, _HEAD_BYTES)
    for at, mark, word in _ENCRYPTED:
        if head[at : at + len(mark)] == mark:
            return Volume(
                name=name,
                offset=offset,
                length=there,
                missing=missing,
                fault=EntryFault.ENCRYPTED_VOLUME,
                detail=word,
            )
    if not route.leads_to(Place(volume=offset)):
        return Volume(
            name=name,
            offset=offset,
            length=there,
            missing=missing,
            fault=EntryFault.READER_KILLED,
            detail="as it is opened",
        )
    try:
        system = pytsk3.FS_Info(image, offset=offset)
    except OSError:
        fault = EntryFault.UNKNOWN_FILE_SYSTEM
        return Volume(name=name, offset=offset, length=there, missing=missing, fault=fault)
    spans = system.info.block_count * system.info.block_size
    short = max(missing, offset + spans - image.get_size())
    return Volume(name=name, offset=offset, length=there, missing=short, system=system)


def _with_outside(volumes: list[Volume], size: int) -> list[Volume]:
    """The volumes with what lies between and behind them."""
    kept: list[Volume] = []
    end = 0
    for volume in volumes:
        if volume.offset > end:
            gap = volume.offset - end
            kept.append(Volume(name=f"outside-{end}", offset=end, length=gap))
        kept.append(volume)
        end = max(end, volume.offset + volume.length)
    if end < size:
        kept.append(Volume(name=f"outside-{end}", offset=end, length=size - end))
    return kept
