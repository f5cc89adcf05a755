"""Files to hashes, one by one or many: digests here, everything that decodes in the box.

This is what other rooms call: `hash_file` for one, `hash_batch` for many. A file is bytes, a
descriptor opened for reading only, or a stream of chunks; a stream is read once, to its end.
"""

import os
import stat
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

from tipbridge.foundation.box.archives.opening import NO_ARCHIVE
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Failed, Reason
from tipbridge.foundation.box.pool import Box
from tipbridge.foundation.box.source import Source
from tipbridge.knowledge.hashes import hashing
from tipbridge.knowledge.hashes.files.contents import (
    CHANGED,
    CONTENT_CLOSED,
    FileHashes,
    LeftOut,
    Part,
)
from tipbridge.knowledge.hashes.files.kinds import START_BYTES, Content, content_of
from tipbridge.knowledge.hashes.files.members import (
    HELD_BYTES,
    Members,
    hash_members,
    listed_failures,
)
from tipbridge.knowledge.hashes.hashing import PictureHashes, VideoHashes, digest_and_hash

PIECE_BYTES = 1024 * 1024
Item = tuple[str, Source]
"""A file's name in the report, and the file."""

_Hash = PictureHashes | VideoHashes | Members | Failed | BoxClosed | None


def hash_file(box: Box | None, name: str, source: Source, *, fast: bool = False) -> FileHashes:
    """A file's digests and hashes, with those of an archive's members, nested.

    Shape: without a box, or with one that closed, digests alone, and that is listed. `fast` is
    for a first look, at large pictures made smaller and at key frames: what it flags is hashed
    again without. A file that is written to meanwhile has its digests alone, as they were read.
    Errors: OSError when the file can't be read. What it holds is never an error.
    """
    before = _state(source)
    chunks, start = _begun(_chunks(source))
    content = content_of(start)
    digests, found = digest_and_hash(
        chunks, lambda stream: _found(box, source, stream, content, fast=fast)
    )
    itself = Part(path=(), content=content, digests=digests)
    if _state(source) != before:
        left = LeftOut(path=(), what=content, reason=CHANGED)
        return FileHashes(name=name, parts=(itself,), left_out=(left,))
    return _with_all(name, itself, found)


def _with_all(name: str, itself: Part, found: _Hash) -> FileHashes:
    """A file with what it hashes to, or with why there is nothing."""
    match found:
        case PictureHashes():
            return FileHashes(name=name, parts=(replace(itself, picture=found),))
        case VideoHashes():
            itself = replace(itself, video=found)
            return FileHashes(name=name, parts=(itself,), left_out=_unfinished(itself))
        case Members():
            return _archive(name, itself, found)
        case Failed():
            return _failed(name, itself, found)
        case BoxClosed():
            left = LeftOut(path=(), what=itself.content, reason=CONTENT_CLOSED)
            return FileHashes(name=name, parts=(itself,), left_out=(left,))
        case _:
            return FileHashes(name=name, parts=(itself,))


def hash_batch(
    box: Box | None,
    items: Iterable[Item],
    *,
    fast: bool = False,
    flagged: Callable[[FileHashes], bool] | None = None,
    at_once: int = 1,
) -> Generator[FileHashes]:
    """Many files, in their order; in memory are never more than `at_once` of them.

    Shape: with `fast`, each gets a first look, and whatever `flagged` says yes to is hashed again
    in the reference lanes, as `again` says; a stream can't be read again, so it goes through those
    at once. Streams that share a place to read from need
    `at_once` to stay 1.
    """

    def one(item: Item) -> FileHashes:
        name, source = item
        if not fast or not _readable_again(source):
            return hash_file(box, name, source)
        found = hash_file(box, name, source, fast=True)
        if not found.is_first_look or (flagged is not None and not flagged(found)):
            return found
        return replace(hash_file(box, name, source), again=True)

    if at_once <= 1:
        yield from map(one, items)
        return
    with ThreadPoolExecutor(at_once) as pool:
        running: deque[Future[FileHashes]] = deque()
        for item in items:
            running.append(pool.submit(one, item))
            if len(running) == at_once:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _found(
    box: Box | None, source: Source, stream: Iterator[bytes], content: Content, *, fast: bool
) -> _Hash:
    """What a file hashes to; nothing when there is nothing to decode."""
    if content is Content.OTHER:
        return None
    if box is None:
        return BoxClosed("No box stands.")
    try:
        if content is Content.PICTURE:
            return hashing.hash_picture(box, stream, fast=fast)
        if content is Content.VIDEO and not _readable_again(source):
            return hashing.hash_video(box, stream, key_frames=fast)
        return _of_whole(box, _held(source, stream), content, fast=fast)
    except BoxClosed as error:
        return error


