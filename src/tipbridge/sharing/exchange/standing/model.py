"""How a peer stands with this node."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the last exchanges with a peer said of it.

    Shape: `failures` in a row; until `closed_until` (machine time) only the package that was
    tried most knocks again; `slow` when its last answer took long; `clock_seconds` is how far
    its clock is at least ahead of this node's (behind, when negative), as measured at `clock_at`.
    """

    peer_id: str
    failures: int = 0
    closed_until: datetime | None = None
    slow: bool = False
    clock_seconds: int = 0
    clock_at: datetime | None = None

    @property
    def troubled(self) -> bool:
        """Whether its packages wait in the lane of the slow."""
        return self.slow or self.failures > 0
