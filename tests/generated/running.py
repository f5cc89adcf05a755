"""Runs so many generated documents of both kinds against a desk."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.generated.breaking import broken_reports
from tests.generated.claims import Desk
from tests.generated.documents import reports


def try_valid(desk: Desk, count: int, number: int, told: Callable[[str], None]) -> None:
    """So many valid reports that are accepted; `number` is the seed.

    Shape: a failure shows the smallest document that was found.
    """

    @seed(number)
    @_held(count)
    @given(reports())
    def every_valid_report_is_kept_as_sent(body: bytes) -> None:
        desk.accepts(body)
        if desk.accepted % 1000 == 0:
            told(f"{desk.accepted} accepted, slowest {desk.slowest_seconds:.3f} s")

    every_valid_report_is_kept_as_sent()


def try_broken(
    desk: Desk,
    count: int,
    number: int,
    told: Callable[[str], None],
    broken: st.SearchStrategy[tuple[str, bytes]] = broken_reports,
) -> None:
    """So many broken reports that are refused with their place and leave nothing."""

    @seed(number)
    @_held(count)
    @given(broken)
    def every_broken_report_is_refused(broken: tuple[str, bytes]) -> None:
        desk.refuses(*broken)
        if desk.refused.total() % 1000 == 0:
            told(f"{desk.refused.total()} refused, slowest {desk.slowest_seconds:.3f} s")

    before = desk.stored()
    every_broken_report_is_refused()
    assert desk.stored() == before, (desk.stored(), before)


def _held(count: int) -> settings:
    return settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
