"""The short form of `python -m tests.generated`."""

from tests.generated.breaking import WAYS, broken_by
from tests.generated.claims import Desk
from tests.generated.running import try_broken, try_valid
from tests.tips.intake.ispws import add_provider, client, serving

VALID, OF_EACH_WAY = 30, 2


def test_generated_reports_are_kept_as_sent_and_broken_ones_leave_nothing(node):
    add_provider(node)
    with serving(node) as address, client(address) as provider:
        desk = Desk(node=node, client=provider)
        try_valid(desk, VALID, 1, print)
        for way in WAYS:
            try_broken(desk, OF_EACH_WAY, 1, print, broken_by(way))
    assert desk.accepted >= VALID
    assert desk.refused.total() >= OF_EACH_WAY * len(WAYS)
    assert len(desk.refused) > len(WAYS) - 3
