"""Drafts, the command line and the pages: a person decides, and sees what became of it."""

import contextlib
import json
import re
from contextlib import ExitStack
from pathlib import Path

import pytest
import typer
from click.testing import CliRunner

from tests.nodes import CONSOLE
from tests.tips.filing.clearing import (
    DETAILS,
    Clearing,
    accept,
    filing_node,
    last_report,
    read,
    send,
)
from tests.tips.intake.ispws import REPORT, add_provider, serving
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import open_work
from tipbridge.office import terminal
from tipbridge.tips.filing import actions, drafts, facts, outbox, pages
from tipbridge.tips.filing.commands import group
from tipbridge.tips.filing.documents import FileDetails
from tipbridge.tips.filing.facts import Facts, facts_in, read_rows, report_from
from tipbridge.tips.filing.model import Origin
from tipbridge.tips.filing.parcels import Enclosure
from tipbridge.tips.filing.writing import report_bytes
from tipbridge.tips.report.errors import InvalidDocument
from tipbridge.tips.report.parse import parse_any

BATCHED = b"""<report><batchedReport reason="VIRAL_POTENTIAL_MEME"/><incidentSummary>
<incidentType>Child Sex Trafficking</incidentType></incidentSummary>
<reporter><reportingPerson><email>ts@esp.example</email></reportingPerson></reporter>
<personOrUserReported><espIdentifier>user-1</espIdentifier></personOrUserReported></report>"""
FACTS = Facts(
    incident_type="Child Sex Trafficking",
    reporter_email="ts@esp.example",
    incident_time="2026-01-05T10:20:30+01:00",
    platform="Example Chat",
    escalate="synthetic reason",
    service="Example Chat",
    account="user-0001",
    screen_name="synthetic_user",
    email="u1@mail.example",
    phone="2025550100",
    ip="203.0.113.7",
    ip_port="44321",
    ip_time="2026-01-05T09:00:00Z",
    ip_event="Login",
    url="https://esp.example/posts/1",
    victim_account="user-0002",
    note="synthetic",
)


@pytest.fixture
def ground(make_node):
    own, there = make_node(node_id="esp.one"), make_node(node_id="us.clearing")
    add_provider(there)
    with ExitStack() as stack:
        address = stack.enter_context(serving(there))
        yield filing_node(own, f"{address}/ispws"), Clearing(node=there, before=last_report(there))


@pytest.fixture
def typed(ground, monkeypatch):
    """Types a command and gives its exit code and what it printed."""

    @contextlib.contextmanager
    def opened(data):
        del data
        yield ground[0], None

    monkeypatch.setattr(terminal, "_opened", opened)
    command = typer.main.get_command(group)

    def run(*words, feed=None):
        line = [words[0], "--data", str(ground[0].data), *map(str, words[1:]), "--json"]
        done = CliRunner().invoke(command, line, input=feed)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        found = re.search(r"[\[{]\n", done.stdout)
        assert found, done.output
        return done.exit_code, json.loads(done.stdout[found.start() :])

    return run


def test_facts_become_a_report_and_facts_again():
    document = parse_any(report_bytes(report_from(FACTS)), "report")
    assert facts_in(document) == FACTS
    least = Facts(incident_type="Child Sex Trafficking")
    assert facts_in(parse_any(report_bytes(report_from(least)), "report")) == least
    with pytest.raises(Invalid, match="'incident_type' is required"):
        report_from(Facts())


BAD_ROWS = [
    ("", "holds no report"),
    ("[1]", "Row 1 is no object"),
    ("{", "not JSON"),
    ('{"colour": "red"}', "Row 1: no column 'colour'; there are incident_type"),
    ('[{}, {"note": []}]', "Row 2: 'note' must be a text"),
    ("incident_type,viewed\nx,perhaps\n", "Row 1: 'viewed' must be yes or no, not 'perhaps'"),
    ('a"b,c\n"', "not CSV|no column"),
    ("incident_type\nx,y\n", "no column"),
]


@pytest.mark.parametrize(("text", "told"), BAD_ROWS)
def test_a_wrong_row_is_told_with_its_place(tmp_path, text, told):
    path = tmp_path / "rows"
    path.write_text(text, "utf-8")
    with pytest.raises(Invalid, match=told):
        read_rows(path)


