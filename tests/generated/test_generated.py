"""The short form of `python -m tests.generated`."""

from functools import partial

import pytest

from tests.generated.breaking import WAYS, broken_by
from tests.generated.claims import Desk
from tests.generated.running import try_broken, try_valid
from tests.tips.intake.ispws import add_provider, client, serving

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
