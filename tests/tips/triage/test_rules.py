"""The order of the queue, and leads."""

import pytest

from tests.tips.triage.tips import NOW, full_person, make_tip, person, tip_file
from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.report.model import PersonRole
from tipbridge.tips.triage.model import ChildAge, Queue, ReasonCode, read_grade
from tipbridge.tips.triage.rules import about_lead, age_of, decide_triage, lead_people

CHILD = ChildAge(years=18, citation="test")
VIRAL = (tip_file(annotations=("viral",)), tip_file(1, annotations=("potentialMeme",)))


def codes(tip) -> set[ReasonCode]:
    return {each.code for each in decide_triage(tip, CHILD).reasons}


def test_the_providers_word_of_urgency_comes_before_everything() -> None:
    """Nothing in the report lowers it; the child path is kept beside it."""
    tip = make_tip(full_person(), files=VIRAL, escalation="Synthetic: act now", batched=True)
    decided = decide_triage(tip, CHILD)
    assert (decided.queue, decided.child_path) == (Queue.URGENT, True)


@pytest.mark.parametrize(
    "tip",
    [
        make_tip(person(age=40), files=(tip_file(annotations=("possibleSelfProduction",)),)),
        make_tip(person(age=13)),
        make_tip(person(age=40), annotations=("minorToMinorInteraction",)),
    ],
)
def test_a_child_or_a_sign_of_one_opens_the_child_path(tip) -> None:
    decided = decide_triage(tip, CHILD)
    assert (decided.queue, decided.child_path) == (Queue.CHILD, True)


def test_an_unknown_age_is_told_apart_from_an_adults() -> None:
    assert ReasonCode.AGE_UNKNOWN in codes(make_tip(person()))
    adult = codes(make_tip(person(age=30)))
    assert not adult & {ReasonCode.AGE_UNKNOWN, ReasonCode.REPORTED_CHILD}


def test_only_what_is_viral_throughout_is_informational() -> None:
    assert decide_triage(make_tip(files=VIRAL), CHILD).queue is Queue.INFORMATIONAL
    mixed = (VIRAL[0], tip_file(1))
    assert decide_triage(make_tip(files=mixed), CHILD).queue is Queue.ORDINARY


def test_a_described_victim_keeps_a_viral_tip_out_of_the_last_queue() -> None:
    tip = make_tip(person(), person(PersonRole.VICTIM), files=VIRAL)
    assert decide_triage(tip, CHILD).queue is Queue.ORDINARY


def test_every_reason_says_what_it_is_about() -> None:
    decided = decide_triage(make_tip(full_person()), CHILD)
    about = {each.code: each.about for each in decided.reasons}
    assert about[ReasonCode.REPORTED_CHILD] == "people/0"
    assert about[ReasonCode.COUNTRY_LIKELY] == "people/0"


def test_a_birth_date_counts_before_a_stated_age() -> None:
    """On the eve of a birthday the person is still a year younger."""
    (found,) = make_tip(full_person()).people
    assert age_of(found, NOW.date()) == 13
    assert age_of(found, NOW.date().replace(month=5, day=31)) == 13
    assert age_of(found, NOW.date().replace(month=6, day=1)) == 14


def test_each_reported_person_is_a_lead_and_nobody_else() -> None:
    tip = make_tip(person(), person(PersonRole.VICTIM), person(number=2))
    assert [each.index for each in lead_people(tip)] == [0, 2]
    assert about_lead(tip.people, 2) == {1, 2}


def test_a_source_grade_is_read_in_its_usual_form() -> None:
    assert str(read_grade(" b2 ")) == "B2"
    for wrong in ("", "D1", "A5", "12", "AB"):
        with pytest.raises(Invalid, match="B2"):
            read_grade(wrong)
