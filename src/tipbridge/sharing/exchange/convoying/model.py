"""What came of a package that was sent in a convoy."""

from dataclasses import dataclass, field

from tipbridge.sharing.exchange.model import OutboxState, Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A package that its peer took or refused; QUEUED for one that was tried in vain."""

    package: Outgoing
    state: OutboxState
    outcome: str
    content_sha256: str
    receipt: bytes | None = field(default=None, repr=False)
