"""A report once accepted is filed once in effect, or shown as uncertain."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from tests.databases import fresh_database
from tests.nodes import CONSOLE, build_node
from tests.sharing.net import set_clock
from tests.tips.filing.clearing import (
    DETAILS,
    FILES,
    PASSWORD,
    Clearing,
    Fate,
    Way,
    accept,
    always,
    credentials_file,
    due_now,
    filing_node,
    last_report,
    read,
    send,
    standing_of,
)
from tests.tips.intake.ispws import REPORT, add_provider, serving
from tipbridge.app import drain
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.tips.filing import actions, drafts, store, trying
from tipbridge.tips.filing.actions import Settled
from tipbridge.tips.filing.errors import NoCredential, NoSuchFiling, WrongState
from tipbridge.tips.filing.ledger import actions as ledger
from tipbridge.tips.filing.model import Ending, FilingState, Reason, Verb
from tipbridge.tips.filing.outbox import Outbox
from tipbridge.tips.filing.parcels import Enclosure
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.intake import providers
from tipbridge.tips.report.errors import InvalidDocument

DIGESTS = sorted(digest_bytes(one.source).sha256 for one in FILES)
BATCHED = b"""<report><batchedReport reason="VIRAL_POTENTIAL_MEME"/><incidentSummary>
<incidentType>Child Sex Trafficking</incidentType></incidentSummary>
<reporter><reportingPerson><email>ts@esp.example</email></reportingPerson></reporter>
<personOrUserReported><espIdentifier>user-1</espIdentifier></personOrUserReported></report>"""


@pytest.fixture(scope="module")
def ground(server, tmp_path_factory):
    """A clearinghouse on a real server and a provider's node, for all tests here."""
    folder = tmp_path_factory.mktemp("ground")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        made = [
            build_node(folder / name, stack.enter_context(fresh_database(server)), node_id=name)
            for name in ("us.clearing", "esp.one")
        ]
        add_provider(made[0])
        with open_work(made[0], CONSOLE) as work:
            providers.add_provider(
                work, name="esp-one", username="try123", password=PASSWORD, sandbox=True
            )
        yield made, stack.enter_context(serving(made[0]))


@pytest.fixture
def clearing(ground):
    return Clearing(node=ground[0][0], before=last_report(ground[0][0]))


@pytest.fixture
def through(ground):
    """Makes a node that files through a way with these fates: `through(("finish", LOSE))`."""
    (_, own), address = ground
    with ExitStack() as stack:

        def make(*fates, node=own, address=address, chosen=None, **settings):
            way = Way(f"{address}/ispws", chosen or always(*fates))
            url = stack.enter_context(way.open())
            return filing_node(node, url, **settings)

        yield make


def test_a_report_is_filed_whole_and_its_receipt_kept(clearing, through):
    node = through()
    filing_id = Outbox(node).accept(REPORT, FILES)
    assert Outbox(node).state(filing_id) == "sending"
    assert Outbox(node).send(filing_id) == "filed"
    filed = read(node, filing_id)
    assert clearing.reports() == {int(filed.line.report_id): DIGESTS}
    with open_work(clearing.node, WORKER) as work:
        record = intake.read_report(work, filed.line.report_id)
    described = [file.details for file in record.files if file.details]
    assert [(one.original_name, one.viewed_by_provider) for one in described] == [("a.jpg", True)]
    assert filed.receipt is not None
    assert filed.receipt.username == "usr123"
    assert b"<reportDoneResponse>" in filed.receipt.answer
    assert all((one.file_id or "-").encode() in filed.receipt.answer for one in filed.files)
    assert [one.verb for one in filed.tries] == ["submit", "upload", "fileinfo", "upload", "finish"]
    assert {one.ending for one in filed.tries} == {Ending.ANSWERED}


def test_the_queue_alone_files_what_was_accepted(clearing, through):
    node = through()
    filing_id = accept(node)
    drain(node)
    assert read(node, filing_id).line.state == "filed"
    assert len(clearing.reports()) == 1


LOSSES = [Fate.DROP, Fate.LOSE, Fate.REPEAT, Fate.TRUNCATE, Fate.FAIL, Fate.TROUBLE, Fate.STALE]


