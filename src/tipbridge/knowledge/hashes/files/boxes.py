"""The box in which this process hashes files: opened at the first file, kept warm after it.

It tries every way out of itself before it takes a file; where one works, or no walls stand,
content features are refused for as long as this process lives, and digests go on.
"""

import atexit
import os
import threading

import structlog

from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Plan
from tipbridge.foundation.box.pool import Box, open_box
from tipbridge.foundation.node import Settings
from tipbridge.knowledge.hashes import hashing

log = structlog.get_logger("tipbridge")

_Key = tuple[int, Plan]
_boxes: dict[_Key, Box | None] = {}
_opening = threading.Lock()


def box_of(settings: Settings | None) -> Box | None:
    """This process' box for the node's settings; None where content features are refused.

    Shape: opening takes a second or two, more when nothing compiled is kept yet.
    """
    return box_for(hashing.plan(settings))


def box_for(plan: Plan) -> Box | None:
    """The same for a plan, as a process on another host of the node's gets it."""
    key = (os.getpid(), plan)
    with _opening:
        if key not in _boxes:
            _boxes[key] = _opened(plan)
        return _boxes[key]


def _opened(plan: Plan) -> Box | None:
    try:
        return open_box(plan)
    except BoxClosed as error:
        log.error("the box is closed: files are matched by their digests alone", why=error.public)
        return None


def close_boxes() -> None:
    """End every box of this process; the next file opens one again."""
    with _opening:
        for key in [key for key in _boxes if key[0] == os.getpid()]:
            box = _boxes.pop(key)
            if box is not None:
                box.close()


atexit.register(close_boxes)
