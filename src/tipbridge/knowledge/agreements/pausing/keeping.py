"""Look-ups and steps on told suspensions, for another room's actions, which leave the audit record."""

from dataclasses import dataclass
from datetime import datetime

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements import store as agreements
from tipbridge.knowledge.agreements.model import Agreement, Suspension
from tipbridge.knowledge.agreements.pausing import rules, store


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPause:
    """A suspension of this node's, and in which packages it and its end were said."""

    pause: Suspension
    said_in: str | None
    end_said_in: str | None

    @property
    def is_said(self) -> bool:
        """Whether all that there is to say of it was said."""
        return (self.said_in if self.pause.ends_at is None else self.end_said_in) is not None


def keep_told(work: Work, sha256: str, pause: Suspension, *, package_id: str) -> bool:
    """Keep what a party told of its own suspension; false when it says nothing new.

    Errors: NotFound when the agreement is not held; Invalid when that party may not suspend it.
    """
    found = agreements.by_sha256(work.db, sha256)
    if found is None:
        raise NotFound("agreement", sha256)
    if pause.by == work.node.id or not rules.may_suspend(found, pause.by):
        raise Invalid(f"{pause.by} may not suspend this agreement.")
    return store.keep_told(work.db, sha256, pause, package_id=package_id, at=work.now)


def own_pauses(work: Work, agreement: Agreement) -> list[OwnPause]:
    """This node's suspensions of an agreement, oldest first."""
    said = store.said_in(work.db, agreement.sha256) if agreement.suspensions else {}
    return [
        OwnPause(
            pause=pause, said_in=said[pause.starts_at][0], end_said_in=said[pause.starts_at][1]
        )
        for pause in agreement.suspensions
    ]


def own_pause(work: Work, sha256: str, starts_at: datetime) -> tuple[Agreement, OwnPause]:
    """One of them, with its agreement.

    Errors: NotFound.
    """
    found = agreements.by_sha256(work.db, sha256)
    pauses = [] if found is None else own_pauses(work, found)
    own = next((each for each in pauses if each.pause.starts_at == starts_at), None)
    if found is None or own is None:
        raise NotFound("suspension of agreement", sha256)
    return found, own


def note_said(work: Work, sha256: str, pause: Suspension, package_id: str) -> None:
    """A suspension of this node's, or its end, was said in this package."""
    store.note_said(work.db, sha256, pause, package_id)
