"""`make histories`: 200 seeds of 1,000 steps, each on three to five nodes of its own.

Each history is told as it ends, with how many a minute end and how long the others will take.
With `--kept FILE` those that held stand in a file: run again, after a break, only the others run.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from tests.nodes import SERVER_FOLDER, run_server
from tests.sharing.exchange.histories.seeds import Told, one_history, take_server
from tipbridge.foundation.base.clock import monotonic_seconds

_MEMORY = Path("/dev/shm")
"""A disk in memory: no kill of a process loses what stands there, and no sync waits for it."""


def kept(file: Path | None, steps: int) -> dict[int, Told]:
    """The histories of so many steps that held when they were run before, by seed.

    Errors: ValueError for a file of something else.
    """
    if file is None or not file.exists():
        return {}
    found = [Told(**json.loads(line)) for line in file.read_text().splitlines()]
    return {each.seed: each for each in found if each.steps == steps and not each.wrong}


def keep(file: Path | None, told: Told) -> None:
    """Note a history that ended, so that a later run passes over it."""
    if file is not None:
        with file.open("a") as lines:
            lines.write(json.dumps(told._asdict()) + "\n")


def run_all(
    pool: Executor, seeds: Sequence[int], steps: int, *, jobs: int, minutes: float
) -> Iterator[Told]:
    """Each history as it ends; after so many minutes none is begun."""
    begun = monotonic_seconds()
    waiting = iter(seeds)
    with pool:
        running = {pool.submit(one_history, seed, steps=steps) for seed in islice(waiting, jobs)}
        ended = 0
        while running:
            done = next(as_completed(running))
            running.discard(done)
            ended += 1
            passed = (monotonic_seconds() - begun) / 60
            seed = next(waiting, None) if passed < minutes else None
            if seed is not None:
                running.add(pool.submit(one_history, seed, steps=steps))
            yield done.result()
            left = (len(seeds) - ended) * passed / ended
            print(
                f"  {ended} of {len(seeds)}, {ended / passed:.1f} a minute, about {left:.0f} minutes left",
                flush=True,
            )


@contextmanager
def _pool(place: Path, jobs: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes, each with a database server of its own: nodes take many connections."""
    place.chmod(0o711)
    os.environ["XDG_STATE_HOME"] = f"{place}/state"
    spawning = get_context("spawn")
    folders = spawning.SimpleQueue()
    with ExitStack() as servers:
        for number in range(jobs):
            folder = place / str(number)
            folder.mkdir(mode=0o711)
            os.environ[SERVER_FOLDER] = str(folder)
            servers.enter_context(run_server())
            folders.put(str(folder))
        yield ProcessPoolExecutor(
            jobs, mp_context=spawning, initializer=take_server, initargs=(folders,)
        )


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=6, help="how many at once")
    parser.add_argument("--kept", type=Path, help="where those that held are kept for another run")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin none after so many")
    return parser.parse_args()


def main() -> int:
    """Run the histories, several at once; 1 when one does not hold, 3 when some were not run."""
    given = _given()
    told = kept(given.kept, given.steps)
    seeds = range(given.seed, given.seed + given.count)
    if earlier := len(told.keys() & set(seeds)):
        print(f"{earlier} of {given.count} held before ({given.kept})", flush=True)
    memory = _MEMORY if _MEMORY.is_dir() else None
    missing = [seed for seed in seeds if seed not in told]
    with (
        tempfile.TemporaryDirectory(prefix="tbt-", dir=memory) as folder,
        _pool(Path(folder), given.jobs) as pool,
    ):
        for each in run_all(pool, missing, given.steps, jobs=given.jobs, minutes=given.minutes):
            told[each.seed] = each
            keep(given.kept, each)
    return _sum_up([told[seed] for seed in seeds if seed in told], given)


def _sum_up(told: list[Told], given: argparse.Namespace) -> int:
    wrong = sum(each.wrong for each in told)
    print(
        f"{len(told)} of {given.count} histories of {given.steps} steps,"
        f" {sum(each.packages for each in told)} packages,"
        f" {sum(each.kills for each in told)} kills,"
        f" slowest {max((each.healed_seconds for each in told), default=0):.0f} s"
        f" after the network healed: {wrong} do not hold"
    )
    return 1 if wrong else 3 if len(told) < given.count else 0


if __name__ == "__main__":
    sys.exit(main())
