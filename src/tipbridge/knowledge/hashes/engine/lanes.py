"""The digests of many files that are in memory at once, MD5 of them side by side."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.knowledge.hashes.engine.compiled import wanted
from tipbridge.knowledge.hashes.engine.md5_kernels import side_by_side
from tipbridge.knowledge.hashes.engine.md5_vectors import BLOCK_WORDS, LANES

_BLOCK_BYTES = 4 * BLOCK_WORDS
_LENGTH_BYTES = 8
_WORTH_LANES = 4
"""As many files of one length at least; fewer are as quick one after another."""
_FIRST_BYTES = 64 * 1024 * 1024
"""What the orders of a reader hold; where nothing was laid down it takes no memory."""


class Lanes:
    """Takes files whole, one after another, and gives the digests of all that it took.

    SHA-1 and SHA-256 are taken at once, while a file's bytes are near; they are kept for MD5 in one
    memory that is used again, for memory that is new each time costs as much as a digest.
    """

    def __init__(self) -> None:
        self._memory = np.zeros(_FIRST_BYTES, np.uint8)
        self._starts: list[int] = []
        self._lengths: list[int] = []
        self._shas: list[tuple[str, str]] = []
        self._end = 0

    def take(self, pieces: Sequence[bytes]) -> None:
        """Take one file, in the pieces that it was read in: to join them costs a tenth of a digest."""
        sha1, sha256 = hashlib.sha1(usedforsecurity=False), hashlib.sha256()
        for piece in pieces:
            sha1.update(piece)
            sha256.update(piece)
        self._shas.append((sha1.hexdigest(), sha256.hexdigest()))
        self._starts.append(self._end)
        self._lengths.append(sum(map(len, pieces)))
        self._end = self._padded(pieces, self._lengths[-1])

    def digests(self) -> list[Digests]:
        """The digests of each that was taken since this was last asked, in their order."""
        found = [
            Digests(md5=md5, sha1=sha1, sha256=sha256, size_bytes=length)
            for md5, (sha1, sha256), length in zip(
                self._all_md5(), self._shas, self._lengths, strict=True
            )
        ]
        self._starts, self._lengths, self._shas, self._end = [], [], [], 0
        return found

    def _padded(self, pieces: Sequence[bytes], length: int) -> int:
        """Lay a file down as MD5 pads it; where the next one begins."""
        begin = self._end
        stop, end = begin + length, begin + _blocks(length) * _BLOCK_BYTES
        if end > len(self._memory):
            wider = np.zeros(2 * end, np.uint8)
            wider[:begin] = self._memory[:begin]
            self._memory = wider
        for piece in pieces:
            self._memory[begin : begin + len(piece)] = np.frombuffer(piece, np.uint8)
            begin += len(piece)
        tail = b"\x80".ljust(end - stop - _LENGTH_BYTES, b"\0")
        tail += (8 * length).to_bytes(_LENGTH_BYTES, "little")
        self._memory[stop:end] = np.frombuffer(tail, np.uint8)
        return end

    def _all_md5(self) -> list[str]:
        longest_first = sorted(range(len(self._lengths)), key=lambda each: -self._lengths[each])
        found: dict[int, str] = {}
        for at in range(0, len(longest_first), LANES):
            group = longest_first[at : at + LANES]
            found.update(zip(group, self._md5(group), strict=True))
        return [found[each] for each in range(len(self._lengths))]

    def _md5(self, group: Sequence[int]) -> list[str]:
        blocks = np.array([_blocks(self._lengths[each]) for each in group], np.int64)
        if not wanted() or blocks.sum() < _WORTH_LANES * blocks[0]:
            return [self._md5_alone(each) for each in group]
        unused = (0, LANES - len(group))
        starts = np.array([self._starts[each] // 4 for each in group], np.int64)
        digests = np.empty((LANES, 4), np.uint32)
        words: NDArray[np.uint32] = self._memory.view("<u4")
        lengths = np.pad(blocks, unused, constant_values=1)
        side_by_side(words, np.pad(starts, unused), lengths, digests)
        return [each.tobytes().hex() for each in digests[: len(group)]]

    def _md5_alone(self, number: int) -> str:
        begin = self._starts[number]
        content = self._memory[begin : begin + self._lengths[number]].data
        return hashlib.md5(content, usedforsecurity=False).hexdigest()


def warm_up() -> None:
    """Load or compile the kernel, so that it needs no file afterwards."""
    lanes = Lanes()
    for each in range(LANES):
        lanes.take([bytes(each)])
    lanes.digests()


def _blocks(length: int) -> int:
    """How many blocks it is with its padding."""
    return (length + _LENGTH_BYTES) // _BLOCK_BYTES + 1
