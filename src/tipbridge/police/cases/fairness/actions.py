"""Verbs on due process: open with grounds, record what favours, the defence, put right."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, moving, seeing
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import favouring, rules, store, telling
from tipbridge.police.cases.fairness.model import (
    CaseOrigin,
    Correction,
    CorrectionView,
    DefenceRequest,
    DueProcess,
    Origin,
    PersonSides,
    StaffFavour,
    ToldState,
)
from tipbridge.police.cases.model import Case, KnownPerson, TaskKind
from tipbridge.police.cases.seeing import WORKING, case_seen, person_in, today_of
from tipbridge.police.cases.struck.reading import struck_in
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.life import spreading
from tipbridge.sharing.referral.life.model import Why
from tipbridge.tips.triage.model import read_grade

WRONG_PERSON = "wrong-person"
RIGHT_PERSON = "right-person"
PATIENCE = timedelta(days=7)
"""A correction that somebody has not acknowledged by then becomes a task."""


@action("cases.case.begun", roles=WORKING)
def open_case(
    work: Work, *, origin: CaseOrigin, grounds: str, grade: str, from_case: str | None = None
) -> Case:
    """Open a case that no referral began, in the actor's own unit, with its grounds.

    Errors: Invalid for grounds or a grade that are none, or without the case it came out of;
    NotFound for that case.
    """
    source = None if from_case is None else case_seen(work, from_case)
    if (origin is CaseOrigin.ANOTHER_CASE) != (source is not None):
        raise Invalid("from_case names the case that this one came out of, and only then.")
    case = moving.open_own(work)
    began = Origin(
        case_id=case.id,
        origin=origin,
        grounds=checks.text("grounds", grounds),
        grade=str(read_grade(grade)),
        from_case=None if source is None else source.id,
        opened_by=work.actor.id,
    )
    store.insert_origin(work.db, began)
    work.record(case.id, origin=origin, grade=began.grade)
    return case


@action("cases.favour.recorded", roles=WORKING)
def record_favour(work: Work, case_id: str, person_id: str, *, text: str) -> StaffFavour:
    """Record what weakens or explains a suspicion; it is never removed.

    Errors: NotFound; Invalid without text.
    """
    person = person_in(work, case_id, person_id)
    favour = StaffFavour(
        id=work.ids.new(),
        case_id=person.case_id,
        person_id=person.id,
        text=checks.text("text", text),
        recorded_by=work.actor.id,
        recorded_at=work.now,
    )
    store.insert_favour(work.db, favour)
    work.record(person.case_id, person=person.id, favour=favour.id)
    return favour


@action("cases.defence.asked", roles=WORKING)
def note_defence(
    work: Work, case_id: str, person_id: str, *, asked: str, asked_on: date | None = None
) -> DefenceRequest:
    """Put what the defence asks for into the file.

    Errors: NotFound; Invalid without text, or for a day in the future.
    """
    person = person_in(work, case_id, person_id)
    today = today_of(work, case_seen(work, case_id).jurisdiction)
    if asked_on is not None and asked_on > today:
        raise Invalid("asked_on lies in the future.")
    request = DefenceRequest(
        id=work.ids.new(),
        case_id=person.case_id,
        person_id=person.id,
        asked=checks.text("asked", asked),
        asked_on=asked_on or today,
        recorded_by=work.actor.id,
        recorded_at=work.now,
    )
    store.insert_request(work.db, request)
    work.record(person.case_id, person=person.id, request=request.id)
    return request


@action("cases.defence.answered", roles=WORKING)
def answer_defence(work: Work, case_id: str, request_id: str, *, answer: str) -> None:
    """Put what the defence was told into the file; once.

    Errors: NotFound, also for another case's; Conflict when it was told before; Invalid.
    """
    case = case_seen(work, case_id)
    if request_id not in {each.id for each in store.requests_of(work.db, case.id)}:
        raise NotFound("request of the defence", request_id)
    text = checks.text("answer", answer)
    if not store.answer_request(work.db, request_id, text, by=work.actor.id, at=work.now):
        raise Conflict("The defence was told already; put a new request into the file.")
    work.record(case.id, request=request_id)


@action("cases.person.corrected", roles=WORKING)
def correct_person(work: Work, case_id: str, person_id: str, *, grounds: str) -> Correction:
    """Say that somebody was the wrong person; everyone who was told of them is told so.

    Shape: they are no suspect any more; what was recorded stays sealed in the record, not
    overwritten.
    Errors: NotFound; Conflict when it was said before; Invalid without grounds.
    """
    person = person_in(work, case_id, person_id)
    correction = Correction(
        id=work.ids.new(),
        case_id=person.case_id,
        person_id=person.id,
        grounds=checks.text("grounds", grounds),
        made_by=work.actor.id,
        made_at=work.now,
    )
    if not store.insert_correction(work.db, correction):
        raise Conflict("This person was put right already.")
    moving.clear_suspicion(work, person)
    work.record(person.case_id, person=person.id, correction=correction.id)
    work.emit("cases.person.corrected", correction_id=correction.id)
    work.emit("cases.people.changed", case_id=person.case_id)
    return correction


@action("cases.correction.sent", system=True)
def send_correction(work: Work, *, correction_id: str) -> None:
    """Tell all who were told of the person: nodes by message, others by a task; again nothing new.

    Shape: senders pass it on to everyone else who got the same from them, and each answers. One
    that takes another back goes the same ways.
    Errors: NotFound.
    """
    correction = corrected(work, correction_id)
    said = WRONG_PERSON if correction.undoes is None else RIGHT_PERSON
    person = seeing.person_seen(work, correction.person_id)
    sent = {referral_id for referral_id, _ in store.sendings_of(work.db, correction.id)}
    waiting = [each for each in seeing.referrals_about(work, person) if each not in sent]
    for referral_id in waiting:
        referrals.send_feedback(
            work,
            referral_id,
            feedback_id=correction.id,
            outcome=said,
            at=correction.made_at,
            facts={"about": said},
        )
        _say_along(work, correction, referral_id)
        store.note_sending(work.db, correction, referral_id, work.now)
    here = telling.tell_here(work, correction, person)
    work.record(correction.case_id, correction=correction.id, referrals=len(waiting), here=here)


def _say_along(work: Work, correction: Correction, referral_id: str) -> None:
    """Say of each label by which a referral speaks of the person whether it was the wrong one."""
    mentions = seeing.mentions_of(work, correction.case_id)
    for (mentioned, label), person_id in sorted(mentions.items()):
        if (mentioned, person_id) == (referral_id, correction.person_id):
            spreading.say_wrong_person(
                work,
                referral_id,
                label,
                saying_id=correction.id,
                at=correction.made_at,
                why=Why.WRONG_PERSON if correction.undoes is None else Why.RIGHT_PERSON,
            )


def corrected(work: Work, correction_id: str) -> Correction:
    """A correction in a case that the actor sees, within the caller's own action.

    Errors: NotFound.
    """
    correction = store.correction_by_id(work.db, correction_id)
    if correction is None:
        raise NotFound("correction", correction_id)
    return correction


def corrected_at(work: Work, person_id: str) -> datetime | None:
    """When somebody was corrected as the wrong person, within the caller's own action; or None."""
    correction = store.correction_about(work.db, person_id)
    return None if correction is None else correction.made_at


