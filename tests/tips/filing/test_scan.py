"""Match, then file: what a service may learn, and what it takes to make somebody suspicious."""

import contextlib
import json
import re
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
import typer
from click.testing import CliRunner
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.databases import Database, fresh_database
from tests.knowledge.hashes.files.made import picture, zipped
from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE, acting, build_node
from tests.tips.filing.clearing import Clearing, due_now, filing_node, last_report, read, send
from tests.tips.filing.listed import CLASS, LIST, known_list
from tests.tips.intake.ispws import add_provider, serving
from tests.web.pages import add_member, browser, sign_in
from tipbridge.app import build_app
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.engine.pictures import hash_picture
from tipbridge.knowledge.hashes.files.boxes import close_boxes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.office import terminal
from tipbridge.tips.filing import actions as filing
from tipbridge.tips.filing import drafts
from tipbridge.tips.filing.facts import Facts
from tipbridge.tips.filing.ledger import actions as ledger
from tipbridge.tips.filing.scan import actions, scanners
from tipbridge.tips.filing.scan.model import Recent, Sign
from tipbridge.tips.filing.scan.offers import offer_digest, offer_file
from tipbridge.tips.filing.scan.rules import refused_for_rate, signs_of_probing

SMALL, LARGE = b"synthetic small", b"synthetic large" * 60_000
ORDINARY = b"an ordinary picture"
LISTS = [{"list": LIST, "class": CLASS, "purpose": "known-material"}]


@pytest.fixture(scope="module")
def database(server) -> Generator[Database]:
    with fresh_database(server) as made:
        yield made


@pytest.fixture(scope="module")
def node(database, tmp_path_factory) -> Generator[Node]:
    folder = tmp_path_factory.mktemp("scan")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.setenv("TIPBRIDGE_BOX_WALLS", "kernel")  # they start soonest
        made = build_node(folder / "node", database, node_id="esp.one", profiles=("provider",))
    known_list(made, [SMALL, LARGE])
    yield made
    close_boxes()


def let_pass(database: Database, much: str) -> None:
    """Let the scans have been so long ago."""
    with acting(database.owner, WORKER) as db:
        db.execute(text(f"UPDATE scans SET at = at - interval '{much}'"))


@pytest.fixture
def service(node: Node, request: pytest.FixtureRequest) -> Generator[TestClient]:
    """A service of the platform's, of its own for each test."""
    with open_work(node, CONSOLE) as work:
        token = scanners.add_scanner(work, name=request.node.name)
    with TestClient(build_app(node), base_url="http://localhost") as found:
        found.headers["authorization"] = f"Bearer {token}"
        yield found


