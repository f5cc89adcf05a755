"""`make histories`: 200 seeds of 1,000 steps, each on three to five nodes of its own."""

import argparse
import os
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.nodes import SERVER_FOLDER, build_node, fresh_database, run_server
from tests.sharing.exchange.histories.history import run

NODES = ("us.clearing", "us.hsi", "kr.knpa", "nl.police", "de.hotline")


def main() -> int:
    """Run the histories; 1 when one of them does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1, help="the first")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--steps", type=int, default=1000)
    given = parser.parse_args()
    wrong = packages = 0
    with tempfile.TemporaryDirectory(prefix="tbt-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o711)
        os.environ[SERVER_FOLDER] = folder
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        server = stack.enter_context(run_server())
        for seed in range(given.seed, given.seed + given.count):
            count = random.Random(seed).randrange(3, 6)
            with ExitStack() as own, tempfile.TemporaryDirectory(dir=folder) as place:
                nodes = [
                    build_node(
                        Path(place) / node_id,
                        own.enter_context(fresh_database(server)),
                        node_id=node_id,
                    )
                    for node_id in NODES[:count]
                ]
                world = run(nodes, seed, given.steps)
                found = world.check()
            packages += len(world.queued)
            wrong += bool(found)
            print(f"seed {seed}: {count} nodes, {len(world.queued)} packages, {found or 'holds'}")
    print(
        f"{given.count} histories of {given.steps} steps, {packages} packages: {wrong} do not hold"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
