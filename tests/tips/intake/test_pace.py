"""Fair shares of what there is, for any providers and limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipbridge.tips.intake.pace import LEAST_CLAIM, Pace, fair_rates

LIMITS = st.dictionaries(
    st.text(max_size=3), st.floats(1024, 1e9) | st.just(float("inf")), min_size=1, max_size=9
)


@settings(max_examples=40)
@given(LIMITS, st.floats(1024, 1e9))
def test_shares_add_up_and_nobody_could_have_more_but_at_anothers_cost(limits, total) -> None:
    rates = fair_rates(limits, total)
    assert rates.keys() == limits.keys()
    assert sum(rates.values()) <= total * (1 + 1e-9)
    assert all(rates[name] <= limits[name] for name in limits)
    held_back = [rates[name] for name in limits if rates[name] < limits[name]]
    if held_back:
        assert sum(rates.values()) == pytest.approx(total)
        assert min(held_back) == pytest.approx(max(rates.values()))


def test_uploads_of_one_provider_share_its_rate_and_none_saves_up() -> None:
    pace = Pace(None)
    pace.enter("one", 1000)
    pace.enter("one", 1000)
    assert pace.seconds_to_wait("one", 500, now=10) == 0.5
    assert pace.seconds_to_wait("one", 500, now=10) == 1.0  # the second upload's piece
    assert pace.seconds_to_wait("one", 500, now=99) == 0.5
    pace.enter("two", None)
    assert pace.seconds_to_wait("two", 10**9, now=99) == 0
    pace.leave("one")
    assert pace.rate_of("one") == 1000


def test_who_comes_and_goes_changes_the_shares_of_the_others() -> None:
    pace = Pace(3000)
    pace.enter("one", None)
    assert pace.rate_of("one") == 3000
    pace.enter("two", 500)
    pace.enter("three", None)
    assert (pace.rate_of("one"), pace.rate_of("two"), pace.rate_of("three")) == (1250, 500, 1250)
    pace.leave("three")
    assert pace.rate_of("one") == 2500
    pace.leave("two")
    assert pace.rate_of("one") == 3000


def test_what_a_trickling_upload_does_not_take_is_the_others() -> None:
    pace, total = Pace(2_000_000), 2_000_000
    pace.enter("slow", None)
    pace.enter("fast", None)
    assert pace.rate_of("fast") == total / 2
    for second in range(5):
        pace.seconds_to_wait("slow", 1000, now=10.0 + second)
    assert pace.rate_of("fast") == total - LEAST_CLAIM
    now = 15.0
    for _ in range(40):  # it has more to send now: each piece as soon as it may
        now += pace.seconds_to_wait("slow", 100_000, now)
    assert pace.rate_of("fast") == pytest.approx(total / 2)
    assert pace.rate_of("slow") == pytest.approx(total / 2)
