"""What a node notes for itself of a package that it does not let in, by whatever way it came."""

import structlog

from tipbridge.foundation.base.actors import DOORKEEPER
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.errors import NotCovered

log = structlog.get_logger("tipbridge")


def note(node: Node, error: TipbridgeError) -> None:
    """Say it in the log, and leave an event where a pinned peer's package is not covered here.

    Shape: in a transaction of its own: what would have taken the package is rolled back.
    """
    log.info("package refused", kind=error.kind, **error.detail)
    if isinstance(error, NotCovered):
        said = {name: str(error.detail[name]) for name in ("sender", "reason")}
        with open_work(node, DOORKEEPER) as work:
            actions.note_refused(work, str(error.detail["id"]), **said)
