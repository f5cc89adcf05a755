"""Which bands of a PDQ hash are probed, and how far: the budgets of the ring lemma.

The proof that nothing within the radius is missed is in docs/match-engine.md.
"""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

BITS = 256
HASH_BYTES = 32
BANDS = 16
BAND_BITS = 16
MOST_RADIUS = 47
"""Up to here a band is probed within two bits: 137 values. Further out a scan is quicker."""
DEFAULT_RADIUS = 31


def own_budgets(radius: int) -> tuple[int, ...]:
    """One budget a band, such that the budgets plus one of each add up to radius + 1.

    Errors: ValueError outside 0 to MOST_RADIUS.
    """
    if not 0 <= radius <= MOST_RADIUS:
        raise ValueError(f"a radius is 0 to {MOST_RADIUS} bits: got {radius}")
    each, more = divmod(radius + 1, BANDS)
    return tuple(each if band < more else each - 1 for band in range(BANDS))


def run_budgets(radius: int) -> tuple[int, ...]:
    """How many bits each band and its next two may differ by together where a run starts."""
    own = own_budgets(radius)
    return tuple(own[i] + own[(i + 1) % BANDS] + own[(i + 2) % BANDS] + 2 for i in range(BANDS))


@cache
def plan(radius: int) -> NDArray[np.int64]:
    """The look-ups that find every hash within `radius` bits, as the kernels read them.

    Shape: six lines. 0 the budget of each band, -1 where no run starts; 1 that of each run;
    2 how many of the changes each band is probed with; 3 every change of a band by up to two
    bits, nearest first; 4 the bits of each change; 5 the radius.
    """
    own = own_budgets(radius)
    changes = [
        (sum(1 << bit for bit in bits), count)
        for count in range(3)
        for bits in combinations(range(BAND_BITS), count)
    ]
    lines = np.zeros((6, len(changes)), np.int64)
    lines[0, :BANDS] = own
    lines[1, :BANDS] = run_budgets(radius)
    lines[2, :BANDS] = [sum(count <= most for _, count in changes) for most in own]
    lines[3:5] = np.array(changes).T
    lines[5, 0] = radius
    lines.flags.writeable = False
    return lines
