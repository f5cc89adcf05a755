"""A message that failed for good, and what may be done about it."""

from dataclasses import dataclass
from datetime import datetime

from tipbridge.sharing.exchange.model import PackageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A package that waits for staff.

    Shape: `incoming` says that it is in the inbox and what it says could not be followed;
    otherwise its peer refused it or, when `lapsed`, it ended here without an answer. `reason`
    is a closed word; `tries` counts what was tried.
    """

    package_id: str
    peer_id: str
    kind: PackageKind
    incoming: bool
    lapsed: bool = False
    reason: str
    tries: int
    at: datetime
