"""What nodes say to each other about referrals, as parts: requests, answers, feedback, receipts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import moment_said, within_reach
from tipbridge.knowledge.agreements.clauses import Clauses
from tipbridge.knowledge.agreements.markings import Marking
from tipbridge.knowledge.agreements.model import (
    CoveredOffence,
    DataClass,
    FieldRule,
    GrantedRequest,
    HandlingCode,
    MinimumAge,
    Part,
    Terms,
    Tlp,
    Verdict,
)
from tipbridge.sharing.exchange.model import SaltedPart
from tipbridge.sharing.referral.model import FactValue, ReleaseRequest, RequestAnswer

REQUEST, ANSWER, FEEDBACK, RECEIPT = (
    "request/asked",
    "request/answer",
    "feedback/outcome",
    "receipt/final",
)
GRANTED_TLP = Tlp.AMBER_STRICT
GRANTED_CODES = (HandlingCode.H0, HandlingCode.H2)
GRANTED_MARKS = Marking(tlp=GRANTED_TLP, handling=frozenset(GRANTED_CODES))
"""How everything is marked that a granted request lets out."""
CONTENT_PEOPLE = 2
"""How many people approve a release under a grant that lets content out, with no agreement."""
_WORD_MAX = 80
_TEXT_MAX = 2000
_FACTS_MAX = 40


def message_value(parts: Iterable[SaltedPart], label: str) -> Mapping[str, Any]:
    """The message in the part of this label.

    Errors: Invalid when there is none or it is no object.
    """
    values = [item.part.value for item in parts if item.part.label == label]
    if len(values) != 1 or not isinstance(values[0], dict):
        raise Invalid("This package does not hold the message that its kind promises.")
    return cast("Mapping[str, Any]", values[0])


def request_part(request_id: str, offences: Iterable[CoveredOffence], on: date | None) -> Part:
    """A request as it is asked: its id, the offence and the day, nothing of a person."""
    value = {
        "request_id": request_id,
        "offences": sorted(offence.value for offence in offences),
        "incident_on": None if on is None else on.isoformat(),
    }
    return Part(label=REQUEST, value=value, data_class=DataClass.INCIDENT)


def taken_back_part(request_id: str, offences: Iterable[CoveredOffence], on: date | None) -> Part:
    """The same once more, when who asked waits for no answer any more."""
    part = request_part(request_id, offences, on)
    return replace(part, value=cast("dict[str, object]", part.value) | {"taken_back": True})


def is_taken_back(value: Mapping[str, Any]) -> bool:
    """Whether a request says that who asked it waits for no answer any more."""
    return value.get("taken_back") is True


def read_request(value: Mapping[str, Any]) -> tuple[str, tuple[CoveredOffence, ...], date | None]:
    """The id, offences and day of a request.

    Errors: Invalid.
    """
    try:
        on = value["incident_on"]
        return (
            _word(value["request_id"]),
            tuple(CoveredOffence(word) for word in value["offences"]),
            _day(on),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This is not a case-by-case request.") from error


def answer_document(answer: RequestAnswer) -> dict[str, object]:
    """An answer as JSON."""
    age = answer.minimum_age
    return {
        "granted": answer.granted,
        "legal_basis": answer.legal_basis,
        "allowed": sorted(data_class.value for data_class in answer.allowed),
        "valid_from": None if answer.valid_from is None else answer.valid_from.isoformat(),
        "valid_to": None if answer.valid_to is None else answer.valid_to.isoformat(),
        "minimum_age": None
        if age is None
        else {"years": age.years, "jurisdiction": age.jurisdiction, "citation": age.citation},
    }


def reason_given(said: str) -> str:
    """Why a grant is taken back, as it goes to who had it.

    Errors: Invalid for nothing, or too much.
    """
    if not said.strip():
        raise Invalid("A grant is taken back with a reason.")
    return _text(said.strip())


def answer_part(request_id: str, answer: RequestAnswer) -> Part:
    """An answer as it is sent."""
    value = answer_document(answer) | {"request_id": request_id}
    return Part(label=ANSWER, value=value, data_class=DataClass.INCIDENT)


def read_answer(value: Mapping[str, Any]) -> RequestAnswer:
    """The answer that `answer_document` wrote.

    Errors: Invalid, also for a grant without dates or minimum age.
    """
    try:
        granted, age = value["granted"], value["minimum_age"]
        answer = RequestAnswer(
            granted=granted is True,
            legal_basis=_text(value["legal_basis"]),
            allowed=frozenset(DataClass(word) for word in value["allowed"]),
            valid_from=_day(value["valid_from"]),
            valid_to=_day(value["valid_to"]),
            minimum_age=None
            if age is None
            else MinimumAge(
                years=int(age["years"]),
                jurisdiction=_word(age["jurisdiction"]),
                citation=_text(age["citation"]),
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This is not an answer to a request.") from error
    if answer.granted and None in (answer.valid_from, answer.valid_to, answer.minimum_age):
        raise Invalid("A grant names its days and the minimum age.")
    return answer


def granted_terms(request: ReleaseRequest, parties: tuple[str, str]) -> GrantedRequest | None:
    """What a granted request allows from `parties` (sender, receiver); None unless granted.

    Shape: of what the receiver may have, the classes that the sender chose, if it did.
    """
    answer = request.answer
    if answer is None or not answer.granted:
        return None
    if answer.valid_from is None or answer.valid_to is None or answer.minimum_age is None:
        return None
    allowed = answer.allowed if request.chosen is None else answer.allowed & request.chosen
    terms = Terms(
        sender=parties[0],
        receiver=parties[1],
        purpose=request.purpose,
        offences=frozenset(request.offences),
        rules={data_class: FieldRule(verdict=Verdict.ALLOW) for data_class in allowed},
        tlp=GRANTED_TLP,
        handling=GRANTED_CODES,
        valid_from=answer.valid_from,
        valid_to=answer.valid_to,
        minimum_age=answer.minimum_age,
        clauses=Clauses(approvals=CONTENT_PEOPLE if DataClass.CONTENT in allowed else 0),
    )
    return GrantedRequest(request_id=request.id, terms=terms)


def feedback_part(
    feedback_id: str, outcome: str, at: datetime, facts: Mapping[str, FactValue]
) -> Part:
    """A feedback as it is sent.

    Errors: Invalid when a fact is not a number, a boolean or a short word.
    """
    value = {
        "feedback_id": _word(feedback_id),
        "outcome": _word(outcome),
        "at": at.isoformat(),
        "facts": {_word(name): _fact(fact) for name, fact in facts.items()},
    }
    return Part(label=FEEDBACK, value=value, data_class=DataClass.INCIDENT)


def read_feedback(
    value: Mapping[str, Any],
) -> tuple[str, str, datetime, dict[str, FactValue]]:
    """Id, outcome, time and facts of a feedback.

    Errors: Invalid.
    """
    try:
        facts = cast("dict[str, Any]", value["facts"])
        at = moment_said(value["at"])
        if len(facts) > _FACTS_MAX:
            raise ValueError("too many facts")
        found = {_word(name): _fact(fact) for name, fact in facts.items()}
        return _word(value["feedback_id"]), _word(value["outcome"]), at, found
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Invalid("This is not a feedback.") from error


def receipt_part(envelope: bytes) -> Part:
    """A final receiver's receipt, passed back unchanged."""
    value = {"envelope": envelope.decode("utf-8")}
    return Part(label=RECEIPT, value=value, data_class=DataClass.INCIDENT)


def _day(value: object) -> date | None:
    return None if value is None else within_reach(date.fromisoformat(_word(value)))


def _word(value: object) -> str:
    """A short word of a closed list: ids, outcomes, names of facts."""
    if not isinstance(value, str) or not 0 < len(value) <= _WORD_MAX or not value.isprintable():
        raise Invalid("A word in a message has 1 to 80 printable characters.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _TEXT_MAX or "\0" in value:
        raise Invalid("A text in a message is too long.")
    return value


def _fact(value: object) -> FactValue:
    if isinstance(value, str):
        return _word(value)
    if value is None or isinstance(value, bool | int):
        return value
    raise Invalid("A fact of a feedback is a number, a boolean or a short word.")