def _of_whole(box: Box, source: bytes | int | None, content: Content, *, fast: bool) -> _Hash:
    """What a file hashes to whose decoder reads at places; None was too long to be held."""
    if source is None:
        return Failed(reason=Reason.TOO_LARGE, detail=f"{HELD_BYTES}-bytes")
    if isinstance(source, int):
        os.lseek(source, 0, os.SEEK_SET)
    if content is Content.VIDEO:
        return hashing.hash_video(box, source, key_frames=fast)
    return hash_members(box, source, fast=fast)


def _held(source: Source, stream: Iterator[bytes]) -> bytes | int | None:
    """The file as something that can be read at places, and again, once all was digested."""
    held, fits = bytearray(), not _readable_again(source)
    for chunk in stream:
        fits = fits and len(held) + len(chunk) <= HELD_BYTES
        held = held + chunk if fits else bytearray()
    if isinstance(source, bytes | bytearray):
        return bytes(source)
    if isinstance(source, int) and _readable_again(source):
        return source
    return bytes(held) if fits else None


def _archive(name: str, itself: Part, found: Members) -> FileHashes:
    parts = tuple(part for _, part in sorted(found.parts.items()))
    unfinished = (left for part in parts for left in _unfinished(part))
    return FileHashes(
        name=name,
        parts=(itself, *parts),
        folders=found.folders,
        unlisted_bytes=found.unlisted_bytes,
        left_out=(*found.left_out, *listed_failures(found), *unfinished),
    )


def _failed(name: str, itself: Part, failed: Failed) -> FileHashes:
    if failed.detail == NO_ARCHIVE:  # a program, and none that unpacks itself
        return FileHashes(name=name, parts=(replace(itself, content=Content.OTHER),))
    left = LeftOut(path=(), what=itself.content, reason=failed.reason, detail=failed.detail)
    return FileHashes(name=name, parts=(itself,), left_out=(left,))


def _unfinished(part: Part) -> tuple[LeftOut, ...]:
    """A video of which not every frame was looked at."""
    if part.video is None or not part.video.ended_early:
        return ()
    return (LeftOut(path=part.path, what="frames", reason=part.video.ended_early),)


def _state(source: Source) -> tuple[int, int] | None:
    """What tells a file on a disk that was written to from one that was not; nothing of others."""
    if not isinstance(source, int) or not _readable_again(source):
        return None
    found = os.fstat(source)
    return found.st_size, found.st_mtime_ns


def _readable_again(source: Source) -> bool:
    if isinstance(source, int):
        return stat.S_ISREG(os.fstat(source).st_mode)
    return isinstance(source, bytes | bytearray)


def _chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes | bytearray):
        return iter((bytes(source),))
    if not isinstance(source, int):
        return iter(source)
    return _from_places(source) if _readable_again(source) else _from_pipe(source)


def _from_places(descriptor: int) -> Iterator[bytes]:
    at = 0
    while piece := os.pread(descriptor, PIECE_BYTES, at):
        at += len(piece)
        yield piece


def _from_pipe(descriptor: int) -> Iterator[bytes]:
    while piece := os.read(descriptor, PIECE_BYTES):
        yield piece


def _begun(chunks: Iterator[bytes]) -> tuple[Iterator[bytes], bytes]:
    """The chunks from the first one on, and the file's first bytes."""
    taken: list[bytes] = []
    size = 0
    for chunk in chunks:
        taken.append(chunk)
        size += len(chunk)
        if size >= START_BYTES:
            break
    return chain(taken, chunks), b"".join(taken)[:START_BYTES]
