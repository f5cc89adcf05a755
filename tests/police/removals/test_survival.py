"""How long material stays up: against values computed by hand."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tipbridge.police.removals.model import Life
from tipbridge.police.removals.survival import record_of, records, survival, up_at

AT = datetime(2014, 6, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _life(gone: int | None, watched: int = 0, host: str = "host.example", **more: object) -> Life:
    values: dict[str, object] = {
        "host": host,
        "country": "US",
        "noticed_at": AT,
        "gone_at": None if gone is None else AT + gone * HOUR,
        "last_known_at": AT + watched * HOUR,
        "escalated_at": None,
        "reappeared": False,
    }
    return Life(**(values | more))  # type: ignore[arg-type]


def test_the_curve_of_a_published_example() -> None:
    """Freireich et al. 1963 (6-MP), worked out by hand in every textbook of the method."""
    gone = (6, 6, 6, 7, 10, 13, 16, 22, 23)
    watched = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    lives = [(time * DAY, True) for time in gone] + [(time * DAY, False) for time in watched]
    curve = survival(lives)
    assert [(point.after.days, point.at_risk, point.gone) for point in curve] == [
        (6, 21, 3),
        (7, 17, 1),
        (10, 15, 1),
        (13, 12, 1),
        (16, 11, 1),
        (22, 7, 1),
        (23, 6, 1),
    ]
    assert [round(float(point.up), 4) for point in curve] == [
        0.8571,
        0.8067,
        0.7529,
        0.6902,
        0.6275,
        0.5378,
        0.4482,
    ]


def test_without_censoring_the_curve_is_the_share_that_is_up() -> None:
    curve = survival([(time * HOUR, True) for time in (1, 1, 2, 4)])
    assert [point.up for point in curve] == [Fraction(1, 2), Fraction(1, 4), Fraction(0)]
    assert survival([]) == ()
    assert survival([(DAY, False)]) == ()


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=40))
def test_the_curve_only_falls_and_stays_between_none_and_all(drawn: list[tuple[int, bool]]) -> None:
    curve = survival([(time * HOUR, ended) for time, ended in drawn])
    ups = [Fraction(1), *(point.up for point in curve)]
    assert ups == sorted(ups, reverse=True)
    assert all(0 <= up <= 1 for up in ups)
    assert sum(point.gone for point in curve) == sum(ended for _, ended in drawn)


def test_nothing_is_said_of_a_time_that_nobody_watched() -> None:
    curve = survival([(HOUR, True), (2 * DAY, False)])
    assert up_at(curve, 2 * DAY, DAY) == Fraction(1, 2)
    assert up_at(curve, 2 * DAY, 3 * DAY) is None
    assert up_at(survival([(HOUR, True)]), HOUR, 28 * DAY) == 0


def test_a_hosts_figures_count_what_was_watched_long_enough() -> None:
    lives = [
        _life(10),
        _life(30, escalated_at=AT + 24 * HOUR),
        _life(None, watched=100, reappeared=False),
        _life(None, watched=2),
        _life(5, reappeared=True),
        _life(8, escalated_at=AT + 9 * HOUR),
    ]
    found = record_of("host.example", lives, AT + 99 * DAY)
    assert (found.noticed, found.gone, found.reappeared) == (6, 4, 1)
    assert found.gone_within == (3, 4, 4)
    assert found.watched == (5, 5, 4)
    assert (found.escalated, found.gone_after_escalation) == (2, 1)
    # At risk: 5 at 5 h, 4 at 8 h, 3 at 10 h (one was lost at 2 h), 2 at 30 h.
    assert [point.at_risk for point in found.curve] == [5, 4, 3, 2]
    assert found.up_at == (Fraction(2, 5), Fraction(1, 5), None)


def test_how_soon_what_went_comes_back_is_a_curve_of_its_own() -> None:
    gone = AT + 10 * HOUR
    lives = [
        _life(10, reappeared=True, back_at=gone + 3 * DAY),
        _life(10, reappeared=True, back_at=gone + 20 * DAY),
        _life(10, gone_seen_at=gone + 30 * DAY),
        _life(10, gone_seen_at=gone + 5 * DAY),
        _life(10),  # nobody looked again
        _life(None, watched=100),
    ]
    found = record_of("host.example", lives, AT + 99 * DAY)
    # At risk: 4 at 3 days, 2 at 20 days (one was lost from sight at 5).
    assert [(point.after, point.at_risk) for point in found.back_curve] == [
        (3 * DAY, 4),
        (20 * DAY, 2),
    ]
    assert found.back_within == (Fraction(1, 4), Fraction(5, 8), None)


def test_nothing_comes_back_before_it_went() -> None:
    found = record_of("host.example", [_life(10, back_at=AT + 2 * HOUR)], AT + 99 * DAY)
    assert (found.back_curve, found.back_within) == ((), (None, None, None))


def test_a_place_never_looked_at_is_watched_for_no_time_at_all() -> None:
    found = record_of("host.example", [_life(None), _life(1)], AT + 99 * DAY)
    assert [point.at_risk for point in found.curve] == [1]


def test_the_slowest_host_comes_first() -> None:
    lives = [_life(1, host="quick.example"), _life(None, 9, host="slow.example")]
    assert [each.host for each in records(lives, AT + DAY)] == ["slow.example", "quick.example"]
