"""What must not happen does not, over real HTTP: nothing is kept, one record says so.

The list is in docs/flows/negatives.md, with the tests that go deeper into each.
"""

import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.nodes import CONSOLE, acting
from tests.sharing import net
from tests.sharing.referral.road import LAPSED, Road, open_road, view
from tests.tips.intake.ispws import REPORT, add_provider, client, code, said, serving
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import REFUSED, open_work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import outgoing
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.referral.model import SourceKind, State

NOT_COVERED = "exchange.package.refused"
SECRET = "canary-of-a-person"
PERSON = f"""<personOrUserReported><personOrUserReportedPerson><firstName>{SECRET}</firstName><age>30</age>
</personOrUserReportedPerson><espIdentifier>{SECRET}</espIdentifier>
<espService>Example Social</espService></personOrUserReported>"""
_OWN_RECORDS = ("audit_", "sign_in_failures", "report_guesses", "node_clock", "schema_version")
SLOWEST_SECONDS = 120.0
"""Longer is a hang: an answer takes a fraction of a second, a hundred on a busy machine more."""


@dataclass
class Watch:
    """What a node held before and after, and what it recorded meanwhile."""

    node: Node
    before: str = ""
    changed: bool = True
    recorded: list[tuple[str, dict[str, object]]] = field(default_factory=list)


def held(node: Node) -> str:
    """A digest of every row and file of a node; what it notes of refusals is left out."""
    seen = hashlib.sha256()
    with acting(node.engine, WORKER) as db:
        tables = db.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND"
            " relnamespace = 'public'::regnamespace AND has_table_privilege(oid, 'SELECT')"
            " ORDER BY relname"
        ).scalars()
        for table in [name for name in tables if not name.startswith(_OWN_RECORDS)]:
            rows = db.exec_driver_sql(f"SELECT {table}::text FROM {table} ORDER BY 1").scalars()
            seen.update(repr((table, list(rows))).encode())
    for path in sorted(node.data.rglob("*")):
        if path.is_file():
            seen.update(f"{path}:{path.stat().st_size}".encode())
    return seen.hexdigest()


@contextlib.contextmanager
def watched(node: Node) -> Generator[Watch]:
    """The node while something is refused there: it holds the same afterwards."""
    watch = Watch(node=node, before=held(node))
    known = len(net.audit(node))
    begun = time.monotonic()
    yield watch
    assert time.monotonic() - begun < SLOWEST_SECONDS
    watch.changed = held(node) != watch.before
    found = net.audit(node)[known:]
    watch.recorded = [(event, said_) for event, _, said_ in found]
    assert SECRET not in repr(found)


@pytest.fixture
def clearing(make_node: Callable[..., Node]) -> Node:
    """A clearinghouse with two providers."""
    node = make_node("us.clearing")
    add_provider(node)
    add_provider(node, "esp-two", "usr456", "pw-2")
    return node


