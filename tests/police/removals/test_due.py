"""What is due about places is in one list: nobody has to open every case to find it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.nodes import CONSOLE
from tests.police.folk import a_case
from tests.police.removals.places import add, clock, know
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements.clauses import Pap
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.removals import actions, moving, noticing, store
from tipbridge.police.removals.due.model import Due, ToDo
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import (
    Channel,
    Notice,
    NoticeState,
    NoticeStep,
    PlaceForm,
    Removal,
    RemovalFile,
    RemovalState,
    ReplyKind,
)

S = RemovalState
AT = datetime(2014, 6, 2, 3, tzinfo=UTC)


def _ask(work: Work, place: Removal, *, carried: bool = True) -> Notice:
    notice = noticing.make_notice(work, place.id)
    if carried:
        noticing.carry_notice(work, notice.id)
    return notice


def _fail(work: Work, place: Removal) -> None:
    notice = _ask(work, place, carried=False)
    state = NoticeState.FAILED
    store.settle_notice(
        work.db, notice.id, state, sent_at=None, tries=8, problem="timeout", due_at=None
    )


def _refuse(work: Work, place: Removal) -> str:
    _ask(work, place)
    return noticing.record_reply(work, place.id, ReplyKind.REFUSED).id


def _move(work: Work, place: Removal, target: str) -> None:
    _ask(work, place)
    moving.record_state(work, place.id, S.MOVED, moved_to=target)


def _come_back(work: Work, place: Removal) -> None:
    _refuse(work, place)
    moving.record_state(work, place.id, S.REMOVED)
    moving.record_state(work, place.id, S.REAPPEARED)


def _held(work: Work, file: CaseFile) -> None:
    address = "https://host.example/held"
    fresh = actions.new_removal(
        work, file.case.id, address, form=PlaceForm.URL, host="host.example"
    )
    store.insert_removal(work.db, replace(fresh, held_by=Pap.RED), address)


def _histories(node: Node, file: CaseFile) -> None:
    """Places with every kind of history that changes what is due."""
    know(node, "mail.example", Channel.EMAIL, "abuse@mail.example")
    place = [add(node, file, f"https://host.example/{n}") for n in range(9)]
    queued = add(node, file, "https://mail.example/1")
    with open_work(node, CONSOLE) as work:
        _ask(work, place[1], carried=False)
        _ask(work, place[2])
        _refuse(work, place[3])
        taken = _refuse(work, place[4])
        take_back(work, place[4].id, taken, because="Another page's.")
        _fail(work, place[5])
        _move(work, place[6], "https://host.example/there")
        _move(work, place[7], "https://elsewhere.example/there")
        _come_back(work, place[8])
        _ask(work, queued, carried=False)
        _held(work, file)


def _by_rules(file: RemovalFile, now: datetime) -> Due | None:
    """What the pure rules say of one place, read on its own."""
    place = file.removal
    if place.held_by is not None:
        return None
    return _asking(file, now) or _looking(file)


def _looking(file: RemovalFile) -> Due | None:
    since = file.look_from
    return None if since is None else Due(todo=ToDo.LOOK, step=None, since=since)


def _asking(file: RemovalFile, now: datetime) -> Due | None:
    waiting = [each for each in file.notices if each.state is not NoticeState.SENT]
    if waiting:
        todo = {NoticeState.DRAFT: ToDo.BRING, NoticeState.FAILED: ToDo.SEND_AGAIN}
        (one,) = waiting
        known = todo.get(one.state)
        return None if known is None else Due(todo=known, step=one.step, since=one.made_at)
    if file.next_notice is None or file.waits_until is not None:
        return None
    return Due(todo=ToDo.ASK, step=file.next_notice, since=now)


def _step_on(node: Node) -> None:
    """Take every step that is due, by hand."""
    with open_work(node, CONSOLE) as work:
        for each in actions.list_up(work, only_due=True):
            if each.due is not None and each.due.todo is ToDo.ASK:
                _ask(work, each.removal)


def test_the_list_says_of_each_place_what_the_rules_say_of_it_alone(node: Node) -> None:
    file = a_case(node)
    _histories(node, file)
    counts: list[int] = []
    for later in (0, 23, 25, 40, 75, 300, 301):
        now = AT + timedelta(hours=later)
        clock(node, now.year, now.month, now.day, now.hour)
        with open_work(node, CONSOLE) as work:
            listed = {each.removal.id: each.due for each in actions.list_up(work)}
            alone = {each.removal.id: each for each in actions.list_removals(work, file.case.id)}
            first = [each.removal.id for each in actions.list_up(work, only_due=True)]
            counts.append(actions.count_waiting(work))
        for place, due in listed.items():
            told = _by_rules(alone[place], now)
            assert (due and (due.todo, due.step)) == (told and (told.todo, told.step)), place
            assert due is None or due.since <= now
        # What is gone is no longer up, and is looked for by hand all the same.
        assert sorted(first) == sorted(each for each, one in alone.items() if _by_rules(one, now))
        assert counts[-1] == len(first)
        if later in {25, 75, 300}:
            _step_on(node)
    # Two wait for a hand all the time; the others come up again when their notice had its time.
    # After eight days somebody also looks at what went, and at what nobody can ask about now.
    assert counts == [6, 6, 9, 2, 9, 12, 12]


def test_the_longest_due_comes_first_and_the_page_shows_it(node: Node) -> None:
    file = a_case(node)
    one, two = (add(node, file, f"https://host.example/{n}") for n in (1, 2))
    with open_work(node, CONSOLE) as work:
        _ask(work, one)
    clock(node, 2014, 6, 3, 2)
    with open_work(node, CONSOLE) as work:
        _ask(work, two, carried=False)
    clock(node, 2014, 6, 4, 2)
    with open_work(node, CONSOLE) as work:
        (draft, reminder) = actions.list_up(work, only_due=True)
        assert [each.removal.id for each in actions.list_up(work)] == [one.id, two.id]
    assert draft.due == Due(
        todo=ToDo.BRING, step=NoticeStep.FIRST, since=datetime(2014, 6, 3, 2, tzinfo=UTC)
    )
    assert reminder.due == Due(
        todo=ToDo.ASK, step=NoticeStep.REMINDER, since=AT + timedelta(hours=24)
    )
    client = signed_in(node, Role.INVESTIGATOR)
    shown = client.get("/removals?due=true").text
    assert shown.index("/2<") < shown.index("/1<")
    assert "bring by hand" in shown
    assert "since 2014-06-03<" in shown
    with open_work(node, CONSOLE) as work:
        for each in (one, two):
            moving.record_state(work, each.id, S.REMOVED)
    assert "Nothing is due." in client.get("/removals?due=true").text


def test_a_long_list_is_read_page_by_page_to_its_end(node: Node) -> None:
    file = a_case(node)
    with open_work(node, CONSOLE) as work:
        for n in range(101):
            address = f"https://host.example/{n:03}"
            actions.add_place(work, file.case.id, address=address, form=PlaceForm.URL)
    for only_due in (False, True):
        with open_work(node, CONSOLE) as work:
            one, two, three = (
                actions.list_up(work, only_due=only_due, page=number) for number in (1, 2, 3)
            )
        assert (len(one), len(two), three) == (actions.PAGE_LINES, 1, [])
        assert len({each.removal.id for each in (*one, *two)}) == 101
    client = signed_in(node, Role.INVESTIGATOR)
    first = client.get("/removals?due=true").text
    assert 'rel="next" href="/removals?due=true&amp;page=2">Next<' in first
    second = client.get("/removals?due=true&page=2").text
    assert 'rel="next"' not in second
    assert 'href="/removals?due=true">First<' in second
    assert two[0].removal.address in second
    assert client.get("/removals?page=0").status_code == 400
