"""When something was done by hand: as it is told, within what can be."""

from datetime import UTC, datetime, timedelta

import pytest

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import (
    done_fact,
    moment_told,
    recorded_later,
    when_done,
)

NOW = datetime(2014, 6, 4, 9, 30, 20, tzinfo=UTC)
SINCE = datetime(2014, 6, 2, 3, 0, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "done_at"),
    [
        (None, NOW),
        (NOW, NOW),
        (SINCE + timedelta(hours=1), SINCE + timedelta(hours=1)),
        # Whoever writes minutes means that minute, not its first second.
        (SINCE.replace(second=0), SINCE),
    ],
)
def test_what_was_done_has_the_moment_that_is_told_or_now(
    given: datetime | None, done_at: datetime
) -> None:
    assert when_done(given, now=NOW, since=SINCE, what="it was asked") == done_at


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (NOW + timedelta(seconds=1), "lies in the future: it is 2014-06-04 09:30 UTC"),
        (SINCE - timedelta(minutes=1), "lies before it was asked .2014-06-02 03:00 UTC."),
    ],
)
def test_a_moment_that_cannot_be_is_refused_with_what_is_allowed(
    given: datetime, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        when_done(given, now=NOW, since=SINCE, what="it was asked")


def test_only_what_was_written_down_later_says_both_moments() -> None:
    assert recorded_later(NOW, NOW) is None
    assert done_fact(NOW, NOW) is None
    assert recorded_later(SINCE, NOW) == NOW
    assert done_fact(SINCE, NOW) == "2014-06-02T03:00:40+00:00"


def test_a_moment_is_read_in_utc_unless_it_says_otherwise() -> None:
    nine = datetime(2014, 3, 1, 9, tzinfo=UTC)
    assert moment_told("done_at", "2014-03-01T09:00") == nine
    assert moment_told("done_at", " 2014-03-01T18:00+09:00 ") == nine
    assert moment_told("done_at", "") is moment_told("done_at", " ") is None
    assert moment_told("done_at", None) is None
    for wrong in ("yesterday", "0001-01-01T00:00+09:00"):
        with pytest.raises(Invalid, match="done_at is a time such as"):
            moment_told("done_at", wrong)
