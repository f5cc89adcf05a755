"""What is approved, and what waits for people who approve."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One content that people approved; `people` counts people, `given_by` are the user names they used."""

    kind: str
    subject: str
    content_sha256: str
    people: int
    given_by: tuple[str, ...]
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that leaves once enough people approved exactly this content.

    Shape: `mine` says that the reader is one of them; without `content_sha256` it must be
    decided again before anybody can approve it.
    """

    subject: str
    about: str
    content_sha256: str | None
    needed: int
    approved: int
    mine: bool