@pytest.fixture
def esp(clearing: Node) -> Generator[httpx2.Client]:
    """The first provider's client."""
    with serving(clearing) as address, client(address) as found:
        found.get("/status")  # its sign-in is a record of its own
        yield found


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes with agreements on both stretches."""
    with open_road(make_node) as found:
        yield found


def _opened(esp: httpx2.Client) -> str:
    return said(esp.post("/submit", content=REPORT))["reportId"]


def _uploaded(esp: httpx2.Client, report_id: str) -> httpx2.Response:
    return esp.post("/upload", data={"id": report_id}, files={"file": ("a", SECRET.encode())})


def _refusals(watch: Watch) -> list[object]:
    assert {event for event, _ in watch.recorded} <= {REFUSED, NOT_COVERED}, watch.recorded
    return [facts["kind"] for event, facts in watch.recorded if event == REFUSED]


# At the provider's door.


def test_a_wrong_credential_opens_nothing(clearing: Node, esp: httpx2.Client) -> None:
    with watched(clearing) as watch:
        answer = esp.post("/submit", content=report_xml(PERSON), auth=("usr123", "pw-2"))
    assert answer.status_code == 401
    assert not watch.changed
    assert _refusals(watch) == ["unauthenticated"]


def test_another_providers_report_is_as_none(clearing: Node, esp: httpx2.Client) -> None:
    report_id = _opened(esp)
    with client(str(esp.base_url).removesuffix("/ispws/").removesuffix("/ispws"),
                "usr456", "pw-2") as other:  # fmt: skip
        other.get("/status")
        with watched(clearing) as watch:
            answer = _uploaded(other, report_id)
    assert (answer.status_code, code(answer)) == (400, 5001)
    assert not watch.changed
    assert _refusals(watch) == ["not-found"]


def test_an_upload_after_the_finish_is_refused(clearing: Node, esp: httpx2.Client) -> None:
    report_id = _opened(esp)
    esp.post("/finish", data={"id": report_id})
    with watched(clearing) as watch:
        answer = _uploaded(esp, report_id)
    assert (answer.status_code, code(answer)) == (400, 5102)
    assert not watch.changed
    assert _refusals(watch) == ["conflict"]


def test_a_doctype_is_refused_before_it_is_read(clearing: Node, esp: httpx2.Client) -> None:
    document = report_xml(PERSON).replace(
        b"<report>", b'<!DOCTYPE report SYSTEM "http://127.0.0.1:9/x"><report>'
    )
    with watched(clearing) as watch:
        answer = esp.post("/submit", content=document)
    assert (answer.status_code, code(answer)) == (400, 4110)
    assert SECRET not in answer.text
    assert not watch.changed
    assert _refusals(watch) == ["invalid"]


@pytest.mark.parametrize("size_bytes", [20, 700_000])
def test_a_form_cut_short_leaves_nothing(
    clearing: Node, esp: httpx2.Client, size_bytes: int
) -> None:
    report_id = _opened(esp)
    body = (
        f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + SECRET * size_bytes
    ).encode()[:size_bytes]
    with watched(clearing) as watch:
        answer = esp.post(
            "/upload", content=body, headers={"Content-Type": "multipart/form-data; boundary=b"}
        )
    assert (answer.status_code, code(answer)) == (400, 4200)
    assert not watch.changed


# Between nodes.


def _queued(road: Road) -> tuple[str, str]:
    """A released referral, not sent yet: its id and its package's."""
    first = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    net.events(road.clearing)
    package_id = view(road.clearing, first).referral.package_id
    assert package_id is not None
    return first, package_id


def _sealed(sender: Node, package_id: str, receiver: Node) -> bytes:
    with open_work(sender, WORKER) as work:
        package = exchange.sent_package(work, package_id)
    assert package is not None
    with outgoing.sealed_package(sender, package, receiver.card()) as (spool, _, _):
        return spool.read()


def _url(node: Node, peer: Node) -> str:
    with open_work(node, CONSOLE) as work:
        return f"{exchange.known_peer(work, peer.id).url}/exchange/v1/packages"


def _posted(url: str, body: bytes) -> httpx2.Response:
    return httpx2.post(url, content=body, trust_env=False, timeout=60)


def test_without_agreement_nothing_leaves(road: Road, make_node: Callable[..., Node]) -> None:
    stranger = make_node("xx.stranger")
    net.pin(road.clearing, stranger, "http://127.0.0.1:9")
    report_id = road.tip(report_xml(PERSON))
    with pytest.raises(Exception, match="not allowed"):
        road.refer(road.clearing, SourceKind.TIP, report_id, stranger)
    with open_work(road.clearing, CONSOLE) as work:
        sent, _, _ = exchange.list_packages(work)
    assert sent == []
    recorded = net.audit(road.clearing)
    decided = [facts for event, _, facts in recorded if event == "referral.release.decided"]
    assert [(each["allowed"], each["released"]) for each in decided] == [(False, 0)]
    assert [facts["kind"] for event, _, facts in recorded if event == REFUSED] == ["conflict"]


def test_a_package_under_no_agreement_is_not_let_in(road: Road) -> None:
    _, package_id = _queued(road)
    sealed = _sealed(road.clearing, package_id, road.liaison)
    url = _url(road.clearing, road.liaison)
    net.set_clock(road.liaison, LAPSED)
    net.events(road.liaison)
    with watched(road.liaison) as watch:
        answer = _posted(url, sealed)
    assert answer.status_code == 422
    assert not watch.changed
    assert _refusals(watch) == ["no-agreement"]
    said_of_it = {"sender": road.clearing.id, "reason": "agreement-not-in-force"}
    assert (NOT_COVERED, said_of_it) in watch.recorded


def test_an_agreement_that_expired_before_dispatch_stops_the_package(road: Road) -> None:
    first, package_id = _queued(road)
    net.set_clock(road.clearing, LAPSED)
    with watched(road.liaison) as watch, open_work(road.clearing, WORKER) as work:
        assert exchange.send_package(work, package_id) is OutboxState.LAPSED
    road.settle()
    assert not watch.changed
    assert watch.recorded == []
    assert view(road.clearing, first).referral.state is State.LAPSED


