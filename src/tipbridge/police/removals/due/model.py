"""A place where material is up, and what staff can do about it now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tipbridge.police.removals.model import Removal
from tipbridge.sharing.notices.model import NoticeStep


class ToDo(StrEnum):
    """What is to be done about a place. Closed."""

    ASK = "ask"
    BRING = "bring-by-hand"
    SEND_AGAIN = "send-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be done, with which notice, and since when."""

    todo: ToDo
    step: NoticeStep
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpPlace:
    """A place where material is not known to be gone; `due` is None where nothing is to be done."""

    removal: Removal
    due: Due | None
