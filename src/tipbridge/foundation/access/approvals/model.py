"""What is approved, and what waits for people who approve."""

from dataclasses import dataclass
from datetime import datetime

PAGE_LINES = 100
"""How many lines of each list a page shows."""


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

    Shape: `mine` says that the reader is one of them, `own` that the reader proposed it and so
    can't be; without `content_sha256` it must be decided again before anybody can approve it;
    what is approved `on_page` is looked at there first.
    """

    subject: str
    about: str
    content_sha256: str | None
    needed: int
    approved: int
    mine: bool
    own: bool = False
    on_page: bool = False
