"""The long form: 10,000 valid and 10,000 broken documents of each root.

`make generated GENERATED="--seed 7 --root fileDetails"`.
"""

import argparse
import logging
import os
import shutil
import tempfile
import time
from pathlib import Path

import structlog

from tests.databases import fresh_database
from tests.generated.breaking import WAYS
from tests.generated.claims import Desk
from tests.generated.documents import places_of
from tests.generated.running import try_broken, try_valid
from tests.nodes import SERVER_FOLDER, build_node, run_server
from tests.tips.intake.ispws import add_provider, client, serving
from tipbridge.foundation.base.logs import configure_logs

_DRAWS_ALL = 5_000
"""So many documents and more have each place of the schema in them, whatever the seed."""

parser = argparse.ArgumentParser(prog="make generated", description=__doc__)
parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
parser.add_argument("--count", type=int, default=10_000)
parser.add_argument("--root", choices=WAYS, action="append")
chosen = parser.parse_args()


def tell(line: str) -> None:
    """One line at once."""
    print(line, flush=True)


def try_root(desk: Desk) -> None:
    """Everything for one root, and what came of it."""
    try_valid(desk, chosen.count, chosen.seed, tell)
    try_broken(desk, chosen.count, chosen.seed, tell)
    missing = {(place.kind, place.name) for place in places_of(desk.root)} - desk.places
    named = ", ".join(f"{kind}/{name}" for kind, name in sorted(missing))
    tell(f"{desk.root}: elements and attributes never drawn: {named or 'none'}")
    assert not missing or chosen.count < _DRAWS_ALL, "the proof is of the whole schema"
    for way, times in sorted(desk.refused.items()):
        tell(f"  {times:6} {way}")
    for slow in desk.slow:
        tell(f"  over a second, sent again: {slow}")
    tell(
        f"{desk.root}: {desk.accepted} accepted as sent, {desk.refused.total()} refused with their "
        f"place, nothing stored of them; slowest {desk.slowest_seconds:.3f} s"
    )


configure_logs()
only_faults = structlog.make_filtering_bound_logger(logging.ERROR)  # each refusal has a line else
structlog.configure(wrapper_class=only_faults)
folder = Path(tempfile.mkdtemp(prefix="tbt-", dir="/tmp"))
folder.chmod(0o711)  # the server's own account must pass through
os.environ[SERVER_FOLDER] = str(folder)
os.environ["STATE_DIRECTORY"] = os.environ["XDG_STATE_HOME"] = str(folder / "state")
tell(f"seed {chosen.seed}, {chosen.count} valid and {chosen.count} broken documents of each root")
began = time.perf_counter()
try:
    with run_server() as server, fresh_database(server) as database:
        node = build_node(folder / "node", database)
        add_provider(node)
        with serving(node) as address, client(address) as provider:
            for root in chosen.root or WAYS:
                desk = Desk(node=node, client=provider, root=root)
                try_root(desk)
finally:
    shutil.rmtree(folder, ignore_errors=True)
tell(f"{time.perf_counter() - began:.0f} s in all")
