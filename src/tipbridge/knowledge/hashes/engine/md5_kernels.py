"""MD5 of many files side by side: one step of all of them is a few vector instructions.

MD5's steps wait for each other, so that one file alone leaves most of a core idle.
"""

import numpy as np
from numpy.typing import NDArray

from tipbridge.knowledge.hashes.engine.compiled import kernel
from tipbridge.knowledge.hashes.engine.md5_vectors import BEGIN, BLOCK_WORDS, LANES, take_block


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
    state, at = np.empty((4, LANES), np.uint32), np.empty(LANES, np.int64)
    for row in range(4):
        state[row, :] = BEGIN[row]
    shortest = blocks.min()
    for block in range(blocks.max()):
        for lane in range(LANES):
            at[lane] = starts[lane] + min(block, blocks[lane] - 1) * BLOCK_WORDS
        take_block(words, at, state)
        if block >= shortest - 1:
            for lane in range(LANES):
                if block == blocks[lane] - 1:
                    digests[lane, :] = state[:, lane]
