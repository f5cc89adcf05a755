"""Every clause an agreement can have is said in words and side by side; generated from the model."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest

from tipbridge.knowledge.agreements.checking import words
from tipbridge.knowledge.agreements.clauses import Clauses, Desk
from tipbridge.knowledge.agreements.comparing import compared
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import Agreement, FieldRule, Verdict
from tipbridge.knowledge.agreements.templates import template_text

_OTHER_PATH = {"people/*/nickname": FieldRule(verdict=Verdict.WITHHOLD)}


def _whole() -> Agreement:
    """An agreement that states every clause, so that each can be said otherwise."""
    found, _ = load_agreement(template_text("police-mou").encode())
    subject = replace(
        found.terms.clauses.subject,
        dual_criminality=True,
        minimum_penalty_months=12,
        sender_law="US",
        receiver_law="KR",
    )
    clauses = replace(
        found.terms.clauses,
        subject=subject,
        suspending=replace(found.terms.clauses.suspending, notice_days=3),
    )
    return replace(found, terms=replace(found.terms, clauses=clauses))


def _others(value: Any, type_: Any) -> Iterator[tuple[str, Any]]:
    """Every way to say one field otherwise: the path inside it, and the other value."""
    if is_dataclass(value):
        hints = get_type_hints(type(value))
        for each in fields(value):
            for path, other in _others(getattr(value, each.name), hints[each.name]):
                yield f".{each.name}{path}", replace(value, **{each.name: other})
    elif isinstance(value, tuple) and value and isinstance(value[0], Desk):
        for path, other in _others(value[-1], Desk):
            yield f"[-1]{path}", (*value[:-1], other)
    else:
        yield "", _other(value, type_)


def _other(value: Any, type_: Any) -> Any:
    """Another value than this, of the same field."""
    if type_ is bool:
        return not value
    if type_ is int or int in get_args(type_):
        return value + 1
    if isinstance(value, StrEnum):
        return next(each for each in type(value) if each is not value)
    if isinstance(value, frozenset):
        return frozenset(sorted(value)[1:])
    return f"{value}-other" if isinstance(value, str | NoneType) else _OTHER_PATH


WHOLE = _whole()
OTHERS = list(_others(WHOLE.terms.clauses, Clauses))


def test_every_field_of_the_model_is_tried() -> None:
    tried = {path.split(".")[1] for path, _ in OTHERS}
    assert tried == {each.name for each in fields(Clauses)}
    assert len(OTHERS) > 30


@pytest.mark.parametrize(("path", "clauses"), OTHERS, ids=[path for path, _ in OTHERS])
def test_a_clause_said_otherwise_is_seen_in_words_and_side_by_side(
    path: str, clauses: Clauses
) -> None:
    other = replace(WHOLE, terms=replace(WHOLE.terms, clauses=clauses))
    assert [*map(str, words(other))] != [*map(str, words(WHOLE))], path
    rows = compared(WHOLE, other)
    assert any(row.differs for row in (*rows.classes, *rows.paths, *rows.sentences)), path
