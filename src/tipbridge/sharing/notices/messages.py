"""The messages of a notice: pure shapes, read strictly."""

from collections.abc import Mapping
from typing import Any, cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import moment_said
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.sharing.notices.model import NoticeDocument, NoticeStep, ReplyKind

NOTICE, ANSWER = "removal/notice", "removal/answer"
ASKED = "remove-and-preserve"
_WORD_MAX = 300
_TEXT_MAX = 20_000


def notice_value(document: NoticeDocument) -> dict[str, object]:
    """A notice as JSON: the same for a webhook and for a node."""
    return {
        "notice": document.notice,
        "sender": document.sender,
        "synthetic": document.synthetic,
        "step": document.step.value,
        "host": document.host,
        "address_defanged": document.address,
        "asked": ASKED,
        "made_at": document.made_at.isoformat(),
        "subject": document.subject,
        "text": document.text,
    }


def notice_part(document: NoticeDocument) -> Part:
    """A notice as the one part of a package."""
    value = notice_value(document)
    return Part(label=NOTICE, value=value, data_class=DataClass.MATERIAL_ADDRESS)


def read_notice(value: Mapping[str, Any]) -> NoticeDocument:
    """A notice, from what its sender signed.

    Errors: Invalid.
    """
    try:
        made_at = moment_said(value["made_at"])
        if value["asked"] != ASKED:
            raise ValueError(value["asked"])
        if not isinstance(value["synthetic"], bool):
            raise TypeError(value["synthetic"])
        return NoticeDocument(
            notice=_text(value["notice"], _WORD_MAX),
            sender=_text(value["sender"], _WORD_MAX),
            synthetic=value["synthetic"],
            step=NoticeStep(value["step"]),
            host=_text(value["host"], _WORD_MAX),
            address=_text(value["address_defanged"], _TEXT_MAX),
            made_at=made_at,
            subject=_text(value["subject"], _TEXT_MAX),
            text=_text(value["text"], _TEXT_MAX),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This is not a removal notice.") from error


def answer_part(notice: str, kind: ReplyKind) -> Part:
    """A host's answer: no person, no words of its own."""
    value = {"notice": notice, "answer": kind.value}
    return Part(label=ANSWER, value=value, data_class=DataClass.INCIDENT)


def read_answer(value: Mapping[str, Any]) -> tuple[str, ReplyKind]:
    """Which notice is answered, and how.

    Errors: Invalid.
    """
    try:
        return _text(value["notice"], _WORD_MAX), ReplyKind(value["answer"])
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This is not an answer to a removal notice.") from error


def _text(value: object, most: int) -> str:
    text = cast("str", value)
    if not isinstance(value, str) or not 0 < len(text) <= most:
        raise ValueError(text)
    return text
