"""A key of a peer, as long as it was or is pinned here."""

from dataclasses import dataclass
from datetime import datetime

from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.signing import signing_key_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerKey:
    """A card that was pinned for a peer.

    Shape: `revoked_from` is the moment from which nothing signed with it counts; `vouched_by`
    says why it is pinned: `voice` when staff compared its fingerprint, else that of the key before.
    """

    card: NodeCard
    pinned_at: datetime
    vouched_by: str
    revoked_from: datetime | None = None

    @property
    def key_id(self) -> str:
        """How envelopes name it."""
        return signing_key_id(self.card.signing_key)


VOICE = "voice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A revoked key, and what came since it may have been in other hands.

    Shape: `packages` are to be looked at; `agreements` hold no more until the peer signs anew.
    """

    key: PeerKey
    packages: tuple[str, ...]
    agreements: tuple[str, ...]
