"""Verbs on the word of a suspension: say this node's to the other party, take the other party's."""

from dataclasses import dataclass
from datetime import datetime

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.model import Agreement, Suspension
from tipbridge.knowledge.agreements.pausing import keeping
from tipbridge.knowledge.agreements.pausing.keeping import OwnPause
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, PackageKind
from tipbridge.sharing.referral.messages import message_value
from tipbridge.sharing.referral.pausing import messages
from tipbridge.sharing.referral.releasing import salted


@action("referral.suspension.said", system=True)
def say_suspension(work: Work, *, sha256: str, starts_at: str) -> None:
    """Tell the other party of an agreement that this node suspends it, or resumes it.

    Shape: as it stands now, so that a word that was overtaken is not said; a repeated event says nothing
    new. A party whose card is not pinned here is told nothing, and the page says so.
    """
    agreement, own = keeping.own_pause(work, sha256, datetime.fromisoformat(starts_at))
    to = _other_party(work, agreement)
    package_id = "none"
    if not own.is_said and _is_peer(work, to):
        package_id = _queue(work, agreement, own.pause, to)
        keeping.note_said(work, sha256, own.pause, package_id)
    work.record(sha256, to=to, lifted=own.pause.ends_at is not None, package=package_id)


@action("referral.suspension.received", system=True)
def receive_suspension(work: Work, *, package_id: str) -> None:
    """Keep what the other party says of its own suspension; again, or late, changes nothing.

    Errors: NotFound when the agreement is not held; Invalid when it says nothing usable, or of what its
    sender may not suspend.
    """
    package = exchange.received_package(work, package_id)
    header = exchange.received_header(work, package_id)
    value = message_value(header.parts, messages.SUSPENSION)
    sha256, pause = messages.read_suspension(value, package.sender)
    fresh = keeping.keep_told(work, sha256, pause, package_id=package_id)
    work.record(sha256, by=pause.by, lifted=pause.ends_at is not None, fresh=fresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A suspension of this node's, and how far the word of it came.

    Shape: `state` is that of the package with what is to be said now; None when nothing was.
    """

    pause: Suspension
    state: str | None


def pauses_said(work: Work, agreement: Agreement) -> list[Said]:
    """This node's suspensions of an agreement, oldest first, for an action that read it."""
    return [
        Said(pause=each.pause, state=_state(work, each))
        for each in keeping.own_pauses(work, agreement)
    ]


def _state(work: Work, own: OwnPause) -> str | None:
    package_id = own.said_in if own.pause.ends_at is None else own.end_said_in
    sent = None if package_id is None else exchange.sent_package(work, package_id)
    return None if sent is None else sent.state.value


def _other_party(work: Work, agreement: Agreement) -> str:
    terms = agreement.terms
    return terms.receiver if terms.sender == work.node.id else terms.sender


def _is_peer(work: Work, node_id: str) -> bool:
    try:
        exchange.known_peer(work, node_id)
    except NotFound:
        return False
    return True


def _queue(work: Work, agreement: Agreement, pause: Suspension, to: str) -> str:
    return exchange.queue_package(
        work,
        Draft(
            kind=PackageKind.SUSPENSION,
            recipient=to,
            basis=Basis(kind=BasisKind.OPEN, id=""),
            purpose=agreement.terms.purpose,
            parts=tuple(salted(work, [messages.suspension_part(agreement.sha256, pause)])),
        ),
    )
