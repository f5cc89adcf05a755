"""The long form: the small operation with many kills. `make faults FAULTS="--seed 7"`."""

import argparse
import os
import signal
import sys
import time

from tests.faults.comparing import compared
from tipbridge.demo.population import draw_population
from tipbridge.demo.scenario import Scale, Wish, load_scenario
from tipbridge.foundation.base.logs import configure_logs

parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
parser.add_argument("--moments", type=int, default=50)
parser.add_argument("--people", type=int, default=None)
chosen = parser.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # as an exception, so that the nodes end

configure_logs()
os.environ.setdefault("TIPBRIDGE_RETRY_BASE_SECONDS", "0.2")
os.environ.setdefault("TIPBRIDGE_TICK_SECONDS", "0.5")
print(f"seed {chosen.seed}, {chosen.moments} moments", flush=True)
population = draw_population(
    load_scenario(), Wish(scale=Scale.SMALL, seed=None, people=chosen.people)
)
with compared(population, chosen.seed, chosen.moments, lambda line: print(line, flush=True)):
    print("nothing acknowledged was lost, nothing was doubled")
sys.exit(0)
