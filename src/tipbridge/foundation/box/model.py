"""What is asked of the box, what it answers, and how it is walled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MEBIBYTE = 1024 * 1024
TASK_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*:[a-z_][a-z0-9_]*")
DETAIL = re.compile(r"[A-Za-z0-9_.:-]{0,80}")
"""What a failure may add to its reason: a name, never words out of a file."""


class Reason(StrEnum):
    """Why there is no value. Closed."""

    UNDECODABLE = "undecodable"
    UNSUPPORTED = "unsupported"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"
    OUT_OF_TIME = "out-of-time"
    OUT_OF_MEMORY = "out-of-memory"
    KILLED = "killed"
    RESULT_TOO_BIG = "result-too-big"
    RESULT_MALFORMED = "result-malformed"


class Walls(StrEnum):
    """How the box is walled in.

    Shape: `kernel` is resource limits, a system-call filter and Landlock, and always stands;
    `bubblewrap` puts namespaces and a bare file tree around it.
    """

    BUBBLEWRAP = "bubblewrap"
    KERNEL = "kernel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost.

    Unit: `memory_bytes` counts above what the warm decoder holds; seconds of processor and of
    waiting are capped apart.
    """

    memory_bytes: int = 512 * MEBIBYTE
    cpu_seconds: int = 10
    wall_seconds: float = 10.0
    result_bytes: int = MEBIBYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A task's value: plain JSON data. It comes from hostile bytes, so its shape is checked."""

    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No value, and why.

    Shape: `detail` names the fault (`UnidentifiedImageError`, `SIGSEGV`), never quotes a file.
    """

    reason: Reason
    detail: str = ""


Outcome = Done | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a box is opened for.

    Shape: `tasks` are all it will ever run and `warm` is called once before the first file, each
    named `package.module:function`; `walls` is one kind only, or the best that works here;
    `cache_folder` keeps compiled code; bubblewrap, where programs can't be written beside, has the
    user's own when none is given.
    """

    tasks: tuple[str, ...]
    warm: tuple[str, ...] = ()
    walls: Walls | None = None
    cache_folder: str | None = None
    at_once: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a box stands, as its self-test found it."""

    walls: Walls
    landlock_abi: int
    uid_dropped: bool
    probes: Mapping[str, str] = field(default_factory=dict[str, str])
    passed_over: str = ""
    """Why the stronger kind of walls does not stand, when it was tried."""
