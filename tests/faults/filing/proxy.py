"""Random fates on the way to a clearinghouse, from a seed."""

import random
import threading
import time

from tests.tips.filing.clearing import Chooser, Fate

WEIGHTS = {
    Fate.PASS: 60,
    Fate.DROP: 8,
    Fate.LOSE: 10,
    Fate.REPEAT: 7,
    Fate.TRUNCATE: 4,
    Fate.FAIL: 6,
    Fate.STALE: 5,
}
LONGEST_DELAY_SECONDS = 0.05


class Weather:
    """Draws each call's fate, with a delay; `clear` lets all pass at once."""

    def __init__(self, seed: int) -> None:
        self._draw, self._lock = random.Random(seed), threading.Lock()
        self.clear = False

    def choose(self) -> Chooser:
        """What a way asks for each call."""

        def fate(verb: str, before: int) -> Fate:
            del verb, before
            if self.clear:
                return Fate.PASS
            with self._lock:
                found = self._draw.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
                delay = self._draw.choice((0.0, 0.0, self._draw.uniform(0, LONGEST_DELAY_SECONDS)))
            time.sleep(delay)  # the network's, not the test's
            return found

        return fate
