"""A file as it came in: small in memory, large already sealed."""

from dataclasses import dataclass, field

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """An upload's file: its bytes when few, else where they lie sealed."""

    digests: Digests
    data: bytes = field(default=b"", repr=False)
    sealed: Sealed | None = None
    sent_name: str | None = field(default=None, repr=False)
