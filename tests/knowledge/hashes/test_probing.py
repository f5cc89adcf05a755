"""The rate of look-ups, and what looks like probing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tipbridge.knowledge.hashes.probing import (
    TRAIL,
    VARIANTS,
    Allowance,
    Asked,
    is_news,
    is_pressing,
    is_probing,
    seconds_until,
    spend,
)

PICTURE = int("0f" * 32, 16)
NOON = datetime(2014, 1, 1, 12, tzinfo=UTC)


def variants(count: int, *, hits: int) -> list[Asked]:
    """The same picture with one more bit changed each time; the first ones hit."""
    return [Asked(PICTURE ^ ((1 << number) - 1), number < hits) for number in range(count)]


def test_variants_of_one_picture_with_both_answers_are_probing() -> None:
    asked = variants(VARIANTS, hits=6)
    assert is_probing(asked[:-1], asked[-1])


def test_fewer_variants_or_one_answer_alone_are_not() -> None:
    few, alike = variants(VARIANTS - 1, hits=5), variants(TRAIL, hits=TRAIL)
    assert not is_probing(few[:-1], few[-1])
    assert not is_probing(alike[:-1], alike[-1])


def test_the_same_hash_again_and_again_is_one_variant() -> None:
    trail = [Asked(PICTURE, True)] * 30 + [Asked(PICTURE ^ 1, False)] * 30
    assert not is_probing(trail, Asked(PICTURE ^ 3, False))


def test_pictures_that_have_nothing_to_do_with_each_other_are_not_probing() -> None:
    trail = [Asked(number * int("01" * 32, 16) << 64, number % 2 == 0) for number in range(1, 60)]
    apart = [each for each in trail if (each.hash_number ^ PICTURE).bit_count() > 62]
    assert len(apart) > VARIANTS
    assert not is_probing(apart, Asked(PICTURE, True))


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
