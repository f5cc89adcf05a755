"""Agreements on a page: in words, side by side, and tried on a stored tip, in both languages."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON
from tests.tips.triage.filed import file_tip, report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import checking, contradicting, sentences, upkeep
from tipbridge.knowledge.agreements.actions import add_agreement
from tipbridge.knowledge.agreements.comparing import compared
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import Agreement, CoveredOffence, DataClass
from tipbridge.knowledge.agreements.templates import TEMPLATES, template_text
from tipbridge.knowledge.agreements.words import JUDGED
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.sharing.referral.agreeing import actions, pages
from tipbridge.sharing.referral.lawfulness import sides_law
from tipbridge.sharing.referral.life.model import ASKED_FOR, REASONS, Word
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

HERE = "us.clearing"
MOU = template_text("standing-referral", sender=HERE, receiver="us.hsi")


def _load(text: str) -> Agreement:
    return load_agreement(text.encode())[0]


def _amended(first: Agreement) -> str:
    text = MOU.replace('device = "allow"', 'device = "withhold"')
    assert text != MOU
    return re.sub(r"(?m)^version = 1$", f'version = 2\nreplaces = "{first.sha256}"', text)


def test_side_by_side_names_exactly_what_differs() -> None:
    first = _load(MOU)
    same = compared(first, first)
    assert not [row for row in (*same.classes, *same.paths, *same.sentences) if row.differs]
    found = compared(first, _load(_amended(first)))
    assert [row.about for row in found.classes if row.differs] == ["device"]
    assert [str(row.other) for row in found.classes if row.differs] == ["stays back."]
    titles = [row for row in found.sentences if row.differs]
    assert [row.about for row in titles] == [
        "{title}, version {version}, on the ground of: {basis}."
    ]


@pytest.mark.parametrize("name", TEMPLATES)
def test_side_by_side_says_all_that_the_words_say(name: str) -> None:
    first, other = _load(template_text(name)), _load(MOU)
    rows = compared(first, other)
    said = [str(row.first) for row in rows.sentences if row.first is not None]
    rules = len([row for row in (*rows.classes, *rows.paths) if row.first is not None])
    every = [str(line) for line in checking.words(first)]
    assert set(said) <= set(every)
    assert len(said) + rules == len(every)


def test_every_sentence_is_said_in_korean() -> None:
    source = "".join(
        Path(each.__file__).read_text("utf-8")
        for each in (checking, contradicting, sentences, upkeep)
    )
    forms = re.findall(r'\bsay\(\s*"((?:[^"\\]|\\.)+)"', source)
    forms += re.findall(r', "([a-z_.]+: [^"]+\.)"\)', source)
    korean = catalogue(Language.KOREAN)
    whole = {form for form in forms if form not in ("{which}: ", "and at {which}: ")}
    assert len(whole) > 50
    assert {form for form in whole if not korean.has(form, pages.ROOM)} == set()
    for form in whole:
        names = re.findall(r"\{\w+\}", form)
        assert sorted(names) == sorted(re.findall(r"\{\w+\}", korean.gettext(form, pages.ROOM)))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_staff_read_compare_and_try_an_agreement(
    make_node: Callable[..., Node], language: str
) -> None:
    node = make_node(HERE)
    report_id = file_tip(node, report_xml(PERSON))
    with open_work(node, CONSOLE) as work:
        first = add_agreement(work, document=MOU.encode())
    with open_work(node, CONSOLE) as work:
        second = add_agreement(work, document=_amended(first).encode(), confirmed=True)
    add_member(node, "desk", Role.ANALYST)
    app = shell_app(node, routers=(pages.router,), navigation=pages.NAV)
    client = browser(app, language=language)
    sign_in(client, "desk")
    assert f"/agreements/{first.sha256}" in client.get("/agreements").text
    address = f"/agreements/{first.sha256}"
    alone = client.get(address).text
    differs = {"en": "differs", "ko": "다름"}[language]
    assert differs not in alone
    assert {"en": "goes as it is.", "ko": "그대로 나갑니다."}[language] in alone
    beside = client.get(address, params={"other": second.sha256}).text
    assert beside.count(differs) == 2
    fates = client.get(address, params={"other": second.sha256, "source": report_id}).text
    assert "people/0/devices/0" in fates
    assert {"en": "less", "ko": "더 적게 제공"}[language] in fates
    tried = client.get(address, params={"source": report_id}).text
    assert "people/0/ips/0" in tried
    kept = {"en": "For people to keep", "ko": "사람이 지킬 것"}[language]
    assert kept in alone
    assert "203.0.113.7" not in tried
    assert client.get(address, params={"source": "999"}).status_code == 404
    assert client.get("/agreements/" + "0" * 64).status_code == 404


def test_a_dry_run_decides_as_the_release_would_and_releases_nothing(
    make_node: Callable[..., Node], staff: Callable
) -> None:
    node = make_node(HERE)
    report_id = file_tip(node, report_xml(PERSON))
    with open_work(node, CONSOLE) as work:
        agreement = add_agreement(work, document=MOU.encode())
    with open_work(node, CONSOLE) as work:
        tried = actions.try_agreement(work, agreement.sha256, report_id)
    fates = {part.label: part.reason.value for part in tried.decision.parts}
    assert fates["people/0/devices/0"] == "allowed"
    assert tried.decision.released
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        actions.try_agreement(work, "0" * 64, report_id)
    with pytest.raises(NotFound), open_work(node, staff(node, Role.ANALYST)) as work:
        actions.try_agreement(work, agreement.sha256, "999")


def test_what_check_knows_of_requests_and_of_law_is_what_a_referral_does() -> None:
    assert {*ASKED_FOR.values()} == {*DataClass} - {DataClass.FAVOURS}, "whatever is on request"
    assert {*ASKED_FOR} == REASONS[Word.RETURNED]
    every = [*CoveredOffence]
    laws = '[subject]\nsender_law = "US"\nreceiver_law = "KR"\n'
    mou = _load(template_text("police-mou").replace("[subject]\n", laws))
    law = sides_law([mou], every, date(2014, 2, 1), shipped_laws())
    assert set(law.criminal_in_both) == JUDGED
