"""What a place is, at which host and in which country, is corrected; what was said before stays."""

from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.folk import a_case, contacted, record_of, recorded, suspect, verified
from tests.police.removals.places import clock, file_of, know
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.removals import actions, correcting, noticing
from tipbridge.police.removals.due.model import ToDo
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import Channel, NoticeState, PlaceForm, Removal, ReplyKind
from tipbridge.police.welfare.actions import read_record
from tipbridge.police.welfare.model import ClockStep
from tipbridge.sharing.notices.model import NoticeStep

WHY = "The group is at another service."


def _group(node: Node, host: str = "wrong.example") -> Removal:
    file = a_case(node)
    with open_work(node, CONSOLE) as work:
        return actions.add_place(
            work,
            file.case.id,
            address="group 17",
            form=PlaceForm.URL,
            host=host,
            country="US",
        )


def _corrected(node: Node, place: Removal, **words: object) -> Removal:
    with open_work(node, CONSOLE) as work:
        return correcting.correct_place(work, place.id, because=WHY, **words)  # type: ignore[arg-type]


def test_a_place_is_what_the_correction_says_and_its_former_words_stay(node: Node) -> None:
    place = _group(node)
    right = _corrected(
        node, place, host="Right.example", country="KR", form=PlaceForm.MESSAGE_GROUP
    )
    assert (right.host, right.country, right.form) == (
        "right.example",
        "KR",
        PlaceForm.MESSAGE_GROUP,
    )
    (former,) = right.former_words
    assert (former.host, former.country, former.form) == ("wrong.example", "US", PlaceForm.URL)
    assert (former.because, former.corrected_by) == (WHY, CONSOLE.id)
    again = _corrected(node, place, country="")
    assert (again.country, again.host, len(again.former_words)) == (None, "right.example", 2)
    assert file_of(node, place).removal == again


def test_what_is_no_correction_is_refused(node: Node) -> None:
    place = _group(node)
    for words in ({}, {"host": "wrong.example", "country": "US", "form": PlaceForm.URL}):
        with pytest.raises(Conflict, match=r"url at wrong\.example, country US already"):
            _corrected(node, place, **words)
    for words in ({"host": "two words"}, {"country": "Korea"}):
        with pytest.raises(Invalid):
            _corrected(node, place, **words)
    with pytest.raises(Invalid, match="because"), open_work(node, CONSOLE) as work:
        correcting.correct_place(work, place.id, host="right.example", because=" ")
    with open_work(node, CONSOLE) as work:
        take_back(work, place.id, place.id, because="Nothing is there.")
    with pytest.raises(Conflict, match="by mistake"):
        _corrected(node, place, host="right.example")


def test_a_notice_to_the_wrong_host_goes_nowhere_and_the_right_one_is_asked_first(
    node: Node,
) -> None:
    know(node, "wrong.example", Channel.EMAIL, "abuse@wrong.example")
    place = _group(node)
    with open_work(node, CONSOLE) as work:
        wrong = noticing.make_notice(work, place.id)
    _corrected(node, place, host="right.example")
    with open_work(node, WORKER) as work:
        assert noticing.send_notice(work, notice_id=wrong.id) == 0
    (notice,) = file_of(node, place).notices
    assert (notice.state, notice.problem) == (NoticeState.FAILED, "host-corrected")
    for act in (noticing.retry_notice, noticing.carry_notice):
        with pytest.raises(Conflict, match="other host"), open_work(node, CONSOLE) as work:
            act(work, wrong.id)
    with open_work(node, CONSOLE) as work:
        (line,) = actions.list_up(work, only_due=True)
    assert line.due is not None
    assert (line.due.todo, line.due.step) == (ToDo.ASK, NoticeStep.FIRST)
    with open_work(node, CONSOLE) as work:
        made = noticing.make_notice(work, place.id)
    assert (made.host, made.step) == ("right.example", NoticeStep.FIRST)


def test_what_the_wrong_host_was_asked_counts_for_neither(node: Node) -> None:
    place = _group(node)
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, noticing.make_notice(work, place.id).id)
    clock(node, 2014, 6, 4)
    _corrected(node, place, host="right.example")
    with pytest.raises(Conflict, match="Nobody was asked"), open_work(node, CONSOLE) as work:
        noticing.record_reply(work, place.id, ReplyKind.REMOVED)
    with open_work(node, CONSOLE) as work:
        assert actions.lives_seen(work) == []
        made = noticing.make_notice(work, place.id)
        noticing.carry_notice(work, made.id)
        (life,) = actions.lives_seen(work)
    assert (made.step, life.host) == (NoticeStep.FIRST, "right.example")
    assert life.noticed_at == file_of(node, place).notices[-1].sent_at


def test_a_country_corrected_alone_leaves_what_was_asked(node: Node) -> None:
    place = _group(node)
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, noticing.make_notice(work, place.id).id)
    _corrected(node, place, country="KR")
    with open_work(node, CONSOLE) as work:
        noticing.record_reply(work, place.id, ReplyKind.REMOVED)
        (life,) = actions.lives_seen(work)
    assert life.country == "KR"


def test_a_childs_request_is_open_again_until_the_right_host_is_asked(node: Node) -> None:
    file = a_case(node)
    person = recorded(node, file, suspect(birth=verified(date(1999, 1, 1)), self_produced=True))
    contacted(node, person)
    with open_work(node, CONSOLE) as work:
        place = actions.add_place(
            work, file.case.id, address="https://host.example/1", form=PlaceForm.URL
        )
    run_followups(node)
    (notice,) = file_of(node, place).notices
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id)
    run_followups(node)
    assert _requested(node, person) is not None
    _corrected(node, place, host="right.example")
    run_followups(node)
    assert _requested(node, person) is None
    waiting = file_of(node, place).notices[-1]
    assert (waiting.host, waiting.state) == ("right.example", NoticeState.DRAFT)


def _requested(node: Node, person: str) -> date | None:
    with open_work(node, CONSOLE) as work:
        clocks = read_record(work, record_of(node, person).id).clocks
    return next(each.met_on for each in clocks if each.step is ClockStep.REMOVAL_REQUEST)


def test_the_page_corrects_a_place_and_shows_what_was_said_before(node: Node) -> None:
    place = _group(node)
    client = signed_in(node, Role.INVESTIGATOR)
    path = f"/cases/{place.case_id}/removals"
    sent = {"form": "message-group", "host": "right.example", "country": "", "because": WHY}
    answer = client.post(f"{path}/{place.id}/words", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}#{place.id}")
    page = client.get(path).text
    assert "instead of" in page
    assert "wrong[.]example" in page
    assert WHY in page
