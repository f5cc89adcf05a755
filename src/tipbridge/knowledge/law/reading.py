"""Reads one TOML table strictly, and refuses the keys nobody asked for."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar, cast

from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.model import Mark, Source

_Choice = TypeVar("_Choice", bound=StrEnum)
_Value = TypeVar("_Value", str, int, bool, date, list[object], dict[str, object])


class Reader:
    """One table being read; remembers which keys were asked for."""

    def __init__(self, name: str, table: Mapping[str, object]) -> None:
        self._name, self._table = name, table
        self._seen: set[str] = set()
        self._inner: list[Reader] = []

    def _get(self, key: str) -> object:
        self._seen.add(key)
        if key not in self._table:
            raise NotALaw(f"{self._name}: {key} is missing.")
        return self._table[key]

    def _typed(self, key: str, kind: type[_Value]) -> _Value:
        value = self._get(key)
        # Exactly this type: True is an int for isinstance, a time of day a date.
        if type(value) is not kind:
            raise NotALaw(f"{self._name}.{key} must be of type {kind.__name__}.")
        return cast("_Value", value)

    def done(self) -> None:
        """Refuse what nobody asked for, here and in the tables inside."""
        unknown = self._table.keys() - self._seen
        if unknown:
            raise NotALaw(f"{self._name}: unknown keys {sorted(unknown)}.")
        for inner in self._inner:
            inner.done()

    def text(self, key: str) -> str:
        """A text that is not empty."""
        text = self._typed(key, str)
        if not text.strip():
            raise NotALaw(f"{self._name}.{key} is empty.")
        return text

    def number(self, key: str) -> int:
        """A whole number, not negative."""
        number = self._typed(key, int)
        if number < 0:
            raise NotALaw(f"{self._name}.{key} is negative.")
        return number

    def optional_number(self, key: str) -> int | None:
        """A whole number, or None when left out."""
        return self.number(key) if key in self._table else None

    def flag(self, key: str) -> bool:
        """True or false."""
        return self._typed(key, bool)

    def day(self, key: str) -> date:
        """A day."""
        return self._typed(key, date)

    def optional_day(self, key: str) -> date | None:
        """A day, or None when left out."""
        return self.day(key) if key in self._table else None

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words."""
        items = self._typed(key, list)
        if not all(isinstance(item, str) for item in items):
            raise NotALaw(f"{self._name}.{key} must hold words.")
        return tuple(cast("list[str]", items))

    def choice(self, key: str, choices: type[_Choice]) -> _Choice:
        """A word of a closed list."""
        return self._chosen(key, choices, self.text(key))

    def choices(self, key: str, choices: type[_Choice]) -> tuple[_Choice, ...]:
        """Words of a closed list."""
        return tuple(self._chosen(key, choices, word) for word in self.words(key))

    def _chosen(self, key: str, choices: type[_Choice], word: str) -> _Choice:
        try:
            return choices(word)
        except ValueError as error:
            allowed = ", ".join(choices)
            raise NotALaw(f"{self._name}.{key} is one of: {allowed}.") from error

    def table(self, key: str) -> "Reader":
        """A table inside."""
        return self._enter(key, self._typed(key, dict))

    def tables(self, key: str) -> list["Reader"]:
        """A list of tables inside."""
        items = self._typed(key, list)
        if not all(isinstance(item, dict) for item in items):
            raise NotALaw(f"{self._name}.{key} must hold tables.")
        tables = cast("list[dict[str, object]]", items)
        return [self._enter(f"{key}[{i}]", table) for i, table in enumerate(tables)]

    def _enter(self, key: str, table: dict[str, object]) -> "Reader":
        inner = Reader(f"{self._name}.{key}", table)
        self._inner.append(inner)
        return inner

    def source(self) -> Source:
        """Rule, citation and mark."""
        return Source(
            rule=self.text("rule"), citation=self.text("citation"), mark=self.choice("mark", Mark)
        )
