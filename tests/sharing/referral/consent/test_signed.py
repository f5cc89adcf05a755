"""A consent is proven to who did not ask it: forged and foreign ones let nothing in."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.consent.test_consent import (
    BOUND,
    _answer,  # pyright: ignore[reportPrivateUsage]
    _ask,  # pyright: ignore[reportPrivateUsage]
    _at_liaison,  # pyright: ignore[reportPrivateUsage]
    _decide,  # pyright: ignore[reportPrivateUsage]
    _onward,  # pyright: ignore[reportPrivateUsage]
    _refusal,  # pyright: ignore[reportPrivateUsage]
)
from tests.sharing.referral.road import Road, open_road
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements.model import DataClass, Part, Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import (
    Basis,
    BasisKind,
    PackageKind,
    Statement,
    VerifiedHeader,
)
from tipbridge.sharing.exchange.parking.actions import list_parked
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.consent import leaves, signed, store
from tipbridge.sharing.referral.consent.messages import answer_document
from tipbridge.sharing.referral.consent.model import Aim, Answer, Ask, Use
from tipbridge.sharing.referral.errors import LeaveNotProven

AT = datetime(2014, 3, 1, tzinfo=UTC)
AIM = Aim(use=Use.ONWARD, recipient="c", purpose=Purpose.INVESTIGATION)
LEAVE = signed.SignedLeave(
    ask=Ask(id="1", aim=AIM, originator="a", asker="b"),
    about="package-1",
    classes=frozenset({DataClass.ACCOUNT}),
    starts_at=AT,
    ends_at=AT + timedelta(days=1),
)
_FIRST = Statement(
    kind=PackageKind.REFERRAL,
    package_id="package-1",
    sender="a",
    recipient="b",
    basis=Basis(kind=BasisKind.OPEN, id=""),
    purpose=Purpose.INVESTIGATION,
    about=None,
    sequence=1,
    sent_at=AT,
    earlier=None,
    commitments=(),
)
_NEXT = replace(_FIRST, package_id="package-2", sender="b", recipient="c", sent_at=AT)


@pytest.mark.parametrize(
    ("leave", "passed_on", "came", "why"),
    [
        (LEAVE, _NEXT, {DataClass.ACCOUNT}, None),
        (replace(LEAVE, about="package-9"), _NEXT, set(), "another package"),
        (LEAVE, replace(_NEXT, sender="d"), set(), "another node"),
        (LEAVE, replace(_NEXT, recipient="d"), set(), "another recipient"),
        (LEAVE, replace(_NEXT, purpose=Purpose.REMOVAL), set(), "another purpose"),
        (LEAVE, replace(_NEXT, sent_at=AT - timedelta(1)), set(), "not begun"),
        (LEAVE, replace(_NEXT, sent_at=AT + timedelta(1)), set(), "ended"),
        (LEAVE, _NEXT, {DataClass.ACCOUNT, DataClass.NAME}, "every class"),
        (replace(LEAVE, ask=replace(LEAVE.ask, originator="d")), _NEXT, set(), "originator"),
        (
            replace(LEAVE, ask=replace(LEAVE.ask, aim=replace(AIM, use=Use.COURT))),
            _NEXT,
            set(),
            "court",
        ),
    ],
)
def test_a_consent_is_for_one_package_sender_recipient_purpose_time_and_classes(
    leave: signed.SignedLeave, passed_on: Statement, came: set[DataClass], why: str | None
) -> None:
    found = signed.lacking(leave, _FIRST, passed_on, frozenset(came))
    assert found is None if why is None else why in str(found)


def test_what_is_signed_reads_back_and_nothing_else_does() -> None:
    answer = Answer(
        id="1",
        granted=True,
        why=None,
        classes=LEAVE.classes,
        starts_at=LEAVE.starts_at,
        ends_at=LEAVE.ends_at,
    )
    payload = signed.leave_payload(LEAVE.ask, answer, LEAVE.about)
    assert signed.read_leave(payload) == LEAVE
    assert signed.says(LEAVE, LEAVE.ask, answer)
    assert not signed.says(LEAVE, LEAVE.ask, replace(answer, classes=frozenset(DataClass)))
    for other in (b"[]", b"{}", payload.replace(b"consent/1", b"consent/9"), payload[:-1]):
        with pytest.raises(Invalid):
            signed.read_leave(other)


def test_the_protocols_page_names_what_an_answer_and_a_signed_consent_hold() -> None:
    page = (Path(__file__).parents[4] / "docs/peer-protocol.md").read_text()
    (row,) = (line for line in page.splitlines() if line.startswith("| consent-answer |"))
    answer = Answer(
        id="1",
        granted=True,
        why=None,
        classes=LEAVE.classes,
        starts_at=LEAVE.starts_at,
        ends_at=LEAVE.ends_at,
    )
    assert set(re.findall("`([a-z_]+)`", row)) == answer_document(answer).keys()
    about = page[page.index("**A consent's `envelope`**") :].split("\n\n")[0]
    signed_names = json.loads(signed.leave_payload(LEAVE.ask, answer, LEAVE.about)).keys()
    assert signed_names <= set(re.findall("`([a-z_]+)`", about))
    assert signed.CONSENT_TYPE in about


def _consented(road: Road) -> tuple[str, str]:
    """A referral at the liaison and the id of its originator's consent that it goes to the police."""
    at_liaison = _at_liaison(road)
    (asked,) = _ask(road.liaison, at_liaison, Use.ONWARD, "kr.knpa")
    road.settle()
    _answer(road.clearing, asked.ask.id, granted=True)
    road.settle()
    return at_liaison, asked.ask.id


