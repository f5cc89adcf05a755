"""What a referral was sent for, and what the police may do with it by themselves. Pure.

Source: house law 14; ADR 0336.
"""

from dataclasses import replace

from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.knowledge.agreements.purposes import FOR_A_CASE
from tipbridge.police.cases.referred import ReferredFacts

OPENS_BY_ITSELF = FOR_A_CASE
"""What it was sent for is what a case is for: it opens one, or comes into one, as it arrives."""
BRINGS_PEOPLE = OPENS_BY_ITSELF | {Purpose.CHILD_WELFARE}
"""For these purposes somebody has to be known; what is to be removed has places and files alone."""


def waits(purpose: Purpose) -> bool:
    """Whether staff say first that a referral comes into a case."""
    return purpose not in OPENS_BY_ITSELF


def for_purpose(purpose: Purpose, facts: ReferredFacts) -> ReferredFacts:
    """What of a referral may come into a case, by what it was sent for."""
    return facts if purpose in BRINGS_PEOPLE else replace(facts, people=())
