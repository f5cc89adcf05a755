"""Prints each claim with its ratio, and fails where one no longer holds: `make bench`.

Every other file of this folder that has a `measure` is one subject; `make bench BENCH=sealing`
measures the named ones only. How busy the machine was stands beside each figure.
"""

import importlib
import os
import pkgutil
import sys
import tempfile
from pathlib import Path
from typing import cast

import bench
from bench.claims import Bench, Measured, Unmeasured
from tipbridge.foundation.base.memory import collect_rarely


def subject(name: str) -> Bench | None:
    """The file of claims with this name; None for one that measures nothing.

    Errors: ModuleNotFoundError when there is none, or a peer that it measures is not installed.
    """
    loaded = importlib.import_module(f"bench.{name}")
    return cast("Bench", loaded) if hasattr(loaded, "measure") else None


def main(chosen: list[str]) -> int:
    """Measure these subjects, or all.

    Shape: 1 when a claim does not hold, 2 for an unknown subject, 3 when all that were measured
    hold but one could not be.
    """
    collect_rarely()  # as the program does, for the peer too
    known = [each.name for each in pkgutil.iter_modules(bench.__path__) if each.name != "__main__"]
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"no subject {unknown[0]!r}; there are: {', '.join(known)}")
        return 2
    broken = missing = 0
    for name in chosen or known:
        found = subject(name)
        if found is None:
            continue
        with tempfile.TemporaryDirectory(prefix="tbt-bench-") as folder:
            for measured in found.measure(Path(folder)):
                missing += isinstance(measured, Unmeasured)
                broken += isinstance(measured, Measured) and not measured.holds
                print(*measured.lines(), sep="\n", flush=True)
                print(
                    f"        load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True
                )
    if missing:
        print(f"{missing} not measured")
    return 1 if broken else 3 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
