"""Whatever a law file says, a difference in it is told: every leaf is changed once."""

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any, cast

import pytest

from tests.knowledge.law.builders import ACT, DECIDED, aged, facts
from tests.knowledge.law.test_loading import TEXT
from tipbridge.knowledge.law.differences import advice_differences, law_differences
from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.fields import FIELDS
from tipbridge.knowledge.law.loading import load_law, shipped_laws
from tipbridge.knowledge.law.model import Advice, SchoolLevel
from tipbridge.knowledge.law.rules import advise
from tipbridge.knowledge.law.shape import LawVersion, Lenient
from tipbridge.police.outcomes.rules import advice_document

LAWS = shipped_laws()
LATEST = [law for law in LAWS if law.valid_to is None]
UNSAID = {"id", "jurisdiction", "edition"}
"""What names a version: the command says it above the differences."""


def _others(value: object) -> Iterator[object]:
    """Other values of the same kind; of a dataclass, one for each of its leaves."""
    if isinstance(value, tuple | frozenset | Mapping):
        yield from _other_items(value)
    elif dataclasses.is_dataclass(value):
        for name, other in _leaves(value):
            yield dataclasses.replace(cast("Any", value), **{name: other})
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, Enum):
        yield next(each for each in type(value) if each is not value)
    elif isinstance(value, str):
        yield f"{value} x"
    elif isinstance(value, date):
        yield value + timedelta(days=1)
    else:
        assert value is None


def _other_items(value: Any) -> Iterator[object]:
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield value[:number] + value[number + 1 :]
            for other in _others(item):
                yield (*value[:number], other, *value[number + 1 :])
    elif isinstance(value, frozenset):
        yield from (value - {item} for item in value)
    else:
        code, said = next(iter(value.items()))
        yield {**value, code: dataclasses.replace(said, ko="다른 말")}


def _leaves(entry: Any) -> Iterator[tuple[str, object]]:
    for each in dataclasses.fields(entry):
        for other in _others(getattr(entry, each.name)):
            yield each.name, other


@pytest.mark.parametrize("law", LATEST, ids=lambda law: law.id)
def test_whatever_leaf_of_a_law_changes_the_difference_tells_it(law: LawVersion) -> None:
    changed = 0
    for name, other in _leaves(law):
        if name in UNSAID:
            continue
        newer = dataclasses.replace(law, **{name: cast("Any", other)})
        told = law_differences(law, newer, "en")
        assert told, (name, other)
        assert all(each.before != each.after for each in told), (name, told)
        changed += 1
    assert changed > 300
    assert law_differences(law, law, "ko") == []


def test_in_korean_a_difference_has_no_english_unit_or_field() -> None:
    (law,) = [each for each in LATEST if each.id == "KR/2021-01-01"]
    duty, outcome = law.duties[0], law.outcomes[0]
    newer = dataclasses.replace(
        law,
        duties=(dataclasses.replace(duty, due_days=90), *law.duties[1:]),
        outcomes=(dataclasses.replace(outcome, kept_days=3650), *law.outcomes[1:]),
    )
    said = [each.said("ko") for each in law_differences(law, newer, "ko")]
    assert said == [
        "의무: 소년부 송치: 기한 14일 → 기한 90일",
        "처분: 복지 조치만: 기록 보존 365일 → 기록 보존 3650일",
    ]


def _with(document: Any, path: tuple[Any, ...], value: object) -> Any:
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = _with(document[path[0]], path[1:], value)
    return copy


def _paths(document: Any) -> Iterator[tuple[tuple[Any, ...], object]]:
    if isinstance(document, dict | list):
        items = document.items() if isinstance(document, dict) else enumerate(document)
        for key, item in items:
            for path, leaf in _paths(item):
                yield (key, *path), leaf
    else:
        yield (), document


