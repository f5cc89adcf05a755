"""A file that went and is noted at another address since: its own figure, the new place its own life."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.nodes import CONSOLE, add_staff
from tests.police.cases.builders import account_parts, file_part, part, sha256
from tests.police.deconfliction.pair import open_pair
from tests.police.folk import a_case
from tests.police.removals.places import add, clock
from tests.police.removals.test_held import told
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.actions import restrict_case
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.removals import actions, moving, noticing, voting
from tipbridge.police.removals.model import Removal, RemovalState
from tipbridge.police.removals.survival import HostRecord
from tipbridge.sharing.referral.model import Part

HOST, OTHER = "https://host.example", "https://other.example"
HOUR = timedelta(hours=1)


def _a_case(node: Node, name: str, day: int = 2, hour: int = 3) -> CaseFile:
    now = datetime(2014, 6, day, hour, tzinfo=UTC)
    return a_case(node, [*account_parts(name), file_part(7), file_part(8, index=1)], now)


def _noted(node: Node, file: CaseFile, address: str, number: int = 7) -> Removal:
    """A place, with the file that is there."""
    removal = add(node, file, address)
    with open_work(node, CONSOLE) as work:
        voting.name_item(work, removal.id, sha256(number))
    return removal


def _asked(node: Node, *places: Removal) -> None:
    with open_work(node, CONSOLE) as work:
        for place in places:
            noticing.carry_notice(work, noticing.make_notice(work, place.id).id)


def _measured(node: Node) -> dict[str, HostRecord]:
    with open_work(node, CONSOLE) as work:
        return {each.host: each for each in actions.measure_hosts(work)}


def test_the_same_file_elsewhere_after_it_went_is_counted_by_where(node: Node) -> None:
    file = _a_case(node, "kid1")
    place = _noted(node, file, f"{HOST}/1")
    up, never = _noted(node, file, f"{HOST}/up"), _noted(node, file, f"{HOST}/never", 8)
    _asked(node, place, up, never)
    clock(node, 2014, 6, 2, 13)
    with open_work(node, CONSOLE) as work:
        for each in (place, never):
            moving.record_state(work, each.id, RemovalState.REMOVED)
    # What was noted before, or is the same address in another case, is no way back.
    assert _figures(node) == (2, 0, 0, 0)
    other_case = _a_case(node, "kid2", 4, 13)
    _noted(node, other_case, f"{HOST}/1")
    assert _figures(node) == (2, 0, 0, 0)
    _noted(node, other_case, f"{OTHER}/1")
    assert _figures(node) == (2, 0, 0, 1)
    there = _noted(node, file, f"{HOST}/2")
    assert _figures(node) == (2, 0, 1, 1)
    # The new place has its own life, from its own notice on; the old one's curve is as it was.
    _asked(node, there)
    clock(node, 2014, 6, 4, 18)
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, there.id, RemovalState.REMOVED)
    assert _figures(node) == (3, 0, 1, 1)
    curve = _measured(node)["host.example"].curve
    assert [(point.after, point.gone) for point in curve] == [(5 * HOUR, 1), (10 * HOUR, 2)]
    # Whoever may not see the other case does not learn from a count what it holds.
    with open_work(node, CONSOLE) as work:
        restrict_case(work, other_case.case.id, members=())
    with open_work(node, add_staff(node, Role.INVESTIGATOR)) as work:
        (seen,) = actions.measure_hosts(work)
    assert (seen.back_on_host, seen.back_on_other_host) == (1, 0)


def test_an_address_that_a_place_moved_to_is_that_place(node: Node) -> None:
    file = _a_case(node, "kid1")
    place = _noted(node, file, f"{HOST}/1")
    _asked(node, place)
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, place.id, RemovalState.MOVED, moved_to=f"{HOST}/2")
        _, there = (each.removal for each in actions.list_removals(work, file.case.id))
    clock(node, 2014, 6, 3, 3)
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, there.id, RemovalState.REMOVED)
    _noted(node, _a_case(node, "kid2", 4), f"{HOST}/1")
    assert _figures(node) == (1, 0, 0, 0)
    # The file that is known of the place is known of where it moved to.
    with open_work(node, CONSOLE) as work:
        assert actions.file_of(work, there).digests == (sha256(7),)
    _noted(node, file, f"{OTHER}/1")
    assert _figures(node) == (1, 0, 0, 1)


def _figures(node: Node) -> tuple[int, int, int, int]:
    """Of the host: places gone, back at the same address, elsewhere on it, and on another host."""
    found = _measured(node)["host.example"]
    return found.gone, found.reappeared, found.back_on_host, found.back_on_other_host


def test_a_later_referral_tells_of_the_same_file_at_another_address(
    make_node: Callable[..., Node],
) -> None:
    def named(address: str) -> list[Part]:
        return [*account_parts("kid-1"), file_part(7), part("files/0/address", {"url": address})]

    with open_pair(make_node, agreed=False) as pair:
        node = pair.asker
        (place,) = told(node, named(f"{HOST}/1"))
        _asked(node, place)
        start = place.noted_at
        with open_work(node, CONSOLE) as work:
            moving.record_state(work, place.id, RemovalState.REMOVED)
            set_clock(work, at=start + timedelta(days=2))
        # The case holds the file once, under the referral that told of it first.
        _, again = told(node, named(f"{HOST}/2"))
        assert again.case_id == place.case_id
        with open_work(node, CONSOLE) as work:
            assert actions.file_of(work, again).digests == (sha256(7),)
            with pytest.raises(Conflict, match="A referral tells"):
                voting.name_item(work, again.id, sha256(7))
        assert _figures(node) == (1, 0, 1, 0)
