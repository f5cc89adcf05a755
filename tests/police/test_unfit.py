"""A referral that no case can take stands before staff with its reason, and stops nothing else."""

import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import part
from tests.police.folk import file_of
from tests.sharing import net
from tests.sharing.referral.road import PERSON, Road, open_road, values
from tests.sharing.referral.road import follow as sharing_alone
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import pages
from tipbridge.police.cases.waiting import actions as waiting
from tipbridge.police.cases.waiting import store
from tipbridge.police.cases.waiting.model import UnfitLine, UnfitReason
from tipbridge.sharing.referral import releasing
from tipbridge.sharing.referral.model import Source, SourceContent

WORDS = "".join(hashlib.sha256(bytes([each])).hexdigest() for each in range(99))
HOSTILE = {
    "incident/at": "0001-01-01T00:00:00+14:00",
    "report/received_at": "9999-12-31T23:59:59-12:00",
    "people/0/age~band": {"from": 40, "to": 10},
    "people/" + "9" * 5000 + "/role": "victim",
    "files/0/digests": {"sha256": "a" * 64, "size_bytes": -1},
    "people/0/phones/0": {"number": "0" * 4000},
    "people/0/ips/0": {"address": "203.0.113.7", "at": "9999-12-31T23:59:59-12:00", "port": -1},
}
"""What no tip of a provider says, but a sender may."""
TOO_LONG = {f"people/{WORDS[:2640]}/role": "victim"}
"""A label that the index of what a referral says holds, and that of whom it names no more."""


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes that follow the pipeline."""
    with open_road(make_node) as made:
        made.settle = lambda: net.settle(made.nodes, follow)  # type: ignore[method-assign]
        yield made


def _classed(label: str, value: object) -> Part:
    """A part with the class that its receiver wants for its label."""
    made = part(label, value)
    return replace(made, data_class=DataClass.ACCOUNT) if label.endswith("/role") else made


def _sent(road: Road, monkeypatch: pytest.MonkeyPatch, hostile: Mapping[str, object]) -> str:
    """A referral that reaches the police with these parts, as its last sender changed it."""
    honest = releasing.content_of

    def changed(work: Work, source: Source) -> SourceContent:
        found = honest(work, source)
        if work.node.id != road.liaison.id:
            return found
        kept = tuple(each for each in found.parts if each.label not in hostile)
        received = tuple(each for each in found.received if each.part.label not in hostile)
        told = tuple(_classed(*each) for each in hostile.items())
        return replace(found, parts=(*kept, *told), received=received)

    with monkeypatch.context() as patched:
        patched.setattr(releasing, "content_of", changed)
        return road.carry(road.tip(report_xml(PERSON)))[-1]


def _cases(road: Road) -> list[str]:
    with open_work(road.police, CONSOLE) as work:
        return [line.id for line in cases.list_cases(work)]


def _unfit(road: Road) -> list[UnfitLine]:
    with open_work(road.police, CONSOLE) as work:
        return waiting.list_unfit(work)


@pytest.mark.parametrize("label", list(HOSTILE), ids=lambda label: label[:30])
def test_an_odd_value_stops_no_referral(
    road: Road, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    arrived = _sent(road, monkeypatch, {label: HOSTILE[label]})
    road.settle()
    (case_id,) = _cases(road)
    assert label in values(road.police, arrived)
    assert [e.referral_id for e in file_of(road.police, case_id).referrals] == [arrived]
    assert _unfit(road) == []


def test_what_no_case_can_take_stands_before_staff_and_stops_nothing(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = _sent(road, monkeypatch, TOO_LONG)
    road.settle()
    assert _cases(road) == []
    (line,) = _unfit(road)
    assert (line.unfit.referral_id, line.unfit.reason, line.unfit.tries) == (
        arrived,
        UnfitReason.UNSTORABLE,
        1,
    )
    road.carry(road.tip(report_xml(PERSON)))
    road.settle()
    (case_id,) = _cases(road)
    assert arrived not in [e.referral_id for e in file_of(road.police, case_id).referrals]
    add_member(road.police, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(road.police, routers=(pages.router,)), language="en")
    sign_in(client, "desk")
    shown = client.get("/cases").text
    assert "no case could take" in shown
    assert f"/referrals/{arrived}" in shown
    assert client.post(f"/waiting-referrals/{arrived}").status_code == 303
    road.settle()
    assert [each.unfit.tries for each in _unfit(road)] == [2]
    with open_work(road.police, CONSOLE) as work:
        assert waiting.count_waiting(work) == 1


def test_what_a_case_has_waits_no_more(road: Road) -> None:
    road.settle = lambda: net.settle(road.nodes, sharing_alone)  # type: ignore[method-assign]
    arrived = road.carry(road.tip(report_xml(PERSON)))[-1]
    with open_work(road.police, WORKER) as work:
        store.note_unfit(work.db, arrived, UnfitReason.UNREADABLE, work.now)
    with open_work(road.police, WORKER) as work:
        cases.open_or_attach(work, referral_id=arrived)
    assert len(_cases(road)) == 1
    assert _unfit(road) == []
