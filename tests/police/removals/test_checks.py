"""Checks: against a real host on loopback, for its status only, and led nowhere."""

import ipaddress
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case
from tests.police.removals.places import a_place, clock, file_of, know, near
from tests.police.removals.servers import Site, site
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.defanging import defang
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import actions, checking, hosts, noticing, store
from tipbridge.police.removals.asking import Asker, PinnedPlace, Refused, asker_of
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import (
    Channel,
    Check,
    CheckOutcome,
    NoticeStep,
    PlaceForm,
    Removal,
    RemovalState,
    ReplyKind,
    StepSource,
)
from tipbridge.police.removals.moving import record_state, same_page

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
PRIVATE = ("10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "192.168.0.9")


def _look(node: Node, removal: Removal) -> Check:
    with open_work(near(node), CONSOLE) as work:
        return checking.check_now(work, removal.id)


def _listed(node: Node, host: Site, path: str = "/posts/1?a=b") -> Removal:
    removal = a_place(node, host.place(path))
    know(node, host.host, checks=True)
    return removal


def test_a_check_asks_for_the_status_and_nothing_else(node: Node) -> None:
    with site() as host:
        removal = _listed(node, host)
        assert _look(node, removal).outcome is CheckOutcome.ANSWERS
        assert host.asked == [("HEAD", "/posts/1?a=b", host.host)]
    (headers,) = host.headers
    assert not {"cookie", "authorization", "referer"} & set(headers)
    found = file_of(node, removal)
    assert found.removal.state is RemovalState.LIVE
    assert (found.steps[-1].source, found.checks[0].status) == (StepSource.CHECK, 200)


def test_under_another_cases_address_no_host_is_asked(node: Node) -> None:
    with site() as host:
        removal = _listed(node, host)
        other = a_case(node, account_parts("somebody-else")).case.id
        for look in (checking.check_now, comparing.compare_digest):
            with pytest.raises(NotFound), open_work(near(node), CONSOLE) as work:
                look(work, removal.id, case_id=other)
        assert host.asked == []
    assert file_of(node, removal).checks == ()


def test_a_host_that_is_not_on_the_list_is_never_asked(node: Node) -> None:
    with site() as host:
        removal = a_place(node, host.place("/posts/1"))
        assert _look(node, removal).outcome is CheckOutcome.NOT_ALLOWED
        know(node, host.host, checks=False)
        assert _look(node, removal).outcome is CheckOutcome.NOT_ALLOWED
        clock(node, 2014, 6, 9)
        with open_work(node, WORKER) as work:
            assert checking.wake_checks(work) == 0
        run_followups(near(node))
        assert host.asked == []
    assert file_of(node, removal).removal.state is RemovalState.UNKNOWN


def test_writing_a_host_down_again_does_not_put_it_on_the_list(node: Node) -> None:
    know(node, "host.example", checks=False)
    with open_work(node, CONSOLE) as work:
        hosts.write_host(work, "host.example", channel=Channel.BY_HAND)
        (host,) = hosts.list_hosts(work)
    assert not host.may_check
    with open_work(node, CONSOLE) as work, pytest.raises(NotFound):
        hosts.allow_checks(work, "nobody.example", allowed=True)


def test_no_redirect_is_followed(node: Node) -> None:
    with site() as host:
        removal = _listed(node, host)
        host.statuses["/posts/1?a=b"] = 302
        assert _look(node, removal).outcome is CheckOutcome.UNCLEAR
        host.statuses["/posts/1?a=b"] = 301
        assert _look(node, removal).outcome is CheckOutcome.SENT_ON
        assert [path for _, path, _ in host.asked] == ["/posts/1?a=b"] * 2
    assert file_of(node, removal).removal.state is RemovalState.MOVED


def test_asking_goes_on_where_a_place_moved_to_with_what_the_host_was_asked_before(
    node: Node,
) -> None:
    with site() as host:
        removal = _listed(node, host)
        with open_work(node, CONSOLE) as work:
            first = noticing.make_notice(work, removal.id)
            noticing.carry_notice(work, first.id)
        host.statuses["/posts/1?a=b"] = 301
        host.locations["/posts/1?a=b"] = "/posts/1/?a=b"
        _look(node, removal)
        with open_work(node, CONSOLE) as work:
            old, new = actions.list_removals(work, removal.case_id)
        assert (old.removal.state, old.next_notice) == (RemovalState.MOVED, None)
        assert (new.removal.moved_from, new.removal.host) == (removal.id, host.host)
        assert new.removal.address == defang(host.place("/posts/1/?a=b"))
        assert (new.removal.state, new.next_notice) == (RemovalState.UNKNOWN, NoticeStep.REMINDER)
        clock(node, 2014, 6, 4)
        with open_work(node, CONSOLE) as work:  # the ladder goes on and names the new address
            second = noticing.make_notice(work, new.removal.id)
        assert second.step is NoticeStep.REMINDER
        assert defang(host.place("/posts/1/?a=b")) in second.body
        _look(node, new.removal)
        assert file_of(node, new.removal).removal.state is RemovalState.LIVE
        host.statuses["/posts/1/?a=b"] = host.statuses["/posts/1?a=b"] = 404
        clock(node, 2014, 6, 5)
        _look(node, removal)  # the old address is no longer the place
        with open_work(node, CONSOLE) as work:
            (record,) = actions.measure_hosts(work)
        assert (record.noticed, record.gone) == (1, 0)
        clock(node, 2014, 6, 6)
        _look(node, new.removal)
    with open_work(node, CONSOLE) as work:  # one place: from the first notice until it was gone
        (record,) = actions.measure_hosts(work)
    assert (record.noticed, record.gone) == (1, 1)
    assert [point.after for point in record.curve] == [timedelta(days=3, hours=21)]


@pytest.mark.parametrize(
    "location", ["", "mailto:a@host.example", "javascript:alert(1)", "/posts/1?a=b"]
)
def test_staff_are_asked_once_where_a_moved_place_names_no_other(node: Node, location: str) -> None:
    with site() as host:
        removal = _listed(node, host)
        host.statuses["/posts/1?a=b"] = 301
        host.locations["/posts/1?a=b"] = location
        for _ in range(2):
            _look(node, removal)
    with open_work(node, CONSOLE) as work:
        (alone,) = actions.list_removals(work, removal.case_id)
        tasks = [each for each in diary.tasks_of(work, removal.case_id) if each.title is not None]
    assert alone.removal.state is RemovalState.MOVED
    assert [(each.kind, each.title) for each in tasks] == [(TaskKind.PLACE_MOVED, removal.address)]


@pytest.mark.parametrize("location", ["https://innocent.example/", "/", "/posts/2", "/posts/1?a=c"])
def test_a_hosts_answer_has_no_other_page_told_that_it_shows_material(
    node: Node, location: str
) -> None:
    with site() as host:
        removal = _listed(node, host)
        know(node, "innocent.example", Channel.EMAIL, "abuse@innocent.example", checks=True)
        host.statuses["/posts/1?a=b"] = 301
        host.locations["/posts/1?a=b"] = location
        _look(node, removal)
        run_followups(node)
        target = defang(urljoin(host.place("/posts/1?a=b"), location))
    with open_work(node, CONSOLE) as work:
        (alone,) = actions.list_removals(work, removal.case_id)
        (task,) = [each for each in diary.tasks_of(work, removal.case_id) if each.title]
    assert (alone.removal.id, alone.notices) == (removal.id, ())
    assert (task.kind, task.title) == (
        TaskKind.PLACE_MOVED,
        f"{removal.address} → {target}",
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://host.example/a?b", "https://host.example/a?b", True),
        ("https://HOST.example:443/a", "https://host.example/a/", True),
        ("https://host.example/a", "https://host.example/a#b", True),
        ("https://host.example/a", "https://www.host.example/a", False),
        ("https://host.example/a", "https://host.example/A", False),
        ("https://host.example/a?b", "https://host.example/a", False),
        ("https://host.example/a", "https://host.example:8443/a", False),
        ("https://host.example/a", "mailto:a@host.example", False),
    ],
)
def test_what_the_same_page_is(one: str, other: str, same: bool) -> None:
    assert same_page(one, other) is same


