"""What favours somebody in a case, from wherever it is on record, for pages and for other rooms."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases import seeing
from tipbridge.police.cases.demands import store as demands
from tipbridge.police.cases.demands.model import CaseFact
from tipbridge.police.cases.fairness import rules, store
from tipbridge.police.cases.fairness.model import Favour, FavourKind, Kept, PersonKept
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


def kept_in(work: Work, case: Case) -> Kept:
    """What favours, the defence and corrections of everybody who is or was in a case, for a bundle."""
    parts = {
        each.referral_id: parts_told(work, each.referral_id)
        for each in seeing.referrals_seen(work, case.id)
    }
    found = favours_in_case(work, case, parts)
    requests = store.requests_of(work.db, case.id)
    corrections = store.corrections_of(work.db, case.id)
    return Kept(
        of_case=tuple(found.get(None, ())),
        people=tuple(
            PersonKept(
                person=person,
                favours=tuple(found.get(person.id, ())),
                requests=tuple(each for each in requests if each.person_id == person.id),
                corrections=tuple(each for each in corrections if each.person_id == person.id),
            )
            for person in seeing.people_ever(work, case.id)
        ),
    )


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
        told = parts[taken.referral_id]
        addresses = rules.addresses_in(told)
        for label, what, text, part in rules.favours_in(told):
            person_id = None if label is None else mentions.get((taken.referral_id, label))
            favour = Favour(
                kind=FavourKind.REFERRAL,
                about=label or "",
                text=text,
                source=taken.channel,
                at=taken.received_at,
                of=None if person_id is None else addresses.get(what),
                via=taken.referral_id,
                part=part,
                subject=what or None,
            )
            found.setdefault(person_id, []).append(_closed(favour) if apart else favour)
    for each in _weak_points(work, case.id):
        found.setdefault(each.person_id, []).append(each.favour)
    for each in store.favours_of(work.db, case.id):
        favour = Favour(
            kind=FavourKind.STAFF,
            about="",
            text=each.text,
            source=each.recorded_by,
            at=each.recorded_at,
            via=each.id,
        )
        found.setdefault(each.person_id, []).append(favour)
    return found


def _closed(favour: Favour) -> Favour:
    """A favour of a restricted referral as it is told to whom that is closed (ADR 0261)."""
    return Favour(
        kind=FavourKind.CLOSED,
        about=favour.about,
        text=rules.said_of_closed(favour.text),
        source=None,
        at=None,
    )


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
