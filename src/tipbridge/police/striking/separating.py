"""Verb on acts of somebody that go another way: a case of their own for them."""

from collections.abc import Collection
from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, moving, seeing
from tipbridge.police.cases.acts import PersonAct, acts_of
from tipbridge.police.cases.changing.noting import change_person
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.humans import actions as humans
from tipbridge.police.cases.humans.model import Separated
from tipbridge.police.cases.humans.parting import with_acts
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import Custody, Person, Stage
from tipbridge.police.cases.seeing import WORKING
from tipbridge.police.outcomes import telling as decided


@action("cases.acts.separated", roles=WORKING)
def separate_acts(
    work: Work, case_id: str, person_id: str, *, acts: Collection[str], because: str
) -> Separated:
    """Open a case of its own for some acts of somebody that go another way than the others.

    Shape: the same human has a record in both, with what is known of them, their identifiers and
    the referrals about them; the acts go, and their stage begins anew. Figures count them once.
    Errors: NotFound; StruckOut; AlreadyErased; Invalid without acts or a reason; Conflict where no
    act would stay, for acts about which something is decided, and for who was the wrong person.
    """
    person = seeing.person_in(work, case_id, person_id)
    case, why = seeing.case_kept(work, person.case_id), checks.text("because", because)
    if not acts:
        raise Invalid("Name the acts that go: at least one.")
    going = decided.acts_named(person, acts)
    _check(work, person, going)
    opened = moving.open_beside(work, case)
    beside = replace(person, id=work.ids.new(), case_id=opened.id, position=1)
    beside = replace(beside, stage=Stage.INQUIRY, custody=Custody.NOT_DETAINED)
    made = with_acts(beside, going, of=person)
    carried = moving.copy(work, person, made)
    staying = tuple(act for act in acts_of(person) if act not in going)
    change_person(work, person, with_acts(person, staying, of=person), because=why)
    humans.note_same(work, person, made, because=why)
    joining.note_split(work, case, opened, people=(made.id,), referrals=carried, grounds=why)
    work.record(case.id, person=person.id, other=opened.id, acts=len(going))
    for changed in (case.id, opened.id):
        work.emit("cases.people.changed", case_id=changed)
    return Separated(case=opened, person_id=made.id)


def _check(work: Work, person: Person, going: Collection[PersonAct]) -> None:
    known = acts_of(person)
    if len(going) == len(known):
        raise Conflict("One act must stay, or nothing is separated: split the person off instead.")
    if not all(act.is_decided for act in going):
        raise Conflict(
            "Nothing is decided about such an act: only a suspect's acts go another way."
        )
    if fairness.corrected_at(work, person.id):
        raise Conflict("This person was said to be the wrong person: take that back first.")
    standing = next(
        (
            each
            for each in decided.decisions_in(work, person.case_id)
            if each.person_id == person.id and each.standing
        ),
        None,
    )
    if standing is None:
        return
    covered = set(standing.acts or (known[0].text,))
    if any(act.text in covered for act in going):
        raise Conflict(
            "Something is decided here about an act that would go: decide again about the others"
            " alone first."
        )
    if known[0] in going:
        raise Conflict(
            "Something is decided here: the act that was recorded first stays. Separate the others."
        )
