"""Verbs on notices between nodes: send one, keep one that came, answer it."""

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.model import Part, Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind
from tipbridge.sharing.exchange.parking import actions as parking
from tipbridge.sharing.notices import messages, store
from tipbridge.sharing.notices.model import HostAnswer, HostNotice, NoticeDocument, ReplyKind
from tipbridge.sharing.referral.messages import message_value
from tipbridge.sharing.referral.releasing import salted
from tipbridge.sharing.referral.taking import ROOT_UNIT

READERS = (Role.ANALYST, Role.AUDITOR)
MOST_SHOWN = 200


@action("notices.notice.received", system=True, idle=True)
def take_notice(work: Work, *, package_id: str, kind: str) -> int:
    """Keep a notice that a package brought; 0 for a package of another kind.

    Shape: one that says nothing usable stays in the inbox and waits for staff, parked.
    """
    if kind != PackageKind.NOTICE:
        return 0
    package = exchange.received_package(work, package_id)
    outcome = "kept"
    try:
        parts = exchange.received_header(work, package_id).parts
        document = messages.read_notice(message_value(parts, messages.NOTICE))
        if document.sender != package.sender or document.synthetic != work.node.synthetic:
            raise Invalid("This notice was written by another node than sent it.")
        notice = HostNotice(
            package_id=package_id,
            peer_id=package.sender,
            document=document,
            received_at=package.received_at,
        )
        outcome = "kept" if store.insert_notice(work.db, notice, ROOT_UNIT) else "known"
        parking.followed(work, package_id)
    except (Invalid, IntegrityFailure) as error:
        parking.park(work, package_id, error)
        outcome = "parked"
    work.record(package_id, sender=package.sender, outcome=outcome)
    return 1


@action("notices.list.read", roles=READERS)
def list_notices(work: Work) -> list[HostNotice]:
    """The newest notices that the actor sees, with what was answered."""
    found = store.notices_newest(work.db, limit=MOST_SHOWN)
    work.record("all", count=len(found))
    return found


@action("notices.notice.answered", roles=(Role.ANALYST,))
def answer_notice(work: Work, package_id: str, kind: ReplyKind) -> HostAnswer:
    """Answer a notice; a later answer adds to an earlier one and takes nothing back.

    Errors: NotFound.
    """
    notice = store.notice_by_id(work.db, package_id)
    if notice is None:
        raise NotFound("notice", package_id)
    part = messages.answer_part(notice.document.notice, kind)
    basis = Basis(kind=BasisKind.REPLY, id=package_id)
    answer = HostAnswer(
        package_id=_queue(work, PackageKind.NOTICE_ANSWER, notice.peer_id, basis, part),
        kind=kind,
        at=work.now,
        by=work.actor.id,
    )
    store.insert_answer(work.db, package_id, answer)
    work.record(package_id, answer=kind, package=answer.package_id)
    return answer


def send_notice(work: Work, recipient: str, document: NoticeDocument) -> str:
    """Queue a notice to a host's own node, for another room's action; the package's id.

    Errors: NotFound for a node that is no peer.
    """
    part = messages.notice_part(document)
    basis = Basis(kind=BasisKind.OPEN, id="")
    return _queue(work, PackageKind.NOTICE, recipient, basis, part)


def answer_in(work: Work, package_id: str) -> tuple[str, str, ReplyKind]:
    """The package that a received answer replies to, the notice, and what is said.

    Errors: NotFound; Invalid or IntegrityFailure when it says nothing usable.
    """
    package = exchange.received_package(work, package_id)
    parts = exchange.received_header(work, package_id).parts
    notice, kind = messages.read_answer(message_value(parts, messages.ANSWER))
    return package.basis.id, notice, kind


def count_waiting(work: Work) -> int:
    """How many notices the actor sees that nobody answered."""
    return store.count_unanswered(work.db)


def _queue(work: Work, kind: PackageKind, recipient: str, basis: Basis, part: Part) -> str:
    draft = Draft(
        kind=kind,
        recipient=recipient,
        basis=basis,
        purpose=Purpose.REMOVAL,
        parts=tuple(salted(work, [part])),
        about=basis.id or None,
    )
    return exchange.queue_package(work, draft)
