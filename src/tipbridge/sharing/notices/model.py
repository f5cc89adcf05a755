"""A removal notice as it travels to a host's node, and the host's answers to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeStep(StrEnum):
    """How firmly a host is asked; in this order. Closed."""

    FIRST = "first"
    REMINDER = "reminder"
    INVESTIGATION = "criminal-investigation"
    BLOCKING = "blocking-body"


class ReplyKind(StrEnum):
    """What a host answers. Closed."""

    ACKNOWLEDGED = "acknowledged"
    REMOVED = "says-removed"
    GEO_BLOCKED = "says-geo-blocked"
    ASKS_MORE = "asks-for-more"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDocument:
    """What a host is told about one place.

    Shape: `address` is defanged text; `synthetic` is made-up data: nothing is to be removed.
    """

    notice: str
    sender: str
    synthetic: bool
    step: NoticeStep
    host: str
    address: str
    made_at: datetime
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAnswer:
    """What the host's staff answered; its package says whether the police have it."""

    package_id: str
    kind: ReplyKind
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostNotice:
    """A notice that reached this node, with what was answered, oldest first."""

    package_id: str
    peer_id: str
    document: NoticeDocument
    received_at: datetime
    answers: tuple[HostAnswer, ...] = ()
