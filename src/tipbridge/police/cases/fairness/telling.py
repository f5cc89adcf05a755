"""Who hears of a correction, and what each of them answered."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, seeing, store
from tipbridge.police.cases.demands.model import DemandState
from tipbridge.police.cases.demands.store import demands_of
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary.store import finish_task
from tipbridge.police.cases.fairness import store as corrections
from tipbridge.police.cases.fairness.model import (
    Correction,
    Target,
    Telling,
    Told,
    ToldState,
)
from tipbridge.police.cases.joining.store import links_of, relations_of
from tipbridge.police.cases.model import Case, LinkState, Person, TaskKind
from tipbridge.police.cases.seeing import WORKING, case_seen
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral import reading
from tipbridge.sharing.referral.life import actions as lives
from tipbridge.sharing.referral.life.model import Withdrawal

_BELONG = LinkState.CONFIRMED


@action("cases.correction.answered", roles=WORKING)
def note_answer(
    work: Work, case_id: str, telling_id: str, *, words: str, reached: bool = True
) -> Telling:
    """Record that somebody whom staff told of a correction acknowledged it, or can't be reached.

    Shape: `words` say how; the task to tell them is done. Who was not reached may answer later.
    Errors: NotFound; Invalid without words; Conflict once it was acknowledged, or for another
    case of this node, which acknowledges by doing its task.
    """
    case = case_seen(work, case_id)
    every = corrections.corrections_of(work.db, case.id)
    mine = [each for one in every for each in corrections.tellings_of(work.db, one.id)]
    telling = next((each for each in mine if each.id == telling_id), None)
    if telling is None:
        raise NotFound("telling of a correction", telling_id)
    if telling.target is Target.CASE:
        raise Conflict("Another case acknowledges a correction by doing its own task.")
    if telling.state is ToldState.ACKNOWLEDGED:
        raise Conflict("This was acknowledged already.", id=telling_id)
    answered = replace(
        telling,
        state=ToldState.ACKNOWLEDGED if reached else ToldState.FAILED,
        words=checks.text("words", words),
        noted_at=work.now,
        noted_by=work.actor.id,
    )
    corrections.update_telling(work.db, answered)
    finish_task(work.db, telling.task_id, by=work.actor.id, at=work.now)
    work.record(case.id, telling=telling.id, state=answered.state)
    return answered


@action("cases.correction.receiver-named", roles=WORKING)
def name_receiver(work: Work, case_id: str, person_id: str, *, receiver: str) -> Telling:
    """Name somebody who was told of a wrong person by hand; a task to tell them opens.

    Errors: NotFound; Invalid without a name; Conflict while nobody was put right.
    """
    person = seeing.person_ever_in(work, case_id, person_id)
    every = corrections.corrections_of(work.db, person.case_id)
    about = [each for each in every if each.person_id == person.id and each.taken_back_at is None]
    correction = max(about, key=lambda each: (each.made_at, each.id), default=None)
    if correction is None:
        raise Conflict("This person was not put right; say first that they were the wrong one.")
    named = checks.words("receiver", receiver)
    found = tell(work, correction, Target.HAND, work.ids.new(), named)
    assert found is not None  # a fresh id
    work.record(person.case_id, correction=correction.id, telling=found.id)
    return found


@action("cases.correction.heard", system=True)
def note_heard(work: Work, *, task_id: str) -> None:
    """Another case's task about a correction was done: it is acknowledged there."""
    telling = corrections.telling_of_task(work.db, task_id)
    if telling is not None and telling.state is not ToldState.ACKNOWLEDGED:
        heard = replace(telling, state=ToldState.ACKNOWLEDGED, noted_at=work.now)
        corrections.update_telling(work.db, heard)
    work.record("none" if telling is None else telling.case_id, task=task_id)


