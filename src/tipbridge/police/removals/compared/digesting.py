"""The box's task over what a place answers: its digest and its length, and nothing else of it."""

import hashlib
from typing import BinaryIO

from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Limits, Reason

DIGEST = "tipbridge.police.removals.compared.digesting:digest"
MOST_BYTES = 2 * 1024 * 1024 * 1024
LIMITS = Limits(cpu_seconds=60, wall_seconds=300.0, result_bytes=4096)
"""What a long video may cost."""
_CHUNK_BYTES = 1024 * 1024


def digest(source: BinaryIO) -> dict[str, object]:
    """SHA-256 and length of a source, which is read once and kept nowhere.

    Errors: Refused when it is longer than MOST_BYTES.
    """
    found, size_bytes = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK_BYTES):
        size_bytes += len(chunk)
        if size_bytes > MOST_BYTES:
            raise Refused(Reason.TOO_LARGE, f"{MOST_BYTES}-bytes")
        found.update(chunk)
    return {"sha256": found.hexdigest(), "size_bytes": size_bytes}
