"""A person states what they viewed in their own viewer; the report then says it, and no more."""

import hashlib
from contextlib import ExitStack

import pytest
from lxml import etree

from tests.nodes import CONSOLE
from tests.sharing.net import audit
from tests.tips.filing.clearing import DETAILS, Clearing, filing_node, last_report, read, send
from tests.tips.intake.ispws import REPORT, add_provider, serving
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import open_work
from tipbridge.tips.filing import drafts, pages
from tipbridge.tips.filing.errors import WrongState
from tipbridge.tips.filing.parcels import Enclosure
from tipbridge.tips.filing.viewing import state_viewed, viewed_in, with_viewed
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.report.errors import InvalidDocument
from tipbridge.tips.report.parse import parse_any

DATA = b"synthetic, never shown"
WHOLE = """<fileDetails><reportId>1</reportId><fileId>0</fileId>{}<locationOfFile>https://esp.example/1\
</locationOfFile>{}<exifViewedByEsp>{}</exifViewedByEsp><additionalInfo>Kept.</additionalInfo></fileDetails>"""


@pytest.fixture
def ground(make_node):
    own, there = make_node(node_id="esp.one"), make_node(node_id="us.clearing")
    add_provider(there)
    with ExitStack() as stack:
        address = stack.enter_context(serving(there))
        yield filing_node(own, f"{address}/ispws"), Clearing(node=there, before=last_report(there))


def drafted(node, *files: Enclosure) -> str:
    with open_work(node, CONSOLE) as work:
        return drafts.save_draft(work, REPORT, files or [Enclosure(source=DATA)])


def told(clearing: Clearing) -> list[bool | None]:
    """What the clearinghouse holds of each file of the one report: viewed, or not, or not said."""
    (number,) = clearing.reports()
    with open_work(clearing.node, CONSOLE) as work:
        record = intake.read_report(work, str(number))
        return [file.details.viewed_by_provider if file.details else None for file in record.files]


@pytest.mark.parametrize("viewed", [True, False])
def test_what_a_person_states_on_the_page_is_in_the_report_that_is_filed(ground, viewed):
    node, clearing = ground
    draft = drafted(node, Enclosure(source=DATA), Enclosure(source=b"synthetic other"))
    add_member(node, "analyst", Role.ANALYST)
    app = shell_app(node, navigation=pages.NAV)
    app.include_router(pages.router)
    desk = browser(app)
    sign_in(desk, "analyst")
    assert "not said" in desk.get(f"/filings/{draft}").text
    said = {"viewed": "yes" if viewed else "no"}
    assert desk.post(f"/filings/{draft}/files/1/viewed", data=said).status_code == 303
    shown = desk.get(f"/filings/{draft}").text
    assert DATA.decode() not in shown
    assert "What is said of each file" in shown
    assert "fileDetails/fileViewedByEsp" in shown
    assert "<td>yes" in shown if viewed else "<td>no" in shown
    first, second = read(node, draft).files
    assert (first.said_viewed, second.said_viewed) == (viewed, None)
    assert first.viewing is not None
    assert (first.viewing.viewed, first.viewing.by) == (viewed, "analyst")
    events = [
        (subject, facts) for event, subject, facts in audit(node) if event == "filing.file.viewed"
    ]
    assert events == [(draft, {"file": 1, "viewed": viewed})]
    assert desk.post(f"/filings/{draft}/decision", data={"decision": "file"}).status_code == 303
    assert send(node, draft).line.state == "filed"
    assert told(clearing) == [viewed, None], "of the other file nothing is said"
    assert desk.post(f"/filings/{draft}/files/1/viewed", data=said).status_code == 409
    assert "I viewed all of it" not in desk.get(f"/filings/{draft}").text


def test_a_statement_is_of_one_file_that_the_draft_has(ground):
    node, _ = ground
    draft = drafted(node)
    ours, other = hashlib.sha256(DATA).hexdigest(), hashlib.sha256(b"other").hexdigest()
    for number, sha256, words in (
        (0, "", "no file 0"),
        (2, "", "no file 2"),
        (1, other, "another"),
    ):
        with pytest.raises(Invalid, match=words), open_work(node, CONSOLE) as work:
            state_viewed(work, draft, number, viewed=True, sha256=sha256)
    assert read(node, draft).files[0].said_viewed is None
    with open_work(node, CONSOLE) as work:
        state_viewed(work, draft, 1, viewed=True, sha256=ours.upper())
    assert read(node, draft).files[0].said_viewed is True


def test_who_changes_their_mind_states_it_again_and_the_last_word_counts(ground):
    node, clearing = ground
    draft = drafted(node, Enclosure(source=DATA, details=DETAILS))
    assert read(node, draft).files[0].said_viewed is True, "as its details said from the start"
    for viewed in (False, True, False):
        with open_work(node, CONSOLE) as work:
            state_viewed(work, draft, 1, viewed=viewed)
    with open_work(node, CONSOLE) as work:
        drafts.decide_draft(work, draft, file=True)
    assert send(node, draft).line.state == "filed"
    assert told(clearing) == [False]
    with pytest.raises(WrongState), open_work(node, CONSOLE) as work:
        state_viewed(work, draft, 1, viewed=True)


def test_who_viewed_the_metadata_can_not_say_that_the_file_was_not_viewed(ground):
    node, _ = ground
    details = WHOLE.format("", "<fileViewedByEsp>true</fileViewedByEsp>", "true").encode()
    draft = drafted(node, Enclosure(source=DATA, details=details))
    with pytest.raises(InvalidDocument, match="file 1"), open_work(node, CONSOLE) as work:
        state_viewed(work, draft, 1, viewed=False)
    assert read(node, draft).files[0].said_viewed is True


@pytest.mark.parametrize("name", ["", "<originalFileName>a.jpg</originalFileName>"])
@pytest.mark.parametrize("before", ["", "<fileViewedByEsp>0</fileViewedByEsp>"])
@pytest.mark.parametrize("viewed", [True, False])
def test_nothing_else_of_a_files_details_changes(name, before, viewed):
    details = WHOLE.format(name, before, "false").encode()
    after = with_viewed(details, viewed=viewed)
    assert viewed_in(after) is viewed
    parse_any(after, "fileDetails")

    def others(data: bytes) -> list[tuple[str, str | None]]:
        return [(str(e.tag), e.text) for e in etree.fromstring(data) if e.tag != "fileViewedByEsp"]

    assert others(after) == others(details)
    assert viewed_in(with_viewed(None, viewed=viewed)) is viewed
    assert viewed_in(WHOLE.format(name, "", "false").encode()) is None
