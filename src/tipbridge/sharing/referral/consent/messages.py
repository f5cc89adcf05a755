"""Consents as the one part of a package, and the marks of a road; read back strictly."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import moment_said
from tipbridge.knowledge.agreements.clauses import InformationGrade, Leave, Pap, SourceGrade
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.knowledge.agreements.model import DataClass, HandlingCode, Part, Purpose, Tlp
from tipbridge.sharing.exchange.model import SaltedPart
from tipbridge.sharing.exchange.told import release_label
from tipbridge.sharing.referral.consent.model import Aim, Answer, Ask, Mark, Refusing, Use
from tipbridge.sharing.referral.consent.rules import check_answer

ASKED, ANSWERED = "consent/asked", "consent/answer"
_ID_MAX = 80
_ENVELOPE_MAX = 8192


def ask_part(ask: Ask) -> Part:
    """A consent as it is asked."""
    value = {
        "id": ask.id,
        "use": ask.aim.use.value,
        "recipient": ask.aim.recipient,
        "purpose": ask.aim.purpose.value,
        "originator": ask.originator,
        "asker": ask.asker,
    }
    return Part(label=ASKED, value=value, data_class=DataClass.INCIDENT)


def read_ask(value: Mapping[str, Any], first: str) -> Ask:
    """What is asked; `first` is the node whose signature commits to it.

    Errors: Invalid, also when it is asked in another node's name.
    """
    try:
        ask = Ask(
            id=_word(value["id"]),
            aim=Aim(
                use=Use(value["use"]),
                recipient=None if value["recipient"] is None else _word(value["recipient"]),
                purpose=Purpose(value["purpose"]),
            ),
            originator=_word(value["originator"]),
            asker=_word(value["asker"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This asks for no consent.") from error
    if ask.asker != first or (ask.aim.recipient is None) != (ask.aim.use is Use.COURT):
        raise Invalid("This asks for no consent in its sender's own name.")
    return ask


def answer_document(answer: Answer) -> dict[str, Any]:
    """An answer as JSON."""
    return {
        "id": answer.id,
        "granted": answer.granted,
        "why": None if answer.why is None else answer.why.value,
        "classes": sorted(each.value for each in answer.classes),
        "starts_at": None if answer.starts_at is None else answer.starts_at.isoformat(),
        "ends_at": None if answer.ends_at is None else answer.ends_at.isoformat(),
        "envelope": answer.envelope,
    }


def answer_part(answer: Answer) -> Part:
    """An answer as it is sent."""
    return Part(label=ANSWERED, value=answer_document(answer), data_class=DataClass.INCIDENT)


def read_answer(value: Mapping[str, Any]) -> Answer:
    """The answer that `answer_document` wrote.

    Errors: Invalid, also for a consent without its end or a refusal without its reason.
    """
    try:
        answer = Answer(
            id=_word(value["id"]),
            granted=value["granted"] is True,
            why=None if value["why"] is None else Refusing(value["why"]),
            classes=frozenset(DataClass(word) for word in value["classes"]),
            starts_at=_moment(value["starts_at"]),
            ends_at=_moment(value["ends_at"]),
            envelope=_envelope(value.get("envelope")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This answers no consent.") from error
    check_answer(answer)
    return answer


def marks_of(parts: Iterable[SaltedPart], senders: Sequence[str]) -> tuple[Mark, ...]:
    """How each sender marked what it let out, in road order.

    Shape: who says nothing that can be read needs to be asked for everything: unknown is not no.
    """
    by_place = {(item.hop, item.part.label): item.part.value for item in parts}
    return tuple(
        _mark(node_id, by_place.get((hop, release_label(node_id))))
        for hop, node_id in enumerate(senders)
    )


def marks_said(said: Iterable[tuple[str, object]]) -> tuple[Mark, ...]:
    """The marks of a road from who sent and what each said of them, in road order."""
    return tuple(_mark(node_id, value) for node_id, value in said)


def _mark(node_id: str, value: object) -> Mark:
    try:
        found = cast("Mapping[str, Any]", value)
        conditions = found["conditions"]
        marking = Marking(
            tlp=None if found["tlp"] is None else Tlp(found["tlp"]),
            handling=frozenset(HandlingCode(code) for code in found["handling"]),
            pap=None if conditions["pap"] is None else Pap(conditions["pap"]),
            source=None if conditions["source"] is None else SourceGrade(conditions["source"]),
            information=None
            if conditions["information"] is None
            else InformationGrade(conditions["information"]),
        )
        return Mark(
            node_id=node_id,
            marking=marking,
            onward=Leave(conditions["onward"]),
            court=Leave(conditions["court"]),
            consents=frozenset(_word(each) for each in found.get("consents", ())),
            leaves=tuple(filter(None, map(_envelope, found.get("leaves", ())))),
        )
    except (KeyError, TypeError, ValueError):
        return Mark(
            node_id=node_id,
            marking=UNMARKED,
            onward=Leave.CONSENT,
            court=Leave.CONSENT,
            consents=frozenset(),
        )


def _moment(value: object) -> datetime | None:
    return None if value is None else moment_said(value)


def _envelope(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _ENVELOPE_MAX:
        raise ValueError("not a signed consent")
    return value


def _word(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _ID_MAX or not value.isprintable():
        raise ValueError("not a short printable text")
    return value
