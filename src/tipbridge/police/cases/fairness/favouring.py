"""What favours somebody in a case, from wherever it is on record, for pages and for other rooms."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases import seeing
from tipbridge.police.cases.demands import store as demands
from tipbridge.police.cases.demands.model import CaseFact
from tipbridge.police.cases.fairness import rules, store
from tipbridge.police.cases.fairness.model import Favour
from tipbridge.police.cases.model import Case
from tipbridge.sharing.referral import actions as referrals


def favours_of_people(work: Work, case: Case) -> dict[str, tuple[Favour, ...]]:
    """What favours each person of a case, and anybody in it, for another room's action."""
    parts = {
        each.referral_id: parts_told(work, each.referral_id)
        for each in seeing.referrals_seen(work, case.id)
    }
    found = favours_in_case(work, case, parts)
    of_case = found.get(None, [])
    return {
        person.id: (*found.get(person.id, []), *of_case)
        for person in seeing.people_seen(work, case.id)
    }


def parts_told(work: Work, referral_id: str) -> list[Part]:
    """A referral's parts; what it says in anybody's favour alone when it is closed to the actor."""
    if is_open(work, referral_id):
        return referrals.read_parts(work, referral_id)
    return referrals.favours_told(work, referral_id)


def is_open(work: Work, referral_id: str) -> bool:
    """Whether the actor reads a referral, and not only what it says in somebody's favour."""
    try:
        referrals.referral_seen(work, referral_id)
    except NotFound:
        return False
    return True


def _is_apart(work: Work, referral_id: str) -> bool:
    """Whether a referral is restricted and closed to the actor."""
    return not is_open(work, referral_id) and referrals.restricted_beside(work, referral_id)


def favours_in_case(
    work: Work, case: Case, parts: dict[str, list[Part]]
) -> dict[str | None, list[Favour]]:
    """What favours whom, by person; None for the case as a whole."""
    mentions = seeing.mentions_of(work, case.id)
    found: dict[str | None, list[Favour]] = {}
    for taken in seeing.referrals_seen(work, case.id):
        apart = _is_apart(work, taken.referral_id)
        addresses = rules.addresses_in(parts[taken.referral_id])
        for label, what, text in rules.favours_in(parts[taken.referral_id]):
            person_id = None if label is None else mentions.get((taken.referral_id, label))
            favour = Favour(
                about=label or "",
                text=rules.said_of_closed(text) if apart else text,
                source=None if apart else taken.channel,
                at=None if apart else taken.received_at,
                of=None if apart or person_id is None else addresses.get(what),
            )
            found.setdefault(person_id, []).append(favour)
    for each in _weak_points(work, case.id):
        found.setdefault(each.person_id, []).append(each.favour)
    for each in store.favours_of(work.db, case.id):
        favour = Favour(about="", text=each.text, source=each.recorded_by, at=each.recorded_at)
        found.setdefault(each.person_id, []).append(favour)
    return found


def _weak_points(work: Work, case_id: str) -> list[rules.Weak]:
    """What weakens each answer to a demand that told something of somebody."""
    asked = {each.id: each for each in demands.demands_of(work.db, case_id)}
    told: dict[tuple[str, str | None], CaseFact] = {}
    for fact in demands.facts_of(work.db, case_id):
        stands = fact.withdrawn_at is None and fact.said.kind not in rules.TELLS_NOTHING
        if stands and (demand := asked.get(fact.demand_id)) is not None:
            told[demand.id, demand.asked.person_id or fact.person_id] = fact
    return [
        weak
        for (demand_id, _), fact in told.items()
        for weak in rules.weak_of(asked[demand_id], fact)
    ]
