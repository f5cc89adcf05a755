"""Whether what somebody made of themselves shows a child as the offences count; pure."""

from datetime import date

from tipbridge.knowledge.law.lenient import Text
from tipbridge.knowledge.law.model import Offence, Part, PersonFacts
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.knowledge.law.versions import counts_as_child

MAKING = frozenset({Offence.PRODUCTION, Offence.ATTEMPTED_PRODUCTION, Offence.HABITUAL_PRODUCTION})
"""The offences whose day is the day on which somebody was depicted."""
_OF_A_PICTURE = frozenset(Offence) - {Offence.PROCUREMENT}


def shows_child(
    law: LawVersion, facts: PersonFacts, act_on: date | None, decided_on: date
) -> bool | None:
    """Whether the offence can be one: True also where it is not of an own picture; None: perhaps."""
    asked = facts.self_produced and Part.SUSPECT in facts.parts
    if not asked or facts.offence not in _OF_A_PICTURE:
        return True
    return child_when_depicted(law, facts, act_on, decided_on)


def child_when_depicted(
    law: LawVersion, facts: PersonFacts, act_on: date | None, decided_on: date
) -> bool | None:
    """Whether somebody was a child on the day of the picture that shows them; None: perhaps.

    Shape: it is the age on the day of the picture that counts, by the law's own way of counting;
    a picture is as old as the act or older, and who is a child at the act was one before; one that
    was made later is not the act's. Of a picture made by others no other day is known.
    """
    days = facts.depicted_on if facts.self_produced else None
    if days is not None and act_on is not None:
        days = None if days[0] > act_on else (days[0], min(days[1], act_on))
    if facts.self_produced and facts.offence in MAKING and act_on is not None:
        days = (act_on, act_on)
    if days is None:
        is_child = counts_as_child(law, facts.birth, act_on or decided_on)
        return True if is_child else None
    answers = {counts_as_child(law, facts.birth, day) for day in days}
    return answers.pop() if len(answers) == 1 else None


def texts_of(
    texts: tuple[Text, ...], law: LawVersion, *, child_shown: bool | None
) -> tuple[Text, ...]:
    """The texts that may apply once it is asked whether a child is shown: none where none is."""
    no_offence = Text(law=law, text=None)
    if child_shown or all(each.text is None for each in texts):
        return texts
    return (no_offence,) if child_shown is False else (*texts, no_offence)
