"""An examination that was begun is given up with a reason, and is told as given up ever after."""

import json

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_pages import begun, page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions, passes
from tipbridge.police.evidence.errors import OutOfTurn
from tipbridge.police.evidence.telling import exhibits_in, told_of


def test_an_examination_is_given_up_with_a_reason_on_the_page(node: Node) -> None:
    case = a_case(node)
    exhibit = an_exhibit(node, CONSOLE, case)
    begun(node, exhibit.id)
    client = page_client(node, "officer", Role.INVESTIGATOR, Role.EXAMINER, language="ko")
    where = f"/exhibits/{exhibit.id}"
    with open_work(node, CONSOLE) as work:
        (running,) = actions.read_exhibit(work, exhibit.id).running
        told = told_of(work, exhibits_in(work, case))[0].running
    assert [each.given_up for each in told] == [None]
    form = {"examination": running.begun.id, "reason": " "}
    assert client.post(f"{where}/give-up", data=form).status_code == 400
    form["reason"] = "another image was made"
    assert client.post(f"{where}/give-up", data=form).status_code == 303
    assert client.post(f"{where}/give-up", data=form).status_code == 409
    text = client.get(where).text
    for word in ("중단된 분석", "another image was made", "중단한 사람"):
        assert word in text
    assert "이 분석 중단하기" not in text
    with open_work(node, CONSOLE) as work:
        assert actions.read_progress(work, exhibit.id).running == ()
        (left,) = told_of(work, exhibits_in(work, case))[0].running
        assert left.given_up is not None
        assert (left.given_up.by, left.given_up.reason) == ("officer", form["reason"])
        with pytest.raises(OutOfTurn):
            passes.keep_found(work, left.begun.id, [], position=9, since=2, bytes_read=1)
    with open_work(node, CONSOLE) as work:
        anew = passes.begin_pass(work, exhibit.id, left.begun.facts, reason="seen on the spot")
        assert anew.begun.id != left.begun.id
        other = an_exhibit(node, CONSOLE, a_case(node))
        with pytest.raises(NotFound):
            passes.give_up_pass(work, other.id, anew.begun.id, reason="not its own")
        with pytest.raises(Invalid):
            passes.give_up_pass(work, exhibit.id, anew.begun.id, reason="")


def test_an_examination_given_up_is_in_the_bundle_with_its_reason(node: Node) -> None:
    from tipbridge.police.disclosure.gathering import unfinished

    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    begun(node, exhibit.id)
    with open_work(node, CONSOLE) as work:
        (running,) = actions.read_exhibit(work, exhibit.id).running
        passes.give_up_pass(work, exhibit.id, running.begun.id, reason="the disk died")
        (left,) = actions.read_exhibit(work, exhibit.id).given_up
    said = json.loads(json.dumps(unfinished(left)))
    assert said["given_up"]["reason"] == "the disk died"
    assert unfinished(running)["given_up"] is None
