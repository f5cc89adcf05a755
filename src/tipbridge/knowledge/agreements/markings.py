"""Markings together: the most restrictive wins, and what they forbid. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tipbridge.knowledge.agreements.clauses import InformationGrade, Leave, Pap, SourceGrade
from tipbridge.knowledge.agreements.words import HandlingCode, Tlp

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """How something is marked; None is not stated and narrows nothing."""

    tlp: Tlp | None = None
    pap: Pap | None = None
    handling: frozenset[HandlingCode] = frozenset()
    source: SourceGrade | None = None
    information: InformationGrade | None = None


UNMARKED = Marking()


def strictest(first: Marking, second: Marking) -> Marking:
    """What carries both markings; a derived record is marked like this.

    Shape: grades are as unsure as the less sure of the two. Source: TLP 2.0; Europol H-codes.
    """
    return Marking(
        tlp=_first(tuple(Tlp), first.tlp, second.tlp),
        pap=_first(tuple(Pap), first.pap, second.pap),
        handling=first.handling | second.handling,
        source=_first(tuple(SourceGrade)[::-1], first.source, second.source),
        information=_first(tuple(InformationGrade)[::-1], first.information, second.information),
    )


def lowers(earlier: Marking, later: Marking) -> bool:
    """Whether `later` is less strict than `earlier` in anything."""
    return strictest(earlier, later) != later


def onward_bonds(marking: Marking) -> frozenset[str]:
    """The marks that need leave to pass something on.

    Source: H2; TLP 2.0: RED for named recipients only, AMBER+STRICT for one organisation only.
    """
    kept = {marking.tlp} & {Tlp.RED, Tlp.AMBER_STRICT}
    return frozenset(str(mark) for mark in (*(marking.handling & {HandlingCode.H2}), *kept))


def court_bonds(marking: Marking) -> frozenset[str]:
    """The marks that need leave to use something in court. Source: H1."""
    return frozenset(marking.handling & {HandlingCode.H1})


def may_pass_on(marking: Marking, leave: Leave, *, consented: bool) -> bool:
    """Whether what is marked so may go to a further receiver.

    Source: H2 not without leave; TLP:RED and TLP:AMBER+STRICT not to another; house law 5.
    """
    bound = bool(onward_bonds(marking))
    return leave is not Leave.NEVER and (consented or (leave is Leave.GRANTED and not bound))


def may_use_in_court(marking: Marking, leave: Leave, *, consented: bool) -> bool:
    """Whether what is marked so may go into a bundle for a court. Source: H1."""
    bound = bool(court_bonds(marking))
    return leave is not Leave.NEVER and (consented or (leave is Leave.GRANTED and not bound))


def may_act_visibly(marking: Marking) -> bool:
    """Whether a look-up that others could notice is allowed. Source: PAP red and amber."""
    return marking.pap not in (Pap.RED, Pap.AMBER)


def _first(order: Sequence[_Word], *words: _Word | None) -> _Word | None:
    """The word that comes first in `order`, from strict to lax."""
    return next((word for word in order if word in words), None)