def tell(
    work: Work, correction: Correction, target: Target, target_id: str, receiver: str
) -> Telling | None:
    """Open the task to tell somebody of a correction; None when there is one.

    Shape: of an authority, `receiver` is its code in the words of the law.
    """
    known = corrections.tellings_of(work.db, correction.id)
    if any((each.target, each.target_id) == (target, target_id) for each in known):
        return None
    by_hand, code = TaskKind.TELL_CORRECTION, TaskKind.TELL_AUTHORITY
    kind = code if target is Target.AUTHORITY else by_hand
    task = diary.open_task(work, correction.case_id, kind, correction.person_id, title=receiver)
    return _keep(work, correction, target, target_id, receiver=receiver, task_id=task.id)


def tell_here(work: Work, correction: Correction, person: Person) -> int:
    """Let the node's other cases know, and who got demands.

    Shape: cases that the same referral feeds, and those that stand to this one or are linked
    with it by a decision of staff.
    """
    known = {each.target_id for each in corrections.tellings_of(work.db, correction.id)}
    known.add(person.case_id)
    told = _tell_named_by_hand(work, correction)
    for referral_id in seeing.referrals_about(work, person):
        for case_id in store.cases_of_referral(work.db, referral_id):
            if case_id not in known:
                known.add(case_id)
                told += _tell_case(
                    work, correction, case_id, TaskKind.REFERRAL_CORRECTED, referral_id
                )
    number = _number_for_others(work, person.case_id)
    for case_id in _standing_with(work, person.case_id) - known:
        told += _tell_case(work, correction, case_id, TaskKind.LINKED_CORRECTED, number)
    for demand in demands_of(work.db, person.case_id):
        if demand.asked.person_id == person.id and demand.state is not DemandState.DRAFTED:
            addressee = demand.asked.addressee
            told += tell(work, correction, Target.DEMAND, demand.id, addressee) is not None
    return told


def _tell_named_by_hand(work: Work, correction: Correction) -> int:
    """Let whom staff named by hand hear too that somebody was not the wrong person after all."""
    before = (
        () if correction.undoes is None else corrections.tellings_of(work.db, correction.undoes)
    )
    by_hand = [each for each in before if each.target is Target.HAND and each.receiver]
    return sum(
        tell(work, correction, each.target, each.target_id, each.receiver or "") is not None
        for each in by_hand
    )


def _standing_with(work: Work, case_id: str) -> set[str]:
    """The cases that staff said belong with this one, whichever way."""
    found = {link.other_id for link in links_of(work.db, case_id) if link.state is _BELONG}
    for each in relations_of(work.db, case_id):
        if each.stands:
            found |= {each.case_id, each.other_id}
    return found


def _number_for_others(work: Work, case_id: str) -> str | None:
    """The number by which other cases may know one: none of a restricted case."""
    case = case_seen(work, case_id)
    return None if case.restricted else case.number


def _tell_case(
    work: Work, correction: Correction, case_id: str, kind: TaskKind, title: str | None
) -> bool:
    if case_seen(work, case_id).erased_at is not None:
        return False
    task = diary.open_task(work, case_id, kind, title=title)
    _keep(work, correction, Target.CASE, case_id, receiver=None, task_id=task.id)
    return True


def _keep(
    work: Work,
    correction: Correction,
    target: Target,
    target_id: str,
    *,
    receiver: str | None,
    task_id: str,
) -> Telling:
    telling = Telling(
        id=work.ids.new(),
        correction_id=correction.id,
        case_id=correction.case_id,
        target=target,
        target_id=target_id,
        receiver=receiver,
        task_id=task_id,
        told_at=work.now,
    )
    corrections.insert_telling(work.db, telling)
    return telling


def told_of(work: Work, correction: Correction) -> tuple[Told, ...]:
    """Everyone who is to hear of a correction, and whether they acknowledged it.

    Shape: without the cases that the reader doesn't see, which are chased on their own side.
    """
    person = seeing.person_seen(work, correction.person_id)
    found: dict[str | None, Told] = {}
    for referral_id in seeing.referrals_about(work, person):
        for told in _along(work, correction, referral_id):
            if _better(told, found.get(told.receiver)):
                found[told.receiver] = told
    kept = corrections.tellings_of(work.db, correction.id)
    seen = [told for each in kept if (told := _kept(work, each)) is not None]
    return (*found.values(), *seen)


