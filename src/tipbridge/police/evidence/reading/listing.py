"""Every entry of a medium: what its file systems list, and the rest that no file lies on."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tipbridge.police.evidence.reading.apfs import Apfs
from tipbridge.police.evidence.reading.dirty import is_dirty, log_waits
from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.journals import waits_in_journal
from tipbridge.police.evidence.reading.model import Entry, EntryFault, EntryKind, EntryState
from tipbridge.police.evidence.reading.ranges import Run, complement
from tipbridge.police.evidence.reading.volumes import ANYWHERE, Route, Volume, volumes_of
from tipbridge.police.evidence.reading.walking import Walk

REST_PIECE_BYTES = 32 * 1024 * 1024


def entries_of(image: SourceImage, route: Route = ANYWHERE) -> Iterator[Entry]:
    """Every entry of the medium, volume by volume; the rest of a volume comes last."""
    for volume in volumes_of(image, route):
        taken: list[Run] = []
        if volume.system is not None:
            for entry in Walk(volume, image, route).entries():
                if entry.state is EntryState.PRESENT and not volume.is_lost:
                    taken += [run for run in entry.runs if run[0] >= 0]
                yield _of(volume, entry)
            yield from _unfinished(image, volume)
        if volume.container is not None:
            walk = Apfs(volume.container, volume.name, volume.offset, image.get_size())
            for entry in walk.entries(route.leads_to):
                taken += [] if volume.is_lost else [run for run in entry.runs if run[0] >= 0]
                yield _of(volume, entry)
        yield from _about(volume)
        if volume.fault is not EntryFault.ENCRYPTED_VOLUME:
            yield from rest_of(volume, taken)


def _of(volume: Volume, entry: Entry) -> Entry:
    """What a volume lists; of one that no table names, everything may be overwritten."""
    return replace(entry, state=EntryState.DELETED) if volume.is_lost else entry


def _about(volume: Volume) -> Iterator[Entry]:
    """What is wrong with a volume as a whole."""
    base = Entry(
        path=volume.name,
        kind=EntryKind.STRUCTURE,
        state=EntryState.PRESENT,
        size=0,
        volume=volume.offset,
    )
    if volume.fault is EntryFault.ENCRYPTED_VOLUME:
        runs = ((volume.offset, volume.length),)
        yield replace(base, fault=volume.fault, detail=volume.detail, runs=runs, size=volume.length)
    elif volume.fault is not None:
        yield replace(base, fault=volume.fault, detail=volume.detail)
    elif volume.is_lost:
        yield replace(base, fault=EntryFault.LOST_PARTITION, detail="no partition table names it")
    if volume.missing > 0:
        yield replace(
            base,
            fault=EntryFault.SOURCE_TOO_SHORT,
            detail=f"{volume.missing} bytes lie behind the end of the source",
        )


def _unfinished(image: SourceImage, volume: Volume) -> Iterator[Entry]:
    """What says that not everything was written when its system let go of the volume."""
    base = Entry(
        path=f"{volume.name}/$Journal",
        kind=EntryKind.STRUCTURE,
        state=EntryState.PRESENT,
        size=0,
        volume=volume.offset,
    )
    if waits_in_journal(image, volume.offset) or log_waits(image, volume.offset):
        yield replace(
            base,
            fault=EntryFault.JOURNAL_NOT_REPLAYED,
            detail="changes stand in its journal that were not written to their places",
        )
    if is_dirty(image, volume.offset):
        yield replace(
            base,
            path=f"{volume.name}/$Dirty",
            fault=EntryFault.NOT_LET_GO_OF,
            detail="it says of itself that its system did not let go of it cleanly",
        )


def unlisted(size_bytes: int) -> Iterator[Entry]:
    """A medium of which nothing could be listed: searched as a whole, and said to be."""
    fault = EntryFault.READER_KILLED
    whole = Volume(
        name="volume", offset=0, length=size_bytes, fault=fault, detail="as it is listed"
    )
    yield from _about(whole)
    yield from rest_of(whole, [])


def rest_of(volume: Volume, taken: Iterable[Run]) -> Iterator[Entry]:
    """What of a volume none of these runs covers, in pieces."""
    for offset, length in complement(volume.offset, volume.length, taken):
        end = offset + length
        for at in range(offset, end, REST_PIECE_BYTES):
            size = min(REST_PIECE_BYTES, end - at)
            yield Entry(
                path=f"{volume.name}/$Rest@{at}",
                kind=EntryKind.REST,
                state=EntryState.PRESENT,
                size=size,
                volume=volume.offset,
                runs=((at, size),),
                reach=end - at,
            )
