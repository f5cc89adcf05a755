"""The walled process: it is given descriptors, closes every wall, and then looks at them.

What it can do afterwards is what `foundation/box` allows a decoder: read its descriptors, use
memory, write its answers. It cannot open a file, and its descriptors are for reading only.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, BinaryIO

from tipbridge.foundation.base.memory import collect_rarely
from tipbridge.foundation.box import landlock, linux, walls
from tipbridge.foundation.box.model import MEBIBYTE, Limits
from tipbridge.police.evidence.reading import wire
from tipbridge.police.evidence.reading.contents import PIECE_BYTES, Contents, Digesting
from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.listing import entries_of
from tipbridge.police.evidence.reading.model import Entry, Place
from tipbridge.police.evidence.reading.volumes import Route
from tipbridge.police.evidence.sources.ewf import EwfSource
from tipbridge.police.evidence.sources.ewf_sections import BadImage
from tipbridge.police.evidence.sources.known_bad import KnownBad
from tipbridge.police.evidence.sources.model import MediaSource, joined
from tipbridge.police.evidence.sources.raw import RawSource
from tipbridge.police.evidence.sources.virtual import VIRTUAL, VirtualSource

_LIMITS = Limits(memory_bytes=1024 * MEBIBYTE, cpu_seconds=30 * 24 * 3600)
_NOBODY = 65534
_WALKED_AT_ONCE = 500
_LARGE_BYTES = 512 * MEBIBYTE


class _Reader:
    def __init__(self, source: MediaSource, answers: BinaryIO, digesting: Digesting | None) -> None:
        self._image = SourceImage(source)
        self._contents = Contents(self._image, digesting)
        self._answers = answers

    def obey(self, order: dict[str, Any]) -> None:
        """Do what one order says."""
        match order["do"]:
            case "about":
                self.say(self._about())
            case "stored":
                self.say(self._stored())
            case "walk":
                for batch in self._walked(order):
                    self.say(batch)
                self.say([])
            case "digest":
                batches = [[wire.entry_in(each) for each in batch] for batch in order["batches"]]
                self.say(self._digested(batches))
            case "content":
                self._content(order["entry"])
            case "media":
                self.say(self._media(order["digests"], order["every"]))
            case "segments":
                self.say(self._segments(order["length"]))
            case "bad":
                bad = [(int(at), int(length)) for at, length in order["ranges"]]
                self._image.source = KnownBad(self._image.source, bad)
                self.say([])
            case _:
                raise ValueError("no such order")

    def say(self, value: object) -> None:
        """Send one message."""
        self._answers.write(wire.line(value))
        self._answers.flush()

    def _about(self) -> dict[str, Any]:
        source = self._image.source
        return {
            "kind": source.kind,
            "size_bytes": source.size_bytes,
            "md5": source.stored.md5,
            "sha1": source.stored.sha1,
            "notes": source.notes,
            "header": source.header,
        }

    def _stored(self) -> list[str]:
        """What the container's own checksum says of it; of most kinds nothing."""
        source = self._image.source
        try:
            return source.stored_notes() if isinstance(source, VirtualSource) else []
        except OSError:
            return ["the data that it has a checksum of can't be read"]

    def _walked(self, order: dict[str, Any]) -> Iterator[list[Any]]:
        around = frozenset(wire.place_in(each) for each in order["around"])
        route = Route(around=around, say=self._entered) if order["carefully"] else Route()
        batch, runs = list[Any](), 0
        for each in entries_of(self._image, route):
            batch.append(wire.entry_out(each))
            runs += len(each.runs)
            if len(batch) >= _WALKED_AT_ONCE or runs >= wire.MANY_RUNS:
                yield batch
                batch, runs = [], 0
        if batch:
            yield batch

    def _entered(self, place: Place) -> None:
        self.say({"at": wire.place_out(place)})

    def _digested(self, batches: list[list[Entry]]) -> list[list[Any]]:
        found = iter(self._contents.each_digested([one for batch in batches for one in batch]))
        return [
            wire.digested_out(chain.from_iterable(islice(found, len(batch))), batch)
            for batch in batches
        ]

    def _content(self, value: object) -> None:
        """The bytes of one entry, for whoever decodes them behind walls of their own."""
        for piece in self._contents.pieces(wire.entry_in(value)):
            self.say(len(piece))
            self._answers.write(piece)
        self.say(0)

    def _media(self, names: list[str], every: int) -> dict[str, Any]:
        """These digests of the whole medium, gaps as zeros, and every gap; says how far it is."""
        digests = {name: hashlib.new(name, usedforsecurity=False) for name in names}
        gaps, source = list[Any](), self._image.source
        for offset in range(0, source.size_bytes, PIECE_BYTES):
            if offset and offset % every == 0:
                self.say({"read": offset})
            data, lost = source.read(offset, min(PIECE_BYTES, source.size_bytes - offset))
            for digest in digests.values():
                digest.update(data)
            gaps += lost
        return {
            "digests": {name: digest.hexdigest() for name, digest in digests.items()},
            "gaps": [[gap.offset, gap.length, gap.reason] for gap in joined(gaps)],
        }

    def _segments(self, length: int) -> list[str]:
        """The SHA-256 of the medium, segment by segment."""
        found, source = list[str](), self._image.source
        for begin in range(0, source.size_bytes, length):
            sha256, end = hashlib.sha256(), min(begin + length, source.size_bytes)
            for at in range(begin, end, PIECE_BYTES):
                sha256.update(source.read(at, min(PIECE_BYTES, end - at))[0])
            found.append(sha256.hexdigest())
        return found


def _side_by_side(medium_bytes: int) -> Digesting | None:
    """Digests of many files at once, where a medium is large enough to be worth the loading."""
    if medium_bytes < _LARGE_BYTES:
        return None
    from tipbridge.knowledge.hashes.engine import lanes  # noqa: PLC0415 - half a second of loading

    lanes.warm_up()
    return lanes.Lanes()


def _source(kind: str, parts: list[tuple[int | None, int]]) -> MediaSource:
    if kind == "e01":
        return EwfSource(parts)
    if kind in VIRTUAL:
        return VirtualSource(kind, parts)
    return RawSource(parts)


def _wall_in() -> None:
    held = walls.held_bytes()
    if os.geteuid() == 0:
        try:
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        except PermissionError:
            pass  # a container's root that may not do so stays what it is
    linux.control_process(linux.PR_SET_PDEATHSIG, 9)
    walls.close_walls(_LIMITS, held=held, landlock_abi=landlock.version())


def main() -> None:
    """Close the walls, then obey until there are no more orders."""
    collect_rarely()
    kind, parts = sys.argv[1], json.loads(sys.argv[2])
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    digesting = _side_by_side(sum(size for _, size in parts))
    _wall_in()
    try:
        source = _source(kind, [(handle, size) for handle, size in parts])
    except BadImage as error:
        answers.write(wire.line({"fault": str(error)}))
        answers.flush()
        return
    reader = _Reader(source, answers, digesting)
    reader.say({"ready": True})
    while text := orders.readline(wire.MOST_LINE_BYTES):
        reader.obey(json.loads(text))
