"""What a package may say by its basis, and how it is marked."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.packages import PARTS, salted
from tests.sharing.exchange.pairs import AGREEMENT, START, Pair
from tests.sharing.referral.road import hold_signed
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.knowledge.agreements.clauses import Pap
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.knowledge.agreements.model import CoveredOffence, DataClass, Part, Purpose, Tlp
from tipbridge.knowledge.agreements.rules import marking_of
from tipbridge.sharing.exchange import actions, outgoing, rules, store
from tipbridge.sharing.exchange.errors import NotCovered
from tipbridge.sharing.exchange.model import (
    Basis,
    BasisKind,
    Draft,
    Grant,
    OutboxState,
    PackageKind,
)


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


@pytest.mark.parametrize("label", ["person/name", "people/0/name", "files/0/content", "note"])
def test_a_message_is_held_to_its_own_words_whatever_class_they_claim(label: str) -> None:
    """A name that its sender calls a word of the message is a name all the same."""
    said = salted([Part(label=label, value="Given", data_class=DataClass.INCIDENT)])
    assert rules.message_refusal(salted(PARTS[:1])) is None
    assert rules.message_refusal([*salted(PARTS[:1]), *said]) is rules.Refused.MORE_THAN_SAID


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


def _agree_on(pair: Pair, **fields: str) -> str:
    """A second agreement of both, for child welfare, with these rules of fields."""
    text = AGREEMENT.decode().replace(Purpose.INVESTIGATION, Purpose.CHILD_WELFARE)
    text = text.replace("tipbridge-agreement/1", "tipbridge-agreement/2")
    for name, rule in fields.items():
        text = re.sub(rf"^{name} = .*$", f'{name} = "{rule}"', text, flags=re.MULTILINE)
    return hold_signed(pair.sender, pair.receiver, text)


def test_a_package_with_more_than_its_agreement_lets_out_is_refused_over_the_wire(
    pair: Pair,
) -> None:
    """A sender whose program does not decide; its receiver compares every part all the same."""
    basis = Basis(kind=BasisKind.AGREEMENT, id=_agree_on(pair, ip="generalise:prefix"))
    fine = salted(
        part for part in PARTS if part.label in {"incident/type", "people/0/ips/0~prefix"}
    )
    more = salted(part for part in PARTS if part.label in {"incident/type", "people/0/ips/0"})
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        draft = replace(pair.draft(), basis=basis, purpose=Purpose.CHILD_WELFARE, files={})
        refused = pair.queue(replace(draft, parts=more))
        assert pair.send(refused) is OutboxState.REFUSED
        another = salted([replace(PARTS[0], value="child-sex-tourist-guide")])
        assert pair.send(pair.queue(replace(draft, parts=another))) is OutboxState.REFUSED
        assert pair.send(pair.queue(replace(draft, parts=fine))) is OutboxState.DELIVERED
    assert pair.inbox_count() == 1
    logged = [each for each in net.audit(pair.receiver) if each[0] == "exchange.package.refused"]
    said = {"sender": pair.sender.id, "reason": rules.Refused.MORE_THAN_AGREED}
    assert logged[0] == ("exchange.package.refused", refused, said)
    assert len(logged) == 2


def test_what_is_let_out_on_request_alone_comes_once_it_was_asked_for(pair: Pair) -> None:
    basis = Basis(kind=BasisKind.AGREEMENT, id=_agree_on(pair, content="on-request"))
    draft = replace(pair.draft(), basis=basis, purpose=Purpose.CHILD_WELFARE)
    report = Part(label="report/id", value="1", data_class=DataClass.INCIDENT)
    mark = Part(label=f"release/{pair.sender.id}", value={}, data_class=DataClass.INCIDENT)
    less = [part for part in PARTS if part.data_class is not DataClass.CONTENT]
    returned = pair.queue(replace(draft, parts=salted([*less, report]), files={}))
    pair.receive(pair.sealed(returned))

    def content(report: Part, *answers: str) -> bytes:
        said = replace(mark, value={"answers": list(answers)})
        return pair.sealed(pair.queue(replace(draft, parts=salted([*PARTS, report, said]))))

    in_answer = content(report, returned)
    with pytest.raises(NotCovered, match="files/0/content: on-request"):
        pair.receive(in_answer)
    with open_work(pair.receiver, WORKER) as work:
        actions.note_asked(work, pair.sender.id, returned, DataClass.CONTENT)
    pair.receive(in_answer)
    # It was asked for that one alone: not for whatever follows, nor for another report.
    for other in (content(report), content(report, "0" * 32)):
        with pytest.raises(NotCovered, match="files/0/content: on-request"):
            pair.receive(other)
    with pytest.raises(NotCovered, match="files/0/content: on-request"):
        pair.receive(content(replace(report, value="2"), returned))


def test_under_a_granted_request_no_other_class_is_let_in(pair: Pair) -> None:
    granted = Grant(
        request_id="b" * 32,
        peer_id=pair.sender.id,
        purpose=Purpose.INVESTIGATION,
        granted_at=START,
        ends_at=START + timedelta(days=9),
        allowed=frozenset({DataClass.INCIDENT, DataClass.IP}),
        offences=frozenset({CoveredOffence.MATERIAL}),
    )
    with open_work(pair.receiver, WORKER) as work:
        actions.grant_request(work, granted)
    basis = Basis(kind=BasisKind.REQUEST, id=granted.request_id)
    draft = replace(pair.draft(), basis=basis, files={})
    named = salted(part for part in PARTS if part.data_class is not DataClass.CONTENT)
    with pytest.raises(NotCovered, match="people/0/name: no-rule"):
        pair.receive(pair.sealed(pair.queue(replace(draft, parts=named))))
    less = tuple(item for item in named if item.part.data_class is not DataClass.NAME)
    pair.receive(pair.sealed(pair.queue(replace(draft, parts=less))))


@pytest.mark.parametrize(
    ("label", "data_class"),
    [
        ("people/0/name", DataClass.FAVOURS),
        ("people/0/name", DataClass.INCIDENT),
        ("people/0/alias", DataClass.FAVOURS),
        ("release/us.clearing", DataClass.CONTENT_HASH),
    ],
)
@pytest.mark.parametrize("kind", [PackageKind.REFERRAL, PackageKind.REQUEST])
def test_a_class_is_believed_where_the_label_says_the_same(
    pair: Pair, label: str, data_class: DataClass, kind: PackageKind
) -> None:
    """A name is no remark in the suspect's favour, whatever its sender calls it."""
    label = label.replace("us.clearing", pair.sender.id)
    made = Part(label=label, value="word", data_class=data_class)
    draft = replace(pair.draft(), kind=kind, parts=salted([PARTS[0], made]), files={})
    if kind is PackageKind.REQUEST:
        draft = replace(draft, basis=Basis(kind=BasisKind.OPEN, id=""))
    with pytest.raises(NotCovered):
        pair.receive(pair.sealed(pair.queue(draft)))
    fine = replace(made, label="favours/0", data_class=DataClass.FAVOURS)
    if kind is PackageKind.REFERRAL:
        pair.receive(pair.sealed(pair.queue(replace(draft, parts=salted([PARTS[0], fine])))))
