"""Verbs on cases: take a referral, look, assign, restrict, record people."""

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.desks.rules import agency_of
from tipbridge.foundation.access.rules import units_below
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import acts, checks, moving, red, seeing, store, withdrawn
from tipbridge.police.cases.asking import actions as asking
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.detached import keeping as detached
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.items import store as items
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.leaving import actions as leaving
from tipbridge.police.cases.leaving.keeping import still_kept
from tipbridge.police.cases.model import (
    CaseLine,
    Custody,
    Person,
    PersonFacts,
    PersonRole,
    Stage,
)
from tipbridge.police.cases.numbers import actions as numbers
from tipbridge.police.cases.reading import read_facts
from tipbridge.police.cases.seeing import (
    WORKING,
    case_kept,
    case_seen,
    person_in,
    today_of,
)
from tipbridge.police.cases.struck.reading import struck_in
from tipbridge.police.cases.taking import feed, take, tell_parts
from tipbridge.police.cases.tasks.rules import overdue
from tipbridge.police.cases.waiting import actions as waiting
from tipbridge.police.cases.waiting.fitting import taken_or_noted
from tipbridge.police.cases.waiting.model import UnfitReason
from tipbridge.police.cases.waiting.rules import waits
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.life.model import Word
from tipbridge.sharing.referral.model import ReceivedReferral


@action("cases.referral.taken", system=True)
def open_or_attach(work: Work, *, referral_id: str) -> str:
    """Bring a received referral into its case; a repeated event changes nothing.

    Shape: one that was recalled, or deleted as its agreement asks, meanwhile opens and feeds none,
    nor does one that waits for staff by its purpose, or that no case can take as it is; the
    case's id is empty then. One that was
    corrected meanwhile brings the task of the correction with it.
    """
    source = referrals.read_received(work, referral_id)
    if waits(source.purpose) and store.case_of_referral(work.db, referral_id) is None:
        work.record(referral_id, outcome="waits", purpose=source.purpose)
        return ""
    return _bring(work, source)


@action("cases.referral.brought", system=True)
def bring_wanted(work: Work, *, referral_id: str) -> str:
    """Bring a referral into a case that staff want there; a repeated event changes nothing."""
    return _bring(work, referrals.read_received(work, referral_id))


@action("cases.referral.brought-apart", system=True)
def bring_detached(work: Work, *, case_id: str, referral_id: str) -> str:
    """Bring a referral that was taken out of a case into one of its own; a repeat changes nothing.

    Shape: one that another case has, or that was recalled or deleted, comes into none.
    """
    known = store.case_of_referral(work.db, referral_id)
    if known is None:
        return _bring(work, referrals.read_received(work, referral_id))
    work.record(case_id, referral=referral_id)
    return known


def _bring(work: Work, source: ReceivedReferral) -> str:
    referral_id = source.referral_id
    if source.recalled or source.deleted:
        work.record(referral_id, outcome="recalled" if source.recalled else "deleted")
        return ""
    parts = referrals.read_parts(work, referral_id)
    taken = taken_or_noted(work, source, partial(take, work, source, parts))
    if isinstance(taken, UnfitReason):
        work.record(referral_id, outcome="unfit", why=taken)
        return ""
    if taken.opened and source.restricted:
        leaving.look(work)  # those to whom it came may be no investigators
    corrected = withdrawn.open_tasks(work, referral_id, Word.CORRECTION) if source.corrected else 0
    work.record(
        taken.case_id,
        corrected=corrected,
        referral=referral_id,
        opened=taken.opened,
        people=taken.new_people,
        items=taken.new_items,
        unread=taken.unread,
    )
    event = "cases.case.opened" if taken.opened else "cases.case.attached"
    work.emit(event, case_id=taken.case_id, referral_id=referral_id)
    work.emit("cases.people.changed", case_id=taken.case_id)
    tell_parts(work, taken, referral_id)
    return taken.case_id


