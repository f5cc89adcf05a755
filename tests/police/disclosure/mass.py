"""So many bundles, each spoiled in some way: the verifier and the product agree on all.

`make bundles` runs it for 1,000; the suite for a few.
"""

import argparse
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.police.disclosure.bundles import KEYS, a_bundle, a_content, laid
from tests.police.disclosure.spoiling import WAYS
from tipbridge.police.disclosure.checking import check_bundle
from tools.verify_bundle import verify


@contextmanager
def roomy() -> Generator[Path]:
    """A folder in memory where there is some: thousands of small files are written to it."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def run(count: int, seed: int, folder: Path) -> Counter[str]:
    """Make, spoil and check so many bundles; how many of each way."""
    done: Counter[str] = Counter()
    for number in range(count):
        draw = random.Random(f"{seed}/{number}")
        files = a_bundle(a_content(seed + number % 50))
        way = WAYS[number % len(WAYS)]
        truth = way(draw, files)
        place = laid(folder / str(number), files)
        named = draw.choice([None, KEYS.fingerprint])
        said, _ = verify(str(place), named)
        own = {
            (each.path, each.kind.value, each.now)
            for each in check_bundle(place, fingerprint=named)
        }
        assert set(said) == truth, f"the verifier, seed {seed}, bundle {number}, {way.__name__}"
        assert own == truth, f"the product, seed {seed}, bundle {number}, {way.__name__}"
        shutil.rmtree(place)
        done[way.__name__] += 1
    return done


def main() -> None:
    """As `make bundles` runs it."""
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = options.parse_args()
    with roomy() as folder:
        done = run(chosen.count, chosen.seed, folder)
    print(f"bundles: {done.total()}, seed {chosen.seed}: both said exactly what was done to each")
    for way, number in sorted(done.items()):
        print(f"  {number:>5}  {way}")


if __name__ == "__main__":
    main()