def test_two_places_that_send_to_each_other_are_put_before_staff(node: Node) -> None:
    with site() as host:
        removal = _listed(node, host, "/a")
        for path, other in (("/a", "/a/"), ("/a/", "/a")):
            host.statuses[path], host.locations[path] = 308, other
        _look(node, removal)
        with open_work(node, CONSOLE) as work:
            _, second = actions.list_removals(work, removal.case_id)
        _look(node, second.removal)
    with open_work(node, CONSOLE) as work:
        assert len(actions.list_removals(work, removal.case_id)) == 2
        kinds = [each.kind for each in diary.tasks_of(work, removal.case_id)]
    assert TaskKind.PLACE_MOVED in kinds


def test_a_place_that_moved_to_one_noted_before_is_linked_to_it_and_holds_nothing(
    node: Node,
) -> None:
    with site() as host:
        old = _listed(node, host, "/a")
        with open_work(node, CONSOLE) as work:
            known = actions.add_place(
                work, old.case_id, address=host.place("/a/"), form=PlaceForm.URL
            )
        host.statuses["/a"], host.locations["/a"] = 301, "/a/"
        _look(node, old)
        host.statuses["/a/"] = 404
        _look(node, known)
    moved = file_of(node, old).removal
    assert (moved.state, moved.moved_to) == (RemovalState.MOVED, known.id)
    with open_work(node, CONSOLE) as work:
        assert actions.count_up(work, old.case_id) == 0