@pytest.mark.parametrize("fate", LOSSES)
def test_whatever_happens_to_each_first_answer_one_report_is_filed(clearing, through, fate):
    verbs = ("submit", "upload", "fileinfo", "finish")
    node = through(*((verb, fate) for verb in verbs))
    filed = send(node, accept(node))
    assert filed.line.state == "filed"
    found = clearing.reports()
    assert list(found) == [int(filed.line.report_id)]
    assert sorted(set(found[int(filed.line.report_id)])) == DIGESTS
    orphans = clearing.reports("open")
    assert len(orphans) == (0 if fate in {Fate.DROP, Fate.TROUBLE, Fate.STALE} else 1), (
        "nobody finishes them"
    )
    assert filed.receipt is not None


def test_an_old_answer_about_another_report_does_not_refuse_a_new_one(clearing, through):
    """Finish was repeated, so its answer is a refusal: it comes back to the next submit."""
    fates = {("finish", 0): Fate.REPEAT, ("submit", 1): Fate.STALE}
    node = through(chosen=lambda verb, before: fates.get((verb, before), Fate.PASS))
    first, second = (send(node, accept(node)) for _ in range(2))
    assert (first.line.reason, second.line.state) == (Reason.FOUND_FINISHED, "filed")
    assert set(clearing.reports()) == {int(each.line.report_id) for each in (first, second)}


def test_a_batched_report_never_has_its_file_twice(clearing, through):
    node = through(("upload", Fate.LOSE))
    filed = send(node, accept(node, BATCHED, FILES[1:]))
    assert filed.line.state == "filed"
    assert clearing.reports() == {
        int(filed.line.report_id): [digest_bytes(b"synthetic two").sha256]
    }
    assert [one.verb for one in filed.tries][:4] == ["submit", "upload", "retract", "submit"]
    with pytest.raises(Invalid, match="exactly one file; 2"):
        accept(node, BATCHED)


@pytest.mark.parametrize("verb", ["upload", "fileinfo"])
def test_a_report_that_expired_there_is_filed_anew(clearing, through, verb):
    """Before any finish was sent: with one that was lost it is uncertain, as below."""
    node = through((verb, Fate.DROP))
    filing_id = accept(node)
    send(node, filing_id, times=1)
    first = read(node, filing_id).line.report_id
    clearing.end("expired")
    filed = send(node, filing_id)
    assert filed.line.state == "filed"
    assert filed.round == 2
    assert filed.line.report_id != first
    assert list(clearing.reports()) == [int(filed.line.report_id)]


def lost_finish(clearing, node):
    """A filing whose finish was sent, whose answer was lost, and which is gone there since."""
    filing_id = accept(node)
    lines = send(node, filing_id, times=1).line
    assert lines.unanswered, "shown before anybody asks again"
    clearing.end("purged")
    found = send(node, filing_id)
    assert (found.line.state, found.line.reason) == ("uncertain", Reason.GONE_AFTER_LOST_FINISH)
    return filing_id


def test_what_can_not_be_known_is_uncertain_and_a_person_says_what_it_is(clearing, through):
    node = through(("finish", Fate.LOSE))
    filing_id = lost_finish(clearing, node)
    assert send(node, filing_id).line.state == "uncertain", "nothing happens by itself"
    with open_work(node, CONSOLE) as work:
        assert ledger.count_undecided(work) >= 1
        actions.resolve_filing(work, filing_id)
    assert send(node, filing_id).line.state == "uncertain", "it is gone there: asking does not tell"
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="a reason"):
        actions.resolve_filing(work, filing_id, Settled(filed=True, grounds=" "))
    with open_work(node, CONSOLE) as work:
        actions.resolve_filing(work, filing_id, Settled(filed=True, grounds="They wrote to us."))
    found = read(node, filing_id)
    assert (found.line.state, found.grounds) == ("filed", "They wrote to us.")
    assert found.receipt is None, "nobody answered, so there is no receipt"
    with open_work(node, CONSOLE) as work, pytest.raises(WrongState):
        actions.resolve_filing(work, filing_id)


