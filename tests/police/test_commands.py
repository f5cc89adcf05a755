"""The commands of agreements, cases, outcomes and removals, as scripts use them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tests.nodes import CONSOLE, add_unit
from tests.police.cases.builders import account_parts
from tests.police.disclosure.test_actions import propose
from tests.police.disclosure.test_favours import a_case_of_two, with_both_sides
from tests.police.folk import a_case
from tests.police.removals.places import clock
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.knowledge.agreements.commands import group as agreements
from tipbridge.police.cases.commands import group as cases
from tipbridge.police.cases.demands.commands import demands
from tipbridge.police.cases.handing.commands import handovers
from tipbridge.police.disclosure.commands import group as disclosures
from tipbridge.police.outcomes.commands import group as outcomes
from tipbridge.police.removals.commands import group as removals
from tipbridge.police.removals.commands import host_group as hosts
from tipbridge.police.welfare.commands import group as welfare

Run = Callable[..., Any]


@pytest.fixture
def run(node: Node, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the node's own database and reads its JSON."""
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))

    def run_(group: typer.Typer, verb: str, *words: str, as_json: bool = True) -> Any:
        given = (verb, "--data", str(node.data), *(("--json",) if as_json else ()), *words)
        done = CliRunner().invoke(group, given, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout) if as_json else done.stdout

    return run_


