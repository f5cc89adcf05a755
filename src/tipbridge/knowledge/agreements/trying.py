"""A tip tried under an agreement before anybody signs it: parts and facts from a JSON file."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.clauses import Delivery, Occasion
from tipbridge.knowledge.agreements.decisions import AgeRange, ReleaseDecision, ReleaseFacts
from tipbridge.knowledge.agreements.model import (
    Agreement,
    CoveredOffence,
    DataClass,
    Form,
    Part,
)
from tipbridge.knowledge.agreements.rules import decide_release

MAX_BYTES = 1 << 20


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _TriedPart(_Strict):
    label: str
    data_class: DataClass
    form: Form = Form.EXACT


class _Ages(_Strict):
    low: int
    high: int


class _Tried(_Strict):
    """What a tip is for the rules: labels and classes, and no value."""

    parts: tuple[_TriedPart, ...]
    offences: frozenset[CoveredOffence]
    ages: dict[str, _Ages] = {}
    victims: frozenset[str] = frozenset()
    possible_self_production: bool = False
    first_release: bool = True
    requested: frozenset[DataClass] = frozenset()
    emergency_people: int = 0
    delivery: Delivery = Delivery.PUSH
    occasion: Occasion = Occasion.SPONTANEOUS
    sender_desk: str | None = None
    receiver_desk: str | None = None
    criminal_in_both: dict[CoveredOffence, bool] = {}
    penalty_months: dict[CoveredOffence, int] = {}


def try_tip(agreement: Agreement, document: bytes, at: datetime | None = None) -> ReleaseDecision:
    """What would leave of the tip in `document`, as if both parties had signed.

    Shape: `at` is the agreement's first day when not given.
    Errors: Invalid, which names the place, for what is no such document.
    """
    try:
        tried = _Tried.model_validate_json(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the document"
        raise Invalid(f"The tip to try: {place}: {first['msg']}.") from error
    terms = agreement.terms
    facts = ReleaseFacts(
        sender=terms.sender,
        receiver=terms.receiver,
        purpose=terms.purpose,
        offences=tried.offences,
        possible_self_production=tried.possible_self_production,
        ages={key: AgeRange(low=age.low, high=age.high) for key, age in tried.ages.items()},
        victims=tried.victims,
        first_release=tried.first_release,
        sender_desk=tried.sender_desk,
        receiver_desk=tried.receiver_desk,
        delivery=tried.delivery,
        occasion=tried.occasion,
        requested=tried.requested,
        criminal_in_both=tried.criminal_in_both,
        penalty_months=tried.penalty_months,
        emergency_people=tried.emergency_people,
    )
    parts = [
        Part(label=part.label, value=None, data_class=part.data_class, form=part.form)
        for part in tried.parts
    ]
    moment = terms.starts_at() if at is None else at.replace(tzinfo=UTC)
    return decide_release(_as_signed(agreement), parts, facts, moment)


def try_parts(
    agreement: Agreement, parts: Iterable[Part], facts: ReleaseFacts, at: datetime
) -> ReleaseDecision:
    """What would leave of these parts, as if both parties had signed.

    Shape: on its first day when it does not hold at `at`.
    """
    terms = agreement.terms
    moment = at if terms.starts_at() <= at < terms.ends_at() else terms.starts_at()
    return decide_release(_as_signed(agreement), parts, facts, moment)


def _as_signed(agreement: Agreement) -> Agreement:
    both = frozenset({agreement.terms.sender, agreement.terms.receiver})
    return replace(agreement, signed_by=both)