def test_a_finish_that_met_trouble_and_is_then_said_to_be_retracted_is_uncertain(clearing, through):
    """Code 1000 tells nothing of the report: it may have been finished and destroyed since."""
    node = through(("finish", Fate.TROUBLE))
    filing_id = accept(node)
    assert send(node, filing_id, times=1).line.unanswered
    clearing.end("retracted")
    found = send(node, filing_id)
    assert (found.line.state, found.line.reason) == ("uncertain", Reason.GONE_AFTER_LOST_FINISH)
    assert (found.told or "").startswith("5101 ")
    assert [one.verb for one in found.tries][-2:] == ["finish", "finish"]
    with open_work(node, CONSOLE) as work:
        actions.resolve_filing(work, filing_id, Settled(filed=False, grounds="They have none."))
    filed = send(node, filing_id)
    assert filed.line.state == "filed"
    assert list(clearing.reports()) == [int(filed.line.report_id)]


def test_what_a_person_says_was_not_filed_is_filed_anew(clearing, through):
    node = through(("finish", Fate.LOSE))
    filing_id = lost_finish(clearing, node)
    with open_work(node, CONSOLE) as work:
        actions.resolve_filing(work, filing_id, Settled(filed=False, grounds="They have none."))
    filed = send(node, filing_id)
    assert (filed.line.state, filed.round) == ("filed", 2)
    assert list(clearing.reports()) == [int(filed.line.report_id)]


@pytest.mark.parametrize("arrived", [True, False])
def test_asking_tells_a_finished_report_from_an_open_one(clearing, through, arrived):
    """The finish was lost on either side of the clearinghouse, and our credential failed then."""
    node = through(("finish", Fate.LOSE if arrived else Fate.DROP))
    filing_id = accept(node)
    send(node, filing_id, times=1)
    wrong = filing_node(node, node.settings.filing_url, filing_username="wrong")
    found = send(wrong, filing_id)
    assert (found.line.state, found.line.reason) == ("uncertain", Reason.REFUSED_AFTER_LOST_FINISH)
    with open_work(node, CONSOLE) as work:
        actions.resolve_filing(work, filing_id)
    filed = send(node, filing_id)
    assert filed.line.state == "filed"
    assert filed.round == (1 if arrived else 2)
    assert list(clearing.reports()) == [int(filed.line.report_id)]
    assert len(clearing.reports("retracted")) == (0 if arrived else 1)


def test_a_refusal_half_way_takes_the_report_back_and_says_why(clearing, through):
    node = through()
    late = Enclosure(source=b"x", details=DETAILS.replace(b"a.jpg", b"b.jpg"))
    filing_id = accept(node, files=[late])
    with open_work(node, WORKER) as work:  # a rule of theirs that we don't have
        standing = standing_of(work, filing_id)
        broken = b"<fileDetails><reportId>1</reportId><fileId>0</fileId><x/></fileDetails>"
        sealed = work.node.vault.seal(standing.key_id, work.ids.new(), broken)
        gone = text("DELETE FROM filing_files WHERE filing_id = :id")
        work.db.execute(gone, {"id": filing_id})
        store.insert_files(work.db, filing_id, [replace(standing.files[0], details=sealed)])
    found = send(node, filing_id)
    assert (found.line.state, found.line.reason) == ("refused", Reason.DETAILS_REFUSED)
    assert (found.told or "").startswith("4100 Validation failed")
    assert found.line.report_id is None
    assert len(clearing.reports("retracted")) == 1
    assert clearing.reports() == {}


def test_a_wrong_credential_stops_and_a_right_one_goes_on(clearing, through):
    node = through()
    filing_id = accept(node)
    wrong = filing_node(node, node.settings.filing_url, filing_username="wrong")
    found = send(wrong, filing_id)
    assert (found.line.state, found.line.reason) == ("refused", Reason.CREDENTIAL_REFUSED)
    none = filing_node(node, "http://127.0.0.1:9/ispws")
    with open_work(none, CONSOLE) as work:
        actions.retry_filing(work, filing_id)
    assert send(none, filing_id).line.reason == Reason.NO_CREDENTIAL
    with open_work(node, CONSOLE) as work:
        actions.retry_filing(work, filing_id)
    assert send(node, filing_id).line.state == "filed"
    with open_work(node, CONSOLE) as work, pytest.raises(WrongState):
        actions.retry_filing(work, filing_id)
    with open_work(node, CONSOLE) as work, pytest.raises(NoSuchFiling):
        actions.retry_filing(work, "f" * 32)


