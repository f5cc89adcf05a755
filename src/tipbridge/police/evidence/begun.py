"""What stands in the chain of custody before the first byte of a medium is read."""

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import Work, action
from tipbridge.police.evidence import store
from tipbridge.police.evidence.chain import add_event, exhibit_seen
from tipbridge.police.evidence.model import CustodyKind


@action("evidence.medium.opened", roles=(Role.EXAMINER,))
def open_medium(
    work: Work, exhibit_id: str, *, source: str, reason: str | None = None
) -> str | None:
    """Record that an exhibit is examined, before anything of its image is read.

    Shape: the digest of the event in its chain of custody; None for a source of which the actor
    goes on with an examination, whose event stands already.
    Errors: NotFound; CustodyBroken when the actor does not hold the exhibit and no reason is
    stated.
    """
    exhibit_seen(work, exhibit_id)
    for running in store.open_passes(work.db, exhibit_id):
        if running.facts.source == source and running.examiner == work.actor.name:
            work.record(exhibit_id, examination=running.id, custody=None)
            return None
    event = add_event(
        work, exhibit_id, kind=CustodyKind.EXAMINED, giver=work.actor.name, reason=reason
    )
    work.record(exhibit_id, examination=None, custody=event.digest)
    return event.digest
