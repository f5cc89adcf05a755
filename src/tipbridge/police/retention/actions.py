"""Verbs on how long what is recorded of a case is kept: holds, the plan, erasing."""

from datetime import date

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.ages import days_after
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import checks
from tipbridge.police.cases.diary.sealing import documents_key
from tipbridge.police.cases.errors import AlreadyErased
from tipbridge.police.cases.seeing import today_of
from tipbridge.police.cases.struck.reading import records_of
from tipbridge.police.outcomes.model import PersonOutcome
from tipbridge.police.outcomes.telling import Told, is_decided_about
from tipbridge.police.removals import actions as removals
from tipbridge.police.retention import rules, store
from tipbridge.police.retention.errors import Held
from tipbridge.police.retention.model import (
    CaseDue,
    CaseFacts,
    Erased,
    Hold,
    HoldGround,
    Kept,
    PersonFacts,
    Plan,
)
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.outgoing import forgetting
from tipbridge.sharing.referral.keeping import actions as keeping

WORKING = (Role.INVESTIGATOR,)
PAGE_LINES = 25


@action("retention.plan.read", roles=WORKING)
def read_plan(work: Work, *, on: date | None = None, page: int = 1) -> Plan:
    """What would be erased on a day, what waits for what, and what was erased: a dry run.

    Shape: cases in which something is decided, PAGE_LINES on a page; it changes nothing.
    Errors: Invalid for a page before the first.
    """
    if page < 1:
        raise Invalid("page is a number from 1 on.")
    day = on or work.now.date()
    ids = store.cases_decided_until(work.db, day)
    early = store.cases_decided_until(work.db, days_after(day, -_shortest_days()))
    due = {each.case_id: each for each in (_due(work, case_id, on) for case_id in early)}
    now = [id_ for id_, each in due.items() if not each.waits or rules.people_due(each)]
    ordered = [*now, *(case_id for case_id in ids if case_id not in set(now))]
    start = (page - 1) * PAGE_LINES
    shown = ordered[start : start + PAGE_LINES]
    holds, erased = (
        store.standing_holds(work.db),
        store.erased_cases(work.db, limit=PAGE_LINES),
    )
    work.record("all", cases=len(ordered), due=len(now), holds=len(holds))
    return Plan(
        on=day,
        page=page,
        more=start + PAGE_LINES < len(ordered),
        due_count=len(now),
        case_count=len(ordered),
        cases=tuple(due.get(case_id) or _due(work, case_id, on) for case_id in shown),
        holds=tuple(holds),
        erased=tuple(erased),
        numbers=store.numbers_of(work.db, {each.case_id for each in (*holds, *erased)}),
    )


@action("retention.hold.placed", roles=WORKING)
def place_hold(work: Work, case_id: str, *, ground: HoldGround, words: str) -> Hold:
    """Let nothing of a case be erased until the hold is lifted.

    Errors: NotFound; Held when one stands; AlreadyErased; Invalid for words that are none.
    """
    case = cases.case_seen(work, case_id)
    said = checks.text("words", words)
    if store.lock_case(work.db, case.id) is not None:
        raise AlreadyErased("Everything of this case was erased; there is nothing to hold.")
    if store.standing_holds(work.db, case.id):
        raise Held("A hold stands on this case already.")
    hold = Hold(
        id=work.ids.new(),
        case_id=case.id,
        ground=ground,
        words=said,
        placed_by=work.actor.id,
        placed_at=work.now,
    )
    store.insert_hold(work.db, hold)
    work.record(case.id, hold=hold.id, ground=ground)
    return hold


@action("retention.hold.lifted", roles=WORKING)
def lift_hold(work: Work, case_id: str, *, words: str) -> None:
    """Lift the hold that stands on a case, with a reason; periods go on as they ran.

    Errors: NotFound; Held when none stands; Invalid for words that are none.
    """
    case = cases.case_seen(work, case_id)
    said = checks.text("words", words)
    lifted = store.lift_hold(work.db, case.id, by=work.actor.id, at=work.now, words=said)
    if lifted is None:
        raise Held("No hold stands on this case.")
    work.record(case.id, hold=lifted)


@action("retention.due.woken", system=True, idle=True)
def wake_due(work: Work) -> int:
    """Enqueue the cases of which something is due, and end keys that a crash left."""
    left = store.keys_left(work.db)
    for erased in left:
        _end_keys(work, erased)
    gone = [each.id for each in left if not _keys_remain(work, each)]
    store.note_keys_gone(work.db, gone, work.now)
    earliest = days_after(work.now.date(), -_shortest_days())
    found = 0
    for case_id in store.cases_decided_until(work.db, earliest):
        due = _due(work, case_id)
        if not due.waits or rules.people_due(due):
            work.emit("retention.case.due", case_id=case_id)
            found += 1
    if found or left:
        work.record("all", count=found, keys=len(left))
    return found + len(left)


