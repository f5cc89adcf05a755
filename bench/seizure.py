"""38,000 files of 200 KB on one medium: in one figure: by one core, by two, by Ray, against dfVFS.

The walled readers do the work, as in `tipbridge exhibits examine`: lists and digests of every file.
"""

import itertools
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from dfvfs.lib import definitions

from bench import asked
from bench.claims import Measured
from bench.images import FILE_BYTES, by_dfvfs, children_seconds, made_image
from bench.paired import cpu_seconds
from tipbridge.police.evidence.clusters import LOCAL, over_cluster
from tipbridge.police.evidence.imaging import batches_of
from tipbridge.police.evidence.readers import Readers, reading
from tipbridge.police.evidence.reading.model import EntryKind
from tipbridge.police.evidence.sources.opening import opened_image

FILES, ROUNDS = int(os.environ.get("SEIZURE_FILES", "38000")), 3


def digested(readers: Readers) -> tuple[float, set[str]]:
    """By the clock, how long these readers take for every file of the medium; and the digests."""
    begun = time.perf_counter()
    with readers.one() as reader:
        entries = [each for each in reader.walk() if each.kind is EntryKind.FILE]
    batches = [*batches_of(sorted(entries, key=lambda each: each.first_byte))]
    found = itertools.chain.from_iterable(readers.digest(batches))
    digests = {each.digests.sha256 for each in found if each.digests is not None}
    return time.perf_counter() - begun, digests


def _cost(path: Path, walls: list[float]) -> float:
    """Processor time of one reader and of this process, less what the reader takes to begin."""
    own = time.process_time()
    reader = children_seconds(lambda: walls.append(_by(path, 1)))
    own = time.process_time() - own
    return own + reader - children_seconds(lambda: _begun(path))


def _begun(path: Path) -> None:
    with opened_image(path) as opened, reading(opened, 1):
        pass


def _by(path: Path, cores: int) -> float:
    with opened_image(path) as opened, reading(opened, cores) as readers:
        return digested(readers)[0]


def _by_ray(path: Path) -> float:
    with opened_image(path) as opened, over_cluster(LOCAL)(opened, path) as readers:
        return digested(readers)[0]


def measure(folder: Path) -> Iterator[Measured]:
    """Three claims on one medium. What a program or a cluster takes to begin is not counted."""
    path, _ = made_image(folder, FILES, 0, FILES * FILE_BYTES * 6 // 5)
    walls, costs = [list[float](), list[float]()], list[float]()
    for _ in range(ROUNDS):
        costs.append(_cost(path, walls[0]))
        walls[1].append(_by(path, 2))
    one, two = (min(each) for each in walls)
    rate = f"{FILES / two:.0f} files and {FILES * FILE_BYTES / two / 1e6:.0f} MB a second by two"
    yield Measured(
        words=f"{FILES} files: one reader / two readers, by the clock", ratio=one / two, least=1.5,
        notes=(f"{one:.1f} s and {two:.1f} s: {rate}",),
    )  # fmt: skip
    theirs = cpu_seconds(lambda: by_dfvfs(path, definitions.TYPE_INDICATOR_EXT))
    ours = statistics.median(costs)
    yield Measured(
        words="the same files: dfVFS / ours, by processor time", ratio=theirs / ours, least=asked.DFVFS,
        notes=(f"ours {ours:.1f} s, theirs {theirs:.1f} s",),
    )  # fmt: skip
    far = min(_by_ray(path) for _ in range(ROUNDS))
    yield Measured(
        words="the same files: two readers / a Ray cluster of this machine, by the clock",
        ratio=two / far, least=0.6, notes=(f"the cluster {far:.1f} s",),
    )  # fmt: skip