def _kind(path: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(part if isinstance(part, str) else "[]" for part in path)


def test_what_a_file_can_say_reaches_the_difference_or_is_refused() -> None:
    """One leaf of each kind of the Korean file, changed in the file itself."""
    document = tomllib.loads(TEXT)
    sample: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], object]]] = {}
    seen: dict[str, list[object]] = {}
    for path, leaf in _paths(document):
        kind = _kind(path) if path[0] not in {"rules", "words"} else (path[0], path[-1])
        sample.setdefault(kind, []).append((path, leaf))
        seen.setdefault(str(next(p for p in reversed(path) if isinstance(p, str))), []).append(leaf)
    before = load_law(TEXT, "kr.toml")
    told, refused = 0, set[tuple[Any, ...]]()
    for kind, places in sample.items():
        if kind[-1] in {"edition", "jurisdiction", "read_in"}:  # says nothing of the law
            continue
        for path, leaf in places[:2]:
            for other in _candidates(path, leaf, seen):
                try:
                    after = load_law(_toml(_with(document, path, other)), "kr.toml")
                except NotALaw:
                    refused.add(kind)
                    continue
                found = [
                    each
                    for old, new in zip(before, after, strict=True)
                    for each in law_differences(old, new, "en")
                ]
                assert found or kind[0] == "versions", (path, other)
                told += 1
                refused.discard(kind)
                break
    assert told > 80


def _candidates(
    path: tuple[Any, ...], leaf: object, seen: Mapping[str, list[object]]
) -> list[object]:
    name = str(next(part for part in reversed(path) if isinstance(part, str)))
    alike = [each for each in dict.fromkeys(seen[name]) if each != leaf][:3]
    match leaf:
        case bool():
            return [not leaf]
        case int():
            return [leaf + 1, *alike]
        case date():
            return alike
        case _:
            return [*alike, f"{leaf} x"]


def _toml(document: Mapping[str, Any]) -> str:
    """A document as TOML, every table in one line."""
    return "\n".join(f"{key} = {_value(value)}" for key, value in document.items())


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case dict():
            items = cast("dict[str, object]", value).items()
            return "{ " + ", ".join(f'"{key}" = {_value(each)}' for key, each in items) + " }"
        case list():
            return "[" + ", ".join(_value(each) for each in cast("list[object]", value)) + "]"
        case _:
            return str(value)


def test_every_field_of_an_entry_has_words_in_both_languages() -> None:
    for law in LATEST:
        for each in dataclasses.fields(law):
            values = getattr(law, each.name)
            for entry in values if isinstance(values, tuple) else (values,):
                if dataclasses.is_dataclass(entry) and each.name != "title":
                    names = {field.name for field in dataclasses.fields(entry)}
                    assert names <= FIELDS.keys() | {"rule", "citation", "citation_ko", "mark"}


def _document(advice: Advice) -> dict[str, Any]:
    return advice_document(advice)


def test_conditions_decider_and_period_of_what_is_permitted_are_compared() -> None:
    ask = facts(birth=aged(15), school_level=SchoolLevel.MIDDLE)
    old = _document(advise(LAWS, "KR", ask, ACT, DECIDED))
    at = next(n for n, each in enumerate(old["permitted"]) if each["conditions"])
    for name, value, says in (
        ("conditions", [], "conditions -"),
        ("decides", "investigator", "decides the investigator"),
        ("kept_days", 2000, "records kept 2000 days"),
    ):
        new = _with(old, ("permitted", at, name), value)
        (found,) = advice_differences(old, new, LAWS[0].words, "en")
        assert found.kind == "permitted"
        assert says in str(found.after)
    new = _with(old, ("duties", 0, "who"), "everybody")
    assert [each.kind for each in advice_differences(old, new, LAWS[0].words, "en")] == ["duty"]
    new = _with(old, ("duties", 0, "due_on"), "2030-01-01")
    assert advice_differences(old, new, LAWS[0].words, "en") == []
    new = _with(old, ("applied", "limitation_years"), 99)
    assert [each.kind for each in advice_differences(old, new, LAWS[0].words, "ko")] == ["applied"]


def test_what_law_applies_is_said_in_words() -> None:
    law = LATEST[0]
    newer = dataclasses.replace(
        law,
        lenient=next(each for each in Lenient if each is not law.lenient),
        declared_margin_years=9,
    )
    for language, says in (("en", "may be wrong by 9 years"), ("ko", "오차 9년")):
        (found,) = law_differences(law, newer, language)
        assert says in str(found.after)
        assert "-if-" not in found.said(language)
        assert "-the-" not in found.said(language)
