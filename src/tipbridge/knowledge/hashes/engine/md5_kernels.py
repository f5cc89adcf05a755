"""MD5 of many files side by side: one step of all of them is a few vector instructions.

MD5's steps wait for each other, so that one file alone leaves most of a core idle. Source: RFC 1321.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine.compiled import inner, kernel

LANES = 32
BLOCK_WORDS = 16
_TURNS = np.array(
    [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]], dtype=np.uint32
)
_ADDED = np.array([int(abs(math.sin(step + 1)) * 2**32) for step in range(64)], dtype=np.uint32)
_ORDER = np.array(
    [(factor * step + first) % 16 for factor, first in ((1, 0), (5, 1), (3, 5), (7, 0))
     for step in range(16)],
    dtype=np.int64,
)  # fmt: skip
_BEGIN = np.array([0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476], dtype=np.uint32)


@inner
def _turned(value: np.uint32, bits: np.uint32) -> np.uint32:
    return np.uint32(np.uint32(value << bits) | np.uint32(value >> np.uint32(32 - bits)))


@inner
def _block(
    state: NDArray[np.uint32], work: NDArray[np.uint32], message: NDArray[np.uint32]
) -> None:
    work[:] = state
    for step in range(64):
        a, b = work[(64 - step) & 3], work[(65 - step) & 3]
        c, d = work[(66 - step) & 3], work[(67 - step) & 3]
        m, k, s = message[_ORDER[step]], _ADDED[step], _TURNS[step // 16, step & 3]
        # The four loops differ in one line; as one loop with a question in it they are no vectors.
        if step < 16:
            for lane in range(LANES):
                mixed = np.uint32(d[lane] ^ (b[lane] & (c[lane] ^ d[lane])))
                a[lane] = np.uint32(b[lane] + _turned(np.uint32(a[lane] + mixed + k + m[lane]), s))
        elif step < 32:
            for lane in range(LANES):
                mixed = np.uint32(c[lane] ^ (d[lane] & (b[lane] ^ c[lane])))
                a[lane] = np.uint32(b[lane] + _turned(np.uint32(a[lane] + mixed + k + m[lane]), s))
        elif step < 48:
            for lane in range(LANES):
                mixed = np.uint32(b[lane] ^ c[lane] ^ d[lane])
                a[lane] = np.uint32(b[lane] + _turned(np.uint32(a[lane] + mixed + k + m[lane]), s))
        else:
            for lane in range(LANES):
                mixed = np.uint32(c[lane] ^ (b[lane] | ~d[lane]))
                a[lane] = np.uint32(b[lane] + _turned(np.uint32(a[lane] + mixed + k + m[lane]), s))
    for row in range(4):
        for lane in range(LANES):
            state[row, lane] = np.uint32(state[row, lane] + work[row, lane])


@kernel
def side_by_side(
    words: NDArray[np.uint32],
    starts: NDArray[np.int64],
    blocks: NDArray[np.int64],
    digests: NDArray[np.uint32],
) -> None:
    """The digests of padded messages, a row for each.

    Shape: one message a lane; `starts` and `blocks` say where it lies in `words` and how long it is.
    """
    state, work = np.empty((4, LANES), np.uint32), np.empty((4, LANES), np.uint32)
    message = np.empty((BLOCK_WORDS, LANES), np.uint32)
    for row in range(4):
        state[row, :] = _BEGIN[row]
    for block in range(blocks.max()):
        for lane in range(LANES):
            start = starts[lane] + min(block, blocks[lane] - 1) * BLOCK_WORDS
            for word in range(BLOCK_WORDS):
                message[word, lane] = words[start + word]
        _block(state, work, message)
        for lane in range(LANES):
            if block == blocks[lane] - 1:
                digests[lane, :] = state[:, lane]
