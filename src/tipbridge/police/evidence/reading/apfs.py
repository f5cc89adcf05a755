"""APFS: every entry of a container's volumes, read by libfsapfs out of the walled image.

What a file's extents say is read from the image itself, as for other systems. What is packed, and
attributes, are read through the library.
"""

import stat
from collections import deque
from collections.abc import Iterator
from typing import Any

import pyfsapfs

from tipbridge.police.evidence.reading.apfs_flags import VolumeFlags
from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.model import (
    Entry,
    EntryFault,
    EntryKind,
    EntryState,
    Place,
    Times,
    shortened,
)
from tipbridge.police.evidence.reading.ranges import Run, behind, limited, stored, up_to

APFS = 0x41504653
"""The kind of an attribute that only libfsapfs gives: a file's content; above it, each of its attributes."""
_MOST_DEPTH, _MOST_RUNS, _MOST, _LATEST = 256, 1_000_000, 1 << 62, (1 << 63) - 1
_PACKED, _FORK = "com.apple.decmpfs", "com.apple.ResourceFork"
_VOLUME_PLACES = 128


class _Range:
    """The image from the container's first byte on, as the file object that the library asks for."""

    def __init__(self, image: SourceImage, offset: int, length: int) -> None:
        self._image, self._offset, self._length, self._at = image, offset, length, 0

    def read(self, size: int) -> bytes:
        """Bytes from where it stands."""
        data = self._image.read(self._offset + self._at, max(0, min(size, self._length - self._at)))
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> None:
        """Stand somewhere else."""
        self._at = max(0, (0, self._at, self._length)[whence] + offset)

    def get_offset(self) -> int:
        """Where it stands."""
        return self._at

    tell = get_offset

    def get_size(self) -> int:
        """How long it is."""
        return self._length


class Container:
    """An APFS container at a place of the medium. Errors: OSError when it can't be opened."""

    def __init__(self, image: SourceImage, offset: int, length: int) -> None:
        self._image = image
        self._container = pyfsapfs.container()
        self._container.open_file_object(_Range(image, offset, length))
        self.size_bytes = int(self._container.get_size())
        count = int(self._container.get_number_of_volumes())
        self.volumes = [self._container.get_volume(each) for each in range(count)]
        self._flags = VolumeFlags(image, offset, length)

    def closed(self, volume: Any) -> str | None:  # noqa: ANN401 - of the library
        """How it is known that a volume is encrypted; None where it is not.

        Shape: the library goes by the key bag alone, and takes one without it for open.
        """
        if volume.is_locked():
            return "an APFS volume"
        if self._flags.says_encrypted(volume.get_identifier()):
            return "an APFS volume: its flags say so, and it has no key bag"
        return None

    def read(self, record: int, attribute: tuple[int, int], offset: int, size: int) -> bytes:
        """Bytes of a file's content, or of one of its attributes. Errors: OSError."""
        kind, volume = attribute
        file = self.volumes[volume].get_file_entry_by_identifier(record)
        if kind > APFS:
            file = file.get_extended_attribute(kind - APFS - 1)
        before = len(self._image.gaps)
        data: bytes = file.read_buffer_at_offset(size, offset)
        if len(self._image.gaps) > before:
            raise OSError("a range that it is read from can't be had")
        return data


