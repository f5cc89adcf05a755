"""Three digests of a file read once, against hashdeep, by processor time."""

import hashlib
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.claims import Measured, Unmeasured
from bench.paired import cpu_seconds, paired
from tipbridge.knowledge.hashes.digests import Digester

WORDS = "MD5, SHA-1 and SHA-256 of a file read once: hashdeep / ours"
FILE_BYTES = 256 * 1024 * 1024
PIECE_BYTES = 1024 * 1024


def ours(path: Path) -> str:
    """All three digests in one pass."""
    digester = Digester()
    with path.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            digester.update(piece)
    found = digester.result()
    return f"{found.size_bytes},{found.md5},{found.sha1},{found.sha256}"


def openssl_seconds(path: Path) -> float:
    """The sum of what OpenSSL's three take over the same bytes in memory, one after the other."""
    data = path.read_bytes()
    return sum(
        cpu_seconds(lambda name=name: hashlib.new(name, data, usedforsecurity=False))
        for name in ("md5", "sha1", "sha256")
    )


def theirs(program: str, path: Path) -> str:
    """The line that hashdeep prints for the file, without its name."""
    command = [program, "-c", "md5,sha1,sha256", "-j1", "-b", str(path)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return printed.splitlines()[-1].rpartition(",")[0]


def childrens_seconds(run: Callable[[], object]) -> float:
    """Processor time of the programs that a call starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder: Path) -> Iterator[Measured | Unmeasured]:
    """One claim, where hashdeep is installed."""
    program = shutil.which("hashdeep")
    if program is None:
        yield Unmeasured(words=WORDS, why="hashdeep is not installed (bench/install-debian)")
        return
    path = folder / "file"
    path.write_bytes(np.random.default_rng(1).bytes(FILE_BYTES))
    os.sync()
    assert ours(path) == theirs(program, path), "not the same digests"
    measured = paired(
        lambda: ours(path), lambda: theirs(program, path), peer_cost=childrens_seconds
    )
    yield Measured(
        words=WORDS,
        ratio=measured.ratio,
        least=3,
        notes=(
            measured.note(),
            f"{FILE_BYTES / measured.ours_seconds / 1e6:.0f} MB a second and core, reading included",
            f"OpenSSL's three alone take {openssl_seconds(path) / measured.ours_seconds:.0%} of it",
        ),
    )
