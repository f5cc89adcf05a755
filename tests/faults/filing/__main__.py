"""The long form: filing killed at 500 random moments. `make filing-faults FAULTS="--seed 7"`."""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.filing.killing import kill_filing
from tests.nodes import SERVER_FOLDER, run_server

parser = argparse.ArgumentParser(prog="make filing-faults", description=__doc__)
parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
parser.add_argument("--moments", type=int, default=500)
chosen = parser.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # as an exception, so that the nodes end

print(f"seed {chosen.seed}, {chosen.moments} moments", flush=True)
begun = time.monotonic()
with tempfile.TemporaryDirectory(prefix="tbt-", dir="/tmp") as folder:
    Path(folder).chmod(0o711)  # the server's own account must pass through
    os.environ[SERVER_FOLDER] = folder
    os.environ["XDG_STATE_HOME"] = f"{folder}/keys"
    os.environ["STATE_DIRECTORY"] = f"{folder}/state"
    with run_server() as server:
        came = kill_filing(
            server,
            Path(folder),
            seed=chosen.seed,
            moments=chosen.moments,
            told=lambda line: print(line, flush=True),
        )
print(came)
print(f"every report is filed once or listed as uncertain; {time.monotonic() - begun:.0f} s")
