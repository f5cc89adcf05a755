"""A moment that no database gives back is no word of a peer: it is parked, and breaks no page."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, open_road
from tests.sharing.referral.test_pausing import _held, _say
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.document import NotAnAgreement, load_agreement
from tipbridge.knowledge.agreements.model import DataClass, MinimumAge, Part, Suspension
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange.parking.actions import list_parked
from tipbridge.sharing.exchange.told import report_received_at
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.life import actions as lives
from tipbridge.sharing.referral.life import messages
from tipbridge.sharing.referral.life.model import Word
from tipbridge.sharing.referral.messages import answer_document, read_answer
from tipbridge.sharing.referral.model import RequestAnswer, SourceKind

EDGES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")


@pytest.mark.parametrize("moment", EDGES)
def test_a_suspension_from_the_edge_of_time_leaves_every_agreement_readable(
    make_node: Callable[..., Node], moment: str
) -> None:
    with open_road(make_node) as road:
        held = _held(road.liaison, "us.clearing")
        starts_at = datetime.fromisoformat(moment)
        pause = Suspension(starts_at=starts_at, ends_at=None, by="us.hsi", reason="edge")
        _say(road.liaison, "us.clearing", held.sha256, pause)
        road.settle()
        assert _held(road.clearing, "us.clearing").told == ()
        with open_work(road.clearing, CONSOLE) as work:
            assert len(list_parked(work)) == 1


@pytest.mark.parametrize("moment", EDGES)
def test_a_stage_from_the_edge_of_time_leaves_its_referral_readable(
    make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    at, real = datetime.fromisoformat(moment), messages.saying_part
    with open_road(make_node) as road:
        tip = road.tip(report_xml(PERSON))
        sent = road.refer(road.clearing, SourceKind.TIP, tip, road.liaison)
        road.settle()
        monkeypatch.setattr(messages, "saying_part", lambda each: real(replace(each, at=at)))
        with open_work(road.liaison, CONSOLE) as work:
            lives.say_stage(work, road.received(road.liaison)[0].id, Word.ACCEPTED)
        road.settle()
        with open_work(road.clearing, CONSOLE) as work:
            referral = actions.read_referral(work, sent).referral
            assert lives.life_of(work, referral).said == ()
            assert len(list_parked(work)) == 1


def test_a_grant_or_an_agreement_without_a_day_after_its_last_is_refused() -> None:
    answer = RequestAnswer(
        granted=True,
        legal_basis="Act, article 5",
        allowed=frozenset(),
        valid_from=date(2014, 3, 1),
        valid_to=date.max,
        minimum_age=MinimumAge(years=14, jurisdiction="KR", citation="Act, article 9"),
    )
    with pytest.raises(Invalid, match="not an answer"):
        read_answer(answer_document(answer))
    text = template_text("police-mou", sender="us.clearing", receiver="us.hsi")
    endless = re.sub(r"(?m)^valid_to = .*$", "valid_to = 9999-12-31", text)
    with pytest.raises(NotAnAgreement, match=r"valid_to is a date .* in the years 1900 to 8999"):
        load_agreement(endless.encode())


@pytest.mark.parametrize("moment", EDGES)
def test_a_report_from_the_edge_of_time_says_no_moment(moment: str) -> None:
    part = Part(label="report/received_at", value=moment, data_class=DataClass.INCIDENT)
    assert report_received_at([part]) is None
