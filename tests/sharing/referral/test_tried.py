"""An agreement is tried on what a liaison holds too: received referrals and leads, bound as they are."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, Road, open_road
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import add_agreement, list_agreements
from tipbridge.knowledge.agreements.decisions import ReleaseDecision
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.agreeing import actions, pages
from tipbridge.sharing.referral.consent import actions as consents
from tipbridge.sharing.referral.consent.model import Use
from tipbridge.sharing.referral.model import SourceKind
from tipbridge.tips.triage.actions import add_lead
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import SourceGrade, Suspicion

MOU = template_text("police-mou", sender="us.hsi", receiver="kr.knpa")


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes; what the clearinghouse sends may go on by its leave alone (H2)."""
    with open_road(make_node, agreed=False, codes='"H2"') as found:
        yield found


def _received(road: Road) -> str:
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    return road.received(road.liaison)[0].id


def _tried(node: Node, source_id: str, kind: SourceKind) -> ReleaseDecision:
    with open_work(node, CONSOLE) as work:
        held = [each for each in list_agreements(work) if each.terms.receiver == "kr.knpa"]
        name = (held or [add_agreement(work, document=MOU.encode())])[0].sha256
    with open_work(node, CONSOLE) as work:
        return actions.try_agreement(work, name, source_id, kind=kind).decision


def test_a_received_referral_is_tried_with_its_marks_and_with_the_leave_that_came(
    road: Road,
) -> None:
    at_liaison = _received(road)
    bound = _tried(road.liaison, at_liaison, SourceKind.REFERRAL)
    assert not bound.allowed
    with open_work(road.liaison, CONSOLE) as work:
        (asked,) = consents.ask_consent(work, at_liaison, Use.ONWARD, recipient="kr.knpa")
    road.settle()
    with open_work(road.clearing, CONSOLE) as work:
        consents.answer_consent(work, asked.ask.id, granted=True)
    road.settle()
    free = _tried(road.liaison, at_liaison, SourceKind.REFERRAL)
    assert free.allowed
    assert "people/0/ips/0" in free.released
    with open_work(road.liaison, CONSOLE) as work:
        real = referrals.open_referral(
            work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
        )
        referrals.decide_referral(work, real)


def test_a_lead_on_own_grounds_is_tried(road: Road) -> None:
    node = road.liaison
    grounds = OwnGrounds(
        grounds="A rumour.",
        grade=SourceGrade(source="X", information=4),
        suspicion=Suspicion.PREPARING_SALE,
        accounts=(("Example Forum", "seller-1"),),
        age=40,
    )
    with open_work(node, CONSOLE) as work:
        lead = add_lead(work, grounds).id
    found = _tried(node, lead, SourceKind.LEAD)
    released = {part.label for part in found.parts if part.released}
    assert "people/0/accounts/0" in released
    with pytest.raises(NotFound):
        _tried(node, lead, SourceKind.TIP)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_staff_try_a_received_referral_by_page_and_by_command(
    road: Road, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_liaison, node = _received(road), road.liaison
    add_member(node, "desk", Role.LIAISON)
    client = browser(shell_app(node, routers=(pages.router,)), language=language)
    sign_in(client, "desk")
    form = {"document": MOU, "kind": "referral", "source": at_liaison}
    shown = client.post("/agreements/compare", data=form)
    assert shown.status_code == 200
    assert "people/0/ips/0" in shown.text
    assert client.post("/agreements/compare", data={**form, "kind": "tip"}).status_code == 404
    file = tmp_path / "mou.toml"
    file.write_text(MOU)
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    line = ["agreements", "compare", str(file), "--data", str(node.data)]
    said = CliRunner().invoke(cli, [*line, "--referral", at_liaison])
    assert said.exit_code == 0, said.output
    assert "people/0/ips/0: stays" in said.output
    assert "leaves when it is asked for" not in said.output
    two = CliRunner().invoke(cli, [*line, "--referral", at_liaison, "--tip", "1"])
    assert two.exit_code != 0


@pytest.mark.parametrize(
    ("language", "words"), [("en", "leaves when it is asked for"), ("ko", "요청하면 나감")]
)
def test_a_first_release_shows_what_would_follow_when_it_is_asked_for(
    road: Road, language: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, report_id = road.clearing, road.tip(report_xml(PERSON))
    text = template_text("standing-referral", sender="us.clearing", receiver="us.other")
    text = text.replace('ip = "allow"', 'ip = "on-request"').replace("agreement/1", "agreement/2")
    assert "on-request" in text
    add_member(node, "desk", Role.ANALYST)
    client = browser(shell_app(node, routers=(pages.router,)), language=language)
    sign_in(client, "desk")
    form = {"document": text, "kind": "tip", "source": report_id}
    shown = client.post("/agreements/compare", data=form).text
    with open_work(node, CONSOLE) as work:
        name = add_agreement(work, document=text.encode()).sha256
        tried = actions.try_agreement(work, name, report_id)
    # The address in each of its forms: which one the receiver gets is decided when it asks.
    assert {each.rpartition("/ips/")[0] for each in tried.when_asked} == {"people/0"}
    assert "people/0/ips/0" in tried.when_asked - set(tried.decision.released)
    alone = client.get(f"/agreements/{name}?source={report_id}").text
    assert shown.count(words) == alone.count(words) == len(tried.when_asked)
    file = tmp_path / "asked.toml"
    file.write_text(text.replace("us.other", "us.another"))
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    line = ["agreements", "compare", str(file), "--data", str(node.data), "--tip", report_id]
    said = CliRunner().invoke(cli, line)
    assert "people/0/ips/0: stays (on-request), leaves when it is asked for" in said.output