def test_nothing_is_kept_of_what_is_not_accepted(through, tmp_path):
    node = through()
    groups = node.vault.groups(untouched_seconds=-1)
    with open_work(node, CONSOLE) as work:
        before = len(ledger.list_filings(work))
    cases = [
        (InvalidDocument, {"report": b"<report/>"}),
        (InvalidDocument, {"files": [Enclosure(source=b"x", details=b"<fileDetails/>")]}),
        (Invalid, {"files": [Enclosure(source=tmp_path / "none")]}),
        (NoCredential, {"to": "https://other.example/ispws"}),
        (Invalid, {"to": "http://other.example/ispws"}),
        (Invalid, {"to": "https://report.cybertip.org/ispws"}),
        (NoCredential, {"sandbox": True}),
    ]
    for refused, given in cases:
        with pytest.raises(refused) as told:
            accept(node, **given)
        sandbox = "TIPBRIDGE_FILING_SANDBOX=true" in str(told.value)
        assert sandbox == given.get("sandbox", False)
    with open_work(node, CONSOLE) as work:
        assert len(ledger.list_filings(work)) == before
    assert node.vault.groups(untouched_seconds=-1) == groups


def test_credentials_come_from_a_file_that_only_its_owner_reads(clearing, through, tmp_path):
    plain = through()
    url = plain.settings.filing_url
    path = credentials_file(
        tmp_path,
        f'[clearing]\nurl = "{url}/"\nusername = "try123"\npassword = "{PASSWORD}"\n'
        "sandbox = true\n",
    )
    node = filing_node(plain, url, filing_url=None, filing_credentials_file=path)
    filed = send(node, accept(node, sandbox=True))
    assert (filed.line.state, filed.line.sandbox) == ("filed", True)
    path.chmod(0o644)
    with pytest.raises(Invalid, match="Others can read"):
        accept(node, sandbox=True)
    path.chmod(0o600)
    path.write_text('[clearing]\nurl = "https://x.example"\nuser = "u"\n', "utf-8")
    with pytest.raises(Invalid, match="holds 'user'"):
        accept(node, sandbox=True)
    assert PASSWORD not in repr(node.settings)


def test_a_test_is_never_filed_as_a_report_nor_a_report_as_a_test(clearing, through):
    node = through()
    url = node.settings.filing_url
    mistaken = filing_node(node, url, filing_username="try123")
    found = send(mistaken, accept(mistaken))
    assert (found.line.state, found.line.reason) == ("refused", Reason.ANOTHER_KIND)
    assert (clearing.reports(), len(clearing.reports("retracted"))) == ({}, 1)
    with open_work(node, CONSOLE) as work:
        actions.retry_filing(work, found.line.id)
    assert send(node, found.line.id).line.state == "filed", "once the credential is the right one"
    assert len(clearing.reports()) == 1
    in_earnest = filing_node(node, url, filing_sandbox=True)
    found = send(in_earnest, accept(in_earnest, sandbox=True))
    assert (found.line.state, found.line.reason) == ("refused", Reason.ANOTHER_KIND)
    assert (len(clearing.reports()), len(clearing.reports("retracted"))) == (1, 2)


def test_what_was_refused_is_dropped_with_a_reason_and_what_was_filed_is_not(clearing, through):
    node = through()
    wrong = filing_node(node, node.settings.filing_url, filing_username="wrong")
    refused, filed = send(wrong, accept(wrong)).line.id, send(node, accept(node)).line.id
    with open_work(node, CONSOLE) as work, pytest.raises(WrongState, match="only a draft can"):
        drafts.decide_draft(work, refused, file=True)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="a reason"):
        drafts.decide_draft(work, refused, file=False)
    with open_work(node, CONSOLE) as work:
        drafts.decide_draft(work, refused, file=False, grounds="Filed by another company.")
    with open_work(node, CONSOLE) as work, pytest.raises(WrongState, match="one that is refused"):
        drafts.decide_draft(work, filed, file=False, grounds="A mistake.")
    assert (read(node, refused).line.state, read(node, filed).line.state) == ("dropped", "filed")
    with open_work(node, CONSOLE) as work:
        actions.purge_filing(work, refused)
    assert len(clearing.reports()) == 1


