"""The bytes of an entry and their digests; and what is carved out of slack and the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pytsk3

from tipbridge.knowledge.hashes.digests import Digester, Digests, digest_bytes
from tipbridge.knowledge.hashes.files.kinds import START_BYTES, Content, content_of
from tipbridge.police.evidence.reading.apfs import APFS, Container
from tipbridge.police.evidence.reading.behind import (
    HEADER_MARK,
    TAIL_BYTES,
    begin_of_archive,
    path_behind,
)
from tipbridge.police.evidence.reading.carving import MOST_CARVED_BYTES, carved
from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.model import Entry, EntryFault, EntryKind
from tipbridge.police.evidence.reading.ranges import covered, overlaps
from tipbridge.police.evidence.sources.model import joined

PIECE_BYTES = 1024 * 1024
_HELD_BYTES = 8 * 1024 * 1024
"""Files up to this length are in memory at once with the others of their batch."""


class Digesting(Protocol):
    """Digests of files that are taken whole."""

    def take(self, pieces: Sequence[bytes]) -> None:
        """Take one file, in the pieces that it was read in."""
        ...

    def digests(self) -> list[Digests]:
        """Of each that was taken since this was last asked, in their order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Digested:
    """An entry with what its bytes are: digests, or the fault it has now."""

    entry: Entry
    digests: Digests | None = None
    looks: str = ""


class _OneByOne:
    """The plain way: each file as it is taken."""

    def __init__(self) -> None:
        self._found: list[Digests] = []

    def take(self, pieces: Sequence[bytes]) -> None:
        digester = Digester()
        for piece in pieces:
            digester.update(piece)
        self._found.append(digester.result())

    def digests(self) -> list[Digests]:
        found, self._found = self._found, []
        return found


