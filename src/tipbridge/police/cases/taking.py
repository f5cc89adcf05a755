"""How a referral comes into a case: a new one, or the one that knows a person already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.rules import units_below
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases import knowing, rules, store
from tipbridge.police.cases.bringing import bring_people
from tipbridge.police.cases.demands import rules as asking
from tipbridge.police.cases.demands import store as demands
from tipbridge.police.cases.detached import store as detached
from tipbridge.police.cases.devices import store as devices
from tipbridge.police.cases.devices.rules import codes_of
from tipbridge.police.cases.items import store as items
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import Case, TakenReferral
from tipbridge.police.cases.numbers import store as numbers
from tipbridge.police.cases.reading import read_facts
from tipbridge.police.cases.referred import Match, ReferredFacts
from tipbridge.police.cases.seeing import day_there
from tipbridge.police.cases.waiting.rules import for_purpose
from tipbridge.sharing.referral.model import ReceivedReferral


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a referral.

    Shape: `parts` are the cases merged into `case_id` that it feeds too, since they know somebody.
    """

    case_id: str
    opened: bool
    new_people: int
    new_items: int
    unread: int = 0
    parts: tuple[str, ...] = ()


def take(work: Work, source: ReceivedReferral, parts: Iterable[Part]) -> Taken:
    """Bring a referral into its case; a repeated call changes nothing.

    Shape: runs as a system actor, who sees restricted cases and tells only their owners.
    """
    store.lock_taking(work.db)
    known = store.case_of_referral(work.db, source.referral_id)
    if known is not None:
        return Taken(case_id=known, opened=False, new_people=0, new_items=0)
    facts = _facts(work, source, parts)
    reach = _reach(work, source.unit_id)
    apart = _detached(work, source.referral_id)
    found = _matches(work, facts)
    near = rules.only_proposing(each for each in found if each.case_id in apart)
    far = [each for each in found if each.case_id not in apart]
    placement = rules.decide_placement([*far, *near], reach)
    if source.restricted:
        placement = rules.kept_apart(placement)
    attached = None if placement.case_id is None else _whole(work, placement.case_id, reach)
    case_id = attached or _open_case(work, source)
    merged = [part.case for part in joining.joined_in(work, case_id)]
    open_parts = [part.id for part in merged if not part.restricted and part.unit_id in reach]
    taken = _bring_in(work, source, facts, (case_id, *open_parts), opened=attached is None)
    knowing.tell(work, case_id, rules.without(placement, {case_id, *(part.id for part in merged)}))
    return taken


def feed(work: Work, source: ReceivedReferral, parts: Iterable[Part], case_id: str) -> Taken:
    """Let a referral feed a further case too, as staff say.

    Errors: Conflict when it does already.
    """
    store.lock_taking(work.db)
    if source.referral_id in {each.referral_id for each in store.referrals_of(work.db, case_id)}:
        raise Conflict("This referral feeds this case already.")
    if case_id in {each.case_id for each in detached.standing_of(work.db, source.referral_id)}:
        raise Conflict(
            "This referral was taken out of this case: bring it back there, and say why.",
            id=source.referral_id,
        )
    merged = (part.case.id for part in joining.joined_in(work, case_id))
    facts = _facts(work, source, parts)
    return _bring_in(work, source, facts, (case_id, *merged), opened=False)


def tell_parts(work: Work, taken: Taken, referral_id: str) -> None:
    """Let follow what a referral brought into merged cases, as into the one that holds them."""
    for case_id in taken.parts:
        work.emit("cases.case.attached", case_id=case_id, referral_id=referral_id)
        work.emit("cases.people.changed", case_id=case_id)


def _facts(work: Work, source: ReceivedReferral, parts: Iterable[Part]) -> ReferredFacts:
    day_of = partial(day_there, work.node.settings.jurisdiction)
    return for_purpose(source.purpose, read_facts(parts, day_of(source.received_at), day_of))