@action("cases.referral.fed", roles=WORKING)
def feed_referral(work: Work, case_id: str, *, referral: str) -> None:
    """Let a referral feed a further case: its people and files come into this one too.

    Errors: NotFound for the case or a referral that is not the actor's; Conflict when it
    feeds this case already, was recalled, was deleted as its agreement asks, or is for named
    recipients only while the whole unit reads the case, or one that was merged into it.
    """
    case = case_kept(work, case_id)
    source, parts = referrals.read_received(work, referral), referrals.read_parts(work, referral)
    if source.recalled:
        raise Conflict("This referral was recalled: it feeds no further case.", id=referral)
    if source.deleted:
        raise Conflict(
            "This referral was deleted: nothing of it is left to feed a case.", id=referral
        )
    merged = (part.case for part in joining.joined_in(work, case.id))
    if not all(each.restricted for each in (case, *merged)):
        red.check_may_feed(work, referral)
    fed = feed(work, source, parts, case.id)
    work.record(case.id, referral=source.referral_id, people=fed.new_people, unread=fed.unread)
    work.emit("cases.case.attached", case_id=case.id, referral_id=source.referral_id)
    work.emit("cases.identifier.added", case_id=case.id)
    work.emit("cases.people.changed", case_id=case.id)
    tell_parts(work, fed, source.referral_id)


@action("cases.list.read", roles=WORKING)
def list_cases(work: Work) -> list[CaseLine]:
    """The cases that the actor sees."""
    found = store.case_lines(work.db)
    work.record("all", count=len(found))
    return found


@action("cases.case.read", roles=WORKING)
def read_case(work: Work, case_id: str) -> CaseFile:
    """Everything known of one case.

    Shape: `case_id` may be the case's own number too.
    Errors: NotFound.
    """
    case = case_seen(work, case_id)
    units = access_store.all_units(work.db)
    people = seeing.known_people(work, case.id)
    tasks = diary.tasks_of(work, case.id)
    work.record(case.id, people=len(people))
    return CaseFile(
        case=case,
        unit=next(unit.code for unit in units if unit.id == case.unit_id),
        foreign_numbers=tuple(seeing.numbers_elsewhere(work, case.id)),
        wrong_numbers=numbers.wrong_numbers_seen(work, case.id),
        referrals=tuple(store.referrals_of(work.db, case.id)),
        people=people,
        struck=struck_in(work, case.id),
        detached=tuple(detached.detachments_seen(work, case.id)),
        item_count=items.item_count(work.db, case.id),
        links=tuple(joining.links_of(work, case.id)),
        notices=tuple(joining.notices_of(work, case.id)),
        tasks=tuple(tasks),
        overdue=overdue(tasks, seeing.today_of(work, case.jurisdiction)),
        relations=tuple(joining.relations_of(work, case.id)),
        joined=joining.joined_in(work, case.id),
        askings=asking.askings_of(work, case.id),
        agency=agency_of(units, case.unit_id),
        going_along=handing.numbers_going(work, case),
    )


@action("cases.case.assigned", roles=WORKING)
def assign_case(work: Work, case_id: str, *, unit: str) -> None:
    """Give a case down to a unit below the one that has it, or take it up to one above.

    Shape: what was merged into it goes along.
    Errors: NotFound for a case or unit that the actor does not see; Conflict for a unit beside,
    which has to accept a hand-over.
    """
    case = case_seen(work, case_id)
    units = access_store.all_units(work.db)
    target = next((u for u in units if u.code == unit), None)
    if target is None or target.id not in work.actor.units:
        raise NotFound("unit", unit)
    below, above = units_below(units, case.unit_id), units_below(units, target.id)
    if target.id not in below and case.unit_id not in above:
        raise Conflict(
            f"{unit} stands beside the unit that has the case: hand it over, to be accepted."
        )
    moves = target.id != case.unit_id
    gone = handing.assign_whole(work, case, target.id) if moves else 0
    work.record(case.id, unit=target.id, parts=gone)


@action("cases.case.restricted", roles=WORKING)
def restrict_case(work: Work, case_id: str, *, members: Sequence[str]) -> None:
    """Let only these members of staff see a case; the actor is always one of them.

    Shape: `members` are usernames.
    Errors: NotFound for the case or a member; Conflict for a member to whom the list would open
    nothing, or when nobody could read a child's own file any more.
    """
    case = case_seen(work, case_id)
    ids = {work.actor.id, *(handing.listable(work, case, each) for each in members)}
    with still_kept(work):
        moving.set_list(work, case.id, sorted(ids))
    work.record(case.id, members=len(ids))


