"""One seed of the long form, on nodes of its own."""

import os
import random
import tempfile
from contextlib import ExitStack
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import NamedTuple

from tests.databases import fresh_database
from tests.nodes import SERVER_FOLDER, build_node, run_server
from tests.sharing.exchange.histories.history import run

NODES = ("us.clearing", "us.hsi", "kr.knpa", "nl.police", "de.hotline")


class Told(NamedTuple):
    """What one history came to."""

    seed: int
    steps: int
    wrong: bool
    packages: int
    kills: int
    healed_seconds: float


def take_server(folders: "SimpleQueue[str]") -> None:
    """Use the next of these database servers, for all histories of this process."""
    os.environ[SERVER_FOLDER] = folders.get()


def one_history(seed: int, *, steps: int) -> Told:
    """Whether one history is wrong, its packages and kills, and how long it took to heal."""
    count = random.Random(seed).randrange(3, 6)
    with ExitStack() as stack:
        server = stack.enter_context(run_server())
        beside = os.environ[SERVER_FOLDER]
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="n-", dir=beside)))
        nodes = [
            build_node(
                place / node_id, stack.enter_context(fresh_database(server)), node_id=node_id
            )
            for node_id in NODES[:count]
        ]
        # Every other history has a node that fetches.
        hidden = nodes[seed // 2 % count] if seed % 2 else None
        world = run(nodes, seed, steps, killing=True, hurry=False, hidden=hidden)
        found = world.check()
    kills = world.steps["kill_receiver"] + world.steps["kill_sender"]
    print(
        f"seed {seed}: {count} nodes, {len(world.queued)} packages, {kills} kills,"
        f" healed in {world.healed_seconds:.0f} s, {found or 'holds'}",
        flush=True,
    )
    return Told(seed, steps, bool(found), len(world.queued), kills, world.healed_seconds)
