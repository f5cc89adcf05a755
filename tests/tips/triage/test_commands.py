"""The commands of tips, leads and lists, as scripts use them."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tests.tips.triage.filed import file_tip
from tipbridge.foundation.base.defanging import defang_address
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.commands import group as lists
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.tips.triage.commands import leads, tips


@pytest.fixture
def run(node, monkeypatch: pytest.MonkeyPatch):
    """Runs a command on the node's own database and reads its JSON."""
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))

    def run_(group: typer.Typer, verb: str, *words: str, as_json: bool = True):
        given = (verb, "--data", str(node.data), *(("--json",) if as_json else ()), *words)
        done = CliRunner().invoke(group, given, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout) if as_json else done.stdout

    return run_


def leaves(value: object) -> set[str]:
    """Every single value in a JSON answer, as text."""
    if isinstance(value, dict):
        return {leaf for each in value.values() for leaf in leaves(each)}
    if isinstance(value, list):
        return {leaf for each in value for leaf in leaves(each)}
    return {str(value)}


def test_every_value_of_a_maximal_tip_is_shown(node, run) -> None:
    for document, values in maximal_reports():
        report_id = file_tip(node, document)
        shown = leaves(run(tips, "show", report_id)["values"])
        assert [each for each in values if each and defang_address(each) not in shown] == []


def test_every_value_of_maximal_file_details_is_shown(node, run) -> None:
    pairs = maximal_file_details("{report}", ["{file0}"])
    for body, values in pairs:
        report_id = file_tip(node, details=[body])
        shown = leaves(run(tips, "show", report_id)["files"])
        told = [each for each in values if "{" not in each]
        assert [each for each in told if defang_address(each) not in shown] == []


def test_a_tip_is_listed_shown_in_words_and_given_to_a_unit(node, run) -> None:
    report_id = file_tip(node)
    (line,) = run(tips, "list", "--waiting")
    assert (line["report_id"], line["queue"], line["countries"]) == (report_id, "ordinary", ["KR"])
    assert "Example Broadband Korea" in run(tips, "show", report_id, as_json=False)
    run(tips, "assign", report_id, "--unit", "headquarters", as_json=False)
    assert run(tips, "list", "--waiting") == []


def test_a_lead_of_own_grounds_is_added_listed_and_shown(run) -> None:
    added = run(
        leads, "add", "--grounds", "A seized server names it.", "--grade", "B2",
        "--account", "Example Market:seller", "--phone", "+82 10-0000-0000", "--age", "31",
        "--suspicion", "preparing-sale", "--place", "paid-site", "--service", "Example Market",
    )  # fmt: skip
    (listed,) = run(leads, "list", "--source", "own-grounds")
    assert listed["id"] == added["id"]
    parts = {each["label"]: each["value"] for each in run(leads, "show", added["id"])["parts"]}
    assert parts["people/0/phones/0"] == {"number": "+821000000000"}
    assert parts["people/0/place"] == {"kind": "paid-site", "service": "Example Market"}
    run(leads, "close", added["id"], as_json=False)
    assert run(leads, "show", added["id"])["state"] == "closed"


def test_an_account_without_its_service_is_refused_by_name(run) -> None:
    with pytest.raises(Invalid, match="SERVICE:IDENTIFIER"):
        run(leads, "add", "--grounds", "x", "--grade", "B2", "--account", "seller")


def test_a_list_is_added_imported_and_listed(run, tmp_path: Path) -> None:
    run(lists, "add", "--name", "national", "--purpose", "known-material", "--owner", "A body")
    file = tmp_path / "list.csv"
    file.write_text(f"sha256,mark\n{digest_bytes(b'x').sha256},A1\n")
    assert run(lists, "import", "national", str(file))["added"] == 1
    (found,) = run(lists, "list")
    assert (found["active_version"], found["waiting_version"]) == (None, 1)
