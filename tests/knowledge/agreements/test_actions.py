"""Agreements on a node: held by parties only, never two for one release."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.nodes import CONSOLE
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Forbidden, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions, store
from tipbridge.knowledge.agreements.errors import Overlaps
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.knowledge.agreements.templates import template_text

DOCUMENT = template_text("standing-referral", sender="us.clearing", receiver="us.hsi")

_YEARS_LATER = "valid_from = 2030-01-01\nvalid_to = 2031-12-31"


def _add(node: Node, text: str, actor: Actor = CONSOLE) -> str:
    with open_work(node, actor) as work:
        return actions.add_agreement(work, document=text.encode(), confirmed=True).sha256


def test_an_agreement_is_held_under_its_name(node: Node) -> None:
    sha256 = _add(node, DOCUMENT)
    with open_work(node, CONSOLE) as work:
        assert actions.read_agreement(work, sha256).sha256 == sha256
        assert [found.sha256 for found in actions.list_agreements(work)] == [sha256]
        assert actions.agreement_held(work, "0" * 64) is None


def test_a_node_that_is_no_party_does_not_take_it(node: Node) -> None:
    with pytest.raises(Invalid):
        _add(node, template_text("standing-referral", sender="us.other"))


def test_the_same_agreement_or_an_overlapping_one_is_refused(node: Node) -> None:
    _add(node, DOCUMENT)
    with pytest.raises(Conflict):
        _add(node, DOCUMENT)
    with pytest.raises(Overlaps):
        _add(node, DOCUMENT.replace('device = "allow"', 'device = "withhold"'))


def test_a_replacement_takes_over_on_its_first_day(node: Node) -> None:
    first = _add(node, DOCUMENT)
    later = DOCUMENT.replace("version = 1", f'version = 2\nreplaces = "{first}"').replace(
        "valid_from = 2013-01-01", "valid_from = 2014-07-01"
    )
    second = _add(node, later)
    with open_work(node, CONSOLE) as work:
        for at, expected in (
            (datetime(2014, 6, 30, tzinfo=UTC), first),
            (datetime(2014, 7, 1, tzinfo=UTC), second),
        ):
            found = actions.agreements_between(
                work,
                sender="us.clearing",
                receiver="us.hsi",
                purpose=Purpose.INVESTIGATION,
                at=at,
            )
            assert [agreement.sha256 for agreement in found] == [expected]


def test_only_one_later_version_replaces(node: Node) -> None:
    first = _add(node, DOCUMENT)
    with pytest.raises(Conflict):
        _add(node, DOCUMENT.replace("version = 1", f'version = 1\nreplaces = "{first}"'))
    with pytest.raises(NotFound):
        _add(node, DOCUMENT.replace("version = 1", f'version = 2\nreplaces = "{"0" * 64}"'))


def test_only_an_administrator_takes_agreements_into_force(
    node: Node, staff: Callable[..., Actor]
) -> None:
    with pytest.raises(Forbidden):
        _add(node, DOCUMENT, staff(node, Role.ANALYST))
    assert _add(node, DOCUMENT, staff(node, Role.ADMINISTRATOR))


def test_what_needs_no_signatures_does_not_replace_what_needs_them(node: Node) -> None:
    mou = template_text("police-mou", sender="us.clearing", receiver="us.hsi")
    first = _add(node, mou)
    unsigned = DOCUMENT.replace("version = 1", f'version = 2\nreplaces = "{first}"')
    with pytest.raises(Conflict, match="needs the signatures of both parties"):
        _add(node, unsigned)
    _add(node, mou.replace("version = 1", f'version = 2\nreplaces = "{first}"'))
    with open_work(node, CONSOLE) as work:
        held = {agreement.version: agreement for agreement in actions.list_agreements(work)}
    assert held[1].replaced_at is None, "the unsigned amendment has not taken its place"


def test_where_both_signed_one_side_alone_puts_nothing_beside_it(node: Node) -> None:
    """Not for another time or offence, not after its end, and not when a signature counts no more."""
    mou = template_text("police-mou", sender="us.clearing", receiver="us.hsi")
    signed = _add(node, mou)
    apart = re.sub(r"valid_from = .*\nvalid_to = .*", _YEARS_LATER, DOCUMENT)
    assert apart != DOCUMENT
    for signer in ("us.clearing", "us.hsi"):
        with open_work(node, CONSOLE) as work:
            actions.keep_signature(work, signed, signer, b"synthetic")
    for document in (apart, DOCUMENT):
        with pytest.raises((Conflict, Overlaps)):
            _add(node, document)
    with open_work(node, CONSOLE) as work:
        store.end_signature(work.db, signed, "us.hsi", at=work.now)
    for document in (apart, DOCUMENT):
        with pytest.raises(Conflict, match="so they do what comes beside"):
            _add(node, document)


def test_what_waits_for_a_signature_stands_in_nobodys_way_until_the_last_one_comes(
    node: Node,
) -> None:
    mou = template_text("police-mou", sender="us.clearing", receiver="us.hsi")
    draft = _add(node, mou)
    other = _add(node, mou.replace("review_days = 365", "review_days = 300"))
    with open_work(node, CONSOLE) as work:
        for signer in ("us.clearing", "us.hsi"):
            actions.keep_signature(work, other, signer, b"synthetic")
        actions.keep_signature(work, draft, "us.clearing", b"synthetic")
    with pytest.raises(Overlaps), open_work(node, CONSOLE) as work:
        actions.keep_signature(work, draft, "us.hsi", b"synthetic")
    with pytest.raises(Overlaps):
        _add(node, mou.replace("review_days = 365", "review_days = 200"))


def test_a_draft_is_withdrawn_until_both_parties_signed_and_signed_no_more(node: Node) -> None:
    mou = template_text("police-mou", sender="us.clearing", receiver="us.hsi")
    draft = _add(node, mou)
    with open_work(node, CONSOLE) as work:
        actions.keep_signature(work, draft, "us.clearing", b"synthetic")
        actions.withdraw_agreement(work, draft)
        assert actions.read_agreement(work, draft).withdrawn_at == work.now
    for again in (
        lambda work: actions.keep_signature(work, draft, "us.hsi", b"synthetic"),
        lambda work: actions.sign_agreement(work, draft),
        lambda work: actions.withdraw_agreement(work, draft),
    ):
        with pytest.raises(Conflict, match="withdrawn"), open_work(node, CONSOLE) as work:
            again(work)
    signed = _add(node, mou.replace("review_days = 365", "review_days = 300"))
    with open_work(node, CONSOLE) as work:
        for signer in ("us.clearing", "us.hsi"):
            actions.keep_signature(work, signed, signer, b"synthetic")
    with pytest.raises(Conflict, match="suspended"), open_work(node, CONSOLE) as work:
        actions.withdraw_agreement(work, signed)
