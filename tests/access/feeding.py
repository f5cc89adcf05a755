"""Referrals that feed a case which the world's actors see, one of them taken out of it again."""

from dataclasses import fields

from tests.access.material import planted
from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part
from tipbridge.foundation.base.actors import WORKER, Actor
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.model import Part, Purpose
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.detached import store as detached
from tipbridge.police.cases.detached.model import Detachment
from tipbridge.police.striking import detaching
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, SaltedPart
from tipbridge.sharing.referral import store
from tipbridge.sharing.referral.model import Direction, Origin, Referral, State, Step, StepName

_ALSO = part("people/0/emails/0", {"address": "both@mail.example"})


def feed_and_detach(node: Node, staff: Actor, case: str) -> dict[str, str]:
    """Two referrals about one human that feed a case, and a third that was taken out of it."""
    given = [*account_parts("kid-7"), _ALSO]
    fed, other, wrong = (_received(node, staff, given) for _ in range(3))
    with open_work(node, staff) as work:
        for each in (fed, other, wrong):
            cases.feed_referral(work, case, referral=each)
        made = detaching.detach_referral(work, case, wrong, because=planted("Another matter."))
    return {"fed": fed, "fed_too": other, "detachment": made.id}


def detach_from_hidden(node: Node, case: str, referral: str, like: str) -> None:
    """Let what feeds the seen case be taken out of a hidden one too."""
    with open_work(node, WORKER) as work:
        seen = next(e for e in detached.detachments_of(work.db, like) if e.stands)
        values = {each.name: getattr(seen, each.name) for each in fields(Detachment)}
        values |= {"id": work.ids.new(), "case_id": case, "referral_id": referral}
        values |= {"people": {}, "strikes": (), "because": planted("A hidden matter.")}
        detached.insert_detachment(work.db, Detachment(**values))


def _received(node: Node, staff: Actor, given: list[Part]) -> str:
    """A referral of the actors' own unit, as it arrived from a peer."""
    with open_work(node, CONSOLE) as work:
        peer, held = exchange.peer_ids(work)[0], agreements.list_agreements(work)
    with open_work(node, WORKER) as work:
        referral = Referral(
            id=work.ids.new(),
            direction=Direction.IN,
            unit_id=staff.unit or 1,
            restricted=False,
            members=(),
            peer_id=peer,
            source=None,
            origin=Origin.PROVIDER_TIP,
            purpose=Purpose.INVESTIGATION,
            offences=(),
            state=State.RECEIVED,
            basis=Basis(kind=BasisKind.AGREEMENT, id=held[0].sha256),
            channel=held[0].channel,
            package_id=work.ids.new(),
            decision=None,
            name_withheld=False,
            opened_at=work.now,
            opened_by=peer,
        )
        store.insert_referral(work.db, referral)
        salted = [SaltedPart(part=each, salt=bytes(32), hop=0) for each in given]
        store.insert_parts(work.db, referral.id, salted, (peer,))
        steps = [
            Step(name=each, node_id=peer, at=work.now)
            for each in (StepName.RELEASED, StepName.RECEIVED)
        ]
        store.note_steps(work.db, referral.id, steps)
    return referral.id
