"""A recall or a correction of a referral is a task in every case that it feeds, once."""

from collections.abc import Callable, Generator

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, taken
from tests.sharing import net
from tests.sharing.referral.road import Road, open_road
from tests.sharing.referral.road import follow as follow_sharing
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import pages, withdrawn
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import Task, TaskKind
from tipbridge.sharing.referral.life import actions as lives
from tipbridge.sharing.referral.life.model import Why, Word


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes that follow the pipeline."""
    with open_road(make_node) as made:
        made.settle = lambda: net.settle(made.nodes, follow)  # type: ignore[method-assign]
        yield made


def _open(node: Node) -> list[Task]:
    with open_work(node, CONSOLE) as work:
        (line,) = cases.list_cases(work)
        return [task for task in diary.tasks_of(work, line.id) if task.title is not None]


def test_a_correction_and_then_a_recall_two_hops_back_are_tasks_of_the_case(road: Road) -> None:
    first, _, _, at_police = road.carry(road.tip())
    road.settle()
    assert _open(road.police) == []
    with open_work(road.clearing, CONSOLE) as work:
        lives.withdraw_referral(
            work, first, Word.CORRECTION, why=Why.WRONG_VALUE, labels=("incident/type",)
        )
    road.settle()
    with open_work(road.clearing, CONSOLE) as work:
        lives.withdraw_referral(work, first, Word.RECALL, why=Why.SENT_IN_ERROR)
    road.settle()
    wanted = [
        (TaskKind.REFERRAL_CORRECTED, at_police),
        (TaskKind.REFERRAL_RECALLED, at_police),
    ]
    assert [(task.kind, task.title) for task in _open(road.police)] == wanted
    for word in (Word.CORRECTION, Word.RECALL):  # the event comes again
        with open_work(road.police, WORKER) as work:
            assert withdrawn.note_withdrawal(work, referral_id=at_police, word=word.value) == 0
    assert [(task.kind, task.title) for task in _open(road.police)] == wanted
    add_member(road.police, "desk", Role.INVESTIGATOR)
    desk = browser(shell_app(road.police, routers=(pages.router,)))
    sign_in(desk, "desk")
    with open_work(road.police, CONSOLE) as work:
        (line,) = cases.list_cases(work)
    shown = desk.get(f"/cases/{line.id}").text
    assert shown.count(f"/referrals/{at_police}") >= 2


def test_what_was_recalled_before_its_case_opened_opens_none_and_feeds_none(road: Road) -> None:
    road.settle = lambda: net.settle(road.nodes, follow_sharing)  # type: ignore[method-assign]
    first, _, _, at_police = road.carry(road.tip())
    with open_work(road.clearing, CONSOLE) as work:
        lives.withdraw_referral(work, first, Word.RECALL, why=Why.SENT_IN_ERROR)
    road.settle()
    follow(road.police, "referral.referral.received", {"referral_id": at_police})
    other = taken(road.police, account_parts("somebody-else")).case_id
    with pytest.raises(Conflict, match="recalled"), open_work(road.police, CONSOLE) as work:
        cases.feed_referral(work, other, referral=at_police)
    with open_work(road.police, CONSOLE) as work:
        assert [line.id for line in cases.list_cases(work)] == [other]
    # One that was corrected before its case opened opens it with the task.
    second, _, _, _ = road.carry(road.tip())
    with open_work(road.clearing, CONSOLE) as work:
        lives.withdraw_referral(
            work, second, Word.CORRECTION, why=Why.WRONG_VALUE, labels=("incident/type",)
        )
    road.settle()
    (corrected,) = {each.id for each in road.received(road.police)} - {at_police}
    for _ in range(2):
        follow(road.police, "referral.referral.received", {"referral_id": corrected})
    with open_work(road.police, CONSOLE) as work:
        (opened,) = {line.id for line in cases.list_cases(work)} - {other}
        tasks = [task for task in diary.tasks_of(work, opened) if task.title == corrected]
    assert [task.kind for task in tasks] == [TaskKind.REFERRAL_CORRECTED]