@pytest.mark.parametrize("place", [0.0, 0.01, 0.5, 0.999])
def test_a_package_with_one_byte_flipped_is_not_let_in(road: Road, place: float) -> None:
    _, package_id = _queued(road)
    sealed = bytearray(_sealed(road.clearing, package_id, road.liaison))
    sealed[int(place * len(sealed))] ^= 1
    with watched(road.liaison) as watch:
        answer = _posted(_url(road.clearing, road.liaison), bytes(sealed))
    assert (answer.status_code, answer.json()) == (422, {"error": "refused"})
    assert not watch.changed
    assert _refusals(watch) in ([], ["integrity"])


def test_a_package_for_another_node_is_not_let_in(road: Road) -> None:
    _, package_id = _queued(road)
    for body in (
        _sealed(road.clearing, package_id, road.liaison),  # not sealed to it
        _sealed(road.clearing, package_id, road.police),  # sealed to it, the statement is not
    ):
        with watched(road.police) as watch:
            answer = _posted(_url(road.liaison, road.police), body)
        assert (answer.status_code, answer.json()) == (422, {"error": "refused"})
        assert not watch.changed
        assert _refusals(watch) == ["integrity"]


def test_the_same_package_a_hundred_times_has_one_effect(road: Road) -> None:
    _, package_id = _queued(road)
    url = _url(road.clearing, road.liaison)
    first = _posted(url, _sealed(road.clearing, package_id, road.liaison))
    road.settle()
    with watched(road.liaison) as watch:
        again = {_posted(url, _sealed(road.clearing, package_id, road.liaison)).content
                 for _ in range(99)}  # fmt: skip
    assert again == {first.content}
    assert not watch.changed
    assert len(road.received(road.liaison)) == 1


def test_a_police_node_that_is_down_five_times_gets_it_the_sixth_time(road: Road) -> None:
    report_id = road.tip(report_xml(PERSON))
    road.refer(road.clearing, SourceKind.TIP, report_id, road.liaison)
    road.settle()
    url = _url(road.liaison, road.police)
    _move(road.liaison, road.police, "http://127.0.0.1:9")
    second = road.refer(
        road.liaison, SourceKind.REFERRAL, road.received(road.liaison)[0].id, road.police
    )
    net.events(road.liaison)
    package_id = view(road.liaison, second).referral.package_id
    assert package_id is not None
    with watched(road.police) as watch:
        states = [_attempt(road.liaison, package_id) for _ in range(5)]
    assert states == [OutboxState.QUEUED] * 5
    assert not watch.changed
    _move(road.liaison, road.police, url.removesuffix("/exchange/v1/packages"))
    assert _attempt(road.liaison, package_id) is OutboxState.DELIVERED
    road.settle()
    assert len(road.received(road.police)) == 1


def _move(node: Node, peer: Node, url: str) -> None:
    net.pin(node, peer, url)


def _attempt(node: Node, package_id: str) -> OutboxState | None:
    with open_work(node, WORKER) as work:
        return exchange.send_package(work, package_id)


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_real_and_a_synthetic_node_refuse_each_other(
    make_node: Callable[..., Node], synthetic: bool
) -> None:
    here = make_node("us.clearing", synthetic=synthetic)
    there = make_node("us.hsi", synthetic=not synthetic)
    card = there.keys.sign_card(there.card())
    with watched(here) as watch, pytest.raises(Invalid), open_work(here, CONSOLE) as work:
        exchange.add_peer(work, card=card)
    assert not watch.changed
    assert _refusals(watch) == ["invalid"]


def test_the_list_names_tests_that_exist() -> None:
    root = Path(__file__).parents[2]
    text = (root / "docs/flows/negatives.md").read_text("utf-8")
    tests = "\n".join(path.read_text("utf-8") for path in (root / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) > 20
    assert [name for name in sorted(named) if f"def {name}(" not in tests] == []
    files = set(re.findall(r"tests/[\w/]+\.py", text))
    assert [file for file in sorted(files) if not (root / file).exists()] == []
    here = Path(__file__).read_text("utf-8")
    own = set(re.findall(r"^def (test_\w+)\(", here, re.MULTILINE))
    assert own - named == {"test_the_list_names_tests_that_exist"}
