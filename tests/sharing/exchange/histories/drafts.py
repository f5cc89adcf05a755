"""What the nodes of a history send each other: releases under agreements, what takes back or
answers them, and messages."""

import random
from collections.abc import Sequence
from itertools import permutations

from tests.nodes import CONSOLE
from tests.sharing.exchange.packages import FILE, PARTS, salted
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements.actions import add_agreement, agreements_between
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind

_KINDS = {
    PackageKind.REFERRAL: 8,
    PackageKind.RECALL: 4,
    PackageKind.RECEIPT: 2,
    PackageKind.FEEDBACK: 2,
    PackageKind.STATUS: 2,
    PackageKind.CONSENT_REQUEST: 1,
    PackageKind.REQUEST: 1,
}
_REPLIES = frozenset(_KINDS) - {PackageKind.REFERRAL, PackageKind.RECALL, PackageKind.REQUEST}
FOLLOWED = {PackageKind.REFERRAL, PackageKind.RECALL}
"""Kinds whose end the sender's rooms are told."""


def drawn_draft(
    work: Work, draw: random.Random, recipient: str, came: Sequence[str], released: Sequence[str]
) -> Draft:
    """A referral with its file under an agreement, or a message.

    Shape: a recall or correction is about a referral that was `released` to this recipient,
    which it may overtake; feedback, status, consent and receipts reply to what `came` from there.
    """
    kind = draw.choices(list(_KINDS), weights=list(_KINDS.values()))[0]
    if kind is PackageKind.REFERRAL:
        return _referral(work, recipient)
    about, basis = None, Basis(kind=BasisKind.OPEN, id="")
    if kind in _REPLIES and came:
        about = draw.choice(came)
        basis = Basis(kind=BasisKind.REPLY, id=about)
    elif kind is PackageKind.RECALL and released:
        about = draw.choice(released)
    return Draft(
        kind=PackageKind.REQUEST if kind in _REPLIES and about is None else kind,
        recipient=recipient,
        basis=basis,
        purpose=Purpose.INVESTIGATION,
        parts=salted(PARTS[:1]),
        about=about,
    )


def _referral(work: Work, recipient: str) -> Draft:
    key_id = work.ids.new()
    work.node.vault.create_key(key_id)
    return Draft(
        kind=PackageKind.REFERRAL,
        recipient=recipient,
        basis=Basis(kind=BasisKind.AGREEMENT, id=_agreed(work, recipient)),
        purpose=Purpose.INVESTIGATION,
        parts=salted(PARTS),
        files={
            "files/0/content": work.node.vault.seal(key_id, "a", FILE),
            "files/1/content": work.node.vault.seal(key_id, "b", b""),
        },
    )


def _agreed(work: Work, recipient: str) -> str:
    """The agreement under which this node refers to that one."""
    way = {"sender": work.node.id, "receiver": recipient}
    (agreement,) = agreements_between(work, **way, purpose=Purpose.INVESTIGATION, at=work.now)
    return agreement.sha256


def _document(sender: str, receiver: str) -> bytes:
    text_ = template_text("standing-referral", sender=sender, receiver=receiver)
    return text_.replace("valid_to = 2015", "valid_to = 2115").encode()


def agree(nodes: Sequence[Node]) -> None:
    """Every two nodes refer to each other under an agreement that outlasts every skew."""
    for node in nodes:
        for sender, receiver in permutations([each.id for each in nodes], 2):
            if node.id in {sender, receiver}:
                with open_work(node, CONSOLE) as work:
                    add_agreement(work, document=_document(sender, receiver))
