"""Which file systems a medium has, and which ranges belong to none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytsk3

from tipbridge.police.evidence.reading.apfs import Container
from tipbridge.police.evidence.reading.heads import (
    APFS_NAME,
    HEAD_BYTES,
    NAMED_BYTES,
    encrypted_as,
    holds_udf,
    sane_table,
    unread_as,
)
from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.lost import places
from tipbridge.police.evidence.reading.model import TABLE, EntryFault, Place

_MOST_PARTITIONS, _MOST_LOST = 1024, 64
_LEAST_BEHIND = 64 * 1024
"""A range shorter than this behind a file system is its own rounding, or a copy of its head."""
_UNWRITTEN = (0x00, 0xFF)
"""What a magnetic and a flash medium hold where nothing was ever written."""
_ISO, _ISO_AT, _ISO_MARK = "ISO 9660", 16 * 2048 + 1, b"CD001"
_PIECE_BYTES, _OUTSIDE = 1024 * 1024, "outside-"


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
    """A range of the medium. Shape: without `system` or `container` there is no file system to walk.

    Unit: bytes; `missing` of them are said to be there and lie behind the medium's end.
    """

    name: str
    offset: int
    length: int
    system: pytsk3.FS_Info | None = None
    container: Container | None = None
    missing: int = 0
    fault: EntryFault | None = None
    detail: str = ""
    is_lost: bool = False
    """Whether it was found by its first bytes, for no partition table names it."""

    @property
    def is_walked(self) -> bool:
        """Whether a file system of it is listed."""
        return self.system is not None or self.container is not None


def volumes_of(image: SourceImage, route: Route = ANYWHERE) -> list[Volume]:
    """Every range of the medium, in order; together they are all of it.

    Shape: a file system at byte 0 may be what is left of an older life of the medium. Where a
    partition table stands there as well, both are walked, and the rest is the partitions'.
    """
    size = image.get_size()
    whole = _volume(image, route, "volume", (0, size))
    is_volume = whole.is_walked or whole.fault is EntryFault.ENCRYPTED_VOLUME
    found = [
        _volume(image, route, f"partition-{number}", part)
        for number, part in enumerate(_partitions(image, route, surely=is_volume), start=1)
    ]
    if not is_volume and not found:
        is_searched = whole.fault is EntryFault.UNKNOWN_FILE_SYSTEM
        found = _lost(image, route, (0, size)) if is_searched and not whole.detail else []
        return _with_outside(found, size) if found else [whole]
    if is_volume and found:
        whole = replace(whole, length=min(each.offset for each in found))
    named = [whole, *found] if is_volume else found
    known = _with_outside(list(_with_behind(image, route, named)), size)
    lost = [
        volume
        for each in known
        if each.name.startswith(_OUTSIDE)
        for volume in _lost(image, route, (each.offset, each.offset + each.length))
    ]
    kept = [each for each in known if not each.name.startswith(_OUTSIDE)]
    return _with_outside(sorted([*kept, *lost], key=lambda each: each.offset), size)


def _lost(image: SourceImage, route: Route, part: tuple[int, int]) -> list[Volume]:
    """File systems of a range that no partition is in, each as long as it says, within the range."""
    found: list[Volume] = []
    begin, end = part
    for at in places(image, begin, end):
        if len(found) >= _MOST_LOST or (found and at < found[-1].offset + found[-1].length):
            continue
        volume = _volume(image, route, f"lost-partition-{at}", (at, end - at))
        is_known = volume.is_walked or volume.fault is not EntryFault.UNKNOWN_FILE_SYSTEM
        if is_known or volume.detail:
            found.append(replace(volume, length=_spanned(volume), is_lost=True))
    return found


def _with_behind(image: SourceImage, route: Route, named: list[Volume]) -> Iterator[Volume]:
    """The volumes, each with the file systems that lie in its range behind where its own ends.

    Shape: what another volume begins in is that one's.
    """
    for each in named:
        begin, end = each.offset + _spanned(each), each.offset + each.length
        end = min([end, *(other.offset for other in named if other.offset > each.offset)])
        lost = _lost(image, route, (begin, end)) if end - begin >= _LEAST_BEHIND else []
        yield replace(each, length=lost[0].offset - each.offset) if lost else each
        yield from lost


def _spanned(volume: Volume) -> int:
    """How much of its range a volume's own file system says that it is."""
    length = volume.length
    if volume.system is not None:
        length = int(volume.system.info.block_count * volume.system.info.block_size)
    if volume.container is not None:
        length = volume.container.size_bytes
    return min(length, volume.length)


