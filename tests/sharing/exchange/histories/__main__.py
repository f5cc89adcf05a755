"""`make histories`: 200 seeds of 1,000 steps, each on three to five nodes of its own."""

import argparse
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.nodes import SERVER_FOLDER, run_server
from tests.sharing.exchange.histories.seeds import one_history


def main() -> int:
    """Run the histories, several at once; 1 when one of them does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1, help="the first")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=6, help="how many at once")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tbt-") as folder:
        Path(folder).chmod(0o711)
        os.environ[SERVER_FOLDER] = folder
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        with run_server(), ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
            seeds = range(given.seed, given.seed + given.count)
            told = list(pool.map(partial(one_history, steps=given.steps), seeds))
    wrong, packages, kills = (sum(each[place] for each in told) for place in range(3))
    print(
        f"{given.count} histories of {given.steps} steps, {packages} packages, {kills} kills,"
        f" slowest {max(each[3] for each in told):.0f} s after the network healed:"
        f" {wrong} do not hold"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
