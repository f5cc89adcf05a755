"""A consent as its originator signs it, so that who did not ask it can prove what it is for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import moment_said
from tipbridge.knowledge.agreements.model import DataClass, Purpose
from tipbridge.sharing.exchange.model import Statement
from tipbridge.sharing.referral.consent.model import Aim, Answer, Ask, Use

CONSENT_TYPE = "application/vnd.tipbridge.consent+json"
_FORMAT = "tipbridge-consent/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLeave:
    """What an originator let who go on with, to whom and for what; `about` is its own package."""

    ask: Ask
    about: str
    classes: frozenset[DataClass]
    starts_at: datetime
    ends_at: datetime


def leave_payload(ask: Ask, answer: Answer, about: str) -> bytes:
    """The canonical JSON that the originator signs."""
    assert answer.starts_at is not None
    assert answer.ends_at is not None
    return canonical_json(
        {
            "format": _FORMAT,
            "id": ask.id,
            "use": ask.aim.use.value,
            "recipient": ask.aim.recipient,
            "purpose": ask.aim.purpose.value,
            "originator": ask.originator,
            "asker": ask.asker,
            "about": about,
            "classes": sorted(each.value for each in answer.classes),
            "starts_at": answer.starts_at.isoformat(),
            "ends_at": answer.ends_at.isoformat(),
        }
    )


def read_leave(payload: bytes) -> SignedLeave:
    """The leave in verified bytes.

    Errors: Invalid.
    """
    try:
        found = cast("Mapping[str, Any]", parse_canonical(payload))
        if found["format"] != _FORMAT:
            raise ValueError("another format")
        leave = SignedLeave(
            ask=Ask(
                id=str(found["id"]),
                aim=Aim(
                    use=Use(found["use"]),
                    recipient=found["recipient"],
                    purpose=Purpose(found["purpose"]),
                ),
                originator=str(found["originator"]),
                asker=str(found["asker"]),
            ),
            about=str(found["about"]),
            classes=frozenset(DataClass(word) for word in found["classes"]),
            starts_at=moment_said(found["starts_at"]),
            ends_at=moment_said(found["ends_at"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This is no consent.") from error
    return leave


def says(leave: SignedLeave, ask: Ask, answer: Answer) -> bool:
    """Whether a signed consent says what the answer that brings it says of this question."""
    spoken = (leave.ask, leave.classes, leave.starts_at, leave.ends_at)
    return spoken == (ask, answer.classes, answer.starts_at, answer.ends_at)


def lacking(
    leave: SignedLeave, originator: Statement, passed_on: Statement, classes: frozenset[DataClass]
) -> str | None:
    """Why a consent does not let this sender pass this on; None when it does.

    Shape: `classes` are those of what came to the sender from others and that it passed on.
    """
    aim = leave.ask.aim
    checks = (
        (leave.ask.originator != originator.sender, "it is another originator's"),
        (aim.use is not Use.ONWARD, "it is for use in court"),
        (leave.about != originator.package_id, "it is about another package"),
        (leave.ask.asker != passed_on.sender, "another node asked for it"),
        (aim.recipient != passed_on.recipient, "it is for another recipient"),
        (aim.purpose is not passed_on.purpose, "it is for another purpose"),
        (passed_on.sent_at < leave.starts_at, "it had not begun"),
        (passed_on.sent_at >= leave.ends_at, "it had ended"),
        (not classes <= leave.classes, "it does not cover every class of data that came"),
    )
    return next((why for failed, why in checks if failed), None)
