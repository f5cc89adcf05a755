"""Runs libewf's `ewfacquirestream`, where it is installed: it alone writes E01.

We read the medium, sector by sector where it fails, and feed the tool. Its sister `ewfacquire`,
which reads a device itself, gives up what can be read before a bad sector of the same chunk.
"""

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tipbridge.police.evidence.acquiring.copying import Tell
from tipbridge.police.evidence.errors import EwfacquireFailed, NoEwfacquire
from tipbridge.police.evidence.sources.model import Gap, joined
from tipbridge.police.evidence.sources.raw import RawSource

PROGRAM = "ewfacquirestream"
_NOTE = "Sectors that can not be read are zeros; the record of the acquisition lists them."
_SETTINGS = ("-f", "encase6", "-d", "sha1,sha256", "-c", "fast", "-S", "1900MiB", "-N", _NOTE)
_VERSION = re.compile(r"ewfacquirestream (\d+)")
_DIGEST = re.compile(r"(MD5|SHA1|SHA256) hash calculated over data:\s+([0-9a-f]+)")
_DIGESTS, _LAST_LINES = ("md5", "sha1", "sha256"), 3
_PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What the image's header says of it.

    Shape: every user of a machine may read a command line, so an exhibit's own description is left out.
    """

    case_number: str
    evidence_number: str
    kind: str
    examiner: str

    def options(self) -> tuple[str, ...]:
        """The same for the tool, as options."""
        return (
            *("-C", self.case_number),
            *("-E", self.evidence_number),
            *("-D", self.kind),
            *("-e", self.examiner),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the tool said of what it was given: digests by our names; and what could not be read."""

    digests: dict[str, str]
    bad: tuple[Gap, ...] = ()


def found_ewfacquire() -> str:
    """Where the program is. Errors: NoEwfacquire."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise NoEwfacquire
    return program


def version_of(program: str) -> str:
    """The version as the program says it. Errors: EwfacquireFailed."""
    done = subprocess.run(  # noqa: S603 - our own command line, never through a shell
        [program, "-V"], capture_output=True, text=True, check=False
    )
    found = _VERSION.search(done.stdout)
    if found is None:
        raise EwfacquireFailed(done.returncode, "it does not say its version")
    return found[1]


def write_e01(
    program: str, medium: RawSource, target: Path, label: Label, tell: Tell | None
) -> Written:
    """Write `target`.E01 and what follows it, from a medium that is only read.

    Errors: EwfacquireFailed with the tool's own last words; SourceGone.
    """
    command = [program, "-q", *_SETTINGS, *label.options()]
    command += ["-B", str(medium.size_bytes), "-t", str(target)]
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    with subprocess.Popen(  # noqa: S603 - our own command line, never through a shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
    ) as running:
        try:
            sha256, bad = _fed(running, medium, tell)
            said = running.communicate()[0]
        except BaseException:
            running.kill()
            raise
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    digests = {name.lower(): digest for name, digest in _DIGEST.findall("\n".join(lines))}
    if running.returncode or len(digests) < len(_DIGESTS):
        raise EwfacquireFailed(running.returncode, "; ".join(lines[-_LAST_LINES:])[:300])
    if digests["sha256"] != sha256:  # what it can't write ends it with "success" all the same
        raise EwfacquireFailed(running.returncode, "it did not take all that it was given")
    return Written(digests=digests, bad=tuple(joined(bad)))


def _fed(
    running: subprocess.Popen[bytes], medium: RawSource, tell: Tell | None
) -> tuple[str, list[Gap]]:
    """Give the tool the whole medium, zeros for what can't be read: its SHA-256, and those ranges.

    Shape: with `-q` it says little and at its end, so that nothing waits to be heard. One that
    ended early takes no more, and its own words say why.
    """
    assert running.stdin is not None
    sha256, bad = hashlib.sha256(), list[Gap]()
    for offset in range(0, medium.size_bytes, _PIECE_BYTES):
        data, gaps = medium.read(offset, min(_PIECE_BYTES, medium.size_bytes - offset))
        sha256.update(data)
        bad += gaps
        try:
            running.stdin.write(data)
            running.stdin.flush()
        except BrokenPipeError:
            break
        if tell is not None:
            tell(offset + len(data), medium.size_bytes)
    return sha256.hexdigest(), bad
