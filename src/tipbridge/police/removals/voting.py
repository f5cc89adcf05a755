"""Verbs on the digests of removed items: name, classify, and offer them to a hash list."""

import re

from tipbridge.foundation.access.store import person_of
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.voting import bring_vote
from tipbridge.police.removals import rules
from tipbridge.police.removals.actions import removal_standing
from tipbridge.police.removals.items import store
from tipbridge.police.removals.model import Classification, Offer, Vote

_SHA256 = re.compile(r"[0-9a-f]{64}")


@action("removals.item.named", roles=(Role.INVESTIGATOR, Role.EXAMINER))
def name_item(work: Work, removal_id: str, sha256: str) -> None:
    """Say which file of the case is at a place of which no referral told a digest.

    Shape: a file that a referral reports in the case, or that was found on an exhibit of it.
    Errors: NotFound; Invalid for what is no SHA-256 of such a file; Conflict for a place whose
    item is known from a referral, or was classified.
    """
    removal = removal_standing(work, removal_id)
    digest = sha256.strip().lower()
    if not _SHA256.fullmatch(digest):
        raise Invalid("sha256 is a SHA-256 in 64 hexadecimal digits.")
    if store.reported_at(work.db, removal):
        raise Conflict("A referral tells which file is at this place.")
    if store.votes_of(work.db, removal.id):
        raise Conflict("What is at this place was classified already; its file stays as it is.")
    if not store.holds_item(work.db, removal.case_id, digest):
        raise Invalid("No file of this case has this SHA-256: neither reported nor on an exhibit.")
    store.name_item(work.db, removal.id, digest)
    work.record(removal.case_id, removal=removal.id, sha256=digest)


@action("removals.item.classified", roles=(Role.INVESTIGATOR, Role.EXAMINER))
def classify_item(work: Work, removal_id: str, classification: Classification) -> int:
    """Say what an item is, as known from the case; returns how many have said it of it.

    Shape: one vote for each person, whichever user name they act by; the newest counts; where the item was offered to a
    list, it counts there too.
    Errors: NotFound; Conflict for a place whose item has no digest.
    """
    removal = removal_standing(work, removal_id)
    if not store.digests_at(work.db, removal):
        raise Conflict("No digest of what is at this place is known.")
    voter = person_of(work.db, work.actor.id)
    store.put_vote(work.db, removal, by=voter, classification=classification, at=work.now)
    votes = store.votes_of(work.db, removal.id)
    own = [each for each in votes if each.by == voter]
    for offer in store.offers_of(work.db, removal.id):
        _bring(work, offer, own)
    work.record(removal.case_id, removal=removal.id, classification=classification)
    return [each.classification for each in votes].count(classification)


@action("removals.item.offered", roles=(Role.EXAMINER,))
def offer_item(work: Work, removal_id: str, *, list_name: str) -> int:
    """Offer the digest of a removed item to a hash list; returns how many entries are new.

    Shape: they wait in the list's next version until a second person activates it; the votes
    of staff go with them, as votes on the entries.
    Errors: NotFound; Conflict before it was removed, or without enough votes that agree.
    """
    removal = removal_standing(work, removal_id)
    votes = store.votes_of(work.db, removal.id)
    rules.check_offer(removal.state, [each.classification for each in votes])
    found = store.digests_at(work.db, removal)
    if not found:
        raise Conflict("No digest of what is at this place is known.")
    lines = [f"{digest}\n".encode("ascii") for digest in found]
    counts = hashes.import_list(work, name=list_name, lines=lines)
    list_id = hashes.find_list(work, list_name).id
    for digest in found:
        offer = Offer(removal_id=removal.id, list_id=list_id, sha256=digest, at=work.now)
        store.keep_offer(work.db, offer, removal.case_id, by=work.actor.id)
        _bring(work, offer, votes)
    work.record(removal.case_id, removal=removal.id, added=counts.added, votes=len(votes))
    return counts.added


def _bring(work: Work, offer: Offer, votes: list[Vote]) -> None:
    for vote in votes:
        bring_vote(
            work,
            offer.list_id,
            offer.sha256,
            staff_id=vote.by,
            affirmative=vote.classification is not Classification.NOT_ILLEGAL,
            reason=vote.classification.value,
            at=vote.at,
        )
