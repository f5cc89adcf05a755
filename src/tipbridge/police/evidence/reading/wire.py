"""Orders to the walled reader and its answers: lines of JSON, bytes behind their length."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import (
    NO_TIMES,
    Entry,
    EntryFault,
    EntryKind,
    EntryState,
    Place,
    Times,
    shortened,
)

Word = TypeVar("Word")
MOST_LINE_BYTES = 64 * 1024 * 1024
MANY_RUNS = 100_000
"""Runs that are enough for one message, however few their entries are."""
_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64}
_READ = (*_DIGITS, "size_bytes")
_MOST_PATH, _MOST = 70_000, 1 << 63
_KINDS = {each.value: each for each in EntryKind}
_STATES = {each.value: each for each in EntryState}


def line(value: object) -> bytes:
    """One message."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def entry_out(entry: Entry) -> list[Any]:
    """An entry as it travels."""
    times = None if entry.times is NO_TIMES else entry.times
    return [
        entry.path,
        entry.kind,
        entry.state,
        entry.size,
        entry.volume,
        entry.runs,
        entry.record,
        entry.attribute,
        times and [times.modified, times.accessed, times.created, times.changed],
        entry.fault,
        entry.detail,
        entry.reach,
    ]


def entry_in(value: Any) -> Entry:  # noqa: ANN401 - out of the walls
    """An entry as it arrived. Errors: ValueError, TypeError for what none can be."""
    path, kind, state, size, volume, runs, record, attribute, times, fault, detail, reach = value
    if not isinstance(path, str) or not isinstance(detail, str) or len(path) > _MOST_PATH:
        raise ValueError("no such path")
    _all_whole((size, volume, reach))
    return Entry(
        path=path.replace("\0", "\\x00"),
        kind=_named(_KINDS, kind),
        state=_named(_STATES, state),
        size=size,
        volume=volume,
        runs=_runs_in(runs),
        record=None if record is None else _whole(record),
        attribute=None if attribute is None else (_whole(attribute[0]), _whole(attribute[1])),
        times=NO_TIMES if times is None else _times_in(times),
        fault=None if fault is None else EntryFault(fault),
        detail=detail[:200],
        reach=reach,
    )


def _named(words: dict[str, Word], name: Any) -> Word:  # noqa: ANN401 - out of the walls
    found = words.get(name)
    if found is None:
        raise ValueError("no such word")
    return found


def _runs_in(value: Any) -> tuple[tuple[int, int], ...]:  # noqa: ANN401 - out of the walls
    runs = [(offset, length) for offset, length in value]
    for offset, length in runs:
        _all_whole((offset, length), -1)
        if length < 0:
            raise ValueError("no such length")
    return tuple(runs)


def _times_in(value: Any) -> Times:  # noqa: ANN401 - out of the walls
    modified, accessed, created, changed = value
    _all_whole((modified, accessed, created, changed), -_MOST)
    return Times(modified=modified, accessed=accessed, created=created, changed=changed)


def listed_in(value: Any) -> Entry:  # noqa: ANN401 - out of the walls
    """An entry as it arrived; one that can't be is kept by its path as one not processed."""
    try:
        return entry_in(value)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        path = f"{value[0]}" if isinstance(value, list) and value else ""
        return Entry(
            path=shortened(path).replace("\0", "\\x00"),
            kind=EntryKind.STRUCTURE,
            state=EntryState.PRESENT,
            size=0,
            volume=0,
            fault=EntryFault.UNREADABLE,
            detail="its file system says what can't be",
        )


def place_out(place: Place) -> list[int | None]:
    """A place as it travels."""
    return [place.volume, place.folder]


def place_in(value: Any) -> Place:  # noqa: ANN401 - out of the walls
    """A place as it arrived. Errors: ValueError, TypeError for what none can be."""
    volume, folder = value
    return Place(volume=_whole(volume, -1), folder=None if folder is None else _whole(folder))


def digested_out(found: Iterable[Digested], asked: Sequence[Entry]) -> list[list[Any]]:
    """What became of the entries asked for, as it travels; an unchanged one is told by its place."""
    places = {id(entry): place for place, entry in enumerate(asked)}
    return [
        [
            entry_out(each.entry) if (at := places.get(id(each.entry))) is None else at,
            None if each.digests is None else [getattr(each.digests, name) for name in _READ],
            each.looks,
        ]
        for each in found
    ]


def digested_in(value: Any, asked: Sequence[Entry]) -> Digested:  # noqa: ANN401 - out of the walls
    """A read entry as it arrived. Errors: ValueError, TypeError, IndexError for what none can be."""
    entry, digests, looks = value
    if looks not in {"", "picture", "video", "archive"}:
        raise ValueError("no such kind of file")
    read = None
    if digests is not None:
        md5, sha1, sha256, size_bytes = digests
        read = Digests(
            md5=hexadecimal(md5, "md5"),
            sha1=hexadecimal(sha1, "sha1"),
            sha256=hexadecimal(sha256, "sha256"),
            size_bytes=_whole(size_bytes),
        )
    known = asked[_whole(entry)] if isinstance(entry, int) else entry_in(entry)
    return Digested(entry=known, digests=read, looks=looks)


def _whole(number: Any, least: int = 0) -> int:  # noqa: ANN401 - out of the walls
    _all_whole((number,), least)
    return number


def _all_whole(numbers: Iterable[Any], least: int = 0) -> None:
    """Checks many at once: a medium has hundreds of thousands of them."""
    for number in numbers:
        if type(number) is not int or not least <= number < _MOST:
            raise ValueError("no such number")


def hexadecimal(text: Any, name: str) -> str:  # noqa: ANN401 - out of the walls
    """A digest of this name as it arrived. Errors: ValueError for what is none."""
    if not isinstance(text, str) or len(text) != _DIGITS[name] or text.strip("0123456789abcdef"):
        raise ValueError("no digest")
    return text