@action("retention.case.erased", system=True, idle=True)
def erase_due(work: Work, *, case_id: str) -> int:
    """Erase what is due of a case: all of it, or those of its people whose time has come.

    Shape: what was erased is written down; a hold placed before this began is always obeyed.
    Errors: NotFound.
    """
    case = cases.case_seen(work, case_id)
    due = _due(work, case.id)
    done = _erase_whole(work, due) if not due.waits else _erase_people(work, due)
    if done:
        rows = sum(each.rows_gone for each in done)
        people = ",".join(each.person_id for each in done if each.person_id is not None)[:200]
        work.record(case.id, rows=rows, whole=not due.waits, people=people or None)
    return len(done)


def _erase_whole(work: Work, due: CaseDue) -> list[Erased]:
    assert due.kept is not None  # somebody was decided about, and nothing waits for a period
    packages = store.packages_of(work.db, due.case_id)
    came = store.referrals_of(work.db, due.case_id)
    rows = store.erase_case(work.db, due.case_id, work.now)
    if rows is None:
        return []
    erased = _erased(work, due.case_id, due.kept, rows, packages=packages)
    store.insert_erased(work.db, erased)
    _end_keys(work, erased)
    for referral_id in came:
        keeping.delete_kept(work, referral_id)
    return [erased]


def _erase_people(work: Work, due: CaseDue) -> list[Erased]:
    done: list[Erased] = []
    for person in rules.people_due(due):
        assert person.kept is not None
        rows = _erase_records(work, due.case_id, person.person_id)
        if rows is not None:
            erased = _erased(work, due.case_id, person.kept, rows, person_id=person.person_id)
            store.insert_erased(work.db, erased)
            done.append(erased)
    return done


def _erase_records(work: Work, case_id: str, person_id: str) -> int | None:
    """Erase somebody with each record that was joined to theirs; None while the case is held."""
    gone = [store.erase_person(work.db, case_id, each) for each in records_of(work, person_id)]
    return None if None in gone else sum(each or 0 for each in gone)


def _erased(
    work: Work,
    case_id: str,
    kept: Kept,
    rows: int,
    *,
    person_id: str | None = None,
    packages: tuple[str, ...] = (),
) -> Erased:
    return Erased(
        id=work.ids.new(),
        case_id=case_id,
        person_id=person_id,
        kept=kept,
        rows_gone=rows,
        packages=packages,
        erased_at=work.now,
        keys_gone_at=work.now if person_id is not None else None,
    )


def _end_keys(work: Work, erased: Erased) -> None:
    """After the commit, end what only keys protect: documents, and what came for the case.

    Whatever a crash leaves is ended again until a later look finds no key.
    """
    work.after_commit(forgetting(work.node.vault, documents_key(erased.case_id)))
    for package_id in erased.packages:
        exchange.erase_package(work, package_id)


def _keys_remain(work: Work, erased: Erased) -> bool:
    keys = [exchange.received_package(work, each).key_id for each in erased.packages]
    keys.append(documents_key(erased.case_id))
    return any(work.node.vault.has_key(key_id) for key_id in keys)


def _due(work: Work, case_id: str, on: date | None = None) -> CaseDue:
    """What a case waits for on a day; without one, on the day that it is where the case is."""
    case = cases.case_seen(work, case_id)
    day = on or today_of(work, case.jurisdiction)
    told = Told(work, case)
    facts = CaseFacts(
        case_id=case.id,
        number=case.number,
        people=tuple(_facts(told.about(person)) for person in cases.people_seen(work, case.id)),
        held=bool(store.standing_holds(work.db, case.id)),
        material_up=removals.count_up(work, case.id),
        exhibits_held=store.exhibits_held(work.db, case.id),
        merged=store.is_merged(work.db, case.id),
    )
    return rules.case_due(facts, on=day)


def _facts(about: PersonOutcome) -> PersonFacts:
    history, stage, kept = about.history, about.person.stage, None
    if about.decision is not None and history.kept_until is not None and history.kept is not None:
        kept = Kept(
            outcome=about.decision.outcome,
            source=history.kept.source,
            days=history.kept.days,
            ended_on=days_after(history.kept_until, -history.kept.days),
            due_on=history.kept_until,
            stage=None if about.decision.meaning.stage is stage else stage,
        )
    return PersonFacts(
        person_id=about.person.id,
        position=about.person.position,
        decided=about.decision is not None if is_decided_about(about.person) else None,
        closed=history.closed,
        kept=kept,
        welfare_open=about.welfare is not None and about.welfare.closed_at is None,
    )


def _shortest_days() -> int:
    """The shortest period of any law, so that nothing younger has to be looked at."""
    periods = [
        rule.kept_days
        for law in shipped_laws()
        for rule in (*law.outcomes, *law.stages)
        if rule.kept_days is not None
    ]
    return min(periods, default=0)