def _bring_in(
    work: Work,
    source: ReceivedReferral,
    facts: ReferredFacts,
    case_ids: Sequence[str],
    *,
    opened: bool,
) -> Taken:
    """Bring a referral into the first of these cases, and into each other that knows somebody.

    Shape: the others are merged into the first. Whoever one of them knows is met there and is
    nobody new in the whole, so that taking the merge back leaves each with its own.
    """
    whole, *parts = case_ids
    new_people, met = bring_people(work, case_ids, source.referral_id, facts.people)
    fed = [whole, *(part for part in parts if part in met)]
    new_items = [_add_facts(work, source, facts, each) for each in fed]
    return Taken(
        case_id=whole,
        opened=opened,
        new_people=new_people,
        new_items=new_items[0],
        unread=len(facts.unread),
        parts=tuple(fed[1:]),
    )


def _add_facts(work: Work, source: ReceivedReferral, facts: ReferredFacts, case_id: str) -> int:
    """Let a referral feed a case: its times, its number and its files; how many are new."""
    store.insert_referral(work.db, _taken_referral(work, source, facts, case_id))
    if facts.report_number:
        agency = facts.provider or source.sender
        numbers.add_number(work.db, case_id, agency, facts.report_number)
    return items.add_items(work.db, case_id, source.referral_id, facts.items, work.now)


def _whole(work: Work, case_id: str, reach: frozenset[int]) -> str:
    """The case into which this one was merged, where a referral of that reach may go."""
    whole = store.case_by_id(work.db, joining.whole_of(work, case_id))
    if whole is None or whole.restricted or whole.unit_id not in reach:
        return case_id
    return whole.id


def _matches(work: Work, facts: ReferredFacts) -> list[Match]:
    tying, proposing = rules.attaching_keys(facts.people), rules.proposing_keys(facts)
    keys = (*tying, *proposing)
    matches = store.cases_knowing(work.db, tying) if tying else []
    matches += rules.only_proposing(store.cases_knowing(work.db, proposing)) if proposing else []
    matches += devices.cases_bearing(work.db, codes_of(keys))
    matches += demands.cases_asking(work.db, asking.values_asked(keys))
    files = [item.digests for item in facts.items]
    return [*matches, *items.cases_with_items(work.db, files)] if files else matches


def _detached(work: Work, referral_id: str) -> set[str]:
    """The cases out of which staff took a referral, and those merged with one: it comes to none."""
    found = set[str]()
    for each in detached.standing_of(work.db, referral_id):
        found |= {each.case_id, *joining.wholes_of(work, each.case_id)}
        found |= {part.case.id for part in joining.joined_in(work, each.case_id)}
    return found


def _reach(work: Work, unit_id: int) -> frozenset[int]:
    """The units whose cases the referral's own unit sees."""
    return frozenset(units_below(access_store.all_units(work.db), unit_id))


def _open_case(work: Work, source: ReceivedReferral) -> str:
    here = work.node.settings.jurisdiction
    case = Case(
        id=work.ids.new(),
        number=store.next_number(work.db, day_there(here, work.now).year),
        unit_id=source.unit_id,
        restricted=source.restricted,
        members=source.members,
        jurisdiction=here,
        opened_at=work.now,
    )
    store.insert_case(work.db, case)
    return case.id


def _taken_referral(
    work: Work, source: ReceivedReferral, facts: ReferredFacts, case_id: str
) -> TakenReferral:
    return TakenReferral(
        referral_id=source.referral_id,
        case_id=case_id,
        origin=source.origin,
        channel=source.channel,
        basis=source.basis,
        report_number=facts.report_number,
        provider=facts.provider,
        possible_self_production=facts.possible_self_production,
        incident_at=facts.incident_at,
        reported_at=facts.reported_at,
        first_sent_at=source.first_sent_at,
        sent_at=source.sent_at,
        received_at=source.received_at,
        taken_at=work.now,
    )
