"""The acts of somebody in a case: the one recorded with them first, and further ones; pure.

A further act is kept as its words, `distribution 2014-03-10..2014-03-12 suspect own`: they are what a
decision names, so that it still says what it covered when the act is corrected.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.model import Offence
from tipbridge.police.cases.model import Person, PersonRole

UNKNOWN = "?"
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")
_OWN = {"own": True, "not-own": False}
ACTING = frozenset({PersonRole.REPORTED_USER, PersonRole.SUSPECT})
"""The roles in which something is decided about an act."""
FORM = (
    "An act is written as: offence day role own, such as distribution 2014-03-10 suspect own; a day"
    " may be 2014-03-10..2014-03-12, offence and day may be ?, role and own (or not-own) may be left out."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAct:
    """One act: offence, first and last day, in which roles, whether it shows themselves.

    Shape: None is not known; an act of one day has `first_on == last_on`.
    """

    offence: Offence | None
    first_on: date | None
    last_on: date | None
    roles: frozenset[PersonRole]
    self_produced: bool | None

    @property
    def is_decided(self) -> bool:
        """Whether an outcome is to be decided about it."""
        return bool(self.roles & ACTING)

    @property
    def days(self) -> tuple[date | None, ...]:
        """The days for which the law is asked: the first and the last."""
        return tuple(dict.fromkeys((self.first_on, self.last_on)))

    @property
    def text(self) -> str:
        """The act in its one way of writing."""
        day = UNKNOWN if self.first_on is None else self.first_on.isoformat()
        if self.last_on not in {None, self.first_on}:
            day = f"{day}..{self.last_on}"
        own = [word for word, answer in _OWN.items() if answer is self.self_produced]
        return " ".join([self.offence or UNKNOWN, day, *sorted(self.roles), *own])


def act_in_words(text: str) -> PersonAct | None:
    """An act as a decision or an earlier fact names it, to be shown; None for words of another form."""
    try:
        return _parsed(text)
    except (IndexError, ValueError):
        return None


def read_act(text: str) -> PersonAct:
    """A further act from its words; without a role it is a suspect's.

    Errors: Invalid naming the form.
    """
    try:
        act = _parsed(text)
    except (IndexError, ValueError) as error:
        raise Invalid(f"{text!r} is no act. {FORM}") from error
    if act.roles and not act.is_decided:
        raise Invalid(f"{text!r} is no act of theirs: what they did is a suspect's.")
    return replace(act, roles=act.roles or frozenset({PersonRole.SUSPECT}))


def _parsed(text: str) -> PersonAct:
    words = text.split()
    first, last = (None, None) if words[1] == UNKNOWN else _days(words[1])
    own = [_OWN[word] for word in words[2:] if word in _OWN]
    if len(own) > 1 or (first is not None and last is not None and last < first):
        raise ValueError(text)
    return PersonAct(
        offence=None if words[0] == UNKNOWN else Offence(words[0]),
        first_on=first,
        last_on=last,
        roles=frozenset(PersonRole(word) for word in words[2:] if word not in _OWN),
        self_produced=own[0] if own else None,
    )


def _days(word: str) -> tuple[date, date]:
    found = _DAYS.fullmatch(word)
    if found is None:
        raise ValueError(word)
    first = date.fromisoformat(found[1])
    return first, first if found[2] is None else date.fromisoformat(found[2])


def acts_of(person: Person) -> tuple[PersonAct, ...]:
    """Every act of somebody, the first recorded one before all others."""
    first = PersonAct(
        offence=person.offence,
        first_on=person.act_on,
        last_on=person.act_on,
        roles=person.roles,
        self_produced=person.self_produced,
    )
    return (first, *(read_act(text) for text in person.further_acts))


def earliest_act_on(person: Person) -> date | None:
    """The first day of the earliest of somebody's acts; None: no day is known."""
    return min((act.first_on for act in acts_of(person) if act.first_on), default=None)


def check_further(person: Person) -> None:
    """Refuse further acts of who is no suspect, before their birth, or that stand as the first.

    Errors: Invalid.
    """
    first, *others = acts_of(person)
    if not others:
        return
    if not person.roles & ACTING:
        raise Invalid("Further acts are those of a reported user or a suspect.")
    for act in others:
        born = None if person.birth is None else person.birth.earliest
        if born is not None and act.first_on is not None and born > act.first_on:
            raise Invalid(
                f"The birth ({born}) lies after the act ({act.text}): correct one of them."
            )
        if act.text == first.text:
            raise Invalid(f"This act is recorded as the first already: {act.text}.")


def check_acts(texts: Iterable[str], today: date) -> tuple[str, ...]:
    """Further acts, each in its one way of writing, none twice and none in the future.

    Errors: Invalid.
    """
    found = tuple(read_act(text).text for text in texts)
    for text in found:
        act = read_act(text)
        if act.last_on is not None and act.last_on > today:
            raise Invalid(f"The act lies in the future: {text}.")
    if twice := [text for number, text in enumerate(found) if text in found[:number]]:
        raise Invalid(f"A further act stands once; {twice[0]} stands again.")
    return found
