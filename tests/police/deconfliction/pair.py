"""Two police nodes with an agreement of hits, for tests: Korea asks, the United States answer."""

import contextlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.folk import NOW, file_of, recorded, suspect
from tests.sharing import net
from tests.sharing.referral.road import hold, hold_signed
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.model import DataClass, Part, Purpose
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.deconfliction import actions, answering
from tipbridge.police.deconfliction.model import Answered, QuestionView
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, SaltedPart
from tipbridge.sharing.referral import named, store
from tipbridge.sharing.referral.consent import leaves
from tipbridge.sharing.referral.model import Direction, Origin, Referral, State
from tipbridge.sharing.referral.taking import ROOT_UNIT

STANDING = "standing-referral"


def follow(node: Node, event: str, ids: dict[str, str]) -> None:
    """The follow-ups of a question, as the pipeline lists them."""
    net.follow_exchange(node, event, ids)
    if event == "exchange.package.received":
        for step in (answering.answer_question, answering.take_answer):
            with open_work(node, WORKER) as work:
                step(work, **ids)


def many(count: int) -> list[Part]:
    """So many accounts of the first person."""
    return [
        part(f"people/0/accounts/{each}", {"service": "example-social", "account": f"many-{each}"})
        for each in range(count)
    ]


@dataclass
class Pair:
    """The asking and the answering node."""

    asker: Node
    holder: Node

    def settle(self) -> list[str]:
        """Do everything that is enqueued on both."""
        return net.settle([self.asker, self.holder], follow)

    def ask(self, case_id: str) -> QuestionView:
        """Ask about a case, wait for the answer, and read it."""
        with open_work(self.asker, CONSOLE) as work:
            actions.ask_peer(work, case_id, peer_id=self.holder.id, reason="same account?")
        self.settle()
        return self.views(case_id)[0]

    def views(self, case_id: str) -> list[QuestionView]:
        """What was asked about a case, as staff read it."""
        with open_work(self.asker, CONSOLE) as work:
            return actions.list_questions(work, case_id)

    def answered(self) -> list[Answered]:
        """What the answering node keeps of the questions to it."""
        with open_work(self.holder, CONSOLE) as work:
            return list(actions.list_answered(work))


def referred(
    node: Node,
    given: list[Part],
    *,
    handling: tuple[str, ...] = ("H0",),
    pap: str | None = None,
    tlp: str = "TLP:AMBER",
    onward: str = "granted",
) -> str:
    """A referral that a pinned peer passed on, which its originator marked so; its id.

    Shape: one for named recipients only is restricted, as it is when it comes.
    """
    with open_work(node, CONSOLE) as work:
        (peer_id,) = exchange.peer_ids(work)
        held = agreements.list_agreements(work)
    standing = (each.sha256 for each in held if each.channel == STANDING)
    agreement = next(standing, None) or hold(node, "standing-referral", peer_id, node.id)
    said = {
        "tlp": tlp,
        "handling": ["H0"],
        "conditions": {
            "onward": onward, "court": "granted", "pap": pap, "source": None,
            "information": None,
        },
    }  # fmt: skip
    senders = ("us.clearing", peer_id)
    values = ({**said, "handling": [*handling]}, said)
    marks = [
        Part(label=f"release/{sender}", value=value, data_class=DataClass.INCIDENT)
        for sender, value in zip(senders, values, strict=True)
    ]
    with open_work(node, WORKER) as work:
        referral = Referral(
            id=work.ids.new(),
            direction=Direction.IN,
            unit_id=ROOT_UNIT,
            restricted=False,
            members=(),
            peer_id=peer_id,
            source=None,
            origin=Origin.PROVIDER_TIP,
            purpose=Purpose.INVESTIGATION,
            offences=(),
            state=State.RECEIVED,
            basis=Basis(kind=BasisKind.AGREEMENT, id=agreement),
            channel=STANDING,
            package_id=work.ids.new(),
            decision=None,
            name_withheld=False,
            opened_at=work.now,
            opened_by=peer_id,
        )
        store.insert_referral(work.db, referral)
        salted = [SaltedPart(part=each, salt=bytes(32), hop=0) for each in (*given, marks[0])]
        salted.append(SaltedPart(part=marks[1], salt=bytes(32), hop=1))
        store.insert_parts(work.db, referral.id, salted, senders)
        _keep_to_readers(work, referral)
    return referral.id


def _keep_to_readers(work: Work, referral: Referral) -> None:
    if leaves.named_only(work, referral):
        readers = named.first_readers(work, ROOT_UNIT)
        store.place(work.db, referral.id, unit_id=ROOT_UNIT, restricted=True, members=readers)


def a_suspect(
    node: Node,
    account: str,
    *,
    handling: tuple[str, ...] = ("H0",),
    also: Sequence[Part] = (),
    **facts: object,
) -> CaseFile:
    """A case with a suspect who has this account, by a referral that is marked so."""
    given = [*account_parts(account), *also]
    came = taken(node, given, referral_id=referred(node, given, handling=handling))
    file = file_of(node, came.case_id)
    recorded(node, file, suspect(**facts))
    return file_of(node, file.case.id)


@contextlib.contextmanager
def open_pair(
    make_node: Callable[..., Node], *, agreed: bool = True, devices: bool = False
) -> Generator[Pair]:
    """Both nodes, listening, with each other's cards and, if `agreed`, the agreement.

    Shape: with `devices` it lets these be compared too; the shipped one does not.
    """
    pair = Pair(make_node("kr.knpa"), make_node("us.hsi"))
    for node in (pair.asker, pair.holder):
        net.set_clock(node, NOW)
        net.events(node)
    with net.listening(pair.asker) as asker, net.listening(pair.holder) as holder:
        net.pin(pair.asker, pair.holder, holder)
        net.pin(pair.holder, pair.asker, asker)
        if agreed:
            _agree(pair, 'device = "hash"' if devices else "")
        for node in (pair.asker, pair.holder):
            net.events(node)
        yield pair


def _agree(pair: Pair, rule: str) -> None:
    text = template_text("hit-no-hit", sender=pair.holder.id, receiver=pair.asker.id)
    hold_signed(pair.holder, pair.asker, text.replace("[fields]", f"[fields]\n{rule}"))