def _partitions(image: SourceImage, route: Route, *, surely: bool) -> list[tuple[int, int]]:
    """The partitions; surely, only of a table that can't be the code of a boot sector."""
    if not route.leads_to(TABLE):
        return []
    sane = sane_table(image.read(0, 2 * HEAD_BYTES), image.get_size())
    kinds: list[int] = [] if surely else [pytsk3.TSK_VS_TYPE_DETECT]
    if sane is not None:
        kinds.append(pytsk3.TSK_VS_TYPE_GPT if sane == "gpt" else pytsk3.TSK_VS_TYPE_DOS)
    for kind in kinds:
        found = _listed(image, kind)
        if found:
            return [part for part in found if part[0] > 0] if surely else found
    return []


def _listed(image: SourceImage, kind: int) -> list[tuple[int, int]]:
    try:
        table = pytsk3.Volume_Info(image, type=kind)
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
    word = encrypted_as(image.read(offset, HEAD_BYTES))
    if word is not None:
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
    system = _system(image, offset)
    if system is None:
        head = image.read(offset, min(there, NAMED_BYTES))
        container = _container(image, offset, there)
        if container is not None:
            short = max(missing, offset + container.size_bytes - image.get_size())
            return Volume(
                name=name, offset=offset, length=there, missing=short, container=container
            )
        is_empty = not missing and _is_empty(image, offset, there)
        fault = EntryFault.NOTHING_WRITTEN if is_empty else EntryFault.UNKNOWN_FILE_SYSTEM
        said = unread_as(head) or (_ISO if head[_ISO_AT : _ISO_AT + 5] == _ISO_MARK else None)
        return Volume(
            name=name,
            offset=offset,
            length=there,
            missing=missing,
            fault=fault,
            detail="" if said is None else f"{said}, which can't be read",
        )
    spans = system.info.block_count * system.info.block_size
    short = max(missing, offset + spans - image.get_size())
    found = Volume(name=name, offset=offset, length=there, missing=short, system=system)
    is_iso = system.info.ftype == pytsk3.TSK_FS_TYPE_ISO9660
    if is_iso and holds_udf(image.read(offset, min(there, NAMED_BYTES))):
        beside = f"UDF beside {_ISO}, which can't be read"
        return replace(found, fault=EntryFault.UNKNOWN_FILE_SYSTEM, detail=beside)
    return found


def _system(image: SourceImage, offset: int) -> pytsk3.FS_Info | None:
    """The file system there, if it can be opened and its listing comes to an end.

    Shape: of ISO 9660 without any entry, not even its root, the Sleuth Kit would list for ever.
    """
    try:
        system = pytsk3.FS_Info(image, offset=offset)
    except OSError:
        return None
    is_iso = system.info.ftype == pytsk3.TSK_FS_TYPE_ISO9660
    return None if is_iso and system.info.last_inum <= system.info.first_inum else system


def _container(image: SourceImage, offset: int, length: int) -> Container | None:
    """What the Sleuth Kit's binding opens no pools for: an APFS container, if one can be opened."""
    if unread_as(image.read(offset, min(length, NAMED_BYTES))) != APFS_NAME:
        return None
    try:
        return Container(image, offset, length)
    except OSError:
        return None


def _is_empty(image: SourceImage, offset: int, length: int) -> bool:
    """Whether one byte, zero or 255, was read from its begin to its end.

    Shape: what can't be read is no zero; and a single other byte ends the look.
    """
    pieces = [bytes([value]) * min(_PIECE_BYTES, length) for value in _UNWRITTEN]
    for at in range(offset, offset + length, _PIECE_BYTES):
        size = min(_PIECE_BYTES, offset + length - at)
        data, gaps = image.source.read(at, size)
        pieces = [piece for piece in pieces if data == piece[:size]]
        if gaps or not pieces:
            return False
    return bool(length)


def _with_outside(volumes: list[Volume], size: int) -> list[Volume]:
    """The volumes with what lies between and behind them."""
    kept: list[Volume] = []
    end = 0
    for volume in volumes:
        if volume.offset > end:
            gap = volume.offset - end
            kept.append(Volume(name=f"{_OUTSIDE}{end}", offset=end, length=gap))
        kept.append(volume)
        end = max(end, volume.offset + volume.length)
    if end < size:
        kept.append(Volume(name=f"{_OUTSIDE}{end}", offset=end, length=size - end))
    return kept