def test_a_waiting_filing_is_woken_once_its_time_has_come(through):
    node = through(("submit", Fate.DROP), retry_base_seconds=3600.0)
    filing_id = accept(node)
    found = send(node, filing_id, times=3)
    assert [one.ending for one in found.tries] == [Ending.LOST], "it waits"
    with open_work(node, WORKER) as work:
        assert trying.wake_due(work) == 0
    due_now(node)
    with open_work(node, WORKER) as work:
        assert trying.wake_due(work) == 1
    with open_work(node, WORKER) as work:
        assert trying.wake_due(work) == 0, "somebody was woken for it"
    drain(node)
    assert read(node, filing_id).line.state == "filed"


def test_a_try_whose_process_died_may_have_been_sent(clearing, through):
    node = through()
    filing_id = accept(node)
    with open_work(node, WORKER) as work:  # begun and committed; then the process died
        standing = standing_of(work, filing_id)
        store.begin_try(work.db, standing, standing.task, work.now)
    filed = send(node, filing_id)
    assert filed.tries[0].ending is Ending.UNENDED
    assert filed.line.state == "filed"


def test_two_who_send_the_same_filing_file_it_once(clearing, through):
    node = through()
    filing_id = accept(node)
    with open_work(node, WORKER) as first:
        standing = standing_of(first, filing_id)
        number = store.begin_try(first.db, standing, standing.task, first.now)
    with open_work(node, WORKER) as holding:
        assert store.take_standing(holding.db, filing_id, wait=False) is not None
        with open_work(node, WORKER) as work:
            assert trying.send_filing(work, filing_id=filing_id) == 0, "somebody is at it"
        with open_work(node, CONSOLE) as work, pytest.raises(Conflict, match="just now"):
            actions.retry_filing(work, filing_id)
    send(node, filing_id)
    with open_work(node, WORKER) as work:
        assert trying.end_try(work, filing_id, number) == 0, "another took it over"
    assert len(clearing.reports()) == 1
    assert clearing.reports("open") == {}


def test_what_was_filed_is_preserved_and_then_destroyed(through, make_node):
    node = through(node=make_node(node_id="esp.two"))
    set_clock(node, datetime(2026, 3, 1, tzinfo=UTC))
    filing_id = accept(node)
    filed = send(node, filing_id)
    assert filed.line.preserve_until == date(2027, 3, 1)
    assert "2258A(h)" in (filed.preserve_rule or "")
    set_clock(node, datetime(2027, 3, 1, tzinfo=UTC))
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict, match="until 2027-03-01"):
        actions.purge_filing(work, filing_id)
    set_clock(node, datetime(2027, 3, 2, tzinfo=UTC))
    with open_work(node, CONSOLE) as work:
        actions.purge_filing(work, filing_id)
    purged = read(node, filing_id)
    assert (purged.line.state, purged.values) == (FilingState.PURGED, ())
    assert purged.receipt == filed.receipt, "that it was filed stays"
    assert {one.name for one in purged.files} == {None}
    assert not any(node.vault.folder.rglob("*.age"))


def test_a_damaged_file_of_ours_is_told_and_nothing_is_finished(clearing, through):
    node = through()
    filing_id = accept(node)
    with open_work(node, WORKER) as work:
        sealed = standing_of(work, filing_id).files[1].sealed
    path = next(node.vault.folder.rglob(f"{sealed.file_id}.age"))
    path.write_bytes(path.read_bytes()[:-4])
    found = send(node, filing_id)
    assert (found.line.state, found.line.reason) == ("refused", Reason.BROKEN_HERE)
    assert clearing.reports() == {}
    assert (found.tries[-1].verb, found.tries[-1].ending) == (Verb.UPLOAD, Ending.UNSENT)


def test_the_answer_to_a_lost_opening_never_opens_anothers_report(clearing, through):
    fates = {0: Fate.LOSE, 1: Fate.STALE}
    node = through(
        chosen=lambda verb, before: fates.get(before, Fate.PASS) if verb == "submit" else Fate.PASS
    )
    address = b"ts@esp.example"
    first, second = (
        accept(node, REPORT.replace(address, each + b"@esp.example"), FILES[:1])
        for each in (b"first", b"second")
    )
    assert send(node, first, times=1).line.state == "sending"
    filed = {"second": send(node, second), "first": send(node, first)}
    assert {each.line.state for each in filed.values()} == {"filed"}
    for name, each in filed.items():
        with open_work(clearing.node, WORKER) as work:
            record = intake.read_report(work, each.line.report_id)
        assert f"{name}@esp.example" in [value for _, value in record.values]
    assert len(clearing.reports()) == 2
