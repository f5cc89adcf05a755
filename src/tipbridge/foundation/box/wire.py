"""What the node and the warm process say to each other: JSON in single packets, and descriptors.

Nothing here is ever spoken by a process that has seen a hostile byte.
"""

import dataclasses
import json
import socket
from dataclasses import dataclass, field
from typing import Any, cast

from tipbridge.foundation.box.model import Limits

PACKET_BYTES = 128 * 1024
DESCRIPTORS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The first packet: what the warm process reads before it serves.

    Shape: `user` is who it becomes, if anybody.
    """

    tasks: tuple[str, ...]
    warm: tuple[str, ...]
    user: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The answer to it: `fault` when it can't serve."""

    landlock_abi: int = 0
    user_dropped: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One file. With it travel three descriptors: source, result, and where to report the end."""

    task: str
    limits: Limits
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How the process of one file ended: by itself with a code, or by a signal."""

    code: int
    signal: int
    late: bool
    cpu_seconds: float


Packet = Start | Ready | Order | End


def pack(packet: Packet) -> bytes:
    """A packet's bytes."""
    return json.dumps(dataclasses.asdict(packet), allow_nan=False).encode()


def _fields(data: bytes) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(data))


def unpack_start(data: bytes) -> Start:
    """A start, of packed bytes."""
    given = _fields(data)
    return Start(tasks=tuple(given["tasks"]), warm=tuple(given["warm"]), user=given["user"])


def unpack_ready(data: bytes) -> Ready:
    """A ready, of packed bytes."""
    return Ready(**_fields(data))


def unpack_order(data: bytes) -> Order:
    """An order, of packed bytes."""
    given = _fields(data)
    return Order(task=given["task"], limits=Limits(**given["limits"]), arguments=given["arguments"])


def unpack_end(data: bytes) -> End:
    """An end, of packed bytes."""
    return End(**_fields(data))


def receive(channel: socket.socket) -> tuple[bytes, list[int]]:
    """The next packet and its descriptors; no bytes when the other side is gone."""
    data, descriptors, _flags, _address = socket.recv_fds(channel, PACKET_BYTES, DESCRIPTORS)
    return data, descriptors
