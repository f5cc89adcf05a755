"""The digests of many files that are in memory at once, MD5 of them side by side."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.digests import Digests, digest_bytes
from tipbridge.knowledge.hashes.engine.compiled import wanted
from tipbridge.knowledge.hashes.engine.md5_kernels import BLOCK_WORDS, LANES, side_by_side

_BLOCK_BYTES = 4 * BLOCK_WORDS
_LENGTH_BYTES = 8
_WORTH_LANES = 16
"""As many files of one length at least; fewer are as quick one after another."""


def digest_many(contents: Sequence[bytes]) -> list[Digests]:
    """The digests of each, in their order: what `digest_bytes` says of it."""
    if not wanted() or len(contents) < _WORTH_LANES:
        return [digest_bytes(each) for each in contents]
    longest_first = sorted(range(len(contents)), key=lambda each: -len(contents[each]))
    found: dict[int, Digests] = {}
    for at in range(0, len(longest_first), LANES):
        group = longest_first[at : at + LANES]
        found.update(zip(group, _together([contents[each] for each in group]), strict=True))
    return [found[each] for each in range(len(contents))]


def warm_up() -> None:
    """Load or compile the kernel, so that it needs no file afterwards."""
    digest_many([bytes(each) for each in range(LANES)])


def _together(group: Sequence[bytes]) -> list[Digests]:
    blocks = np.array([_blocks(each) for each in group], dtype=np.int64)
    if blocks.sum() < _WORTH_LANES * blocks[0]:
        return [digest_bytes(each) for each in group]
    return [
        Digests(
            md5=md5.tobytes().hex(),
            sha1=hashlib.sha1(each, usedforsecurity=False).hexdigest(),
            sha256=hashlib.sha256(each).hexdigest(),
            size_bytes=len(each),
        )
        for each, md5 in zip(group, _md5(group, blocks)[: len(group)], strict=True)
    ]


def _blocks(content: bytes) -> int:
    """How many blocks it is with its padding."""
    return (len(content) + _LENGTH_BYTES) // _BLOCK_BYTES + 1


def _md5(group: Sequence[bytes], blocks: NDArray[np.int64]) -> NDArray[np.uint32]:
    lanes = np.pad(blocks, (0, LANES - len(group)), constant_values=1)
    ends = np.cumsum(lanes) * _BLOCK_BYTES
    padded = np.empty(int(ends[-1]), np.uint8)
    start = 0
    for number, end in enumerate(ends.tolist()):
        content = group[number] if number < len(group) else b""
        stop = start + len(content)
        padded[start:stop] = np.frombuffer(content, np.uint8)
        padded[stop : end - _LENGTH_BYTES] = 0
        padded[stop] = 0x80
        padded[end - _LENGTH_BYTES : end] = np.frombuffer(
            (8 * len(content)).to_bytes(_LENGTH_BYTES, "little"), np.uint8
        )
        start = end
    digests = np.empty((LANES, 4), np.uint32)
    starts = (ends - lanes * _BLOCK_BYTES) // 4
    side_by_side(padded.view("<u4"), starts, lanes, digests)
    return digests
