"""What came under an agreement is reviewed, deleted on its day, and its deletion stated to who sent it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.nodes import CONSOLE, add_staff
from tests.sharing import net
from tests.sharing.referral.road import PERSON, START, Road, hold_signed, open_road, values
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.clauses import Clauses, Recall, Retention
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.police.cases import actions as cases
from tipbridge.police.retention import lapsing
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import pages
from tipbridge.sharing.referral.actions import open_referral, read_referral
from tipbridge.sharing.referral.keeping import actions as keeping
from tipbridge.sharing.referral.keeping import pages as keeping_pages
from tipbridge.sharing.referral.keeping.model import KeptReferral, Need
from tipbridge.sharing.referral.keeping.rules import days_of
from tipbridge.sharing.referral.model import SourceKind

_PARTIES = re.compile(r"\[\[parties\..*?(?=\[mode\])", flags=re.DOTALL)
_APPROVAL = "[approval]\npeople = 2"
MOU = _PARTIES.sub("", template_text("police-mou", sender="us.clearing", receiver="us.hsi"))
SHORT = MOU.replace(_APPROVAL, "").replace("keep_days = 1095", "keep_days = 400")


def test_days_are_counted_from_the_release_and_none_are_made_up() -> None:
    at = datetime(2014, 3, 1, tzinfo=UTC)
    assert days_of(Clauses(), at) is None
    assert days_of(Clauses(retention=Retention(proof_of_deletion=True)), at) is None
    found = days_of(
        Clauses(
            retention=Retention(keep_days=30, review_days=10, proof_of_deletion=True),
            recall=Recall(acknowledge_days=5),
        ),
        at,
    )
    assert found is not None
    days = (found.review_at, found.keep_until, found.proof_due_at)
    assert days == tuple(at + timedelta(days=each) for each in (10, 30, 35))
    plain = days_of(Clauses(retention=Retention(keep_days=30)), at)
    assert plain is not None
    assert (plain.proof, plain.proof_due_at, plain.review_at) == (False, None, None)


def _sent(road: Road) -> tuple[str, str]:
    hold_signed(road.clearing, road.liaison, SHORT)
    sent = road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    return sent, road.received(road.liaison)[0].id


def _ended(node: Node, days: int) -> int:
    net.set_clock(node, START + timedelta(days=days))
    with open_work(node, WORKER) as work:
        return lapsing.end_kept(work)


def kept_days(node: Node, referral_id: str) -> KeptReferral:
    with open_work(node, CONSOLE) as work:
        kept = keeping.kept_of(work, referral_id)
    assert kept is not None
    return kept


def test_it_is_reviewed_deleted_on_its_day_and_the_sender_has_the_signed_word(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node, standing=False, agreed=False) as road:
        sent, came = _sent(road)
        here, there = road.liaison, road.clearing
        assert values(here, came)
        never = road.refer(there, SourceKind.TIP, road.tip(report_xml(PERSON)), here)
        with open_work(there, CONSOLE) as work:
            exchange.stop_package(work, read_referral(work, never).referral.package_id or "")
        road.settle()
        with open_work(here, CONSOLE) as work:
            assert keeping.list_owed(work).reviews == ()
        net.set_clock(here, START + timedelta(days=366))
        with open_work(here, CONSOLE) as work:
            assert [each.referral_id for each in keeping.list_owed(work).reviews] == [came]
            assert keeping.count_due(work) == 1
            with pytest.raises(Invalid, match="named member"):
                keeping.review_kept(work, came, finding=Need.NEEDED)
        liaison = add_staff(here, Role.LIAISON)
        with open_work(here, liaison) as work:
            keeping.review_kept(work, came, finding=Need.NEEDED)
        with open_work(here, liaison) as work, pytest.raises(Conflict, match="reviewed"):
            keeping.review_kept(work, came, finding=Need.NOT_NEEDED)
        with open_work(there, add_staff(there, Role.LIAISON)) as work, pytest.raises(NotFound):
            keeping.review_kept(work, sent, finding=Need.NEEDED)
        package = road.received(here)[0].package_id or ""
        assert _ended(here, 399) == 0
        assert values(here, came)
        assert _ended(here, 401) == 1
        assert values(here, came) == {}
        with open_work(here, CONSOLE) as work, pytest.raises(Conflict, match="was deleted"):
            open_referral(work, kind=SourceKind.REFERRAL, source_id=came, peer_id=there.id)
        with open_work(here, WORKER) as work:
            assert cases.open_or_attach(work, referral_id=came) == "", "nothing opens no case"
        with open_work(here, CONSOLE) as work:
            assert not exchange.is_readable(work, package)
            assert read_referral(work, came).referral.id == came
        # The sender waits its days, then sees that nothing was stated; the next look states it.
        net.set_clock(there, START + timedelta(days=408))
        with open_work(there, CONSOLE) as work:
            (late,) = keeping.list_owed(work).proofs
            assert late.referral_id == sent, "who never got a referral owes no word of its end"
            assert late.is_proof_overdue(work.now)
            assert not kept_days(there, never).is_proof_overdue(work.now)
        assert _ended(here, 402) == 1
        road.settle()
        assert kept_days(there, sent).ended_at == START + timedelta(days=402)
        with open_work(there, CONSOLE) as work:
            assert keeping.list_owed(work).proofs == ()
        assert _ended(here, 403) == 0
        said = [id_ for event, id_, _ in net.audit(there) if event == "referral.saying.received"]
        assert said == [sent]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_a_page_says_is_not_needed_goes_at_once(
    make_node: Callable[..., Node], language: str
) -> None:
    with open_road(make_node, standing=False, agreed=False) as road:
        _, came = _sent(road)
        here = road.liaison
        net.set_clock(here, START + timedelta(days=366))
        add_member(here, "desk", Role.LIAISON)
        app = shell_app(here, routers=(pages.router, keeping_pages.router), navigation=pages.NAV)
        client = browser(app, language=language)
        sign_in(client, "desk")
        assert {"en": "still needed", "ko": "아직 필요"}[language] in client.get("/referrals").text
        assert {"en": "Kept until", "ko": "보존 기한"}[language] in client.get(
            f"/referrals/{came}"
        ).text
        answer = client.post(f"/referrals/{came}/keeping", data={"finding": "not-needed"})
        assert answer.status_code == 303
        assert _ended(here, 366) == 1
        assert values(here, came) == {}
