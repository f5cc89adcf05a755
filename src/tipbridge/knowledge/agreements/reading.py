"""Reading single values of an agreement's document, with errors that name the place."""

from enum import StrEnum
from typing import TypeVar, cast

from tipbridge.knowledge.agreements.errors import NotAnAgreement

Choice = TypeVar("Choice", bound=StrEnum)


def table(key: str, value: object) -> dict[str, object]:
    """A table. Errors: NotAnAgreement, as for all readers here."""
    if not isinstance(value, dict):
        raise NotAnAgreement(f"{key} is a table.")
    return cast("dict[str, object]", value)


def text(key: str, value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise NotAnAgreement(f"{key} is a text that is not empty.")
    return value


def number(key: str, value: object, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise NotAnAgreement(f"{key} is a whole number from {low} to {high}.")
    return value


def choice(key: str, choices: type[Choice], value: object) -> Choice:
    """One word of a closed list."""
    try:
        return choices(text(key, value))
    except ValueError as error:
        allowed = ", ".join(choices)
        raise NotAnAgreement(f"{key} is one of: {allowed}.") from error


def choices(
    key: str, choices: type[Choice], value: object, *, empty: bool = False
) -> tuple[Choice, ...]:
    """A list of words of a closed list, in any order."""
    if not isinstance(value, list) or not (value or empty):
        raise NotAnAgreement(f"{key} is a list.")
    return tuple(choice(key, choices, item) for item in cast("list[object]", value))


def keys(key: str, found: dict[str, object], allowed: frozenset[str]) -> None:
    """Refuse keys that a table does not have."""
    unknown = found.keys() - allowed
    if unknown:
        raise NotAnAgreement(
            f"{key}: unknown keys {sorted(unknown)}; allowed are {sorted(allowed)}."
        )


def truth(key: str, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise NotAnAgreement(f"{key} is true or false.")
    return value
