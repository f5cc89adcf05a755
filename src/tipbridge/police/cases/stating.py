"""Verbs on what is found of exploitation: known, known not to be, or not known."""

from collections.abc import Iterable
from dataclasses import replace

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.model import EXPLOITING, Exploiting, Motive, Person, Statement
from tipbridge.police.cases.seeing import WORKING, person_in, person_seen

FROM_A_TALK = "welfare-talk"
"""The source of what was said in a prevention talk."""


@action("cases.exploitation.stated", roles=WORKING)
def state_exploitation(
    work: Work,
    person_id: str,
    answer: Exploiting | None,
    *,
    source: str,
    case_id: str | None = None,
) -> Person:
    """Write down whether there was force, malice, money or a wide age gap, and how it is known.

    Shape: an `answer` of None takes back what was stated: it is not known any more. With
    `case_id`, only of somebody of that very case.
    Errors: NotFound; Invalid without a source.
    """
    person = person_in(work, case_id, person_id)
    changed = _state(work, person, answer, checks.words("source", source))
    work.record(person.case_id, person=person.id, answer=answer)
    return changed


def note_from_talk(work: Work, person_id: str, why: Motive) -> bool:
    """State what a motive said in a talk says of exploitation, unless some is stated already.

    Within another room's action, by whom that action is recorded. Shape: whether it was stated.
    """
    answer, person = EXPLOITING.get(why), person_seen(work, person_id)
    stated = None if person.exploiting is None else person.exploiting.answer
    if answer is None or stated not in {None, Exploiting.NONE}:
        return False
    _state(work, person, answer, FROM_A_TALK)
    return True


def restate_from_talks(work: Work, person_id: str, said: Iterable[Motive]) -> bool:
    """State what the motives of the talks that are left say, where a talk alone said it.

    Within another room's action. Shape: whether something else is known now than before.
    Errors: NotFound.
    """
    person, answers = person_seen(work, person_id), [EXPLOITING.get(why) for why in said]
    stated, left = person.exploiting, [each for each in answers if each is not None]
    if stated is None or stated.source != FROM_A_TALK or stated.answer in left:
        return False
    _state(work, person, left[0] if left else None, FROM_A_TALK)
    return True


def _state(work: Work, person: Person, answer: Exploiting | None, source: str) -> Person:
    stated = None
    if answer is not None:
        stated = Statement(answer=answer, source=source, by=work.actor.id, at=work.now)
    changed = replace(person, exploiting=stated)
    change_person(work, person, changed, because=source)
    work.emit("cases.people.changed", case_id=person.case_id)
    return changed
