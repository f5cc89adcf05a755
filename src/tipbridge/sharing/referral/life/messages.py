"""A saying as the one part of a package, and read back strictly; no person, no free text."""

from collections.abc import Mapping
from typing import Any, cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import moment_said
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.sharing.referral.life.model import ANSWERS, Saying, Why, Word
from tipbridge.sharing.referral.life.rules import check_reason

SAYING = "referral/saying"
_ID_MAX, _LABEL_MAX, _LABELS_MAX, _TOLD_MAX = 80, 200, 10_000, 1000


def saying_part(saying: Saying) -> Part:
    """A saying as it is sent."""
    value = {
        "id": saying.id,
        "word": saying.word.value,
        "why": None if saying.why is None else saying.why.value,
        "labels": list(saying.labels),
        "about": saying.about,
        "node": saying.node_id,
        "at": saying.at.isoformat(),
        "instead": saying.instead,
        "by": saying.by,
        "told": list(saying.told),
    }
    return Part(label=SAYING, value=value, data_class=DataClass.INCIDENT)


def read_saying(value: Mapping[str, Any], first: str) -> Saying:
    """The saying that `saying_part` wrote; `first` is the node whose signature commits to it.

    Errors: Invalid, also for a word without its reason or said in another node's name.
    """
    try:
        at = moment_said(value["at"])
        labels = cast("list[Any]", value["labels"])
        told = cast("list[Any]", value.get("told", []))
        if not isinstance(labels, list) or len(labels) > _LABELS_MAX:
            raise ValueError("labels")
        if not isinstance(told, list) or len(told) > _TOLD_MAX:
            raise ValueError("who was told")
        saying = Saying(
            id=_text(value["id"], _ID_MAX),
            word=Word(value["word"]),
            why=None if value["why"] is None else Why(value["why"]),
            labels=tuple(_text(label, _LABEL_MAX) for label in labels),
            about=None if value["about"] is None else _text(value["about"], _ID_MAX),
            node_id=_text(value["node"], _ID_MAX),
            at=at,
            instead=_optional(value, "instead"),
            by=_optional(value, "by"),
            told=tuple(_text(node, _ID_MAX) for node in told),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("This says nothing about a referral.") from error
    check_reason(saying.word, saying.why, saying.labels)
    if saying.instead is not None and saying.word is not Word.CORRECTION:
        raise Invalid("A correction alone names what gives the right parts.")
    answers = saying.word in ANSWERS
    if saying.node_id != first or (saying.about is not None) != answers:
        raise Invalid("This says nothing about a referral in its sender's own name.")
    if (saying.by is not None or saying.told) and not answers:
        raise Invalid("Only an answer says whose it is, and who was told.")
    return saying


def _optional(value: Mapping[str, Any], name: str) -> str | None:
    return None if value.get(name) is None else _text(value[name], _ID_MAX)


def _text(value: object, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise ValueError("not a short printable text")
    return value