@action("cases.restriction.lifted", roles=WORKING)
def lift_restriction(work: Work, case_id: str) -> None:
    """Let the whole unit see a case again.

    Errors: NotFound; Conflict while what it holds came for named recipients only.
    """
    case = case_seen(work, case_id)
    red.check_may_open(work, case.id)
    moving.lift_list(work, case.id)
    work.record(case.id)


@action("cases.person.added", roles=WORKING)
def add_person(work: Work, case_id: str, *, roles: Sequence[PersonRole]) -> str:
    """Bring somebody into a case whom no referral named; returns the person's id.

    Errors: NotFound; Invalid without a role.
    """
    case = case_kept(work, case_id)
    store.lock_taking(work.db)
    people = store.people_of(work.db, case.id)
    person = replace(
        checks.unknown_person(work.ids.new(), case.id, checks.next_position(people)),
        roles=checks.roles(frozenset(roles)),
    )
    store.insert_person(work.db, person, work.now)
    work.record(case.id, person=person.id)
    work.emit("cases.people.changed", case_id=case.id)
    return person.id


@action("cases.person.recorded", roles=WORKING)
def record_person(
    work: Work,
    person_id: str,
    facts: PersonFacts,
    *,
    because: str | None = None,
    case_id: str | None = None,
) -> Person:
    """Write down what is now known of somebody; what is left None stays as it was.

    Shape: what was known before is kept, with `because` as the reason where one is given. With
    `case_id`, only somebody of that very case.
    Errors: NotFound; Invalid for facts that cannot be.
    """
    person = person_in(work, case_id, person_id)
    checks.facts(facts, today_of(work, case_seen(work, person.case_id).jurisdiction))
    changes = {
        field.name: value
        for field in fields(facts)
        if (value := getattr(facts, field.name)) is not None
    }
    if facts.further_acts is not None:
        today = today_of(work, case_seen(work, person.case_id).jurisdiction)
        changes["further_acts"] = acts.check_acts(facts.further_acts, today)
    changed = replace(person, **changes)
    acts.check_further(changed)
    if not changes.keys().isdisjoint(("birth", "depicted_born", "act_on")):
        checks.born_before_act(changed)
    why = None if because is None else checks.text("because", because)
    change_person(work, person, changed, because=why)
    work.record(person.case_id, person=person.id, fields=",".join(sorted(changes)))
    work.emit("cases.people.changed", case_id=person.case_id)
    return changed


def units_to_give(work: Work) -> list[str]:
    """Codes of the units that the actor can give a case to."""
    units = access_store.all_units(work.db)
    return sorted(unit.code for unit in units if unit.id in work.actor.units)


def count_waiting(work: Work) -> int:
    """How many people the actor sees about whom nothing is decided yet, and referrals that wait."""
    return store.undecided_count(work.db) + waiting.count_waiting(work)


def addresses_referred(work: Work, referral_id: str) -> tuple[tuple[str, str, str | None], ...]:
    """Labels and addresses of material that a referral names, each with its file's SHA-256.

    For another room's action; None where the referral tells no digest of what is there.
    """
    source = referrals.read_received(work, referral_id)
    parts = referrals.read_parts(work, referral_id)
    facts = read_facts(parts, source.received_at.date())
    digests = {item.label: item.sha256 for item in facts.items}
    return tuple(
        (label, address, digests.get(label.rpartition("/")[0]))
        for label, address in facts.addresses
    )


def self_production_marked(work: Work, person: Person) -> bool:
    """Whether a referral about somebody is marked possible self-production."""
    return store.self_production_marked(work.db, person.id)


def set_stage(work: Work, person: Person, *, stage: Stage, custody: Custody) -> None:
    """Write down how far the police are with a person; called by a decision alone."""
    if person.stage is not Stage.INQUIRY and stage is Stage.INQUIRY:
        raise Conflict("A decision is not undone; decide again.")
    store.update_person(work.db, replace(person, stage=stage, custody=custody))


# Offered to the later police rooms under this room's own front.
people_seen = seeing.people_seen
person_seen = seeing.person_seen
referrals_about = seeing.referrals_about
ensure_task = diary.ensure_task
