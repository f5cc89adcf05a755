"""The box that reads e-mails, opened once there is one to read."""

import functools
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager

from tipbridge.foundation.box.model import Outcome
from tipbridge.foundation.box.pool import Box, open_box
from tipbridge.foundation.node import Settings
from tipbridge.police.removals.mailed.decoding import LIMITS, READ_MAIL, WARM


@contextmanager
def reading_box(settings: Settings) -> Generator[Callable[[bytes], Outcome]]:
    """A function that has the box read an e-mail."""
    with ExitStack() as opened:

        @functools.cache
        def box() -> Box:
            plan = settings.plan_box(tasks=(READ_MAIL,), warm=(WARM,))
            return opened.enter_context(open_box(plan))

        yield lambda raw: box().run(READ_MAIL, raw, limits=LIMITS)
