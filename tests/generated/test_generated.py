"""The short form of `python -m tests.generated`."""

from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, seed

from tests.generated.breaking import WAYS, broken_by
from tests.generated.claims import Desk
from tests.generated.documents import (
    Place,
    details_trees,
    places_in,
    places_of,
    report_trees,
    written,
)
from tests.generated.running import held, try_broken, try_valid
from tests.tips.intake.ispws import add_provider, client, serving
from tipbridge.tips.report.parse import parse_file_details, parse_report

VALID, OF_EACH_WAY = 30, 2


@pytest.mark.parametrize("root", WAYS)
def test_generated_documents_are_kept_as_sent_and_broken_ones_leave_nothing(node, root):
    add_provider(node)
    with serving(node) as address, client(address) as provider:
        desk = Desk(node=node, client=provider, root=root)
        try_valid(desk, VALID, 1, print)
        for way in WAYS[root]:
            only = partial(broken_by, way, root, desk.about)
            try_broken(desk, OF_EACH_WAY, 1, print, only)
    assert desk.accepted >= VALID
    assert desk.refused.total() >= OF_EACH_WAY * len(WAYS[root])
    assert len(desk.refused) > len(WAYS[root]) - 3


@pytest.mark.parametrize("root", WAYS)
def test_every_element_and_attribute_of_the_schema_is_drawn_in_a_valid_document(root):
    now, drawn = datetime(2026, 1, 1, tzinfo=UTC), set[tuple[str, str]]()
    wanted = {(place.kind, place.name): place for place in places_of(root)}
    parse = {"report": parse_report, "fileDetails": parse_file_details}[root]

    def draw(place: Place) -> None:
        trees = (
            report_trees(place) if root == "report" else details_trees(("900000001", "a"), place)
        )

        @seed(1)
        @held(1)
        @given(trees)
        def once(tree) -> None:
            parse(written(tree), now=now)
            drawn.update(places_in(tree))

        once()

    for name in sorted(wanted):
        if name not in drawn:
            draw(wanted[name])
    never = set(wanted) - drawn
    assert never == set()
