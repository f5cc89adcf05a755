"""Prints each claim with its ratio, and fails where one no longer holds: `make bench`.

Every other file of this folder that has a `measure` is one subject; `make bench BENCH=sealing`
measures the named ones only.
"""

import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path
from typing import cast

import bench
from bench.claims import Bench


def subjects() -> dict[str, Bench]:
    """Every file of claims, by its name."""
    names = [found.name for found in pkgutil.iter_modules(bench.__path__)]
    loaded = {
        name: importlib.import_module(f"bench.{name}") for name in names if name != "__main__"
    }
    return {name: cast("Bench", file) for name, file in loaded.items() if hasattr(file, "measure")}


def main(chosen: list[str]) -> int:
    """Measure these subjects, or all; 1 when a claim does not hold, 2 for an unknown subject."""
    known = subjects()
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"no subject {unknown[0]!r}; there are: {', '.join(known)}")
        return 2
    broken = 0
    for name in chosen or known:
        with tempfile.TemporaryDirectory(prefix="tbt-bench-") as folder:
            for measured in known[name].measure(Path(folder)):
                broken += not measured.holds
                print(*measured.lines(), sep="\n", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
