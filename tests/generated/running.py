"""Runs so many generated documents of both kinds against a desk."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.generated.breaking import broken
from tests.generated.claims import Desk
from tests.generated.documents import documents

_OF_ONE_REPORT = 200
"""Details about one file before another report is opened: each is kept, and read again."""


def try_valid(desk: Desk, count: int, number: int, told: Callable[[str], None]) -> None:
    """So many valid documents that are accepted; `number` is the seed.

    Shape: a failure shows the smallest document that was found.
    """
    of_one = count if desk.root == "report" else _OF_ONE_REPORT
    for done in range(0, count, of_one):
        _try_some_valid(desk, min(of_one, count - done), number + done, told)


def _try_some_valid(desk: Desk, count: int, number: int, told: Callable[[str], None]) -> None:
    if desk.root == "fileDetails":
        desk.open_report()

    @seed(number)
    @held(count)
    @given(documents(desk.root, desk.about))
    def every_valid_document_is_kept_as_sent(body: bytes) -> None:
        desk.accepts(body)
        if desk.accepted % 1000 == 0:
            told(f"{desk.accepted} accepted, slowest {desk.slowest_seconds:.3f} s")

    every_valid_document_is_kept_as_sent()


def try_broken(
    desk: Desk,
    count: int,
    number: int,
    told: Callable[[str], None],
    only: Callable[[], st.SearchStrategy[tuple[str, bytes]]] | None = None,
) -> None:
    """So many broken documents that are refused with their place and leave nothing."""
    if desk.root == "fileDetails" and desk.about is None:
        desk.open_report()

    @seed(number)
    @held(count)
    @given(broken(desk.root, desk.about) if only is None else only())
    def every_broken_document_is_refused(broken: tuple[str, bytes]) -> None:
        desk.refuses(*broken)
        if desk.refused.total() % 1000 == 0:
            told(f"{desk.refused.total()} refused, slowest {desk.slowest_seconds:.3f} s")

    before = desk.stored()
    every_broken_document_is_refused()
    assert desk.stored() == before, (desk.stored(), before)


def held(count: int) -> settings:
    """So many examples, the same ones for the same seed, and none kept for later."""
    return settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
