"""Files that an examination found, read again from their source for whoever seals them.

Nothing is looked at: bytes go from the source to who takes them, and are what was digested or
nothing. An image is read by the walled reader, as it was examined.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from tipbridge.police.evidence.errors import NoImage, NotAsFound
from tipbridge.police.evidence.folder import opened_again
from tipbridge.police.evidence.listed import every_entry
from tipbridge.police.evidence.model import FOLDER, FoundFile
from tipbridge.police.evidence.readers import Reader, ReaderKilled
from tipbridge.police.evidence.reading.behind import is_behind
from tipbridge.police.evidence.reading.contents import runs_within
from tipbridge.police.evidence.reading.model import Entry, EntryKind, EntryState
from tipbridge.police.evidence.sources.opening import opened_image

Take = Callable[[FoundFile, Iterator[bytes]], None]
_PIECE_BYTES = 1024 * 1024
_UNREADABLE = "it can't be read where it was"
_CARVED = re.compile(r"(?P<parent>.*)/\$Carved@(?P<start>[0-9]+)", re.DOTALL)
_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAgain:
    """A source of an examination, of the kind it was then, and the files wanted of it."""

    source: str = field(repr=False)
    kind: str
    files: tuple[FoundFile, ...]


def may_be_read_again(file: FoundFile) -> bool:
    """Whether a file lies on its source itself; a member of an archive does not, nor an archive behind others."""
    return file.place is not EntryKind.MEMBER and not is_behind(file.path)


def read_again(wanted: SourceAgain, take: Take) -> None:
    """Give each file's bytes once, in pieces, to who takes them.

    Shape: what `take` itself raises passes through.
    Errors: NotAsFound when a file or its source is not what it was, or can't be had: then nothing
    that `take` was given of the file counts.
    """
    if wanted.kind == FOLDER:
        _from_folder(wanted, take)
        return
    form = wanted.kind.partition(",")[0]  # what it was then, whatever it looks like
    try:
        with opened_image(Path(wanted.source), form=form) as opened, Reader(opened) as reader:
            for file, entry in _entries(reader, wanted.files):
                take(file, _checked(file, reader.content(entry)))
    except (NoImage, ReaderKilled) as error:
        raise NotAsFound(str(error)) from error


def _entries(reader: Reader, files: Sequence[FoundFile]) -> list[tuple[FoundFile, Entry]]:
    """Each file with the entry it was read from. Errors: NotAsFound; NoImage; ReaderKilled."""
    paths = {each.path for each in files} | {
        match["parent"] for each in files if (match := _CARVED.fullmatch(each.path))
    }
    listed: dict[str, list[Entry]] = {}
    for entry in _listing(reader):
        if entry.path in paths:
            listed.setdefault(entry.path, []).append(entry)
    return [(file, _entry_of(file, listed)) for file in files]


def _listing(reader: Reader) -> Iterable[Entry]:
    try:
        yield from reader.walk()
    except ReaderKilled:
        reader.restart()
        yield from every_entry(reader)


def _entry_of(file: FoundFile, listed: dict[str, list[Entry]]) -> Entry:
    if file.place is EntryKind.CARVED:
        return _carved(file, listed)
    for entry in listed.get(file.path, ()):
        first = entry.first_byte if entry.runs else None
        said = (entry.kind, entry.state, first, entry.size)
        if said == (file.place, file.state, file.start_byte, file.digests.size_bytes):
            return entry
    raise NotAsFound("it is not where it was", file.digests.sha256)


def _carved(file: FoundFile, listed: dict[str, list[Entry]]) -> Entry:
    """What lies in the rest lies in one piece; what was carved out of slack, in slack's pieces."""
    size, first = file.digests.size_bytes, file.start_byte or 0
    whole = Entry(
        path=file.path,
        kind=EntryKind.CARVED,
        state=EntryState.PRESENT,
        size=size,
        volume=0,
        runs=((first, size),),
    )
    match = _CARVED.fullmatch(file.path)
    for parent in listed.get(match["parent"], ()) if match else ():
        runs = runs_within(parent, int(match["start"]), size) if match else ()
        if parent.kind is EntryKind.SLACK and runs and runs[0][0] == first:
            return replace(whole, runs=runs)
    return whole


def _checked(file: FoundFile, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces; ends in NotAsFound when they are not what was found."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if size > file.digests.size_bytes:
            break
        yield piece
    if (digest.hexdigest(), size) != (file.digests.sha256, file.digests.size_bytes):
        raise NotAsFound("its bytes are not what they were", file.digests.sha256)


def _from_folder(wanted: SourceAgain, take: Take) -> None:
    source = Path(wanted.source)
    root = source.parent if source.is_file() else source
    for file in wanted.files:
        with ExitStack() as stack:
            try:
                handle = stack.enter_context(opened_again(root, _place(root, file.path)))
            except OSError as error:
                raise NotAsFound(_UNREADABLE, file.digests.sha256) from error
            take(file, _checked(file, _pieces(handle, file)))


def _place(root: Path, path: str) -> bytes:
    r"""The path byte by byte: as it is written, or what is written as `\xNN` for bytes of no text."""
    written = path.encode("utf-8", "surrogateescape")
    if os.path.lexists(os.fsencode(root) + b"/" + written):
        return written
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), written)


def _pieces(handle: int, file: FoundFile) -> Iterator[bytes]:
    try:
        while piece := os.read(handle, _PIECE_BYTES):
            yield piece
    except OSError as error:
        raise NotAsFound(_UNREADABLE, file.digests.sha256) from error
