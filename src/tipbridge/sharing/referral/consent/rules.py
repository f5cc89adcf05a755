"""Pure decisions about consent: whose leave is needed, and whether it is there."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.clauses import Leave
from tipbridge.knowledge.agreements.markings import (
    UNMARKED,
    Marking,
    court_bonds,
    may_act_visibly,
    onward_bonds,
    strictest,
)
from tipbridge.knowledge.agreements.model import DataClass, Part, Purpose, Tlp
from tipbridge.sharing.referral.consent.model import (
    Aim,
    Answer,
    Bound,
    Consent,
    ConsentState,
    CourtLeave,
    Hold,
    Mark,
    Use,
)

ALWAYS = frozenset({DataClass.FAVOURS})
"""What travels with anything else, and is no consent's to hold back. Source: house law 15."""


def inherited(marks: Iterable[Mark]) -> Marking:
    """How what came by these senders is marked: the strictest of all, whoever said it."""
    return reduce(strictest, (mark.marking for mark in marks), UNMARKED)


def held_by(marks: Sequence[Mark]) -> Hold | None:
    """What holds every act by which somebody outside would learn of what came so; the strictest.

    Source: PAP red and amber; TLP 2.0: RED for named recipients only; an agreement that lets
    nothing be passed on. What needs leave to be passed on holds no such act (ADR 0339).
    """
    marking = inherited(marks)
    if any(mark.onward is Leave.NEVER for mark in marks):
        return Hold.NEVER
    if marking.tlp is Tlp.RED:
        return Hold.TLP_RED
    return None if may_act_visibly(marking) else Hold(str(marking.pap))


def leave_of(mark: Mark, use: Use) -> Leave:
    """What one sender's agreement says of a use."""
    return mark.onward if use is Use.ONWARD else mark.court


def sent_for(marks: Iterable[Mark], purposes: Iterable[Purpose]) -> tuple[Mark, ...]:
    """The marks of a road with what each of its senders sent it for."""
    return tuple(
        replace(mark, purpose=purpose) for mark, purpose in zip(marks, purposes, strict=True)
    )


def bound_by(marks: Sequence[Mark], use: Use, purpose: Purpose | None = None) -> Bound:
    """Whose leave a use of what came by these senders needs, in road order.

    Shape: who only inherited a mark does not bind by it; who set it does. With `purpose`, to
    pass it on for another than anybody on the road sent it for needs the leave of all of them.
    """
    bonds = onward_bonds if use is Use.ONWARD else court_bonds
    never = any(leave_of(mark, use) is Leave.NEVER for mark in marks)
    other = use is Use.ONWARD and purpose is not None and _for_another(marks, purpose)
    nodes: list[str] = []
    before = UNMARKED
    for mark in marks:
        set_here = bonds(mark.marking) - bonds(before)
        if other or set_here or leave_of(mark, use) is Leave.CONSENT:
            nodes.append(mark.node_id)
        before = strictest(before, mark.marking)
    found = () if never else tuple(dict.fromkeys(nodes))
    return Bound(never=never, nodes=found, other_purpose=other)


def _for_another(marks: Iterable[Mark], purpose: Purpose) -> bool:
    return any(mark.purpose is not None and mark.purpose is not purpose for mark in marks)


def holds(consent: Consent, aim: Aim, at: datetime) -> bool:
    """Whether a consent allows this now."""
    answer = consent.answer
    if consent.state is not ConsentState.GRANTED or answer is None:
        return False
    if answer.starts_at is None or answer.ends_at is None:
        return False
    return consent.ask.aim == aim and answer.starts_at <= at < answer.ends_at


def granted(
    consents: Iterable[Consent], bound: Bound, aim: Aim, at: datetime
) -> dict[str, Consent]:
    """The consents that hold now, by the originator whose leave is needed; the last to end."""
    found: dict[str, Consent] = {}
    for consent in consents:
        who = consent.ask.originator
        if who in bound.nodes and holds(consent, aim, at):
            found[who] = max(found.get(who, consent), consent, key=_ends_at)
    return found


def _ends_at(consent: Consent) -> datetime:
    assert consent.answer is not None
    assert consent.answer.ends_at is not None
    return consent.answer.ends_at


def ends_at(consents: Iterable[Consent]) -> datetime | None:
    """When the first of these consents ends; None without one."""
    return min((_ends_at(consent) for consent in consents), default=None)


def classes(consents: Iterable[Consent]) -> frozenset[DataClass]:
    """The classes of data that all of these consents cover."""
    every = frozenset(DataClass)
    for consent in consents:
        if consent.answer is not None:
            every &= consent.answer.classes
    return every | ALWAYS


def outside(parts: Iterable[Part], allowed: frozenset[DataClass]) -> frozenset[str]:
    """The labels of the parts that a consent does not cover."""
    return frozenset(part.label for part in parts if part.data_class not in allowed)


def court_leave(
    parts: Sequence[Part],
    marks: Sequence[Mark],
    consents: Iterable[Consent],
    purpose: Purpose,
    at: datetime,
) -> CourtLeave:
    """Which parts of a received referral may be used in court at this moment. Source: H1."""
    aim = Aim(use=Use.COURT, recipient=None, purpose=purpose)
    bound = bound_by(marks, aim.use)
    found = granted(consents, bound, aim, at)
    waiting = tuple(node for node in bound.nodes if node not in found)
    allowed = frozenset[DataClass]() if bound.never or waiting else classes(found.values())
    may_not = outside(parts, allowed)
    return CourtLeave(
        may=tuple(part.label for part in parts if part.label not in may_not),
        may_not=tuple(part.label for part in parts if part.label in may_not),
        waiting=waiting,
        never=bound.never,
    )


def unasked(marks: Sequence[Mark]) -> str | None:
    """The sender that passed something on without naming the leave it needed; None when all did.

    Shape: the last mark is the direct sender's. Also who marked it less than what it got.
    """
    for number, mark in enumerate(marks[1:], 1):
        earlier = marks[:number]
        bound = bound_by(earlier, Use.ONWARD, mark.purpose)
        missing = bound.never or len(mark.consents) < len(bound.nodes)
        before = inherited(earlier)
        if missing or strictest(before, mark.marking) != mark.marking:
            return mark.node_id
    return None


def check_answer(answer: Answer) -> None:
    """Whether an answer says all that it must.

    Errors: Invalid, which names what is missing.
    """
    if answer.granted == (answer.why is not None):
        raise Invalid("A refusal names its reason; a consent has none.")
    dated = answer.starts_at is not None and answer.ends_at is not None
    if answer.granted != (dated and bool(answer.classes)):
        raise Invalid("A consent names the classes of data and when it ends; a refusal neither.")
