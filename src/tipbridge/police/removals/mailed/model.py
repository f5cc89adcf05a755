"""An e-mail as it was read, and what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipbridge.sharing.notices.model import ReplyKind


class Unfit(StrEnum):
    """Why an e-mail is not the answer to a notice of this node. Closed."""

    NOT_A_MAIL = "not-a-mail"
    TOO_LARGE = "too-large"
    NO_NOTICE_NAMED = "no-notice-named"
    TWO_NOTICES_NAMED = "two-notices-named"
    NOTICE_UNKNOWN = "notice-unknown"
    NOTICE_NOT_SENT = "notice-not-sent"
    OTHER_SENDER = "other-sender"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What the box read of an e-mail: hostile words, never trusted.

    Shape: `answers` are the ids of the messages that it answers; `said` is its text, cut at
    MOST_TEXT characters; `left_out` counts attachments, of which nothing is kept; `dated` is when
    it says it was written.
    """

    id: str
    sender: str = field(repr=False)
    subject: str = field(repr=False)
    answers: tuple[str, ...]
    said: str = field(repr=False)
    left_out: int
    dated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of one e-mail of an import.

    Shape: `where` names file and place in it; either `unfit` says why it is nobody's answer, or
    `removal_id` and `kind` what it answers; `fresh` is False for one that was known before.
    """

    where: str
    unfit: Unfit | None = None
    case_id: str | None = None
    removal_id: str | None = None
    kind: ReplyKind | None = None
    fresh: bool = False
