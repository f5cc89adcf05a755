"""What a package may say by its basis, and how it is marked."""

from dataclasses import replace

import pytest

from tests.nodes import CONSOLE
from tests.sharing.exchange.packages import PARTS, salted
from tests.sharing.exchange.pairs import START, Pair
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.knowledge.agreements.clauses import Pap
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.knowledge.agreements.model import DataClass, Part, Purpose, Tlp
from tipbridge.knowledge.agreements.rules import marking_of
from tipbridge.sharing.exchange import actions, outgoing, rules, store
from tipbridge.sharing.exchange.errors import NotCovered
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind


def _feedback(pair: Pair, package_id: str) -> Draft:
    """What its receiver answers a package with."""
    return Draft(
        kind=PackageKind.FEEDBACK,
        recipient=pair.sender.id,
        basis=Basis(kind=BasisKind.REPLY, id=package_id),
        purpose=Purpose.INVESTIGATION,
        parts=salted(PARTS[:1]),
        about=package_id,
    )


def test_a_package_and_what_replies_to_it_are_marked_as_the_agreement_says(pair: Pair) -> None:
    package_id = pair.queue()
    pair.receive(pair.sealed(package_id))
    reply = _feedback(pair, package_id)
    with open_work(pair.receiver, WORKER) as work:
        statement = actions.received_header(work, package_id).statement
        agreement = agreement_held(work, pair.agreement)
        _, replied = outgoing.signed_header(work, reply, "0" * 32, 1)
    assert agreement is not None
    agreed = marking_of(agreement.terms)
    assert statement.marking == replied.marking == agreed != UNMARKED

    def refusal(marking: Marking) -> rules.Refused | None:
        stated = replace(statement, marking=marking)
        return rules.agreement_refusal(agreement, stated, pair.receiver.id, at=START)

    assert refusal(UNMARKED) is rules.Refused.MARKED_LESS
    assert refusal(replace(agreed, tlp=Tlp.CLEAR)) is rules.Refused.MARKED_LESS
    assert refusal(replace(agreed, tlp=Tlp.RED, pap=Pap.RED)) is None


def test_a_package_without_basis_may_hold_no_personal_data(pair: Pair) -> None:
    parts = salted(part for part in PARTS if not part.label.startswith("files/"))
    free = Basis(kind=BasisKind.OPEN, id="")
    draft = replace(pair.draft(), kind=PackageKind.REQUEST, basis=free, parts=parts, files={})
    with pytest.raises(NotCovered):
        pair.receive(pair.sealed(pair.queue(draft)))
    harmless = replace(draft, parts=parts[:1])
    pair.receive(pair.sealed(pair.queue(harmless)))
    with pytest.raises(NotCovered):
        pair.receive(pair.sealed(pair.queue(replace(pair.draft(), basis=free))))


_MORE = sorted(frozenset(DataClass) - {DataClass.INCIDENT, DataClass.MATERIAL_ADDRESS})


@pytest.mark.parametrize("data_class", _MORE)
def test_a_message_without_basis_hands_over_nothing(pair: Pair, data_class: DataClass) -> None:
    made = Part(label="message/0", value="word", data_class=data_class)
    said = next((part for part in PARTS if part.data_class is data_class), made)
    draft = pair.draft()
    files = {label: file for label, file in draft.files.items() if label == said.label}
    basis = Basis(kind=BasisKind.OPEN, id="")
    draft = replace(draft, kind=PackageKind.NOTICE, basis=basis, parts=salted([said]), files=files)
    with pytest.raises(NotCovered):
        pair.receive(pair.sealed(pair.queue(draft)))
    with open_work(pair.receiver, CONSOLE) as work:
        assert store.incoming_newest(work.db, limit=10) == []


def test_a_reply_says_something_and_hands_over_nothing(pair: Pair) -> None:
    package_id = pair.queue()
    pair.receive(pair.sealed(package_id))
    reply = _feedback(pair, package_id)
    with open_work(pair.sender, WORKER) as work:
        sent = store.outgoing_by_id(work.db, package_id)
    with open_work(pair.receiver, WORKER) as work:
        _, statement = outgoing.signed_header(work, reply, "0" * 32, 1)
    assert rules.reply_refusal(sent, statement, reply.parts) is None
    for data_class in _MORE:
        more = salted([Part(label="message/0", value="word", data_class=data_class)])
        said = rules.reply_refusal(sent, statement, [*reply.parts, *more])
        assert said is rules.Refused.MORE_THAN_SAID


def test_a_reply_to_nothing_that_was_sent_is_refused(pair: Pair) -> None:
    basis = Basis(kind=BasisKind.REPLY, id="0" * 32)
    draft = replace(
        pair.draft(),
        kind=PackageKind.FEEDBACK,
        basis=basis,
        about="0" * 32,
        parts=salted(PARTS[:1]),
        files={},
    )
    with pytest.raises(NotCovered):
        pair.receive(pair.sealed(pair.queue(draft)))
