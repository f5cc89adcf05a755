"""Questions and answers as the one part of a package; read back strictly."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.police.deconfliction.blinding import MARK_BYTES, POINT_BYTES, is_point
from tipbridge.police.deconfliction.model import AnswerMessage, QuestionMessage, Refusal
from tipbridge.police.deconfliction.rules import LEAST_MARKS, MOST_ASKED

QUESTION, ANSWER = "deconfliction/question", "deconfliction/answer"
_ID_MAX = 80
_MARKS_MAX = 2**21


def question_part(message: QuestionMessage) -> Part:
    """A question: points that say nothing of what is asked."""
    value = {
        "question": message.question,
        "agreement": message.agreement,
        "points": _joined(message.points),
    }
    return Part(label=QUESTION, value=value, data_class=DataClass.INCIDENT)


def read_question(value: Mapping[str, Any]) -> QuestionMessage:
    """What is asked.

    Errors: Invalid.
    """
    try:
        points = _split(value["points"], POINT_BYTES)
        if not 0 < len(points) <= MOST_ASKED or not all(map(is_point, points)):
            raise ValueError("points")
        question, agreement = _word(value["question"]), _word(value["agreement"])
        return QuestionMessage(question=question, agreement=agreement, points=points)
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This asks for no hit.") from error


def answer_part(message: AnswerMessage) -> Part:
    """An answer; a refusal holds no points. What is known is sorted, so that no order tells."""
    value = {
        "question": message.question,
        "refusal": None if message.refusal is None else message.refusal.value,
        "points": _joined(message.points),
        "known": _joined(sorted(message.known)),
    }
    return Part(label=ANSWER, value=value, data_class=DataClass.INCIDENT)


def read_answer(value: Mapping[str, Any]) -> AnswerMessage:
    """What is answered.

    Errors: Invalid.
    """
    try:
        refusal = None if value["refusal"] is None else Refusal(value["refusal"])
        points = _split(value["points"], POINT_BYTES)
        known = _split(value["known"], MARK_BYTES)
        enough = LEAST_MARKS <= len(known) <= _MARKS_MAX and all(map(is_point, points))
        if (refusal is None) != enough or (refusal is not None and (points or known)):
            raise ValueError("known")
        return AnswerMessage(
            question=_word(value["question"]),
            refusal=refusal,
            points=points,
            known=frozenset(known),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This is no answer to a question for a hit.") from error


def _joined(values: tuple[bytes, ...] | list[bytes]) -> str:
    return b64encode(b"".join(values)).decode()


def _split(text: object, size: int) -> tuple[bytes, ...]:
    data = b64decode(cast("str", text), validate=True)
    if len(data) % size:
        raise ValueError(len(data))
    return tuple(data[at : at + size] for at in range(0, len(data), size))


def _word(value: object) -> str:
    text = cast("str", value)
    if not isinstance(value, str) or not 0 < len(text) <= _ID_MAX:
        raise ValueError(text)
    return text
