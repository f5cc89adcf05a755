"""Verbs on the digests of removed items: classify them, and offer them to a hash list."""

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.actions import removal_seen
from tipbridge.police.removals.model import Classification


@action("removals.item.classified", roles=(Role.INVESTIGATOR, Role.EXAMINER))
def classify_item(work: Work, removal_id: str, classification: Classification) -> int:
    """Say what an item is, as known from the case; returns how many have said it of it.

    Shape: one vote for each member of staff, the newest counts.
    Errors: NotFound; Conflict for a place whose item has no digest.
    """
    removal = removal_seen(work, removal_id)
    if not store.digests_at(work.db, removal):
        raise Conflict("No digest of what is at this place is known.")
    store.put_vote(work.db, removal, by=work.actor.id, classification=classification, at=work.now)
    votes = store.votes_of(work.db, removal.id)
    work.record(removal.case_id, removal=removal.id, classification=classification)
    return votes.count(classification)


@action("removals.item.offered", roles=(Role.EXAMINER,))
def offer_item(work: Work, removal_id: str, *, list_name: str) -> int:
    """Offer the digest of a removed item to a hash list; returns how many entries are new.

    Shape: they wait in the list's next version until a second person activates it.
    Errors: NotFound; Conflict before it was removed, or without enough votes that agree.
    """
    removal = removal_seen(work, removal_id)
    rules.check_offer(removal.state, store.votes_of(work.db, removal.id))
    found = store.digests_at(work.db, removal)
    if not found:
        raise Conflict("No digest of what is at this place is known.")
    lines = [f"{digest}\n".encode("ascii") for digest in found]
    counts = hashes.import_list(work, name=list_name, lines=lines)
    work.record(removal.case_id, removal=removal.id, added=counts.added)
    return counts.added
