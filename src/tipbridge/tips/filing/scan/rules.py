"""When look-ups are too many, and when they look like probing: pure, with the signs named."""

from collections.abc import Iterator

from tipbridge.tips.filing.scan.model import Recent, Sign

BARE_HITS_AN_HOUR = 20
"""A platform that finds so many known files has them, and sends them."""
SAME_HIT_AN_HOUR = 10
MINUTE_SECONDS = 60


def refused_for_rate(recent: Recent, asking: int, per_minute: int) -> bool:
    """Whether so many more would go beyond what a minute allows."""
    return recent.asked + asking > per_minute


def signs_of_probing(recent: Recent) -> Iterator[Sign]:
    """What of the last hour, this scan included, looks like probing."""
    if recent.bare_hits > BARE_HITS_AN_HOUR:
        yield Sign.DIGESTS_WITHOUT_FILES
    if recent.most_repeats > SAME_HIT_AN_HOUR:
        yield Sign.SAME_HIT_AGAIN