class Contents:
    """Reads entries of one medium; keeps its file systems open."""

    def __init__(self, image: SourceImage, digesting: Digesting | None = None) -> None:
        self._image = image
        self._digesting = digesting or _OneByOne()
        self._systems: dict[int, pytsk3.FS_Info] = {}
        self._containers: dict[int, Container] = {}

    def digested(self, entry: Entry) -> list[Digested]:
        """The entry with its digests, then what is carved out of it."""
        return self.each_digested([entry])[0]

    def each_digested(self, entries: Sequence[Entry]) -> list[list[Digested]]:
        """The same of many entries, whose files are digested side by side."""
        found: list[list[Digested]] = []
        held: dict[int, tuple[Entry, str, list[Digested]]] = {}
        for entry in entries:
            if entry.fault is not None:
                found.append([Digested(entry=entry)])
            elif entry.kind in {EntryKind.SLACK, EntryKind.REST}:
                found.append(self._searched(entry))
            elif entry.size > _HELD_BYTES:
                found.append(self._piece_by_piece(entry))
            else:
                held_pieces = self._held(entry)
                if isinstance(held_pieces, list):
                    self._digesting.take(held_pieces)
                    looks = looks_like(_head(held_pieces))
                    held[len(found)] = entry, looks, self._behind(entry, looks, _tail(held_pieces))
                found.append([] if isinstance(held_pieces, list) else [held_pieces])
        digests = self._digesting.digests()
        for (place, (entry, looks, behind)), each in zip(held.items(), digests, strict=True):
            found[place] = [Digested(entry=entry, digests=each, looks=looks), *behind]
        return found

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """The entry's bytes in order. Errors: OSError when the file system can't be followed."""
        if entry.record is None or entry.attribute is None:
            for offset, length in entry.runs:
                for at in range(0, length, PIECE_BYTES):
                    size = min(PIECE_BYTES, length - at)
                    yield self._image.read(offset + at, size) if offset >= 0 else bytes(size)
            return
        read = self._reading(entry.volume, entry.record, entry.attribute)
        done = 0
        while done < entry.size:
            piece = read(done, min(PIECE_BYTES, entry.size - done))
            if not piece:
                raise OSError("the file ends before its size")
            done += len(piece)
            yield piece

    def _reading(
        self, volume: int, record: int, attribute: tuple[int, int]
    ) -> Callable[[int, int], bytes]:
        """What gives bytes of a file, from an offset, by the library that lists it."""
        if attribute[0] >= APFS:
            container = self._containers.get(volume)
            if container is None:
                length = self._image.get_size() - volume
                container = self._containers[volume] = Container(self._image, volume, length)
            return lambda offset, size: container.read(record, attribute, offset, size)
        file = self._system(volume).open_meta(inode=record)
        return lambda offset, size: file.read_random(offset, size, *attribute)

    def _system(self, volume: int) -> pytsk3.FS_Info:
        found = self._systems.get(volume)
        if found is None:
            found = self._systems[volume] = pytsk3.FS_Info(self._image, offset=volume)
        return found

    def _held(self, entry: Entry) -> list[bytes] | Digested:
        try:
            pieces = list(self.pieces(entry))
        except OSError:
            return self._faulty(entry) or _incomplete(entry)
        return self._faulty(entry) or pieces

    def _piece_by_piece(self, entry: Entry) -> list[Digested]:
        digester, head, tail = Digester(), b"", b""
        try:
            for piece in self.pieces(entry):
                head = head or piece[:START_BYTES]
                digester.update(piece)
                tail = _tail([tail, piece])
        except OSError:
            return [self._faulty(entry) or _incomplete(entry)]
        faulty = self._faulty(entry)
        if faulty is not None:
            return [faulty]
        found = Digested(entry=entry, digests=digester.result(), looks=looks_like(head))
        return [found, *self._behind(entry, found.looks, tail)]

    def _behind(self, entry: Entry, looks: str, tail: bytes) -> list[Digested]:
        """An archive that was put behind other content, as a piece of its own.

        Shape: where the file lies as it is; what is packed or kept in its record is not looked into.
        """
        if looks == Content.ARCHIVE.value or covered(entry.runs) != entry.size:
            return []
        begin = begin_of_archive(tail, entry.size)
        if begin is None:
            return []
        archive = replace(
            entry,
            path=path_behind(entry.path, begin),
            kind=EntryKind.STREAM,
            size=entry.size - begin,
            runs=runs_within(entry, begin, entry.size - begin),
            attribute=None,
            reach=0,
        )
        if next(self.pieces(archive), b"")[: len(HEADER_MARK)] != HEADER_MARK:
            return []
        digester = Digester()
        for piece in self.pieces(archive):
            digester.update(piece)
        found = Digested(entry=archive, digests=digester.result(), looks=Content.ARCHIVE.value)
        return [self._faulty(archive) or found]

    def _faulty(self, entry: Entry) -> Digested | None:
        """What an entry is of which a range can't be had."""
        lost = self._lost(entry)
        if not lost:
            return None
        return Digested(entry=replace(entry, fault=EntryFault.UNREADABLE, detail=lost))

    def _lost(self, entry: Entry) -> str:
        """The first range of the entry that can't be had, in words."""
        if not self._image.gaps:
            return ""
        self._image.gaps = joined(self._image.gaps)
        for gap in self._image.gaps:
            if overlaps(entry.runs, gap.offset, gap.length):
                return f"{gap.reason} at byte {gap.offset}, {gap.length} bytes"
        return ""

    def _searched(self, entry: Entry) -> list[Digested]:
        data = b"".join(self.pieces(entry))
        first = entry.first_byte
        extra = 0
        if entry.kind is EntryKind.REST:
            extra = min(entry.reach - entry.size, MOST_CARVED_BYTES)
        reaching = data + self._image.read(first + entry.size, extra) if extra else data
        lost = self._lost(entry)
        own = replace(entry, fault=EntryFault.UNREADABLE, detail=lost) if lost else entry
        found = [Digested(entry=own, digests=None if lost else digest_bytes(data))]
        aligned = entry.kind is EntryKind.REST
        spans = list(carved(reaching, aligned=aligned, whole=len(data), base=first))
        if entry.kind is EntryKind.SLACK and not spans:
            trimmed = len(data.rstrip(b"\0"))
            spans = [(0, trimmed)] if 0 < trimmed < len(data) else []
        for start, length in spans:
            found.append(self._carved(entry, start, reaching[start : start + length]))
        return found

    def _carved(self, entry: Entry, start: int, data: bytes) -> Digested:
        runs = runs_within(entry, start, len(data))
        carved_entry = replace(
            entry,
            path=f"{entry.path}/$Carved@{start}",
            kind=EntryKind.CARVED,
            size=len(data),
            runs=runs,
            reach=0,
        )
        digests, looks = digest_bytes(data), looks_like(data[:START_BYTES])
        found = Digested(entry=carved_entry, digests=digests, looks=looks)
        return self._faulty(carved_entry) or found


def _incomplete(entry: Entry) -> Digested:
    return Digested(entry=replace(entry, fault=EntryFault.CONTENT_INCOMPLETE))


def _head(pieces: Sequence[bytes]) -> bytes:
    """The first bytes of a file, of which a piece may be shorter than they are."""
    head = b""
    for piece in pieces:
        head += piece[: START_BYTES - len(head)]
        if len(head) == START_BYTES:
            break
    return head


def _tail(pieces: Sequence[bytes]) -> bytes:
    """The last bytes of a file, of which a piece may be shorter than they are."""
    tail = b""
    for piece in reversed(pieces):
        tail = piece[-TAIL_BYTES:] + tail
        if len(tail) >= TAIL_BYTES:
            break
    return tail[-TAIL_BYTES:]


def looks_like(head: bytes) -> str:
    """What a file's first bytes say it is: `picture`, `video`, `archive` or nothing."""
    found = content_of(head)
    return "" if found is Content.OTHER else found.value


def runs_within(entry: Entry, start: int, length: int) -> tuple[tuple[int, int], ...]:
    """The runs of a part of an entry that may reach behind its end."""
    runs = entry.runs
    if entry.kind is EntryKind.REST:
        return ((entry.first_byte + start, length),)
    found: list[tuple[int, int]] = []
    for offset, size in runs:
        take = min(size - start, length) if start < size else 0
        if take > 0:
            found.append((offset + start, take))
            length -= take
        start = max(0, start - size)
    return tuple(found)
