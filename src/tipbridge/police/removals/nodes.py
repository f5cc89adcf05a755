"""Verbs on notices to a host's own node: the exchange carries them, and the answers back."""

from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.removals import store
from tipbridge.police.removals.actions import removal_seen
from tipbridge.police.removals.model import Notice, NoticeState, Removal, Reply
from tipbridge.police.removals.replies import keep_arrived
from tipbridge.police.removals.sending import document_of
from tipbridge.police.removals.tasks import tell_failed
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import OutboxState, PackageKind
from tipbridge.sharing.exchange.parking import actions as parking
from tipbridge.sharing.notices import actions as notices

_ENDED = {
    OutboxState.DELIVERED: (NoticeState.SENT, ""),
    OutboxState.REFUSED: (NoticeState.FAILED, "peer-refused"),
    OutboxState.LAPSED: (NoticeState.FAILED, "peer-silent"),
}


def carry(work: Work, notice: Notice, removal: Removal) -> str | None:
    """Give a notice to the exchange, once; the package's id, or None while one is on its way."""
    if notice.package_id is not None:
        earlier = exchange.sent_package(work, notice.package_id)
        if earlier is not None and earlier.state is OutboxState.QUEUED:
            return None
    document = document_of(work.node, notice, removal.address)
    package_id = notices.send_notice(work, notice.recipient, document)
    store.note_package(work.db, notice.id, package_id)
    return package_id


@action("removals.notice.settled", system=True, idle=True)
def note_settled(work: Work, *, package_id: str) -> int:
    """Bring the end of a package's journey to the notice it carries; 0 when it carries none."""
    notice = store.notice_by_package(work.db, package_id)
    package = exchange.sent_package(work, package_id)
    if notice is None or package is None or package.state not in _ENDED:
        return 0
    if notice.state is NoticeState.QUEUED:
        state, problem = _ENDED[package.state]
        store.settle_notice(
            work.db,
            notice.id,
            state,
            sent_at=package.settled_at if state is NoticeState.SENT else None,
            tries=package.attempts,
            problem=problem,
            due_at=None,
        )
        if state is NoticeState.SENT:
            work.emit("removals.host.asked", case_id=notice.case_id)
        else:
            tell_failed(work, removal_seen(work, notice.removal_id))
    work.record(notice.case_id, notice=notice.id, outcome=package.state)
    return 1


@action("removals.answer.received", system=True, idle=True)
def take_answer(work: Work, *, package_id: str, kind: str) -> int:
    """Write down what a host's node answered, once; 0 for a package of another kind.

    Shape: an answer that says nothing usable stays in the inbox and waits for staff, parked.
    """
    if kind != PackageKind.NOTICE_ANSWER:
        return 0
    sender = exchange.received_package(work, package_id).sender
    try:
        answered, about, said = notices.answer_in(work, package_id)
        notice = store.notice_by_package(work.db, answered)
        if notice is None or notice.id != about:
            raise NotFound("notice", about)
    except (Invalid, IntegrityFailure, NotFound) as error:
        parking.park(work, package_id, error)
        work.record(package_id, sender=sender, outcome="parked")
        return 1
    parking.followed(work, package_id)
    removal = removal_seen(work, notice.removal_id)
    reply = Reply(id=package_id, removal_id=removal.id, kind=said, at=work.now, by=sender)
    fresh = keep_arrived(work, removal, reply)
    work.record(removal.case_id, removal=removal.id, kind=said, fresh=fresh, sender=sender)
    return 1