def test_a_private_network_is_not_asked_though_the_host_is_on_the_list(node: Node) -> None:
    with site() as host:
        removal = _listed(node, host)
        with open_work(node, CONSOLE) as work:
            assert checking.check_now(work, removal.id).outcome is CheckOutcome.PRIVATE_NETWORK
        assert host.asked == []


@pytest.mark.parametrize("address", PRIVATE)
def test_one_private_address_of_a_name_is_enough_to_refuse_it(address: str) -> None:
    asker = Asker(resolve=lambda host, port: ("8.8.8.8", address))
    found = asker.pin(urlsplit("https://host.example/"))
    assert found == Refused(outcome=CheckOutcome.PRIVATE_NETWORK)


def test_a_name_is_resolved_once_and_the_address_that_was_looked_at_is_asked() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    def resolve(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    with site() as host:
        asker = Asker(resolve=resolve, networks=LOOPBACK)
        place = asker.pin(urlsplit(f"http://moving.example:{host.port}/a"))
        assert isinstance(place, PinnedPlace)
        assert asker.head(place).status == 200
        assert host.asked == [("HEAD", "/a", f"moving.example:{host.port}")]
    assert answers == [["10.0.0.1"]]


def test_a_name_that_nobody_knows_and_a_host_that_is_silent_say_nothing() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    found = Asker(resolve=unknown).pin(urlsplit("http://host.example/"))
    assert found == Refused(outcome=CheckOutcome.UNRESOLVED)
    silent = Asker(networks=LOOPBACK, seconds=1.0)
    place = silent.pin(urlsplit("http://127.0.0.1:9/"))
    assert isinstance(place, PinnedPlace)
    assert silent.head(place).outcome is CheckOutcome.SILENT


def test_a_real_node_never_asks_a_private_network(make_node: Callable[..., Node]) -> None:
    real = near(make_node(node_id="kr.police", synthetic=False))
    assert asker_of(real).networks == ()


def test_checks_follow_a_place_from_live_to_removed_to_reappeared(node: Node) -> None:
    with site() as host:
        removal = _listed(node, host)
        for day, status in ((3, 200), (4, 404), (5, 500), (8, 200)):
            host.statuses["/posts/1?a=b"] = status
            clock(node, 2014, 6, day, 4)
            with open_work(node, WORKER) as work:
                assert checking.wake_checks(work) == 1
                assert checking.wake_checks(work) == 0
            run_followups(near(node))
        assert [method for method, _, _ in host.asked] == ["HEAD"] * 4
    found = file_of(node, removal)
    assert [step.state for step in found.steps] == [
        RemovalState.LIVE,
        RemovalState.REMOVED,
        RemovalState.REAPPEARED,
    ]
    assert [check.status for check in found.checks] == [200, 404, 500, 200]
    assert found.removal.next_check_at == datetime(2014, 6, 9, 4, tzinfo=UTC)


def test_what_a_host_called_gone_and_answers_is_for_a_person_to_look_at(node: Node) -> None:
    with site() as host:
        removal = _listed(node, host)
        with open_work(node, CONSOLE) as work:
            record_state(work, removal.id, RemovalState.REMOVED)
        assert _look(node, removal).contradicts
    found = file_of(node, removal)
    assert found.removal.state is RemovalState.REMOVED
    assert found.removal.next_check_at is not None
    assert found.removal.next_check_at - found.removal.changed_at >= timedelta(days=1)


def test_a_hosts_word_that_a_check_contradicts_stays_with_staff_and_out_of_the_figures(
    node: Node,
) -> None:
    with site() as host:
        removal = _listed(node, host)
        with open_work(node, CONSOLE) as work:
            store.mark_own(work.db, removal.id)
            notice = noticing.make_notice(work, removal.id)
            noticing.carry_notice(work, notice.id)
            noticing.record_reply(work, removal.id, ReplyKind.REMOVED)
        assert _standing(node, removal) == (0, 0, 0, 1)
        clock(node, 2014, 6, 3)
        assert _look(node, removal).contradicts
        assert _standing(node, removal) == (1, 1, 1, 0)
        assert file_of(node, removal).removal.contradicted
        clock(node, 2014, 6, 4)
        again = _look(node, removal)
        assert _standing(node, removal) == (1, 1, 1, 0), "one task while it waits"
        host.statuses["/posts/1?a=b"] = 500
        clock(node, 2014, 6, 5)
        _look(node, removal)
        assert _standing(node, removal) == (1, 1, 1, 0), "what says nothing settles nothing"
        host.statuses["/posts/1?a=b"] = 404
        clock(node, 2014, 6, 6)
        gone = _look(node, removal)
    assert _standing(node, removal) == (0, 0, 1, 1)
    with open_work(node, CONSOLE) as work:
        (record,) = actions.measure_hosts(work)
        assert [point.after for point in record.curve] == [timedelta(days=3, hours=21)]
        take_back(work, removal.id, gone.id, because="Another page.")
        assert len(actions.list_up(work)) == 1
        first = next(each for each in store.checks_of(work.db, removal.id) if each.contradicts)
        for check in (first, again):
            take_back(work, removal.id, check.id, because="A polite page.")
    assert _standing(node, removal) == (0, 0, 1, 1)


def _standing(node: Node, removal: Removal) -> tuple[int, int, int, int]:
    """Places listed and counted as up, tasks to look at one, and places gone in the figures."""
    with open_work(node, CONSOLE) as work:
        tasks = [
            each
            for each in diary.tasks_of(work, removal.case_id)
            if each.kind is TaskKind.PLACE_CONTRADICTED and each.title == removal.address
        ]
        (record,) = actions.measure_hosts(work)
        up, counted = actions.list_up(work), actions.count_waiting(work)
    return len(up), counted, len(tasks), record.gone
