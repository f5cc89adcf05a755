"""What was known of a person, as JSON and back."""

from datetime import date, datetime
from typing import Any, cast

from tipbridge.knowledge.law.model import Birth, Certainty
from tipbridge.police.cases.changing.model import Fact, Value
from tipbridge.police.cases.model import Exploiting, Statement


def as_document(value: Value) -> object:
    """An earlier fact as JSON."""
    match value:
        case Birth():
            days = (value.earliest.isoformat(), value.latest.isoformat())
            return {"earliest": days[0], "latest": days[1], "certainty": value.certainty.value}
        case Statement():
            at = value.at.isoformat()
            return {"answer": value.answer.value, "source": value.source, "by": value.by, "at": at}
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


def from_document(fact: Fact, found: Any) -> Value:  # noqa: ANN401 - JSON as the database gives it
    """An earlier fact of its JSON."""
    match found:
        case {"certainty": certainty}:
            return Birth(
                earliest=date.fromisoformat(found["earliest"]),
                latest=date.fromisoformat(found["latest"]),
                certainty=Certainty(certainty),
            )
        case {"answer": answer}:
            return Statement(
                answer=Exploiting(answer),
                source=found["source"],
                by=found["by"],
                at=datetime.fromisoformat(found["at"]),
            )
        case list():
            return tuple(cast("list[str]", found))
        case str() if fact is Fact.ACT_ON:
            return date.fromisoformat(found)
        case _:
            return cast("Value", found)