class Apfs:
    """The entries of a container, volume by volume and folder by folder."""

    def __init__(self, container: Container, name: str, offset: int, medium_bytes: int) -> None:
        self._container, self._name, self._offset = container, name, offset
        self._medium_bytes = medium_bytes

    def entries(self, leads_to: Any) -> Iterator[Entry]:  # noqa: ANN401 - as a route does
        """Every entry; `leads_to` says whether a place is entered."""
        for number, volume in enumerate(self._container.volumes):
            path = shortened(f"{self._name}/{volume.get_name() or f'volume-{number}'}")
            closed = self._container.closed(volume)
            if closed is not None:
                detail = f"{closed}; its blocks are searched as free space is"
                yield self._faulty(path, EntryFault.ENCRYPTED_VOLUME, detail)
                continue
            try:
                root = volume.get_root_directory()
            except OSError as error:
                yield self._faulty(path + "/", EntryFault.UNREADABLE_FOLDER, _word(error))
                continue
            yield from self._walked(number, root, path, leads_to)

    def _walked(self, number: int, root: Any, path: str, leads_to: Any) -> Iterator[Entry]:  # noqa: ANN401
        seen, ahead = set[int](), deque([(root, path, 0)])
        while ahead:
            folder, path, depth = ahead.popleft()
            record = int(folder.identifier)
            if record in seen:
                continue
            seen.add(record)
            place = Place(volume=self._offset, folder=(record * _VOLUME_PLACES + number) % _MOST)
            if not leads_to(place):
                yield self._faulty(path + "/", EntryFault.READER_KILLED, "as it is listed")
                continue
            try:
                for file in folder.sub_file_entries:
                    below = shortened(f"{path}/{file.name}")
                    if not stat.S_ISDIR(int(file.file_mode)):
                        yield from self._named(number, file, below)
                    elif depth < _MOST_DEPTH:
                        ahead.append((file, below, depth + 1))
                        yield from self._attributes(number, file, below)
                    else:
                        yield self._faulty(below + "/", EntryFault.UNREADABLE_FOLDER, "too deep")
            except OSError as error:
                yield self._faulty(path + "/", EntryFault.UNREADABLE_FOLDER, _word(error))

    def _named(self, number: int, file: Any, path: str) -> Iterator[Entry]:  # noqa: ANN401
        mode = int(file.file_mode)
        if not stat.S_ISREG(mode):
            fault = EntryFault.SYMBOLIC_LINK if stat.S_ISLNK(mode) else EntryFault.SPECIAL_FILE
            yield self._faulty(path, fault)
            return
        try:
            yield from self._content(number, file, path)
            yield from self._attributes(number, file, path)
        except OSError as error:
            yield self._faulty(path, EntryFault.UNREADABLE, _word(error))

    def _content(self, number: int, file: Any, path: str) -> Iterator[Entry]:  # noqa: ANN401
        size, count = int(file.size), int(file.number_of_extents)
        if not 0 <= size <= _MOST or count > _MOST_RUNS:
            said = f"its record says {size} bytes in {count} pieces"
            yield self._faulty(path, EntryFault.UNREADABLE, said)
            return
        is_packed = file.has_extended_attribute_by_name(_PACKED)
        runs = () if is_packed else tuple(self._run(file.get_extent(each)) for each in range(count))
        inside, slack = limited(runs, size)
        lost = behind(inside, self._medium_bytes)
        if lost:
            inside, slack = up_to(inside, self._medium_bytes), up_to(slack, self._medium_bytes)
        entry = Entry(
            path=path,
            kind=EntryKind.FILE,
            state=EntryState.PRESENT,
            size=size,
            volume=self._offset,
            runs=inside,
            record=int(file.identifier),
            attribute=(APFS, number) if is_packed else None,
            times=_times(file),
            fault=EntryFault.SOURCE_TOO_SHORT
            if lost
            else _fault(size, inside, self._medium_bytes, is_packed=is_packed),
            detail=f"{lost} of its bytes lie behind the end of the source" if lost else "",
        )
        yield entry
        if slack:
            yield Entry(
                path=path + "/$Slack",
                kind=EntryKind.SLACK,
                state=EntryState.PRESENT,
                size=sum(length for _, length in slack),
                volume=self._offset,
                runs=slack,
                times=entry.times,
            )

    def _run(self, extent: tuple[int, int, int]) -> Run:
        """Block 0 is the container's own: an extent there is a hole."""
        offset, length = int(extent[0]), int(extent[1])
        return (self._offset + offset if offset else -1), length

    def _attributes(self, number: int, file: Any, path: str) -> Iterator[Entry]:  # noqa: ANN401
        """What stands beside a file's content; the packed content itself is read as the file's."""
        found = list(file.extended_attributes)
        is_packed = any(each.name == _PACKED for each in found)
        for place, each in enumerate(found):
            if each.name == _PACKED or (is_packed and each.name == _FORK):
                continue
            yield Entry(
                path=shortened(f"{path}:{each.name}"),
                kind=EntryKind.STREAM,
                state=EntryState.PRESENT,
                size=int(each.size),
                volume=self._offset,
                record=int(file.identifier),
                attribute=(APFS + 1 + place, number),
                times=_times(file),
            )

    def _faulty(self, path: str, fault: EntryFault, detail: str = "") -> Entry:
        return Entry(
            path=path,
            kind=EntryKind.FILE,
            state=EntryState.PRESENT,
            size=0,
            volume=self._offset,
            fault=fault,
            detail=detail,
        )


def _fault(
    size: int, runs: tuple[Run, ...], medium_bytes: int, *, is_packed: bool
) -> EntryFault | None:
    if is_packed or not size:
        return None
    if size > medium_bytes and stored(runs):
        return EntryFault.LARGER_THAN_MEDIUM
    if not stored(runs):
        return EntryFault.NOTHING_STORED
    return EntryFault.CONTENT_INCOMPLETE if sum(length for _, length in runs) < size else None


def _times(file: Any) -> Times:  # noqa: ANN401 - of the library
    return Times(
        modified=_moment(file.get_modification_time_as_integer()),
        accessed=_moment(file.get_access_time_as_integer()),
        created=_moment(file.get_creation_time_as_integer()),
        changed=_moment(file.get_inode_change_time_as_integer()),
    )


def _moment(nanoseconds: int) -> int:
    return max(-_MOST, min(int(nanoseconds), _LATEST))


def _word(error: OSError) -> str:
    """The library's own word for a fault, without what it quotes from the medium."""
    return str(error).partition(":")[0][:80]
