"""What a referral said in a case."""

from dataclasses import dataclass, field

from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases.model import Case, TakenReferral


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a referral said of a case's people and files.

    Shape: `closed` when it is restricted to others: none of its parts is told then. `open` when
    the reader may open the referral itself.
    """

    case: Case
    referral: TakenReferral
    parts: tuple[Part, ...] = field(repr=False)
    closed: bool
    open: bool