@action("cases.corrections.chased", system=True, idle=True)
def chase_corrections(work: Work) -> int:
    """Open a task for each correction that somebody has not acknowledged after seven days.

    Shape: one at a time; another after it was done, where somebody named later has not answered
    in seven days either, or could not be reached. A restricted case is chased by a task of its own.
    """
    late = 0
    for correction in store.unchased(work.db, work.now, PATIENCE):
        late += telling.chase_restricted(work, correction)
        apart = {each.id for each in telling.restricted_owing(work, correction)}
        told = [each for each in telling.told_of(work, correction) if each.via not in apart]
        owed = any(each.state is not ToldState.ACKNOWLEDGED for each in told)
        if owed and not _is_chased(work, correction):
            diary.open_task(
                work, correction.case_id, TaskKind.CHASE_CORRECTION, correction.person_id
            )
            late += 1
        store.note_chased(work.db, correction.id, work.now)
    if late:
        work.record("all", count=late)
    return late


def _is_chased(work: Work, correction: Correction) -> bool:
    return any(
        task.kind is TaskKind.CHASE_CORRECTION
        and task.person_id == correction.person_id
        and task.done_at is None
        for task in diary.tasks_of(work, correction.case_id)
    )


@action("cases.fairness.read", roles=WORKING)
def read_due_process(work: Work, case_id: str) -> DueProcess:
    """Where a case came from, and of everybody in it what accuses and what favours.

    Shape: who was struck out is among them where others were told of a correction.
    Errors: NotFound.
    """
    case = case_seen(work, case_id)
    taken = seeing.referrals_seen(work, case.id)
    parts = {each.referral_id: favouring.parts_told(work, each.referral_id) for each in taken}
    origin = store.origin_of(work.db, case.id)
    favours = favouring.favours_in_case(work, case, parts)
    requests = store.requests_of(work.db, case.id)
    every = store.corrections_of(work.db, case.id)
    corrections = {each.person_id: each for each in every if each.stands}
    known = (*seeing.known_people(work, case.id), *_struck_of(work, case.id, every))
    work.record(case.id, people=len(known))
    return DueProcess(
        case=case,
        origin=origin,
        from_number=_number(work, origin),
        referrals=tuple(taken),
        closed=frozenset(
            each.referral_id for each in taken if not favouring.is_open(work, each.referral_id)
        ),
        grounds=tuple(
            (each.channel, *found)
            for each in taken
            if (found := rules.grounds_in(parts[each.referral_id])) is not None
        ),
        of_case=tuple(favours.get(None, ())),
        people=tuple(
            PersonSides(
                known=one,
                favours=tuple(favours.get(one.person.id, ())),
                requests=tuple(each for each in requests if each.person_id == one.person.id),
                correction=_view(work, corrections.get(one.person.id)),
                undone=tuple(
                    CorrectionView(correction=each, told=telling.told_of(work, each))
                    for each in every
                    if each.person_id == one.person.id and not each.stands
                ),
            )
            for one in known
        ),
    )


def _struck_of(work: Work, case_id: str, told: Iterable[Correction]) -> list[KnownPerson]:
    """Who was struck out of a case after others were told of them: each has yet to acknowledge."""
    about = {each.person_id for each in told}
    people = [each.person for each in struck_in(work, case_id)]
    return [KnownPerson(person=each, identifiers=()) for each in people if each.id in about]


def _number(work: Work, origin: Origin | None) -> str | None:
    """The number of the case that one came out of, for those who see both."""
    if origin is None or origin.from_case is None:
        return None
    try:
        return case_seen(work, origin.from_case).number
    except NotFound:
        return None


def _view(work: Work, correction: Correction | None) -> CorrectionView | None:
    if correction is None:
        return None
    return CorrectionView(correction=correction, told=telling.told_of(work, correction))
