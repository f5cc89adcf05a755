"""A made-up medium: one FAT16 file system in an image, written file by file, and never mounted.

Needs no program of the system, so that the demo is the same for everybody; the same files give
the same bytes.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tipbridge.foundation.base.errors import Invalid

SECTOR_BYTES = 512
_FIRST_SECTOR = 2048
"""Where a partition begins, as today's tools align it."""
_RESERVED_SECTORS, _TABLES, _ROOT_ENTRIES = 4, 2, 512
_ROOT_SECTORS = _ROOT_ENTRIES * 32 // SECTOR_BYTES
_LEAST_CLUSTERS, _MOST_CLUSTERS, _MOST_SECTORS_A_CLUSTER = 4200, 65_000, 128
_FILES_A_FOLDER = 500
_FOLDER_ATTRIBUTE, _FILE_ATTRIBUTE, _DELETED = 0x10, 0x20, 0xE5
_PARTITION_TYPE = 0x06


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumFile:
    """A file that lies on a medium. Shape: `suffix` has up to three capital letters."""

    data: bytes = field(repr=False)
    suffix: str
    deleted: bool = False


def write_medium(
    path: Path, files: Iterable[MediumFile], *, modified_on: date, partitioned: bool
) -> None:
    """Write an image that holds these files, a few hundred to a folder as on a real one.

    Shape: with `partitioned` behind a table of partitions, else from the first byte on.
    Errors: Invalid when they are too many for this file system.
    """
    laid = list(files)
    folders = [laid[at : at + _FILES_A_FOLDER] for at in range(0, len(laid), _FILES_A_FOLDER)]
    volume = _Volume(folders, modified_on).bytes_of(hidden=_FIRST_SECTOR if partitioned else 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as image:
        if partitioned:
            image.write(_partition_table(len(volume) // SECTOR_BYTES))
            image.seek(_FIRST_SECTOR * SECTOR_BYTES)
        image.write(volume)


def _partition_table(sectors: int) -> bytes:
    first = struct.pack(
        "<B3sB3sII", 0, b"\xfe\xff\xff", _PARTITION_TYPE, b"\xfe\xff\xff", _FIRST_SECTOR, sectors
    )
    return bytes(446) + first + bytes(48) + b"\x55\xaa"


class _Volume:
    """Lays folders and files one behind another, then writes the tables that lead to them."""

    def __init__(self, folders: Sequence[Sequence[MediumFile]], modified_on: date) -> None:
        if len(folders) > _ROOT_ENTRIES - 1:
            most = _ROOT_ENTRIES - 1
            raise Invalid(f"A made-up medium holds at most {most} folders, not {len(folders)}.")
        self._folders = folders
        day = (modified_on.year - 1980) << 9 | modified_on.month << 5 | modified_on.day
        self._when = struct.pack("<BHHHHHH", 0, 0x6000, day, day, 0, 0x6000, day)
        self._per_cluster = self._fitting()
        self._cluster = self._per_cluster * SECTOR_BYTES
        self._table: list[int] = [0xFFF8, 0xFFFF]
        self._data = bytearray()

    def _fitting(self) -> int:
        per_cluster = 1
        while self._needed(per_cluster * SECTOR_BYTES) > _MOST_CLUSTERS:
            per_cluster *= 2
            if per_cluster > _MOST_SECTORS_A_CLUSTER:
                raise Invalid(
                    f"A made-up medium holds at most {_MOST_CLUSTERS} clusters of "
                    f"{_MOST_SECTORS_A_CLUSTER} sectors; these files need more."
                )
        return per_cluster

    def _needed(self, cluster: int) -> int:
        sizes = [len(file.data) for files in self._folders for file in files]
        sizes += [(len(files) + 2) * 32 for files in self._folders]
        return sum(-(-size // cluster) for size in sizes)

    def bytes_of(self, *, hidden: int) -> bytes:
        """The file system whole."""
        root = b"".join(self._folder(number, files) for number, files in enumerate(self._folders))
        free = max(_LEAST_CLUSTERS, len(self._table) * 11 // 10) - len(self._table)
        self._table += [0] * free
        self._data += bytes(free * self._cluster)
        clusters = len(self._table) - 2
        table_sectors = -(-len(self._table) * 2 // SECTOR_BYTES)
        table = struct.pack(f"<{len(self._table)}H", *self._table)
        table += bytes(table_sectors * SECTOR_BYTES - len(table))
        ahead = _RESERVED_SECTORS + _TABLES * table_sectors + _ROOT_SECTORS
        boot = self._boot(ahead + clusters * self._per_cluster, table_sectors, hidden)
        reserved = boot + bytes((_RESERVED_SECTORS - 1) * SECTOR_BYTES)
        return b"".join(
            (reserved, table * _TABLES, root.ljust(_ROOT_ENTRIES * 32, b"\0"), self._data)
        )

    def _boot(self, sectors: int, table_sectors: int, hidden: int) -> bytes:
        few = sectors if sectors < 0x10000 else 0
        head = struct.pack(
            "<3s8sHBHBHHBHHHII",
            b"\xeb\x3c\x90", b"MADE UP ", SECTOR_BYTES, self._per_cluster, _RESERVED_SECTORS, _TABLES,
            _ROOT_ENTRIES, few, 0xF8, table_sectors, 63, 255, hidden, 0 if few else sectors,
        )  # fmt: skip
        head += struct.pack("<BBBI11s8s", 0x80, 0, 0x29, 0x20140000, b"NO NAME    ", b"FAT16   ")
        return head.ljust(510, b"\0") + b"\x55\xaa"

    def _folder(self, number: int, files: Sequence[MediumFile]) -> bytes:
        """A folder with its files behind it; gives its own line for the root."""
        own = len(self._table)
        lines = [self._line(".", "", own, 0, folder=True), self._line("..", "", 0, 0, folder=True)]
        self._room((len(files) + 2) * 32)
        at = (own - 2) * self._cluster
        for place, file in enumerate(files):
            lines.append(self._file(f"{number * _FILES_A_FOLDER + place:06}", file))
        listing = b"".join(lines)
        self._data[at : at + len(listing)] = listing
        return self._line(f"{number:03}", "", own, 0, folder=True)

    def _file(self, name: str, file: MediumFile) -> bytes:
        begin = len(self._table)
        at = self._room(len(file.data), kept=not file.deleted)
        self._data[at : at + len(file.data)] = file.data
        cluster = begin if file.data else 0
        line = self._line(name, file.suffix, cluster, len(file.data), folder=False)
        return bytes([_DELETED]) + line[1:] if file.deleted else line

    def _room(self, size: int, *, kept: bool = True) -> int:
        """Clusters in a row for so many bytes; says where in the data they begin."""
        at, first = len(self._data), len(self._table)
        count = -(-size // self._cluster)
        chain = [*range(first + 1, first + count), 0xFFFF][:count] if kept else [0] * count
        self._table += chain
        self._data += bytes(count * self._cluster)
        return at

    def _line(self, name: str, suffix: str, cluster: int, size: int, *, folder: bool) -> bytes:
        kind = _FOLDER_ATTRIBUTE if folder else _FILE_ATTRIBUTE
        title = name.ljust(8).encode("ascii") + suffix.ljust(3).encode("ascii")
        return title + bytes([kind, 0]) + self._when + struct.pack("<HI", cluster, size)
