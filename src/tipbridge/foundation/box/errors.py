"""The box's refusals: to open at all, and a task's own."""

from tipbridge.foundation.base.errors import Unavailable
from tipbridge.foundation.box.model import Reason


class BoxClosed(Unavailable):
    """No box stands here, so nothing that decodes files may run.

    Shape: `public` says why; a box whose self-test let a probe escape names the probe.
    """


class Refused(Exception):
    """Raised by a task inside the box: this file has no value, for a reason of the closed list."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail
