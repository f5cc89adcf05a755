"""Runs `ewfacquire` of libewf, where it is installed: it alone writes E01. The medium is only read."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tipbridge.police.evidence.acquiring.copying import Tell
from tipbridge.police.evidence.errors import EwfacquireFailed, NoEwfacquire

PROGRAM = "ewfacquire"
_SETTINGS = ("-u", "-f", "encase6", "-d", "sha1,sha256", "-c", "fast", "-S", "1900MiB")
_BAD_AS_ZEROS = ("-w", "-g", "1", "-r", "2")
"""A sector that can't be read twice is zeros, by itself, and stands in the image's list of them."""
_VERSION, _DONE = re.compile(r"ewfacquire (\d+)"), re.compile(r"Status: at (\d+)%")
_DIGEST = re.compile(r"(MD5|SHA1|SHA256) hash calculated over data:\s+([0-9a-f]+)")
_DIGESTS, _LAST_LINES = ("md5", "sha1", "sha256"), 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the tool said of the medium: its digests by our names of them."""

    digests: dict[str, str]


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
    program: str, source: Path, target: Path, size_bytes: int, tell: Tell | None
) -> Written:
    """Write `target`.E01 and what follows it, from a medium that is only read.

    Errors: EwfacquireFailed with the tool's own last words.
    """
    command = [program, *_SETTINGS, *_BAD_AS_ZEROS, "-t", str(target), str(source)]
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own command line, never through a shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=env,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            _say(line, size_bytes, tell)
            if line.strip():
                lines.append(line.strip())
    text = "\n".join(lines)
    digests = {name.lower(): digest for name, digest in _DIGEST.findall(text)}
    if running.returncode or len(digests) < len(_DIGESTS):
        raise EwfacquireFailed(running.returncode, "; ".join(lines[-_LAST_LINES:])[:300])
    return Written(digests=digests)


def _say(line: str, size_bytes: int, tell: Tell | None) -> None:
    done = _DONE.search(line)
    if done is not None and tell is not None:
        tell(int(done[1]) * size_bytes // 100, size_bytes)