def test_rows_name_their_files_and_whether_they_were_viewed(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("incident_type,files,viewed\nChild Sex Trafficking,a.jpg;b.jpg,no\n", "utf-8")
    (row,) = read_rows(path)
    assert [file.source for file in row.files] == [tmp_path / "a.jpg", tmp_path / "b.jpg"]
    assert [file.details for file in row.files] == [FileDetails(file_viewed_by_esp=False)] * 2


def test_a_small_platform_files_by_hand(ground, typed, tmp_path):
    _, clearing = ground
    (tmp_path / "report.xml").write_bytes(REPORT)
    (tmp_path / "a.jpg").write_bytes(b"synthetic")
    (tmp_path / "a.jpg.details.xml").write_bytes(DETAILS)
    files = (tmp_path / "report.xml", tmp_path / "a.jpg")
    code, preview = typed("send", *files, "--dry-run", "--check", "remote")
    assert (code, preview["calls"]) == (0, ["submit", "upload 1", "fileinfo 1", "finish"])
    assert preview["username"] == "usr123"
    assert preview["files"][0]["name"] == "a.jpg"
    said = ["originalFileName = a.jpg", "fileViewedByEsp = true"]
    assert preview["files"][0]["values"] == [f"fileDetails/{one}" for one in said]
    assert "pw-1" not in str(preview)
    assert clearing.reports() == {}
    assert clearing.reports("open") == {}
    code, filed = typed("send", *files)
    assert (code, filed["state"], filed["may_have_been_filed"]) == (0, "filed", False)
    assert list(clearing.reports()) == [int(filed["report_id"])]
    code, found = typed("list", "--state", "filed")
    assert [line["id"] for line in found] == [filed["id"]]
    code, receipts = typed("receipts", filed["id"])
    assert receipts[0]["username"] == "usr123"
    assert filed["report_id"] in receipts[0]["answer"]
    code, whole = typed("show", filed["id"])
    assert [one["verb"] for one in whole["tries"]] == ["submit", "upload", "fileinfo", "finish"]
    assert whole["files"][0]["values"] == preview["files"][0]["values"]
    assert whole["values"] == preview["values"]


def test_the_program_of_the_guide_files_a_report(ground, monkeypatch, tmp_path):
    node, clearing = ground
    program = Path("docs/filing.md").read_text("utf-8").partition("```python\n")[2].partition("```")
    (tmp_path / "photo.jpg").write_bytes(b"synthetic")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(outbox, "opened_node", lambda _data: contextlib.nullcontext(node))
    told = {}
    exec(program[0], told)
    assert told["box"].state(told["filing"]) == "filed"
    assert [len(files) for files in clearing.reports().values()] == [1]


def test_a_refusal_is_told_and_exits_with_one(ground, typed, tmp_path):
    node, _ = ground
    (tmp_path / "report.xml").write_bytes(REPORT)
    with open_work(node, CONSOLE) as work:
        filing_id = actions.accept_filing(work, REPORT)
    wrong = filing_node(node, node.settings.filing_url, filing_username="wrong")
    assert send(wrong, filing_id).line.state == "refused"
    assert typed("retry", filing_id)[1]["state"] == "filed"
    with pytest.raises(InvalidDocument, match="incidentSummary"):
        (tmp_path / "report.xml").write_bytes(b"<report/>")
        typed("send", tmp_path / "report.xml")


def test_drafts_are_asked_for_or_read_and_wait_for_a_person(ground, typed, tmp_path):
    node, clearing = ground
    asked = ["Child Sex Trafficking", "ts@esp.example", *[""] * 15]
    _, made = typed("draft", feed="\n".join(asked) + "\n")
    (tmp_path / "rows.json").write_text(json.dumps({"incident_type": "Child Sex Trafficking"}))
    _, more = typed("draft", "--from", tmp_path / "rows.json")
    first, second = made["drafts"][0], more["drafts"][0]
    assert {read(node, one).line.state for one in (first, second)} == {"draft"}
    assert clearing.reports("open") == {}, "nothing is sent"
    (tmp_path / "a.jpg").write_bytes(b"synthetic")
    typed("attach", first, tmp_path / "a.jpg")
    assert typed("decide", first, "file")[1]["state"] == "filed"
    assert [len(files) for files in clearing.reports().values()] == [1]
    with pytest.raises(InvalidDocument, match="must have an 'email'"):
        typed("decide", second, "file")
    with pytest.raises(Invalid, match="a reason"):
        typed("decide", second, "drop")
    assert typed("decide", second, "drop", "--grounds", "A mistake.")[1]["state"] == "dropped"


def test_an_answer_that_does_not_fit_is_asked_again_at_once(ground, typed):
    node, _ = ground
    answers = {
        "incident_type": ("", "Trafficking", "9", "2"),
        "reporter_email": ("nobody", "ts@esp.example"),
        "incident_time": ("yesterday", "2026-11-20T10:00:00", "2026-11-20T10:00:00+09:00"),
        "platform": ("",),
        "escalate": ("",),
        "service": ("Example Chat",),
        "account": ("user-0001",),
        "screen_name": ("",),
        "email": ("x@", ""),
        "phone": ("",),
        "ip": ("203.0.113.999", "203.0.113.7"),
        "ip_port": ("no", "70000", "44321"),
        "ip_time": ("2026-11-20T09:59:00Z",),
        "ip_event": ("upload", "Upload"),
        "url": ("https://small.example/a b", "https://small.example/p/1"),
        "victim_account": ("",),
        "note": ("",),
    }
    feed = "\n".join(one for tried in answers.values() for one in tried) + "\n"
    _, made = typed("draft", feed=feed)
    said = dict(read(node, made["drafts"][0]).values)
    wanted = {facts._PATHS[name]: tried[-1] for name, tried in answers.items() if tried[-1]}
    wanted["incidentSummary/incidentType"] = "Child Sex Trafficking"
    assert said == {f"report/{path}": value for path, value in wanted.items()}


@pytest.fixture
def desk(ground):
    node, _ = ground
    add_member(node, "analyst", Role.ANALYST)
    app = shell_app(node, navigation=pages.NAV)
    app.include_router(pages.router)
    found = browser(app, language="ko")
    sign_in(found, "analyst")
    return found


def test_a_person_completes_and_files_a_draft_on_its_page(ground, desk):
    node, clearing = ground
    with open_work(node, CONSOLE) as work:
        draft = drafts.save_draft(
            work,
            report_from(Facts(incident_type="Child Sex Trafficking")),
            [Enclosure(source=b"never shown")],
            origin=Origin.SCAN,
            hits=({"list": "known", "purpose": "known-material", "class": "A1"},),
        )
    shown = desk.get(f"/filings/{draft}").text
    assert "known" in shown
    assert "혐의가 아니며" in shown
    assert "never shown" not in shown
    assert desk.post(f"/filings/{draft}/decision", data={"decision": "file"}).status_code == 400
    changed = {"incident_type": FACTS.incident_type, "reporter_email": "ts@esp.example"}
    assert desk.post(f"/filings/{draft}/facts", data=changed).status_code == 303
    assert desk.post(f"/filings/{draft}/decision", data={"decision": "file"}).status_code == 303
    assert send(node, draft).line.state == "filed"
    assert len(clearing.reports()) == 1
    assert "ts@esp.example" in desk.get(f"/filings/{draft}").text
    assert "reportDoneResponse" in desk.get(f"/filings/{draft}").text
    assert desk.post(f"/filings/{draft}/facts", data=changed).status_code == 409
    assert desk.post(f"/filings/{draft}/facts", data={"colour": "red"}).status_code == 400


@pytest.mark.parametrize("files", [0, 1, 2])
def test_a_drafted_batched_report_is_filed_with_its_one_file(ground, files):
    node, clearing = ground
    enclosures = [Enclosure(source=b"synthetic %d" % number) for number in range(files)]
    with open_work(node, CONSOLE) as work:
        draft = drafts.save_draft(work, BATCHED, enclosures)
    if files != 1:
        with pytest.raises(Invalid, match=f"one file; {files} were"), open_work(node, CONSOLE) as w:
            drafts.decide_draft(w, draft, file=True)
        return
    with open_work(node, CONSOLE) as work:
        drafts.decide_draft(work, draft, file=True)
    assert send(node, draft).line.state == "filed"
    assert len(clearing.reports()) == 1


def test_what_is_refused_or_uncertain_is_settled_on_its_page(ground, desk):
    node, _ = ground
    filing_id = accept(node)
    wrong = filing_node(node, node.settings.filing_url, filing_username="wrong")
    send(wrong, filing_id)
    listed = desk.get("/filings?state=refused").text
    assert filing_id[:12] in listed
    assert desk.get("/filings?state=lost").status_code == 400
    assert desk.post(f"/filings/{filing_id}/resolution", data={"how": "ask"}).status_code == 409
    assert 'value="drop"' in desk.get(f"/filings/{filing_id}").text
    assert desk.post(f"/filings/{filing_id}/retry").status_code == 303
    assert send(node, filing_id).line.state == "filed"
