"""The pages and commands of referrals and requests."""

import re
from collections.abc import Callable, Generator

import pytest

from tests.sharing.referral.road import (
    PERSON,
    Road,
    open_road,
)
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.sharing.referral import pages


@pytest.fixture
def half_road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes without an agreement between liaison and police."""
    with open_road(make_node, agreed=False) as found:
        yield found


def _desk(node: Node, *roles: Role, language: str = "en"):
    name = "-".join(("desk", language, *roles))
    add_member(node, name, *roles)
    app = shell_app(node, routers=(pages.router,), navigation=pages.NAV)
    client = browser(app, language=language)
    sign_in(client, name)
    return client


def _post(client, path: str, **form: str) -> str:
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_staff_refer_ask_answer_and_release_by_the_pages(half_road: Road, language: str) -> None:
    road = half_road
    clearing = _desk(road.clearing, Role.ANALYST, language=language)
    liaison = _desk(road.liaison, Role.LIAISON, language=language)
    police = _desk(road.police, Role.INVESTIGATOR, language=language)
    report_id = road.tip(report_xml(PERSON))
    shown = _post(clearing, "/referrals", kind="tip", source=report_id, peer="us.hsi")
    assert "people/0/ips/0~prefix" in clearing.get(shown).text
    _post(clearing, shown + "/release")
    road.settle()
    assert "us.hsi" in clearing.get(shown).text
    (arrived,) = re.findall(r'href="(/referrals/[0-9a-f]{32})"', liaison.get("/referrals").text)
    assert "203.0.113.7" in liaison.get(arrived).text
    onward = _post(
        liaison, "/referrals", kind="referral", source=arrived.split("/")[-1], peer="kr.knpa"
    )
    _post(liaison, onward + "/request")
    road.settle()
    (asked,) = re.findall(r'href="(/requests/[0-9a-f]{32})"', police.get("/requests").text)
    assert 'name="legal_basis"' in police.get(asked).text
    _post(
        police,
        asked + "/answer",
        granted="true",
        legal_basis="Act, article 5",
        minimum_age="14",
        jurisdiction="KR",
        citation="Criminal Act, article 9",
        allowed="incident",
    )
    assert 'name="legal_basis"' not in police.get(asked).text
    road.settle()
    _post(liaison, onward + "/decision")
    page = liaison.get(onward).text
    assert "people/0/ips/0" in page
    _post(liaison, onward + "/release")
    road.settle()
    (final,) = re.findall(r'href="(/referrals/[0-9a-f]{32})"', police.get("/referrals").text)
    page = police.get(final).text
    assert report_id in page
    assert "203.0.113.7" not in page


def test_the_pages_are_for_their_roles_alone(half_road: Road) -> None:
    press = _desk(half_road.clearing, Role.PRESS)
    for path in ("/referrals", "/requests"):
        assert press.get(path).status_code == 403
    nobody = browser(shell_app(half_road.clearing, routers=(pages.router,), navigation=pages.NAV))
    assert nobody.get("/referrals").status_code == 303
    analyst = _desk(half_road.clearing, Role.ANALYST)
    assert analyst.get("/referrals/" + "0" * 32).status_code == 404
    assert analyst.get("/requests/" + "0" * 32).status_code == 404


@pytest.mark.parametrize("language", ["en", "ko"])
def test_staff_say_where_it_stands_and_take_it_back_by_the_page(
    make_node: Callable[..., Node], language: str
) -> None:
    with open_road(make_node) as road:
        _, _, second, at_police = road.carry(road.tip(report_xml(PERSON)))
        liaison = _desk(road.liaison, Role.LIAISON, language=language)
        police = _desk(road.police, Role.INVESTIGATOR, language=language)
        here, there = f"/referrals/{at_police}", f"/referrals/{second}"
        _post(police, here + "/stage", said="returned:lacked-port")
        _post(police, here + "/stage", said="accepted")
        road.settle()
        words = {"en": ("lacked port", "not acknowledged"), "ko": ("포트 없음", "미확인")}[language]
        told = liaison.get(there).text
        assert words[0].lower() in told.lower()
        assert 'value="recall:sent-in-error"' in told
        assert liaison.post(there + "/withdrawal", data={"said": "recall"}).status_code == 400
        assert liaison.post(there + "/stage", data={"said": "eaten"}).status_code == 400
        _post(
            liaison,
            there + "/withdrawal",
            said="correction:wrong-value",
            parts="people/0/phones/0",
        )
        _post(liaison, there + "/withdrawal", said="recall:wrong-person")
        assert words[1].lower() in liaison.get(there).text.lower()
        road.settle()
        assert words[1].lower() not in liaison.get(there).text.lower()
        arrived = police.get(here).text
        assert 'action="/referrals/' + at_police + '/stage"' not in arrived
        assert "people/0/phones/0" in arrived


@pytest.mark.parametrize(
    ("language", "field", "purpose", "occasion"),
    [("en", "purpose: ", "material removal", "bulk"), ("ko", "목적: ", "성착취물 삭제", "일괄")],
)
def test_the_form_takes_purpose_occasion_and_desks(
    half_road: Road, language: str, field: str, purpose: str, occasion: str
) -> None:
    road = half_road
    clearing = _desk(road.clearing, Role.ANALYST, language=language)
    chosen = {"purpose": "material-removal", "occasion": "bulk", "to_desk": "trust-and-safety"}
    named = {"kind": "tip", "source": road.tip(), "peer": "us.hsi", **chosen}
    refused = clearing.post("/referrals", data={**named, "purpose": "other"})
    assert refused.status_code == 400
    assert field in refused.text
    page = clearing.get(_post(clearing, "/referrals", **named)).text
    assert "— → trust-and-safety" in page
    assert purpose in page
    assert occasion in page
