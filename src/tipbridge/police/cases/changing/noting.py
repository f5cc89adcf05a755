"""Every change of what is known of a person goes through here, and keeps what was before."""

from tipbridge.foundation.work import Work
from tipbridge.police.cases import store
from tipbridge.police.cases.changing import rules
from tipbridge.police.cases.changing import store as changes
from tipbridge.police.cases.changing.model import FactChange
from tipbridge.police.cases.detached import store as detachments
from tipbridge.police.cases.model import Person


def change_person(work: Work, before: Person, after: Person, *, because: str | None = None) -> None:
    """Write down what is now known of somebody, and keep what was known before.

    Within another verb's action, by whom that action is recorded.
    """
    store.update_person(work.db, after)
    differing = rules.differing(before, after)
    if not differing:
        return
    change_id = work.ids.new()
    correcting = frozenset(fact for fact in differing if rules.corrects(before, fact))
    found = [
        FactChange(
            id=change_id,
            case_id=before.case_id,
            person_id=before.id,
            fact=fact,
            before=rules.known(before, fact),
            withdrawn=rules.known(after, fact) is None,
            because=because,
            by=work.actor.id,
            at=work.now,
        )
        for fact in differing
    ]
    changes.insert_changes(work.db, found, correcting)
    if correcting:
        work.emit("cases.facts.changed", change_id=change_id)


def enrich_person(work: Work, before: Person, after: Person) -> Person:
    """Write down what a further referral adds, but nothing that staff withdrew before.

    Shape: what went with a referral that was taken out of the case may be told by another one.
    Within another verb's action, by whom that action is recorded.
    """
    added = rules.differing(before, after)
    if added:
        detached = {
            (each.detached_at, each.detached_by, each.because)
            for each in detachments.detachments_of(work.db, before.case_id)
        }
        withdrawn = {
            (each.fact, each.before)
            for each in changes.changes_of(work.db, before.id)
            if each.withdrawn and (each.at, each.by, each.because) not in detached
        }
        again = tuple(fact for fact in added if (fact, rules.known(after, fact)) in withdrawn)
        after = rules.without(after, again) if again else after
    change_person(work, before, after)
    return after
