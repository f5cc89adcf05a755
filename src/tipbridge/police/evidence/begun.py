"""What stands of an examination before the first byte of a medium is read."""

from importlib import metadata

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import Work, action
from tipbridge.police.evidence import store
from tipbridge.police.evidence.chain import add_event, exhibit_seen
from tipbridge.police.evidence.model import CustodyKind
from tipbridge.police.evidence.readings import Opening


@action("evidence.medium.opened", roles=(Role.EXAMINER,))
def open_medium(work: Work, exhibit_id: str, *, source: str, reason: str | None = None) -> Opening:
    """Record that an exhibit is examined, before anything of its image is read.

    Shape: of a source whose examination the actor goes on with, the opening that stands already,
    with its event in the chain of custody.
    Errors: NotFound; CustodyBroken when the actor does not hold the exhibit and no reason is
    stated.
    """
    exhibit_seen(work, exhibit_id)
    store.lock_exhibit(work.db, exhibit_id)
    there = store.opening_of(work.db, exhibit_id, source=source, examiner=work.actor.name)
    if there is not None:
        work.record(exhibit_id, examination=there.id, custody=None)
        return there
    opening = opened_now(work, exhibit_id, source=source, reason=reason)
    work.record(exhibit_id, examination=opening.id, custody=opening.custody)
    return opening


def opened_now(work: Work, exhibit_id: str, *, source: str, reason: str | None) -> Opening:
    """An opening with its event of custody, within the caller's own action. Errors: CustodyBroken."""
    event = add_event(
        work, exhibit_id, kind=CustodyKind.EXAMINED, giver=work.actor.name, reason=reason
    )
    opening = Opening(
        id=work.ids.new(),
        exhibit_id=exhibit_id,
        at=work.now,
        examiner=work.actor.name,
        tool=f"tipbridge {metadata.version('tipbridge')}",
        source=source,
        custody=event.digest,
    )
    store.insert_opening(work.db, opening)
    return opening
