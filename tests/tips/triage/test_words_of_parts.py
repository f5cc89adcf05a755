"""What a page says of a part's value: names of fields and closed words in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import StrEnum

import pytest
from lxml import etree

from tests.tips.triage.test_parts import lead
from tests.tips.triage.tips import AT, full_person, make_tip, person, tip_file
from tipbridge.knowledge.agreements.clauses import Leave
from tipbridge.knowledge.agreements.decisions import Conditions
from tipbridge.knowledge.places.model import NetworkKind, PlaceKind
from tipbridge.tips.enrichment.model import Basis, Confidence
from tipbridge.tips.report.model import Account, PersonRole
from tipbridge.tips.report.schema import SCHEMA_BYTES
from tipbridge.tips.triage.model import Suspicion
from tipbridge.tips.triage.parts import lead_parts, tip_parts
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue, environment

XS = "{http://www.w3.org/2001/XMLSchema}"
SCHEMA = etree.fromstring(SCHEMA_BYTES)
PAGE = '{% import "web/macros.html" as ui %}{{ ui.part(label, value) }}'


def enumerated(name: str) -> set[str]:
    found = SCHEMA.iterfind(f".//{XS}simpleType[@name='{name}']//{XS}enumeration")
    return {str(each.get("value")) for each in found}


def flags(name: str) -> set[str]:
    found = SCHEMA.iterfind(f".//{XS}complexType[@name='{name}']//{XS}element")
    return {str(each.get("name")) for each in found}


def names(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name)
            yield from names(each)
    elif isinstance(value, list):
        for each in value:
            yield from names(each)


def shown(label: str, value: object, language: Language = Language.KOREAN) -> str:
    page = environment(language).from_string(PAGE).render(label=label, value=value)
    return " ".join(page.split())


def test_every_closed_word_of_a_part_is_said_in_korean() -> None:
    kinds: tuple[type[StrEnum], ...] = (
        Basis, Confidence, Leave, NetworkKind, PersonRole, PlaceKind, Suspicion,
    )  # fmt: skip
    words = {each.value for kind in kinds for each in kind}
    for kind in ("incidentType", "eventName", "associatedAccountType", "fileRelevance"):
        assert enumerated(kind)
        words |= enumerated(kind)
    assert "sextortion" in flags("reportAnnotations")
    words |= flags("reportAnnotations")
    korean = catalogue(Language.KOREAN)
    assert not {word for word in words if not korean.has(word, "web")}


def test_every_name_in_a_value_is_said_in_korean() -> None:
    file = tip_file(
        annotations=tuple(flags("fileAnnotations")),
        classification="A1",
        relevance="Reported",
        viewed_by_provider=True,
        exif_viewed=True,
        publicly_available=True,
        uploaded_at=AT,
        location_url="https://cdn.example/f",
    )
    related = Account(
        identifier="u2", service="s", screen_name="x", display_names=("d",),
        profile_urls=("https://a.example/1", "https://a.example/2"), kind="Linked",
    )  # fmt: skip
    tip = make_tip(full_person(), person(number=2, other_accounts=(related,)), files=(file,))
    found = {
        name for part in [*tip_parts(tip), *lead_parts(lead(), tip)] for name in names(part.value)
    }
    assert {"event", "network_kind", "violence_gore", "relation", "from", "basis"} <= found
    found |= {each.name for each in fields(Conditions)} | {"tlp", "handling", "rule_version"}
    korean = catalogue(Language.KOREAN)
    assert not {name for name in found if not korean.has(name.replace("_", " "), "web")}


@pytest.mark.parametrize(
    ("label", "value", "said"),
    [
        ("incident/type", "Child Sex Tourism", "아동 성 관광"),
        ("incident/annotations", ["sextortion", "spam"], "성착취 협박; 스팸"),
        ("people/0/role", "reported", "신고된 사람"),
        ("people/0/name", "access", "access"),
        (
            "people/0/ips/0~network",
            {"asn": 64500, "event": "Login", "network_kind": "access"},
            (
                '<div><span class="text-secondary">AS 번호</span> 64500</div>'
                '<div><span class="text-secondary">행위</span> 로그인</div>'
                '<div><span class="text-secondary">망의 종류</span> 일반 접속망</div>'
            ),
        ),
        (
            "people/0/country",
            {"reasons": [{"basis": "ip-event", "country": "KR", "points": 3}]},
            '<div><span class="text-secondary">이유</span> 근거 IP 접속 기록, 국가 KR, 점수 3</div>',
        ),
        (
            "people/0/accounts/0",
            {"display_names": ["access"], "service": "web"},
            (
                '<div><span class="text-secondary">표시 이름</span> access</div>'
                '<div><span class="text-secondary">서비스</span> web</div>'
            ),
        ),
        (
            "files/0/matches",
            {
                "near_matches": [
                    {
                        "list": "turned",
                        "purpose": "known-material",
                        "classification": "A1",
                        "handling": "TLP:AMBER",
                        "matched_as": "turned",
                        "distance_bits": 7,
                    }
                ]
            },
            (
                '<div><span class="text-secondary">유사</span> 목록 turned, 용도 알려진 성착취물,'
                " 등급 A1, 취급 TLP:AMBER, 비교한 해시 회전하거나 뒤집은 해시,"
                " 다른 비트 수(256 중) 7</div>"
            ),
        ),
        (
            "files/0/address",
            {"url": "https://cdn.example/f"},
            '<div><span class="text-secondary">주소(URL)</span> hxxps[:]//cdn[.]example/f</div>',
        ),
        (
            "release/us.hsi",
            {"conditions": {"pap": None, "court": "consent", "acknowledge_days": 7}},
            (
                '<div><span class="text-secondary">조건</span> '
                "법정 제출 동의 필요, 확인 기한(일) 7</div>"
            ),
        ),
    ],
)
def test_only_closed_words_are_translated(label: str, value: object, said: str) -> None:
    assert shown(label, value) == said


def test_in_english_the_names_are_words() -> None:
    found = shown("files/0/marks", {"viewed_by_provider": True}, Language.ENGLISH)
    assert found == '<div><span class="text-secondary">viewed by provider</span> yes</div>'
