"""The long form: 10,000 mutated files through the box. `make box-fuzz BOX_FUZZ="--seed 7"`."""

import argparse
import time

from tests.boxfuzz.running import fuzz
from tipbridge.foundation.box.model import Walls

parser = argparse.ArgumentParser(prog="make box-fuzz", description=__doc__)
parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
parser.add_argument("--count", type=int, default=10_000)
parser.add_argument("--walls", type=Walls, choices=list(Walls), default=None)
chosen = parser.parse_args()


def tell(line: str) -> None:
    """One line at once."""
    print(line, flush=True)


tell(f"seed {chosen.seed}, {chosen.count} files")
began, used = time.perf_counter(), time.process_time()
tally = fuzz(chosen.count, chosen.seed, chosen.walls, tell)
for (sort, answer), times in sorted(tally.answered.items()):
    tell(f"  {times:6} {sort:8} {answer}")
tell("pictures and films in archives:")
for (content, answer), times in sorted(tally.members.items()):
    tell(f"  {times:6} {content:8} {answer}")
tell("most frequent faults:")
for (sort, reason, detail), times in tally.details.most_common(25):
    tell(f"  {times:6} {sort:8} {reason} {detail}")
tell(
    f"all {sum(tally.answered.values())} answered, the node and the warm process alive;"
    f" {time.perf_counter() - began:.0f} s, {time.process_time() - used:.0f} of processor in the node"
)
