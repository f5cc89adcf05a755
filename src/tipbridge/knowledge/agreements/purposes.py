"""Which purposes come to the same at a receiver. Pure.

Source: house law 14; ADR 0336, 0347.
"""

from tipbridge.knowledge.agreements.words import Purpose

FOR_A_CASE = frozenset({Purpose.INVESTIGATION, Purpose.VICTIM_IDENTIFICATION})
"""What is sent for one of these opens a case, or comes into one, as it arrives."""


def together(purpose: Purpose) -> tuple[Purpose, ...]:
    """The purposes whose suspended agreements a grant for this one does not go round, itself first."""
    others = FOR_A_CASE - {purpose} if purpose in FOR_A_CASE else frozenset[Purpose]()
    return (purpose, *sorted(others))
