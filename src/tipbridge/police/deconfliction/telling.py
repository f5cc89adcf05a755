"""Verb of the worker: who is told that a hit was about the wrong person."""

from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.police.cases.changing.actions import changes_seen
from tipbridge.police.cases.changing.model import Fact
from tipbridge.police.cases.fairness import telling
from tipbridge.police.cases.fairness.actions import corrected
from tipbridge.police.cases.fairness.model import Target
from tipbridge.police.cases.identifying import taken_back_seen
from tipbridge.police.cases.model import IdentifierKind, Person, PersonRole
from tipbridge.police.cases.seeing import identifiers_seen, person_seen
from tipbridge.police.cases.struck.reading import records_of
from tipbridge.police.deconfliction import rules, store


@action("deconfliction.peers.told", system=True)
def tell_peers(work: Work, *, correction_id: str) -> int:
    """Open a task to tell each peer that gave or may have got a hit about a wrong person.

    Shape: how many tasks; again opens none. Who asked here is never known to have got a hit: a
    peer that asked while the person was a suspect is to ask again, and is told of nobody.
    Errors: NotFound.
    """
    correction = corrected(work, correction_id)
    person = person_seen(work, correction.person_id)
    gave = store.peers_that_hit(work.db, records_of(work, person.id))
    told = 0
    for peer in sorted(gave):
        told += telling.tell(work, correction, Target.PEER_HIT, peer, peer) is not None
    for peer in sorted(_may_have_got(work, person) - gave):
        told += telling.tell(work, correction, Target.PEER_ANSWER, peer, peer) is not None
    work.record(correction.case_id, correction=correction_id, tasks=told)
    return told


def peers_of_hits(work: Work, person: Person) -> set[str]:
    """The peers that gave or may have got a hit about somebody, for a later room's action."""
    return store.peers_that_hit(work.db, records_of(work, person.id)) | _may_have_got(work, person)


def _may_have_got(work: Work, person: Person) -> set[str]:
    """The peers whose questions were compared with what was known of somebody as a suspect.

    Shape: with an identifier too that was taken back since; it may be what made them the wrong one.
    """
    was_suspect = PersonRole.SUSPECT in person.roles or any(
        each.fact is Fact.ROLES
        and isinstance(each.before, tuple)
        and PersonRole.SUSPECT in each.before
        for each in changes_seen(work, person.id)
    )
    if not was_suspect:
        return set()
    kinds = {each.kind for each in identifiers_seen(work, person)}
    gone = taken_back_seen(work, person.id)
    return {
        answered.peer_id
        for answered in store.answers_since_known(work.db, person.id)
        if (kinds | {each.identifier.kind for each in gone if each.at >= answered.at})
        & _compared_under(work, answered.agreement)
    }


def _compared_under(work: Work, sha256: str) -> frozenset[IdentifierKind]:
    """What an agreement let be compared; of one that is not held any more, whatever can be."""
    held = agreements.agreement_held(work, sha256)
    return frozenset(rules.CLASSES) if held is None else rules.compared_kinds(held.terms)