def _released(road: Road, onward: str) -> None:
    with open_work(road.liaison, CONSOLE) as work:
        actions.decide_referral(work, onward)
        actions.release_referral(work, onward)
    road.settle()


def _refused(node: Node, header: VerifiedHeader) -> str:
    with open_work(node, WORKER) as work, pytest.raises(LeaveNotProven) as error:
        leaves.check_leave(work, header)
    return error.value.public


def _with_leaves(header: VerifiedHeader, envelopes: list[str]) -> VerifiedHeader:
    """The same package had its sender brought these."""

    def said(part: Part) -> Part:
        if part.label != "release/us.hsi":
            return part
        assert isinstance(part.value, dict)
        return replace(part, value={**part.value, "leaves": envelopes})

    parts = tuple(replace(item, part=said(item.part)) for item in header.parts)
    return replace(header, parts=parts)


def _brings(work: Work, consent_id: str, envelope: str | None) -> None:
    """As if this had come with the answer; None from a program that signed no consents."""
    consent = store.consent_by_id(work.db, consent_id)
    assert consent is not None
    assert consent.answer is not None
    said = replace(consent.answer, envelope=envelope)
    store.keep_answer(work.db, said, at=work.now, by="us.clearing")


def test_a_forged_or_foreign_consent_lets_nothing_in_and_the_originators_own_does(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node, codes=BOUND) as road:
        first, _ = _consented(road)
        _released(road, _onward(road, first))
        (received,) = road.received(road.police)
        with open_work(road.police, WORKER) as work:
            header = exchange.received_header(work, received.package_id or "")
            leaves.check_leave(work, header)
        other, other_id = _consented(road)
        with open_work(road.liaison, WORKER) as work:
            consent = store.consent_by_id(work.db, other_id)
            assert consent is not None
            assert consent.answer is not None
            foreign = consent.answer.envelope or ""
            own = header.statements[0].package_id
            payload = signed.leave_payload(consent.ask, consent.answer, own)
            forged = work.node.keys.sign(signed.CONSENT_TYPE, payload).decode("ascii")
        assert "nothing that it signed" in _refused(road.police, _with_leaves(header, []))
        assert "nothing that it signed" in _refused(road.police, _with_leaves(header, [forged]))
        assert "another package" in _refused(road.police, _with_leaves(header, [foreign]))
        assert "another package" in _refused(road.police, _with_leaves(header, [forged, foreign]))
        # A consent that nobody after it could verify lets nothing go, and is asked for again.
        onward = _onward(road, other)
        for unproven in (None, forged):
            with open_work(road.liaison, WORKER) as work:
                _brings(work, other_id, unproven)
            denied = _decide(road, onward)
            assert _refusal(denied) == "originator-has-not-consented"
        _ask(road.liaison, other, Use.ONWARD, "kr.knpa")
        # One that is about another package is refused on the road, in words, and nothing is kept.
        payload = signed.leave_payload(consent.ask, consent.answer, own)
        astray = road.clearing.keys.sign(signed.CONSENT_TYPE, payload).decode("ascii")
        with open_work(road.liaison, WORKER) as work:
            _brings(work, other_id, astray)
        _released(road, onward)
        assert [each.id for each in road.received(road.police)] == [received.id]
        with open_work(road.police, CONSOLE) as work:
            (parked,) = list_parked(work)
        assert parked.reason == "leave-not-proven"
        # The asker takes no consent that its originator did not sign.
        with open_work(road.liaison, WORKER) as work:
            assert leaves.signed_by(work, "us.clearing", foreign) is not None
            assert leaves.signed_by(work, "us.clearing", forged) is None