def _template(*words: str) -> str:
    done = CliRunner().invoke(agreements, ("template", *words), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_an_agreement_is_printed_added_listed_and_shown(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "agreement.toml"
    parties = ("--sender", "us.clearing", "--receiver", "us.hsi")
    path.write_text(_template("standing-referral", *parties), "utf-8")
    added = run(agreements, "add", str(path))
    assert [line["sha256"] for line in run(agreements, "list")] == [added["sha256"]]
    shown = run(agreements, "show", added["sha256"])
    assert shown["terms"]["minimum_age"]["years"] > 0
    assert shown["terms"]["rules"]["ip"]["verdict"] == "allow"


def test_a_file_that_is_not_there_is_a_refusal_in_words(run: Run, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        run(agreements, "add", str(tmp_path / "none.toml"))


def _look_after(run: Run, record: str, person_id: str) -> None:
    """Everything about a child's record, by commands."""
    looked_after = run(welfare, "record", record, "--contact-made", "--agency", "Agency")
    assert looked_after["contact_made"] is True
    talk = run(welfare, "talk", record, "child", "--why", "showing-off")
    planned = run(welfare, "plan", record, "counselling", "--due", "2014-07-01")
    run(welfare, "done", record, planned["id"])
    dropped = run(welfare, "plan", record, "home-visit", "--due", "2014-07-01")
    run(welfare, "drop", record, dropped["id"], "--because", "They moved.")
    mistaken = run(welfare, "talk", record, "child")
    run(welfare, "take-back-talk", record, mistaken["id"], "--because", "Another's.")
    assert run(welfare, "step", person_id, "search")["contacted"] is True
    run(welfare, "record", record, "--guardian-notice", "given")
    run(welfare, "record", record, "--consent", "given", "--consent-by", "child")
    run(welfare, "access", record, "--only")
    shown = run(welfare, "show", record)
    assert {each["id"]: each["taken_back_because"] for each in shown["talks"]} == {
        talk["id"]: None,
        mistaken["id"]: "Another's.",
    }
    assert shown["welfare"]["narrowed"] is True
    assert len(run(welfare, "list")) == 1
    run(welfare, "record", record, "--own-material", "no-place-known")
    run(welfare, "close", record, "support-given")
    assert run(welfare, "review", person_id)["closed_at"] is not None


def test_a_case_goes_from_person_to_decision_by_commands(node: Node, run: Run) -> None:
    file = a_case(node)
    (line,) = run(cases, "list")
    assert line["number"] == file.case.number
    shown = run(cases, "show", line["number"])
    person_id = shown["people"][0]["person"]["id"]
    facts = [
        "--role",
        "suspect",
        "--born",
        "2001-01-01",
        "--certainty",
        "verified",
        "--offence",
        "distribution",
        "--act",
        "posted",
        "--act-on",
        "2014-03-10",
        "--school",
        "elementary",
        "--place",
        "social-network",
        "--self-produced",
        "--motive",
        "showing-off",
        "--reference",
        "person-001",
    ]
    run(cases, "record-person", person_id, *facts)
    run(cases, "add-favour", line["id"], person_id, "--text", "The line is shared.")
    advice = run(outcomes, "advise", person_id)
    assert [each["text"] for each in advice["favours"]] == ["The line is shared."]
    assert advice["permitted"][0]["outcome"] == "juvenile-division"
    assert advice["law_of_act"] == "KR/2013-06-19"
    decision = run(outcomes, "decide", person_id, "juvenile-division")
    assert decision["meaning"] == {
        "stage": "not-booked",
        "custody": "not-detained",
        "reason": "below-age",
    }
    (found,) = run(outcomes, "show", line["id"])
    _look_after(run, found["welfare"]["welfare_id"], person_id)
    added = run(cases, "add-person", line["id"], "--role", "victim")
    assert added["id"]
    assert run(removals, "list", line["id"]) == []
    assert "person-001" in run(cases, "show", line["id"], as_json=False)


def test_a_place_is_added_asked_about_and_checked_by_commands(node: Node, run: Run) -> None:
    case = a_case(node).case.id
    added = run(removals, "add", case, "https://host.example/1", "--country", "KR")
    assert added["address"] == "hxxps[:]//host[.]example/1"
    written = run(hosts, "write", "host.example", "--channel", "by-hand", "--language", "ko")
    assert written["may_check"] is False
    run(hosts, "checks", "host.example", "--deny")
    assert [host["name"] for host in run(hosts, "list")] == ["host.example"]
    notice = run(removals, "notice", added["id"])
    assert (notice["state"], notice["language"]) == ("draft", "ko")
    clock(node, 2014, 6, 5, 9)
    run(removals, "carried", notice["id"], "--done-at", "2014-06-02T13:00+09:00")
    reply = run(removals, "reply", added["id"], "acknowledged", "--done-at", "2014-06-02T05:00")
    assert (reply["kind"], reply["at"][:16]) == ("acknowledged", "2014-06-02T05:00")
    assert run(removals, "check", added["id"])["outcome"] == "not-on-the-list"
    assert [each["removal"]["id"] for each in run(removals, "up")] == [added["id"]]
    run(removals, "record", added["id"], "removed", "--done-at", "2014-06-02T14:00")
    (measured,) = run(hosts, "measure")
    assert (measured["host"], measured["gone_within"]) == ("host.example", [1, 1, 1])
    (shown,) = run(removals, "list", case)
    assert shown["removal"]["state"] == "removed"
    assert shown["notices"][0]["sent_at"][:16] == "2014-06-02T04:00"
    assert shown["steps"][0]["recorded_at"][:16] == "2014-06-05T09:00"
    assert "https://host" not in run(removals, "list", case, as_json=False)


def test_cases_are_searched_joined_split_and_given_back_by_commands(node: Node, run: Run) -> None:
    first = a_case(node)
    other = a_case(node, account_parts("kid2")).case.id
    case = first.case.id
    found = run(cases, "search", case, "kid2", "--grounds", "The same circle.")
    assert [each["case_id"] for each in found["found"]] == [other]
    (kept,) = run(cases, "searches", case)
    assert kept["grounds"] == "The same circle."
    words = ("--relation", "parent", "--grounds", "One circle.")
    made = run(cases, "join", case, other, *words)
    assert made["relation"] == "parent"
    assert run(cases, "undo", case, made["id"])["id"] == made["id"]
    added = run(cases, "add-person", case, "--role", "victim")
    part = run(cases, "split", case, "--person", added["id"], "--grounds", "Two matters.")
    assert [each["person"]["id"] for each in run(cases, "show", part["id"])["people"]] == [
        added["id"]
    ]


def test_a_demand_goes_from_draft_to_facts_by_commands(node: Node, run: Run) -> None:
    case = a_case(node).case.id
    asked = ("--kind", "subscriber", "--addressee", "Example Telecom", "--authority", "Ground")
    seen = ("--ip", "203.0.113.7", "--port", "40001", "--seen-at", "2014-03-10T12:00+0900")
    ids = [run(demands, "draft", case, *asked, *seen)["id"] for _ in range(2)]
    clock(node, 2014, 6, 5, 9)
    for each in ids:
        done_at = ("--done-at", "2014-06-02T12:00")
        assert run(demands, "send", case, each, "--due-on", "2014-06-03", *done_at)["due_on"]
    said = ("--said", "subscriber-name=subscriber-001", "--done-at", "2014-06-03T12:00")
    (fact,) = run(demands, "answer", case, ids[0], *said)
    assert (fact["said"]["kind"], fact["said"]["value"]) == ("subscriber-name", "subscriber-001")
    run(demands, "refuse", case, ids[1], "--words", "None.", "--done-at", "2014-06-04T12:00")
    ended = {line["demand"]["ended_at"][:10] for line in run(demands, "list", case)}
    assert ended == {"2014-06-03", "2014-06-04"}
    states = {line["demand"]["id"]: line["demand"]["state"] for line in run(demands, "list", case)}
    assert states == {ids[0]: "answered", ids[1]: "refused"}
    with pytest.raises(Invalid, match="KIND=VALUE"):
        run(demands, "answer", case, ids[0], "--said", "shoe-size=44")


def test_a_case_is_offered_accepted_and_taken_back_by_commands(node: Node, run: Run) -> None:
    case = a_case(node).case.id
    add_unit(node, "port")
    words = ("--unit", "port", "--ground", "speciality", "--words", "Please.")
    first = run(handovers, "offer", case, *words)["id"]
    run(handovers, "withdraw", case, first)
    second = run(handovers, "offer", case, *words)["id"]
    run(handovers, "refuse", second, "--answer", "Not ours.")
    third = run(handovers, "offer", case, *words)["id"]
    assert run(handovers, "accept", third)["state"] == "accepted"
    states = {line["offer"]["id"]: line["offer"]["state"] for line in run(handovers, "list")}
    assert states == {first: "withdrawn", second: "refused-by-unit", third: "accepted"}


def test_commands_say_what_favours_is_in_a_bundle(run: Run, node: Node, tmp_path: Path) -> None:
    case_id, person_id = a_case_of_two(node)
    with_both_sides(node, case_id, person_id)
    proposed = propose(node, CONSOLE, case_id)
    shown = run(disclosures, "show", proposed.id)
    assert shown["favours"]["people"][0]["person"] == person_id
    told = run(disclosures, "preview", proposed.id, str(tmp_path / "preview"))
    counts = {"people": 1, "favours": 1, "defence": 2, "corrections": 2}
    assert told["favours"] == counts | {"not_found": 0, "nothing": 0}
