"""A place that was noted by mistake: it stays readable, counts nowhere, and nobody is asked about it."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts, file_part, sha256
from tests.police.folk import a_case, recorded, suspect, verified
from tests.police.removals.places import add, clock, file_of, know
from tests.police.removals.test_split import request
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.police.removals import actions, checking, moving, noticing, voting
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import (
    Channel,
    Classification,
    NoticeState,
    Removal,
    RemovalState,
    ReplyKind,
)

S = RemovalState
WHY = "A typing error: the page is another."


def _take_back(node: Node, removal: Removal) -> None:
    with open_work(node, CONSOLE) as work:
        take_back(work, removal.id, removal.id, because=WHY)
    run_followups(node)


def _counts(node: Node, removal: Removal) -> tuple[int, int, int, int]:
    """Places in the list, waiting, that hold the case from erasure, and in the hosts' figures."""
    with open_work(node, CONSOLE) as work:
        return (
            len(actions.list_up(work)),
            actions.count_waiting(work),
            actions.count_up(work, removal.case_id),
            len(actions.measure_hosts(work)),
        )


def test_a_place_noted_by_mistake_counts_nowhere_until_it_is_named_again(node: Node) -> None:
    file = a_case(node, [*account_parts(), file_part(7)])
    removal = add(node, file)
    with open_work(node, CONSOLE) as work:
        voting.name_item(work, removal.id, sha256(7))
        sent = noticing.make_notice(work, removal.id)
        noticing.carry_notice(work, sent.id)
    clock(node, 2014, 6, 4, 3)
    with open_work(node, CONSOLE) as work:
        draft = noticing.make_notice(work, removal.id)
    assert _counts(node, removal) == (1, 1, 1, 1)
    _take_back(node, removal)
    assert _counts(node, removal) == (0, 0, 0, 0)
    found = file_of(node, removal)
    assert found.removal.mistake is not None
    assert (found.removal.mistake.because, len(found.notices), found.entries) == (WHY, 2, ())
    deeds: tuple[Callable[[Work], object], ...] = (
        lambda work: noticing.make_notice(work, removal.id),
        lambda work: noticing.carry_notice(work, draft.id),
        lambda work: noticing.record_reply(work, removal.id, ReplyKind.REFUSED),
        lambda work: moving.record_state(work, removal.id, S.REMOVED),
        lambda work: checking.check_now(work, removal.id),
        lambda work: comparing.record_authority(
            work, removal.id, words="Warrant.", until=date(2014, 7, 1)
        ),
        lambda work: voting.classify_item(work, removal.id, Classification.BASELINE),
        lambda work: take_back(work, removal.id, removal.id, because=WHY),
    )
    for deed in deeds:
        with (
            pytest.raises(Conflict, match=r"by mistake|taken back"),
            open_work(node, CONSOLE) as work,
        ):
            deed(work)
    with open_work(node, WORKER) as work:
        assert checking.check_due(work, removal_id=removal.id) == 0
    # Whoever names the address again brings the place back with its history.
    assert add(node, file, removal.address).id == removal.id
    assert _counts(node, removal) == (1, 1, 1, 1)
    assert file_of(node, removal).removal.mistake is None


def test_a_notice_on_its_way_about_a_mistake_is_not_sent(node: Node) -> None:
    know(node, "host.example", Channel.EMAIL, "abuse@host.example")
    removal = add(node, a_case(node))
    with open_work(node, CONSOLE) as work:
        notice = noticing.make_notice(work, removal.id)
        take_back(work, removal.id, removal.id, because=WHY)
    with open_work(node, WORKER) as work:
        assert noticing.send_notice(work, notice_id=notice.id) == 1
    (found,) = file_of(node, removal).notices
    assert (found.state, found.problem) == (NoticeState.FAILED, noticing.MISTAKEN)
    with pytest.raises(Conflict, match="by mistake"), open_work(node, CONSOLE) as work:
        noticing.retry_notice(work, notice.id)


def test_a_childs_request_rests_on_no_place_that_was_a_mistake(node: Node) -> None:
    file = a_case(node)
    child = recorded(node, file, suspect(birth=verified(date(2002, 1, 1)), self_produced=True))
    wrong = add(node, file, "https://host.example/wrong")
    run_followups(node)
    assert request(node, child) == (True, None)
    _take_back(node, wrong)
    assert request(node, child) == (False, None), "no place is known, and nothing waits"
    right = add(node, file, "https://host.example/right")
    run_followups(node)
    clock(node, 2014, 6, 3, 3)
    (notice,) = file_of(node, right).notices
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id)
    run_followups(node)
    assert request(node, child) == (False, date(2014, 6, 3))
    _take_back(node, right)
    assert request(node, child) == (False, None), "it was asked about a place that is none"


def test_a_wrong_new_address_leaves_the_place_that_moved_without_one(node: Node) -> None:
    file = a_case(node)
    removal = add(node, file, "https://host.example/1")
    wrong, right = "https://host.example/wrong", "https://host.example/right"
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, removal.id, S.MOVED, moved_to=wrong)
        there = next(
            each.removal
            for each in actions.list_removals(work, file.case.id)
            if each.removal.moved_from == removal.id
        )
    _take_back(node, there)
    assert file_of(node, removal).removal.moved_nowhere
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, removal.id, S.MOVED, moved_to=right)
    assert not file_of(node, removal).removal.moved_nowhere


def test_the_page_takes_a_place_back_and_says_so(node: Node) -> None:
    removal = add(node, a_case(node))
    client, path = signed_in(node, Role.INVESTIGATOR), f"/cases/{removal.case_id}/removals"
    (entry,) = re.findall(r'<option value="(\w+)">[^<]*noted</option>', client.get(path).text)
    told = {"entry": entry, "because": WHY}
    assert client.post(f"{path}/{removal.id}/mistakes", data=told).status_code == 303
    shown = client.get(path).text
    assert WHY in shown
    assert "Nobody is asked about this place" in shown
    assert not re.search(rf'action="{path}/{removal.id}/(notices|checks|mistakes)"', shown)
