"""Who may have been a child at an act, for questions to other agencies: pure."""

from datetime import date

import pytest

from tipbridge.knowledge.agreements.words import COMPARED
from tipbridge.knowledge.law.model import Birth, Certainty
from tipbridge.police.deconfliction.rules import CLASSES, may_be_a_child

BORN, TODAY = date(2005, 1, 1), date(2026, 1, 2)


@pytest.mark.parametrize(
    ("certainty", "act_on", "child"),
    [
        (Certainty.VERIFIED, date(2026, 1, 1), False),
        (Certainty.VERIFIED, date(2022, 12, 31), True),
        (Certainty.VERIFIED, date(2023, 1, 1), False),
        (Certainty.DECLARED, date(2026, 1, 2), True),
        (Certainty.DECLARED, None, True),
        (Certainty.DECLARED, date(2027, 12, 31), True),
        (Certainty.DECLARED, date(2028, 1, 1), False),
    ],
)
def test_a_declared_birth_may_be_wrong_by_the_laws_margin(
    certainty: Certainty, act_on: date | None, *, child: bool
) -> None:
    birth = Birth(certainty=certainty, earliest=BORN, latest=BORN)
    assert may_be_a_child(birth, act_on, TODAY, 18) is child


def test_of_whom_no_birth_is_known_nothing_says_that_they_are_a_child() -> None:
    assert not may_be_a_child(None, None, TODAY, 18)


def test_what_an_agreements_check_says_is_compared_is_what_questions_compare() -> None:
    assert frozenset(CLASSES.values()) == COMPARED
