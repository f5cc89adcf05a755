"""Which fact in somebody's favour is about whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.police.cases.demands.model import CaseFact, Demand, FactKind
from tipbridge.police.cases.demands.rules import weak_points
from tipbridge.police.cases.fairness.model import Favour, FavourKind
from tipbridge.tips.enrichment.sentences import without_names

TELLS_NOTHING = frozenset({FactKind.NOTHING_HELD, FactKind.PRESERVED_UNTIL})
"""What an answer may say that accuses nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """A weak point of an answer, and about whom; None: of the case as a whole."""

    person_id: str | None
    favour: Favour


def weak_of(demand: Demand, fact: CaseFact) -> list[Weak]:
    """What weakens a conclusion from the answer to a demand; `fact` is one that it told."""
    return [
        Weak(
            person_id=demand.asked.person_id or fact.person_id,
            favour=Favour(
                kind=FavourKind.DEMAND,
                about="",
                text=text,
                source=demand.asked.addressee,
                at=fact.recorded_at,
                via=demand.id,
            ),
        )
        for text in weak_points(demand.asked)
    ]


def person_label(about: str) -> str | None:
    """The label of the person that a favour of a referral is about; None for the whole of it."""
    steps = about.split("/")
    return "/".join(steps[:2]) if len(steps) > 1 and steps[0] == "people" else None


def favours_in(parts: Iterable[Part]) -> list[tuple[str | None, str, str, str]]:
    """What a referral's parts say in anybody's favour: about whom and what by label, words, own label."""
    found: list[tuple[str | None, str, str, str]] = []
    for part in parts:
        if part.data_class is DataClass.FAVOURS and isinstance(part.value, dict):
            value = cast("Mapping[str, Any]", part.value)
            text = value.get("text") or value.get("kind")
            if isinstance(text, str):
                about = str(value.get("about") or "")
                found.append((person_label(about), about, text, part.label))
    return found


def addresses_in(parts: Iterable[Part]) -> dict[str, str]:
    """The network addresses that a referral's parts tell as they are, by label."""
    found: dict[str, str] = {}
    for part in parts:
        if part.data_class is DataClass.IP and isinstance(part.value, dict):
            address = cast("Mapping[str, Any]", part.value).get("address")
            if isinstance(address, str):
                found[part.label] = address
    return found


CLOSED_WORDS = "Something in somebody's favour is on record in words that are closed to you."


def said_of_closed(text: str) -> str:
    """What is told of a favour of a restricted referral: a sentence of the closed list without
    the names that its sender put in, of other words that there are some (ADR 0261).
    """
    return without_names(text) or CLOSED_WORDS


def grounds_in(parts: Iterable[Part]) -> tuple[str, str] | None:
    """Grounds and source grade of a liaison's own lead; None for what a provider reported."""
    told = {part.label: part.value for part in parts if part.label.startswith("lead/")}
    if not told:
        return None
    return str(told.get("lead/grounds") or ""), str(told.get("lead/source_grade") or "")
