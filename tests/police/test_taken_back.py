"""What was written down and does not stand is taken back on the page and by command, as staff do."""

from datetime import timedelta

import pytest

from tests.police.cases.builders import account_parts, taken
from tests.police.folk import NOW, a_case
from tests.police.test_commands import Run, run
from tests.police.test_new_doors import signed_in
from tests.sharing.net import set_clock
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.police.cases.commands import group as cases
from tipbridge.police.cases.demands.commands import demands

__all__ = ["run"]  # a fixture


def test_an_answer_is_taken_back_on_the_page_and_by_command(node: Node, run: Run) -> None:
    case = a_case(node).case.id
    client = signed_in(node, Role.INVESTIGATOR)
    form = {
        "kind": "subscriber", "addressee": "Example Telecom", "language": "ko",
        "authority": "A ground.", "account": "user-1",
    }  # fmt: skip
    page = client.post(f"/cases/{case}/demands", data=form, follow_redirects=True)
    at = str(page.url.path)
    assert f'action="{at}/drop"' in page.text
    page = client.post(f"{at}/drop", data={"because": "Asked by telephone."}, follow_redirects=True)
    assert "Asked by telephone." in page.text
    assert f'action="{at}/answer"' not in page.text
    demand = at.rpartition("/")[2]
    assert run(demands, "reopen", case, demand, "--because", "In writing.")["state"] == "drafted"
    client.post(f"{at}/sending")
    client.post(f"{at}/refusal", data={"words": "No ground."})
    page = client.post(
        f"{at}/answer", data={"kind": "phone", "value": "+82 2 555 0100"}, follow_redirects=True
    )
    assert "No ground." in page.text
    assert "Further answer" in page.text
    (line,) = run(demands, "list", case)
    (fact,) = line["facts"]
    where = f"/cases/{case}/facts/{fact['id']}"
    assert f'action="{where}"' in page.text
    page = client.post(where, data={"because": "Another line."}, follow_redirects=True)
    assert "<s>+82 2 555 0100</s>" in page.text
    assert "Another line." in page.text
    assert "+82 2 555 0100" not in client.get(f"/cases/{case}/demands").text
    with pytest.raises(Conflict):
        run(demands, "withdraw-fact", case, fact["id"], "--because", "Again.")


def test_a_task_is_given_another_day_and_hand_on_the_page_and_by_command(
    node: Node, run: Run
) -> None:
    file = a_case(node, now=NOW - timedelta(days=1))
    case = file.case.id
    run(cases, "task", case, "Visit.", "--due", "2014-06-01")
    set_clock(node, NOW)
    client = signed_in(node, Role.INVESTIGATOR)
    assert "Visit." not in client.get("/tasks").text
    shown = client.get("/tasks?whose=nobodys").text
    assert "Visit." in shown
    assert "overdue" in shown
    (line,) = run(cases, "tasks", "--whose", "all", "--as", "desk")["lines"]
    task = line["task"]["id"]
    assert (line["overdue"], line["number"]) == (True, file.case.number)
    client.post(f"/cases/{case}/tasks/{task}/assignment", data={"to": "desk"})
    assert "Visit." in client.get("/tasks").text
    form = {"due_on": "2014-07-01", "because": "The office is shut."}
    page = client.post(f"/cases/{case}/tasks/{task}/day", data=form, follow_redirects=True)
    assert "The office is shut." in page.text
    (line,) = run(cases, "tasks", "--as", "desk")["lines"]
    assert (line["overdue"], line["task"]["due_on"]) == (False, "2014-07-01")
    why = ("--because", "No hurry.")
    with pytest.raises(Invalid, match="--no-day"):
        run(cases, "task-day", case, task, *why)
    assert run(cases, "task-day", case, task, "--no-day", *why)["due_on"] is None
    assert run(cases, "assign-task", case, task)["assigned_to"] is None


def test_a_note_is_struck_out_and_brought_to_its_case_on_the_diary_and_by_command(
    node: Node, run: Run
) -> None:
    file = a_case(node)
    case, other = file.case.id, taken(node, account_parts("b")).case_id
    client = signed_in(node, Role.INVESTIGATOR)
    client.post(f"/cases/{case}/notes", data={"note": "Of another matter."})
    (note,) = run(cases, "diary", case)["notes"]
    at = f"/cases/{case}/entries/{note['id']}"
    page = client.post(f"{at}/strike", data={"because": "Mixed up."}, follow_redirects=True)
    assert "<s>Of another matter.</s>" in page.text
    assert "Mixed up." in page.text
    run(cases, "restore", case, note["id"], "--because", "I see the right case.")
    form = {"other": run(cases, "show", other)["case"]["number"], "because": "Its own case."}
    page = client.post(f"{at}/move", data=form, follow_redirects=True)
    assert "Of another matter." not in page.text
    assert form["other"] in page.text
    assert "Of another matter." in client.get(f"/cases/{other}/diary").text
    (line,) = run(cases, "diary", case)["moves"]
    where = f"/cases/{case}/moves/{line['move']['id']}"
    assert f'action="{where}"' in page.text
    page = client.post(where, data={"because": "It was right."}, follow_redirects=True)
    assert "Of another matter." in page.text
    made = run(cases, "move-entry", case, note["id"], "--to", other, "--because", "No.")
    run(cases, "return-entry", case, made["id"], "--because", "Yes.")
    run(cases, "strike", case, note["id"], "--because", "Nobody's.")
    assert len(run(cases, "diary", case)["strikes"]) == 2
