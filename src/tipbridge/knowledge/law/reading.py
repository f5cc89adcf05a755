"""Reads one TOML table strictly, and refuses the keys nobody asked for."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar, cast

from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.model import Source, Words
from tipbridge.knowledge.law.shape import Term

_Choice = TypeVar("_Choice", bound=StrEnum)
_Value = TypeVar("_Value", str, int, bool, date, list[object], dict[str, object])
_KINDS = {
    str: "a text in quotes",
    int: "a whole number",
    bool: "true or false",
    date: "a day like 2020-06-02",
    list: "a list in square brackets",
    dict: "a table",
}


class Reader:
    """One table being read; remembers which keys were asked for.

    Shape: `name` is the file and the entry, as errors name them; `rules` are the cited rules
    of the file, of which it remembers the used ones.
    """

    def __init__(
        self,
        name: str,
        table: Mapping[str, object],
        rules: Mapping[str, Source] | None = None,
        used: set[str] | None = None,
    ) -> None:
        self._name, self._table = name, table
        self._rules: Mapping[str, Source] = {} if rules is None else rules
        self.used: set[str] = set() if used is None else used
        self._seen: set[str] = set()
        self._inner: list[Reader] = []

    def refuse(self, key: str, says: str) -> NotALaw:
        """The refusal of one field."""
        return NotALaw(f"{self._name}: {key} {says}.")

    def _get(self, key: str) -> object:
        self._seen.add(key)
        if key not in self._table:
            raise self.refuse(key, "is missing")
        return self._table[key]

    def _typed(self, key: str, kind: type[_Value]) -> _Value:
        value = self._get(key)
        # Exactly this type: True is an int for isinstance, a time of day a date.
        if type(value) is not kind:
            raise self.refuse(key, f"must be {_KINDS[kind]}, not {value!r}")
        return cast("_Value", value)

    def has(self, key: str) -> bool:
        """Whether a field is given."""
        return key in self._table

    def keys(self) -> list[str]:
        """Every key of the table, each as a table inside."""
        self._seen.update(self._table)
        return list(self._table)

    def done(self) -> None:
        """Refuse what nobody asked for, here and in the tables inside."""
        unknown = sorted(self._table.keys() - self._seen)
        if unknown:
            allowed = ", ".join(sorted(self._seen))
            raise NotALaw(
                f"{self._name}: unknown {', '.join(unknown)}; allowed here are: {allowed}."
            )
        for inner in self._inner:
            inner.done()

    def text(self, key: str) -> str:
        """A text that is not empty."""
        text = self._typed(key, str)
        if not text.strip():
            raise self.refuse(key, "is empty")
        return text

    def words(self, key: str) -> Words:
        """A text in English and in Korean."""
        inner = self.table(key)
        return Words(en=inner.text("en"), ko=inner.text("ko"))

    def number(self, key: str) -> int:
        """A whole number, not negative."""
        number = self._typed(key, int)
        if number < 0:
            raise self.refuse(key, f"must be 0 or more, not {number}")
        return number

    def optional_text(self, key: str) -> str | None:
        """Words in quotes; None where there are none."""
        self._seen.add(key)
        return self.text(key) if self.has(key) else None

    def optional_number(self, key: str) -> int | None:
        """A whole number, or None when left out."""
        self._seen.add(key)
        return self.number(key) if self.has(key) else None

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false; may be left out where there is a default."""
        self._seen.add(key)
        return default if default is not None and not self.has(key) else self._typed(key, bool)

    def day(self, key: str) -> date:
        """A day."""
        return self._typed(key, date)

    def optional_day(self, key: str) -> date | None:
        """A day, or None when left out."""
        self._seen.add(key)
        return self.day(key) if self.has(key) else None

    def term(self) -> Term:
        """Since when and until when the entry holds."""
        self._seen.update({"since", "until"})
        term = Term(
            since=self.day("since") if self.has("since") else None,
            until=self.day("until") if self.has("until") else None,
        )
        if term.since and term.until and term.until < term.since:
            raise self.refuse("until", f"must not lie before since ({term.since})")
        return term

    def codes(self, key: str) -> tuple[str, ...]:
        """A list of codes."""
        items = self._typed(key, list)
        if not all(isinstance(item, str) for item in items):
            raise self.refuse(key, "must hold texts in quotes only")
        return tuple(cast("list[str]", items))

    def choice(self, key: str, choices: type[_Choice]) -> _Choice:
        """A word of a closed list."""
        return self._chosen(key, choices, self.text(key))

    def choices(self, key: str, choices: type[_Choice]) -> tuple[_Choice, ...]:
        """Words of a closed list."""
        return tuple(self._chosen(key, choices, word) for word in self.codes(key))

    def optional_choices(self, key: str, choices: type[_Choice]) -> tuple[_Choice, ...]:
        """Words of a closed list, none when left out."""
        self._seen.add(key)
        return self.choices(key, choices) if self.has(key) else ()

    def _chosen(self, key: str, choices: type[_Choice], word: str) -> _Choice:
        try:
            return choices(word)
        except ValueError as error:
            allowed = ", ".join(choices)
            raise self.refuse(key, f"is {word!r}; allowed are: {allowed}") from error

    def table(self, key: str) -> "Reader":
        """A table inside."""
        return self._enter(key, self._typed(key, dict))

    def tables(self, key: str) -> list["Reader"]:
        """A list of tables inside, none when left out."""
        self._seen.add(key)
        if not self.has(key):
            return []
        items = self._typed(key, list)
        if not all(isinstance(item, dict) for item in items):
            raise self.refuse(key, f"must hold tables only: [[{key}]]")
        tables = cast("list[dict[str, object]]", items)
        return [self._enter(f"{key}[{i}]", table) for i, table in enumerate(tables, start=1)]

    def _enter(self, key: str, table: dict[str, object]) -> "Reader":
        inner = Reader(f"{self._name}: {key}", table, self._rules, self.used)
        self._inner.append(inner)
        return inner

    def source(self, key: str = "rule") -> Source:
        """A cited rule of this file."""
        rule = self.text(key)
        if rule not in self._rules:
            raise self.refuse(key, f"is {rule!r}, which [rules] does not cite")
        self.used.add(rule)
        return self._rules[rule]

    def optional_source(self, key: str) -> Source | None:
        """A cited rule, or None when left out."""
        self._seen.add(key)
        return self.source(key) if self.has(key) else None
