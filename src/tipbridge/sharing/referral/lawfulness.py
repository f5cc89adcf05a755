"""Whether an offence is one under both sides' law, and what it carries there. Pure.

Source: the jurisdictions that every agreement between both sides names, and knowledge/law; what
neither speaks of stays unknown, which lets nothing through.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tipbridge.knowledge.agreements.model import Agreement, CoveredOffence
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.model import Offence
from tipbridge.knowledge.law.shape import LawVersion, OffenceText
from tipbridge.knowledge.law.versions import law_on

OPEN_END_MONTHS = 1200
"""A sentence for life or without an upper end: the most that an agreement can ask for."""
_CONDUCTS: Mapping[CoveredOffence, tuple[Offence, ...]] = {
    CoveredOffence.MATERIAL: (Offence.POSSESSION, Offence.PRODUCTION, Offence.DISTRIBUTION),
}
"""What each incident type names; a report does not say which of them it was. Source: its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SidesLaw:
    """What both sides' law says of offences; an offence that is missing is unknown there."""

    criminal_in_both: Mapping[CoveredOffence, bool] = field(
        default_factory=dict[CoveredOffence, bool]
    )
    penalty_months: Mapping[CoveredOffence, int] = field(default_factory=dict[CoveredOffence, int])


def sides_law(
    agreements: Iterable[Agreement],
    offences: Iterable[CoveredOffence],
    on: date | None,
    laws: Iterable[LawVersion],
) -> SidesLaw:
    """The law of both sides on the day of the act.

    Shape: criminal when every conduct that the offence names is, on both sides, not so when none
    is on one side; the penalty is the lowest of the highest that any of them carries on either.
    """
    named = {
        (terms.clauses.subject.sender_law, terms.clauses.subject.receiver_law)
        for terms in (agreement.terms for agreement in agreements)
    }
    if len(named) != 1 or on is None:
        return SidesLaw()
    found_laws = tuple(laws)
    holding = [_law(found_laws, code, on) for code in named.pop()]
    criminal, months = dict[CoveredOffence, bool](), dict[CoveredOffence, int]()
    for offence in offences:
        texts = [_texts(law, _CONDUCTS.get(offence, ())) for law in holding]
        if any(side is not None and not any(side) for side in texts):
            criminal[offence] = False
        found = [text for side in texts for text in (side or (None,))]
        known = [text for text in found if text is not None]
        if len(known) == len(found):
            criminal[offence] = True
            months[offence] = min(_heaviest(text) for text in known)
    return SidesLaw(criminal_in_both=criminal, penalty_months=months)


def _law(laws: Iterable[LawVersion], code: str | None, on: date) -> LawVersion | None:
    try:
        return None if code is None else law_on(laws, code, on)
    except NoLaw:
        return None


def _texts(
    law: LawVersion | None, conducts: tuple[Offence, ...]
) -> tuple[OffenceText | None, ...] | None:
    """How one side says each conduct; None when it is not known what it says of any."""
    return tuple(law.text_of(each) for each in conducts) if law and conducts else None


def _heaviest(text: OffenceText) -> int:
    return OPEN_END_MONTHS if text.life or text.max_months is None else text.max_months