def chase_restricted(work: Work, correction: Correction) -> int:
    """Open a task in each restricted case that has not acknowledged a correction; how many.

    Shape: one at a time; where the correction was made nobody hears of it.
    """
    chased = 0
    for case in restricted_owing(work, correction):
        number = _number_for_others(work, correction.case_id)
        waiting = [
            task
            for task in diary.tasks_of(work, case.id)
            if task.kind is TaskKind.CHASE_CORRECTION and task.done_at is None
        ]
        if not any(task.title == number for task in waiting):
            diary.open_task(work, case.id, TaskKind.CHASE_CORRECTION, title=number)
            chased += 1
    return chased


def restricted_owing(work: Work, correction: Correction) -> list[Case]:
    """The restricted cases of this node that have not acknowledged a correction yet."""
    owing = [
        case_seen(work, each.target_id)
        for each in corrections.tellings_of(work.db, correction.id)
        if each.target is Target.CASE and each.state is not ToldState.ACKNOWLEDGED
    ]
    return [case for case in owing if case.restricted and case.erased_at is None]


def _better(told: Told, other: Told | None) -> bool:
    """Whoever hears of it on two ways has acknowledged it once they did on one."""
    order = (ToldState.FAILED, ToldState.WAITING, ToldState.ACKNOWLEDGED)
    return other is None or order.index(told.state) > order.index(other.state)


def _kept(work: Work, telling: Telling) -> Told | None:
    receiver = telling.receiver
    if telling.target is Target.CASE:
        try:
            receiver = case_seen(work, telling.target_id).number
        except NotFound:
            return None
    return Told(
        target=telling.target,
        via=telling.target_id,
        receiver=receiver,
        state=telling.state,
        at=telling.noted_at,
        id=telling.id,
        words=telling.words,
    )


def _along(work: Work, correction: Correction, referral_id: str) -> list[Told]:
    """Who hears of it along one referral; the sender alone, where it names nobody of it."""
    try:
        life = lives.life_of(work, referrals.referral_seen(work, referral_id))
    except NotFound:
        return []  # the referral's own list is closed to the reader
    said = next((each for each in life.withdrawals if each.saying.id == correction.id), None)
    return [_sender(work, correction, referral_id)] if said is None else _nodes(said)


def _nodes(said: Withdrawal) -> list[Told]:
    answers = {each.whose: each for each in said.acknowledged}
    found = [_node(said, node, ToldState.ACKNOWLEDGED) for node in sorted(answers)]
    found += [_node(said, node, ToldState.WAITING) for node in said.waiting]
    return found + [_node(said, node, ToldState.FAILED) for node in said.failed]


def _node(said: Withdrawal, node: str, state: ToldState) -> Told:
    answer = next((each for each in said.acknowledged if each.whose == node), None)
    return Told(
        target=Target.NODE,
        via=said.referral_id,
        receiver=node,
        state=state,
        at=None if answer is None else answer.at,
        by=None if answer is None or answer.by is None else answer.node_id,
    )


def _sender(work: Work, correction: Correction, referral_id: str) -> Told:
    """The sender of a referral that names nobody of it: told by feedback, which it receipts."""
    waiting = Told(
        target=Target.NODE, via=referral_id, receiver=None, state=ToldState.WAITING, at=None
    )
    package = reading.told_back(work, referral_id, correction.id)
    if package is None:
        return waiting
    ended = {"refused": ToldState.FAILED, "lapsed": ToldState.FAILED}
    state = ended.get(package.state.value, ToldState.WAITING)
    if package.receipt is not None:
        state = ToldState.ACKNOWLEDGED
    return replace(waiting, receiver=package.recipient, state=state, at=package.settled_at)
