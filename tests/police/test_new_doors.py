"""Doors that came last: a child's file and lists by command, answers by e-mail and offers by page."""

import re
from datetime import date

from starlette.testclient import TestClient

from tests.police.folk import a_case, outcome_of, recorded, suspect, verified
from tests.police.removals.places import a_place
from tests.police.removals.places import file_of as place_of
from tests.police.removals.test_mailed import answer, asked
from tests.police.test_commands import Run, run
from tests.police.test_pages import ROUTERS
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.police.cases.commands import group as cases
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.outcomes.commands import group as outcomes
from tipbridge.police.removals.mailed.decoding import MOST_BYTES
from tipbridge.police.removals.model import ReplyKind

__all__ = ["run"]  # a fixture


def signed_in(node: Node, *roles: Role) -> TestClient:
    """A browser in which a member of staff of these roles is signed in."""
    add_member(node, "desk", *roles)
    client = browser(shell_app(node, routers=ROUTERS))
    sign_in(client, "desk")
    return client


def test_a_childs_file_and_the_list_of_a_case_are_kept_by_commands(node: Node, run: Run) -> None:
    for name in ("one", "two"):
        add_member(node, name, Role.INVESTIGATOR)
    file = a_case(node)
    number, as_one = file.case.number, ("--as", "one")
    person = run(cases, "add-person", number, "--role", PersonRole.VICTIM.value)["id"]
    made = run(cases, "open-child", number, person, *as_one)["id"]
    run(cases, "record-child", number, made, "--needs", "A quiet room.", *as_one)
    run(cases, "admit-to-child", number, made, "two", *as_one)
    seen = run(cases, "child", number, made, "--as", "two")
    assert (seen["facts"]["needs"], len(seen["members"])) == ("A quiet room.", 2)
    run(cases, "dismiss-from-child", number, made, "one", "--as", "two")
    assert len(run(cases, "child", number, made, "--as", "two")["members"]) == 1

    run(cases, "restrict", number, "--as", "two")  # "one" could not: only "two" reads the file
    assert run(cases, "list", *as_one) == []
    run(cases, "admit", number, "one", "--as", "two")
    assert run(cases, "list", *as_one)
    run(cases, "dismiss", number, "one", "--as", "two")
    assert run(cases, "list", *as_one) == []


def test_a_duty_is_done_by_command(node: Node, run: Run) -> None:
    file = a_case(node)
    recorded(node, file, suspect(birth=verified(date(2001, 1, 1))))
    person = file.people[0].person.id
    run(outcomes, "decide", person, "juvenile-division", "--grounds", "Synthetic.")
    duty = next(
        each for each in outcome_of(node, file.case.id, person).duties if each.code == "counsel"
    )
    run(outcomes, "duty-done", duty.id)
    done = {each.id for each in outcome_of(node, file.case.id, person).duties if each.done_at}
    assert duty.id in done


def test_answers_by_e_mail_are_brought_in_on_the_page_and_each_is_accounted_for(node: Node) -> None:
    removal = a_place(node)
    notice = asked(node, removal)
    client = signed_in(node, Role.INVESTIGATOR)
    assert 'action="/removals/mails"' in client.get("/removals").text
    mails = b"".join(
        b"From desk Tue Feb 25 00:00:00 2014\n" + bytes(each).replace(b"\r\n", b"\n") + b"\n"
        for each in (answer(node, notice), answer(node, notice, From="other@else.example"))
    )
    shown = client.post("/removals/mails", files={"file": ("box.mbox", mails)})
    assert shown.status_code == 200
    assert "box.mbox:1" in shown.text
    assert "other sender" in shown.text
    (reply,) = place_of(node, removal).replies
    assert reply.kind is ReplyKind.REMOVED
    again = client.post("/removals/mails", files={"file": ("box.mbox", mails)})
    assert "known before" in again.text
    assert len(place_of(node, removal).replies) == 1
    too_long = {"file": ("long.eml", b"a" * (MOST_BYTES + 1))}
    assert client.post("/removals/mails", files=too_long).status_code == 400
    assert client.post("/removals/mails", files={"file": ("none.eml", b"")}).status_code == 400


def test_a_welfare_record_is_asked_for_on_the_page(node: Node) -> None:
    file = a_case(node)
    person = file.people[0].person.id
    recorded(node, file, suspect(birth=verified(date(1970, 1, 1))))
    client, page = signed_in(node, Role.INVESTIGATOR), f"/cases/{file.case.id}/outcomes"
    path = f"/cases/{file.case.id}/people/{person}/welfare"
    assert f'action="{path}"' in client.get(page).text
    nothing = client.post(path)
    assert (nothing.status_code, nothing.headers["location"]) == (303, page)


def test_who_may_offer_an_item_sees_the_form_once_it_is_removed(node: Node) -> None:
    removal = a_place(node)
    client = signed_in(node, Role.INVESTIGATOR, Role.EXAMINER)
    page = f"/cases/{removal.case_id}/removals"
    assert client.post(f"{page}/{removal.id}", data={"state": "removed"}).status_code == 303
    form = f'action="{page}/{removal.id}/offers"'
    assert re.search(re.escape(form), client.get(page).text) is None
    refused = client.post(f"{page}/{removal.id}/offers", data={"list_name": "known"})
    assert refused.status_code == 409
