"""38,000 files of 200 KB on one medium: in one figure, by one core and by two, against dfVFS.

The walled readers do the work, as in `tipbridge exhibits examine`: lists and digests of every file.
"""

import itertools
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from dfvfs.lib import definitions

from bench.claims import Measured
from bench.images import FILE_BYTES, by_dfvfs, children_seconds, made_image
from bench.paired import cpu_seconds
from tipbridge.police.evidence.imaging import batches_of
from tipbridge.police.evidence.readers import reading
from tipbridge.police.evidence.reading.model import EntryKind
from tipbridge.police.evidence.sources.opening import opened_image

FILES, ROUNDS = int(os.environ.get("SEIZURE_FILES", "38000")), 3


def digested(path: Path, cores: int) -> set[str]:
    """The digests of every file of the medium, by so many readers."""
    with opened_image(path) as opened, reading(opened, cores) as readers:
        with readers.one() as reader:
            entries = [each for each in reader.walk() if each.kind is EntryKind.FILE]
        batches = [*batches_of(sorted(entries, key=lambda each: each.first_byte))]
        found = itertools.chain.from_iterable(readers.digest(batches))
        return {each.digests.sha256 for each in found if each.digests is not None}


def measure(folder: Path) -> Iterator[Measured]:
    """Two claims on one medium."""
    path, _ = made_image(folder, FILES, 0, FILES * FILE_BYTES * 6 // 5)
    walls, costs = [list[float](), list[float]()], list[float]()
    for _ in range(ROUNDS):
        for cores in (1, 2):
            begun = time.perf_counter()
            own = time.process_time()
            cost = children_seconds(lambda number=cores: digested(path, number))
            cost += time.process_time() - own
            walls[cores - 1].append(time.perf_counter() - begun)
            costs += [cost] if cores == 1 else []
    one, two = (min(each) for each in walls)
    rate = f"{FILES / two:.0f} files and {FILES * FILE_BYTES / two / 1e6:.0f} MB a second by two"
    yield Measured(
        words=f"{FILES} files: one reader / two readers, by the clock", ratio=one / two, least=1.5,
        notes=(f"{one:.1f} s and {two:.1f} s: {rate}",),
    )  # fmt: skip
    theirs = cpu_seconds(lambda: by_dfvfs(path, definitions.TYPE_INDICATOR_EXT))
    ours = statistics.median(costs)
    yield Measured(
        words="the same files: dfVFS / ours, by processor time", ratio=theirs / ours, least=1.0,
        notes=(f"ours {ours:.1f} s, theirs {theirs:.1f} s",),
    )  # fmt: skip
