"""The commands of agreements, cases, outcomes and removals, as scripts use them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tests.police.folk import a_case
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.knowledge.agreements.commands import group as agreements
from tipbridge.police.cases.commands import group as cases
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
    advice = run(outcomes, "advise", person_id)
    assert advice["permitted"][0]["outcome"] == "juvenile-division"
    assert advice["law_of_act"] == "KR/2012"
    decision = run(outcomes, "decide", person_id, "juvenile-division")
    assert decision["meaning"] == {
        "stage": "not-booked",
        "custody": "not-detained",
        "reason": "below-age",
    }
    (found,) = run(outcomes, "show", line["id"])
    looked_after = run(
        welfare, "record", found["welfare"]["welfare_id"], "--contact-made", "--agency", "Agency"
    )
    assert looked_after["contact_made"] is True
    talk = run(welfare, "talk", looked_after["id"], "child", "--why", "showing-off")
    planned = run(welfare, "plan", looked_after["id"], "counselling", "--due", "2014-07-01")
    run(welfare, "done", looked_after["id"], planned["id"])
    assert run(welfare, "step", person_id, "search")["contacted"] is True
    run(welfare, "record", looked_after["id"], "--guardian-notice", "given")
    run(welfare, "access", looked_after["id"], "--only")
    shown = run(welfare, "show", looked_after["id"])
    assert shown["talks"] == [talk]
    assert shown["welfare"]["narrowed"] is True
    assert len(run(welfare, "list")) == 1
    run(welfare, "close", looked_after["id"], "support-given")
    assert run(welfare, "review", person_id)["closed_at"] is not None
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
    run(removals, "carried", notice["id"])
    assert run(removals, "reply", added["id"], "acknowledged")["kind"] == "acknowledged"
    assert run(removals, "check", added["id"])["outcome"] == "not-on-the-list"
    assert [each["id"] for each in run(removals, "up")] == [added["id"]]
    run(removals, "record", added["id"], "removed")
    (measured,) = run(hosts, "measure")
    assert (measured["host"], measured["gone"]) == ("host.example", 1)
    (shown,) = run(removals, "list", case)
    assert shown["removal"]["state"] == "removed"
    assert "https://host" not in run(removals, "list", case, as_json=False)
