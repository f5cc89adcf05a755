"""From a medium to its image, segment by segment, so that a kill costs one segment at most."""

import errno
import hashlib
import os
from collections.abc import Callable

from tipbridge.knowledge.hashes.digests import Digester
from tipbridge.police.evidence.acquiring.files import ImageFiles
from tipbridge.police.evidence.acquiring.model import AcquisitionFacts, Copied, Segment
from tipbridge.police.evidence.errors import ImageBroken, OtherSource, SourceGone
from tipbridge.police.evidence.sources.model import Gap, joined
from tipbridge.police.evidence.sources.raw import RawSource, ReadAt

_PIECE_BYTES = 1024 * 1024
_GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.ENOMEDIUM, errno.ESHUTDOWN})
Tell = Callable[[int, int], None]
"""Told after each segment: bytes that stand in the image, bytes of the medium."""


def present(read_at: ReadAt = os.pread) -> ReadAt:
    """Reads that tell a medium that was pulled out from one with bad sectors."""

    def read(handle: int, length: int, offset: int) -> bytes:
        try:
            return read_at(handle, length, offset)
        except OSError as error:
            if error.errno in _GONE:
                raise SourceGone(error.strerror or "it is gone") from error
            raise

    return read


def copy_medium(
    source: RawSource, files: ImageFiles, facts: AcquisitionFacts, tell: Tell | None = None
) -> Copied:
    """Copy what does not stand in the image yet; the digests are of all that stands there.

    Errors: ImageBroken when the image is not what its journal says; OtherSource when the medium
    is not the one that was begun with; SourceGone; ImageUnwritable.
    """
    digester = Digester()
    for segment in files.segments:
        _checked(files, segment, digester)
    _same_medium(source, files.segments)
    done = sum(each.length for each in files.segments)
    for offset in range(done, facts.size_bytes, facts.segment_bytes):
        length = min(facts.segment_bytes, facts.size_bytes - offset)
        files.keep(_copied(source, files, offset, length, digester))
        if tell is not None:
            tell(offset + length, facts.size_bytes)
    files.finish(facts.size_bytes)
    return Copied(
        digests=digester.result(),
        segments=tuple(each.sha256 for each in files.segments),
        bad=tuple(joined([gap for each in files.segments for gap in each.bad])),
    )


def _checked(files: ImageFiles, segment: Segment, digester: Digester) -> None:
    sha256 = hashlib.sha256()
    for piece in files.pieces(segment):
        sha256.update(piece)
        digester.update(piece)
    if sha256.hexdigest() != segment.sha256:
        raise ImageBroken(segment.offset)


def _same_medium(source: RawSource, segments: list[Segment]) -> None:
    """Read the first sound segment once more: another medium begins otherwise."""
    sound = next((each for each in segments if not each.bad), None)
    if sound is None:
        return
    sha256, lost = hashlib.sha256(), list[Gap]()
    for offset, length in _steps(sound.offset, sound.length):
        data, gaps = source.read(offset, length)
        sha256.update(data)
        lost += gaps
    if not lost and sha256.hexdigest() != sound.sha256:
        raise OtherSource(sound.offset)


def _copied(
    source: RawSource, files: ImageFiles, offset: int, length: int, digester: Digester
) -> Segment:
    sha256, bad = hashlib.sha256(), list[Gap]()
    for at, take in _steps(offset, length):
        data, gaps = source.read(at, take)
        files.write(data, at)
        sha256.update(data)
        digester.update(data)
        bad += gaps
    return Segment(offset=offset, length=length, sha256=sha256.hexdigest(), bad=tuple(joined(bad)))


def _steps(offset: int, length: int) -> list[tuple[int, int]]:
    return [
        (at, min(_PIECE_BYTES, offset + length - at))
        for at in range(offset, offset + length, _PIECE_BYTES)
    ]