def by_file(service: TestClient, data: bytes, **headers: str) -> dict[str, Any]:
    sent = {"content-type": "application/octet-stream", **headers}
    answer = service.post("/scan", content=data, headers=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"][0]


def by_digest(service: TestClient, *digests: str, **more: object) -> list[dict[str, Any]]:
    answer = service.post("/scan", json={"digests": digests, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def kept(node: Node) -> list[str]:
    return sorted(str(path) for path in node.vault.folder.rglob("*") if path.is_file())


def signs(node: Node, name: str) -> list[str]:
    with open_work(node, CONSOLE) as work:
        return [a.sign for a in actions.read_scans(work).alarms if a.scanner_name == name]


@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["small", "large"])
def test_a_known_file_becomes_a_draft_with_it_and_is_not_sent(node, service, data):
    facts = {"account": "user-1", "service": "Example Chat"}
    headers = {"tipbridge-facts": json.dumps(facts), "tipbridge-file-name": "%EA%B0%80.jpg"}
    found = by_file(service, data, **headers)
    assert set(found) == {"hit", "lists", "draft"}, "no distance, no entry"
    assert (found["hit"], found["lists"]) == (True, LISTS)
    draft = read(node, found["draft"])
    assert (draft.line.state, draft.line.url, draft.tries) == ("draft", "", ())
    assert [node.vault.read(file.sealed) for file in draft.files] == [data]
    assert draft.files[0].name == "가.jpg"
    assert draft.hits == ({"list": LIST, "purpose": "known-material", "class": CLASS},)
    assert ("report/personOrUserReported/espIdentifier", "user-1") in draft.values
    before = kept(node)
    assert by_file(service, data, **headers)["draft"] == found["draft"], "the same again"
    other = {**headers, "tipbridge-facts": json.dumps({**facts, "account": "user-2"})}
    assert by_file(service, data, **other)["draft"] != found["draft"], "another account's"
    assert set(before) < set(kept(node))


def test_what_a_person_has_decided_on_is_drafted_anew_when_it_comes_again(node, service):
    with open_work(node, CONSOLE) as work:
        token = scanners.add_scanner(work, name="a second service")
    data = SMALL
    facts = {"tipbridge-facts": json.dumps({"account": "user-3"})}
    first = by_file(service, data, **facts)["draft"]
    second = by_file(service, data, **facts, authorization=f"Bearer {token}")["draft"]
    assert second != first, "each service has a draft of its own"
    with open_work(node, CONSOLE) as work:
        drafts.decide_draft(work, first, file=False, grounds="Synthetic: a test upload.")
    again = by_file(service, data, **facts)["draft"]
    assert again not in {None, first, second}
    assert by_file(service, data, **facts)["draft"] == again


@pytest.mark.parametrize("data", [ORDINARY, ORDINARY * 40_000], ids=["small", "large"])
def test_of_a_file_that_is_not_known_nothing_is_kept(node, service, data):
    before = kept(node)
    assert by_file(service, data) == {"hit": False, "lists": [], "draft": None}
    assert kept(node) == before
    digest = digest_bytes(data).sha256
    with acting(node.engine, WORKER) as db:
        for table in ("scans", "scan_hits", "scan_drafts", "filing_files"):
            rows = db.execute(text(f"SELECT {table}::text FROM {table}")).scalars()
            assert not [row for row in rows if digest in row]


def test_digests_are_matched_in_order_and_a_hit_waits_for_its_file(node, service):
    known, none = digest_bytes(SMALL).sha256, digest_bytes(ORDINARY).md5
    found = by_digest(service, none, known.upper(), reference="batch-1")
    assert [one["hit"] for one in found] == [False, True]
    draft = read(node, found[1]["draft"])
    assert (draft.files, draft.hits[0]["asked"]) == ((), known)
    assert by_digest(service, known, reference="batch-1")[0]["draft"] == draft.line.id
    assert by_digest(service, known, reference="batch-2")[0]["draft"] != draft.line.id


@pytest.mark.parametrize("data", [b"sought", b"sought" * 60_000], ids=["small", "large"])
def test_of_a_list_that_tells_of_an_investigation_staff_alone_learn(node, service, data):
    known_list(node, [data], name=f"sought-{len(data)}", purpose="victim-identification")
    assert by_file(service, data) == {"hit": False, "lists": [], "draft": None}
    with open_work(node, CONSOLE) as work:
        newest = ledger.list_filings(work)[0]
    draft = read(node, newest.id)
    assert [hit["purpose"] for hit in draft.hits] == ["victim-identification"]
    assert [node.vault.read(file.sealed) for file in draft.files] == [data]


def test_what_does_not_fit_is_refused_with_what_would(node, service, request):
    for sent, words in (
        ({"json": {"digests": ["x"]}}, "MD5, SHA-1 or SHA-256"),
        ({"json": {"digests": []}}, "1 to"),
        ({"json": {"digests": ["0" * 32] * 1001}}, "digests: .*1000"),
        ({"json": {"digests": ["0" * 32] * 601}}, "601 are given; 600 are allowed"),
        ({"json": {"digests": ["0" * 32], "facts": {"viewed": "yes"}}}, "'viewed' is not taken"),
        ({"json": {"hashes": []}}, "digests: Field required"),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, "the body"),
        ({"content": b"x", "headers": {"tipbridge-facts": "[]"}}, "an object in JSON"),
        ({"content": b"x", "headers": {"tipbridge-facts": '{"colour":"red"}'}}, "no column"),
        ({"content": b"x", "headers": {"tipbridge-facts": '{"files":"/etc/passwd"}'}}, "the body"),
        ({"content": b"x", "headers": {"tipbridge-reference": "r" * 201}}, "at most 200"),
    ):
        before = kept(node)
        answer = service.post("/scan", **sent)
        assert answer.status_code == 400, answer.text
        assert re.search(words, answer.json()["message"]), answer.text
        assert kept(node) == before
    assert signs(node, request.node.name) == [], "a mistake is no probing"
    short = replace(node, settings=node.settings.model_copy(update={"scan_max_bytes": 1000}))
    with TestClient(build_app(short), base_url="http://localhost") as other:
        other.headers["authorization"] = service.headers["authorization"]
        answer = other.post("/scan", content=b"x" * 1001)
    assert answer.status_code == 400
    assert "at most 1000 bytes" in answer.text


def test_only_a_token_that_holds_may_ask(node, service):
    token = service.headers.pop("authorization")
    for wrong in ("", "Bearer ", "Bearer tbs_" + "0" * 64, token + "0", "Basic eDp5"):
        answer = service.post("/scan", content=SMALL, headers={"authorization": wrong})
        assert answer.status_code == 401, wrong
    service.headers["authorization"] = token
    assert by_file(service, ORDINARY)["hit"] is False
    name = "test_only_a_token_that_holds_may_ask"
    with open_work(node, CONSOLE) as work:
        with pytest.raises(Conflict, match="There is, or was"):
            scanners.add_scanner(work, name=name)
        scanners.end_scanner(work, name=name)
    assert service.post("/scan", content=ORDINARY).status_code == 401
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        scanners.end_scanner(work, name=name)
    with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
        scanners.add_scanner(work, name=" ")


def test_beyond_its_rate_a_service_waits_and_staff_are_told_once(node, database, service, request):
    slow = replace(node, settings=node.settings.model_copy(update={"scan_per_minute": 3}))
    name = request.node.name
    with TestClient(build_app(slow), base_url="http://localhost") as limited:
        limited.headers["authorization"] = service.headers["authorization"]
        by_digest(limited, *["0" * 31 + digit for digit in "123"])
        for _ in range(2):
            answer = limited.post("/scan", content=SMALL)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
            assert answer.json()["error"] == "too-many"
    assert signs(node, name) == [Sign.TOO_MANY]
    with acting(node.engine, WORKER) as db:
        noticed = "SELECT facts FROM audit_events WHERE event = 'filing.probing.noticed'"
        assert [row["sign"] for row in db.execute(text(noticed)).scalars()].count("too-many") == 1
    let_pass(database, "61 seconds")
    assert by_file(service, ORDINARY)["hit"] is False


def test_asking_one_known_file_again_and_again_raises_an_alarm(node, service, request):
    for number in range(12):
        assert by_file(service, SMALL, **{"tipbridge-reference": str(number)})["hit"]
        wanted = [Sign.SAME_HIT_AGAIN] if number >= 10 else []
        assert signs(node, request.node.name) == wanted, number


def test_walking_through_digests_without_files_raises_an_alarm(node, service, request):
    files = [b"walked %d" % number for number in range(21)]
    known_list(node, files, name="walked")
    digests = [digest_bytes(data).sha256 for data in files]
    by_digest(service, *digests[:20])
    assert signs(node, request.node.name) == []
    by_digest(service, digests[20])
    assert signs(node, request.node.name) == [Sign.DIGESTS_WITHOUT_FILES]


def test_an_alarm_is_on_the_page_until_a_person_says_what_was_behind_it(node, service, request):
    for number in range(11):
        by_file(service, SMALL, **{"tipbridge-reference": str(number)})
    with open_work(node, CONSOLE) as work:
        waiting = actions.count_alarms(work)
        alarm = next(
            a for a in actions.read_scans(work).alarms if a.scanner_name == request.node.name
        )
    app = build_app(node)
    for username, role, language, words in (
        ("scan-analyst", Role.ANALYST, "ko", "탐색 의심 징후"),
        ("scan-auditor", Role.AUDITOR, "en", "Signs of probing"),
    ):
        add_member(node, username, role)
        desk = browser(app, language=language)
        sign_in(desk, username)
        shown = desk.get("/scans").text
        assert words in shown
        assert request.node.name in shown
        path = f"/scans/alarms/{alarm.id}"
        assert (path in shown) == (role is Role.ANALYST)
        if role is Role.AUDITOR:
            assert desk.post(path, data={"grounds": "x"}).status_code == 403
            continue
        assert desk.post(path, data={"grounds": " "}).status_code == 400
        assert desk.post(path, data={"grounds": "A test of the queue."}).status_code == 303
        assert desk.post(path, data={"grounds": "again"}).status_code == 404
        assert "A test of the queue." in desk.get("/scans").text
    with open_work(node, CONSOLE) as work:
        assert actions.count_alarms(work) == waiting - 1


def test_scans_are_forgotten_after_thirty_days_and_drafts_stay(node, database, service):
    draft = by_file(service, SMALL, **{"tipbridge-reference": "old"})["draft"]
    with open_work(node, WORKER) as work:
        assert actions.forget_scans(work) == 0
    let_pass(database, "31 days")
    with acting(node.engine, WORKER) as db:
        count = db.execute(text("SELECT count(*) FROM scans")).scalar_one()
    with open_work(node, WORKER) as work:
        assert actions.forget_scans(work) == count > 0
    with acting(node.engine, WORKER) as db:
        assert db.execute(text("SELECT count(*) FROM scan_hits")).scalar_one() == 0
    assert read(node, draft).line.state == "draft"


def test_a_person_files_what_was_matched_and_purging_forgets_the_offer(
    node, service, make_node, staff
):
    clearing = make_node()
    add_provider(clearing)
    found = by_file(service, LARGE, **{"tipbridge-reference": "to-be-filed"})
    with ExitStack() as stack:
        there = Clearing(node=clearing, before=last_report(clearing))
        own = filing_node(node, f"{stack.enter_context(serving(clearing))}/ispws")
        due_now(own)
        with open_work(own, CONSOLE) as work:
            facts = Facts(
                incident_type=actions.USUAL_TYPE,
                reporter_email="ts@esp.example",
                url="https://esp.example/1",
            )
            drafts.change_draft(work, found["draft"], facts)
            drafts.decide_draft(work, found["draft"], file=True)
        assert send(own, found["draft"]).line.state == "filed"
        assert list(there.reports().values()) == [[digest_bytes(LARGE).sha256]]
    with acting(node.engine, WORKER) as db:
        db.execute(
            text("UPDATE filings SET preserve_until = '2000-01-01' WHERE id = :id"),
            {"id": found["draft"]},
        )
    with open_work(node, staff(node, Role.ADMINISTRATOR)) as work:
        filing.purge_filing(work, found["draft"])
    with acting(node.engine, WORKER) as db:
        left = "SELECT count(*) FROM scan_drafts WHERE filing_id = :id"
        assert db.execute(text(left), {"id": found["draft"]}).scalar_one() == 0


def test_staff_match_a_folder_and_nothing_of_it_is_passed_over(node, tmp_path, monkeypatch):
    @contextlib.contextmanager
    def opened(data):
        del data
        yield node, None

    monkeypatch.setattr(terminal, "_opened", opened)
    monkeypatch.setenv("TIPBRIDGE_BOX_WALLS", "kernel")
    below = tmp_path / "uploads" / "deep"
    below.mkdir(parents=True)
    (below / "known.jpg").write_bytes(SMALL)
    (tmp_path / "uploads" / "none.jpg").write_bytes(ORDINARY)
    (below / "link.jpg").symlink_to(below / "known.jpg")
    line = ["filings", "scan", "--data", str(node.data), str(tmp_path / "uploads"), "--json"]
    command = typer.main.get_command(cli)
    done = CliRunner().invoke(command, [*line, "--fact", "account=user-7"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["files"], told["matched"]) == (3, 2)
    assert told["unread"] == [f"{below}/link.jpg: not a regular file"]
    [hit] = told["hits"]
    assert (hit["file"], hit["lists"]) == (str(below / "known.jpg"), [f"{LIST} ({CLASS})"])
    draft = read(node, hit["draft"])
    assert ("report/personOrUserReported/espIdentifier", "user-7") in draft.values
    assert [node.vault.read(file.sealed) for file in draft.files] == [SMALL]
    assert [file.name for file in draft.files] == ["known.jpg"], "no path of this machine goes out"
    refused = CliRunner().invoke(command, [*line, "--fact", "account"])
    assert "NAME=VALUE" in str(refused.exception)
    with open_work(node, CONSOLE) as work:
        found = actions.scan(work, [offer_digest(digest_bytes(LARGE).sha256)]).found
    assert found[0].lists


def test_the_rules_of_probing_name_their_sign():
    quiet = Recent(asked=0, bare_hits=20, most_repeats=10)
    assert list(signs_of_probing(quiet)) == []
    loud = Recent(asked=0, bare_hits=21, most_repeats=11)
    assert list(signs_of_probing(loud)) == [Sign.DIGESTS_WITHOUT_FILES, Sign.SAME_HIT_AGAIN]
    assert not refused_for_rate(Recent(asked=590, bare_hits=0, most_repeats=0), 10, 600)
    assert refused_for_rate(Recent(asked=590, bare_hits=0, most_repeats=0), 11, 600)


def test_pictures_are_matched_near_and_variants_of_one_count_as_one(node, service) -> None:
    """Another form of a listed picture, and one within an archive; nobody outside learns how near."""
    pdq = hash_picture(picture()).found.hash_.hex()
    listed(node, "pictures", f"{pdq},{CLASS}", kind="pdq")
    with open_work(node, WORKER) as work:
        hashes.build_missing(work)
    variant = picture(form="PNG")
    found = by_file(service, variant)
    assert found["lists"] == [{"list": "pictures", "class": CLASS, "purpose": "known-material"}]
    assert "bits" not in json.dumps(found)
    held = read(node, found["draft"]).hits
    assert [(hit["by"], int(hit["near_bits"]) <= 31) for hit in held] == [("as-it-is", True)]
    assert by_file(service, zipped({"a.png": variant, "b": ORDINARY}))["hit"]
    assert not by_file(service, picture(43))["hit"]
    for number in range(10):
        by_file(service, variant + bytes(number))
    with open_work(node, CONSOLE) as work:
        signs = [each.sign for each in actions.read_scans(work).alarms]
    assert signs.count(Sign.SAME_HIT_AGAIN) >= 1


def test_lists_that_are_not_ready_are_named_to_staff_and_counted_to_services(node, service):
    with open_work(node, WORKER) as work:
        hashes.build_missing(work)
    listed(node, "not-ready", "f0" * 32, kind="pdq")
    listed(node, "cases-not-ready", "0f" * 32, kind="pdq", purpose="own-cases")
    asked = service.post("/scan", json={"digests": [digest_bytes(ORDINARY).md5]})
    assert asked.json()["not_searched"] == 0, "a digest is looked up without index files"
    assert service.post("/scan", content=ORDINARY).json()["not_searched"] == 1
    offer = offer_file(ORDINARY, hashed=hash_file(None, "a", ORDINARY))
    with open_work(node, CONSOLE) as work:
        assert actions.scan(work, [offer]).not_searched == ("cases-not-ready", "not-ready")
    with open_work(node, WORKER) as work:
        hashes.build_missing(work)
    assert service.post("/scan", content=ORDINARY).json()["not_searched"] == 0
