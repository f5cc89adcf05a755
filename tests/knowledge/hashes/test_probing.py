"""The rate of look-ups, and what looks like probing."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tipbridge.knowledge.hashes.probing import (
    KEPT,
    KEPT_FOR,
    VARIANTS,
    Allowance,
    Trail,
    is_news,
    is_pressing,
    seconds_until,
    spend,
)

PICTURE = int("0f" * 32, 16)
NOON = datetime(2014, 1, 1, 12, tzinfo=UTC)


def variant(number: int) -> bytes:
    """The picture with so many bits changed."""
    return (PICTURE ^ ((1 << number) - 1)).to_bytes(32)


def others(count: int) -> list[bytes]:
    """Pictures that have nothing to do with it, nor with each other."""
    draw = random.Random(7)
    return [draw.randbytes(32) for _ in range(count)]


def noted(trail: Trail, *asked: tuple[bytes, bool], at: float = 0.0) -> list[bool]:
    return [trail.note(hash_, hit=hit, at=at) for hash_, hit in asked]


def variants(count: int, *, hits: int, first: int = 0) -> list[tuple[bytes, bool]]:
    """One more bit changed each time; the first ones hit."""
    return [(variant(first + number), number < hits) for number in range(count)]


def test_variants_of_one_picture_with_both_answers_are_probing() -> None:
    for asked in (variants(VARIANTS, hits=6), variants(VARIANTS, hits=6)[::-1]):
        assert noted(Trail(), *asked) == [False] * (VARIANTS - 1) + [True]


def test_fewer_variants_or_one_answer_alone_are_not() -> None:
    assert not any(noted(Trail(), *variants(VARIANTS - 1, hits=5)))
    assert not any(noted(Trail(), *variants(60, hits=60)))
    assert not any(noted(Trail(), *variants(60, hits=0)))


def test_the_same_hash_again_and_again_is_one_variant() -> None:
    asked = [(variant(0), False), (variant(0), True), (variant(1), False)]
    assert not any(noted(Trail(), *asked * 30, (variant(2), True)))


def test_what_else_is_asked_between_hides_nothing() -> None:
    """Neither ordinary uploads, however many, nor hits on other pictures."""
    trail = Trail()
    *before, last = variants(VARIANTS, hits=1)
    busy = [(each, number % 8 == 0) for number, each in enumerate(others(KEPT))]
    for place, one in enumerate(before):
        assert not any(noted(trail, one, *busy[place::VARIANTS]))
    assert noted(trail, last) == [True]


def test_pictures_that_have_nothing_to_do_with_each_other_are_not_probing() -> None:
    assert not any(
        noted(Trail(), *[(each, number % 2 == 0) for number, each in enumerate(others(500))])
    )


def test_after_an_hour_a_variant_counts_no_more() -> None:
    hour = KEPT_FOR.total_seconds()
    for later, is_probing in ((hour, True), (hour + 1, False)):
        trail = Trail()
        noted(trail, *variants(VARIANTS - 1, hits=6))
        assert noted(trail, (variant(VARIANTS), False), at=later) == [is_probing]


def test_a_minutes_worth_may_be_asked_at_once_and_comes_back_evenly() -> None:
    full = Allowance(60.0, 0.0)
    spent = spend(full, 60, 0.0, per_minute=60)
    assert spent == Allowance(0.0, 0.0)
    assert spend(spent, 1, 0.5, per_minute=60) is None
    assert seconds_until(spent, 10, 0.5, per_minute=60) == 10
    assert spend(spent, 10, 10.0, per_minute=60) == Allowance(0.0, 10.0)
    assert spend(full, 61, 1e6, per_minute=60) is None


@given(st.lists(st.tuples(st.integers(1, 90), st.floats(0, 30)), max_size=50))
def test_nobody_gets_more_than_the_rate_and_one_minutes_worth(asked) -> None:
    allowance, now, given_ = Allowance(60.0, 0.0), 0.0, 0
    for lookups, pause in asked:
        now += pause
        left = spend(allowance, lookups, now, per_minute=60)
        if left is not None:
            allowance, given_ = left, given_ + lookups
    assert given_ <= 60 + now + 1e-6


def test_reaching_the_rate_again_and_again_is_worth_a_look() -> None:
    refused = [NOON + timedelta(minutes=minute) for minute in (0, 4, 8)]
    assert is_pressing(refused, refused[-1])
    assert not is_pressing(refused, refused[-1] + timedelta(minutes=3))


def test_the_same_alarm_is_news_once_an_hour() -> None:
    assert is_news(None, NOON)
    assert not is_news(NOON, NOON + timedelta(minutes=59))
    assert is_news(NOON, NOON + timedelta(hours=1))
