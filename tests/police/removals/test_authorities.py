"""A legal authority ends before its day where somebody says so: nothing is fetched under it then."""

from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.removals.places import a_place, clock, file_of
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.model import Authority, Removal

TODAY = date(2014, 6, 2)
"""Of the node's clock, in Seoul."""


def _ordered(node: Node, place: Removal, words: str = "Warrant 2014-1.") -> Authority:
    with open_work(node, CONSOLE) as work:
        return comparing.record_authority(work, place.id, words=words, until=date(2014, 7, 1))


def _end(
    node: Node, place: Removal, authority: Authority, on: date, because: str = "Lifted."
) -> None:
    with open_work(node, CONSOLE) as work:
        comparing.end_authority(work, place.id, authority.id, ended_on=on, because=because)


def _compare(node: Node, place: Removal) -> None:
    with open_work(node, CONSOLE) as work:
        comparing.compare_digest(work, place.id)


def test_nothing_is_fetched_under_an_authority_from_the_day_of_its_end_on(node: Node) -> None:
    place = a_place(node)
    authority = _ordered(node, place)
    with pytest.raises(Conflict, match="No digest"):
        _compare(node, place)  # the authority holds
    _end(node, place, authority, date(2014, 6, 4))
    (kept,) = file_of(node, place).authorities
    assert (kept.words, kept.until) == (authority.words, authority.until)
    assert kept.ended is not None
    assert (kept.ended.on, kept.ended.because, kept.ended.by) == (
        date(2014, 6, 4),
        "Lifted.",
        CONSOLE.id,
    )
    with pytest.raises(Conflict, match="No digest"):
        _compare(node, place)  # not yet ended
    clock(node, 2014, 6, 3, 15)  # the fourth of June in Seoul
    with pytest.raises(Conflict, match="No legal authority"):
        _compare(node, place)
    _ordered(node, place, "Warrant 2014-2.")
    with pytest.raises(Conflict, match="No digest"):
        _compare(node, place)


def test_an_older_authority_that_holds_serves_when_the_newest_ended(node: Node) -> None:
    place = a_place(node)
    _ordered(node, place)
    _end(node, place, _ordered(node, place, "Warrant 2014-2."), TODAY)
    with pytest.raises(Conflict, match="No digest"):
        _compare(node, place)


def test_an_end_has_a_reason_and_a_day_between_its_record_and_its_last(node: Node) -> None:
    place = a_place(node)
    authority = _ordered(node, place)
    for wrong in (date(2014, 6, 1), date(2014, 7, 2)):
        with pytest.raises(Invalid, match="2014-06-02 to 2014-07-01"):
            _end(node, place, authority, wrong)
    with pytest.raises(Invalid, match="because"):
        _end(node, place, authority, TODAY, " ")
    with pytest.raises(NotFound):
        _end(node, a_place(node, "https://host.example/2"), authority, TODAY)
    _end(node, place, authority, TODAY)
    with pytest.raises(Conflict, match="ended"):
        _end(node, place, authority, TODAY)


def test_the_page_ends_it_and_tells_of_its_end(node: Node) -> None:
    place = a_place(node)
    authority = _ordered(node, place)
    clock(node, *datetime(2014, 6, 2, 4, tzinfo=UTC).timetuple()[:4])
    client = signed_in(node, Role.INVESTIGATOR)
    card = f"/cases/{place.case_id}/removals"
    form = {"ended_on": "2014-06-02", "because": "Lifted by the court."}
    where = f"{card}/{place.id}/authorities/{authority.id}/end"
    assert where in client.get(card).text
    client.post(where, data=form)
    shown = client.get(card).text
    assert "Lifted by the court." in shown
    assert "ended on 2014-06-02" in shown
    assert where not in shown
