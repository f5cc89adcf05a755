"""What an expression of the program may say: texts with gaps, followed to where they are made."""

import ast
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tools.refusals.flow import DEEPEST, Flow
from tools.refusals.scopes import Spot, is_local

_MOST = 64
"""Texts of one expression; a product of more is no sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Where a value goes that is known at run time only; its name is of use to readers alone."""

    name: str
    spot: Spot


Text = tuple[str | Gap, ...]
"""One thing that may be said, in order."""


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The texts of a program's reached definitions."""

    flow: Flow

    def said(self, spot: Spot) -> list[Text] | None:
        """Every text that an expression may be, or None where that can't be told."""
        read = _SAYING.get(type(spot.expression))
        return None if read is None or spot.deep > DEEPEST else read(self, spot)

    def of_any(self, spots: Iterable[Spot]) -> list[Text] | None:
        """The texts of those that can be told."""
        return [text for each in spots for text in self.said(each) or ()] or None


def _constant(texts: Texts, spot: Spot) -> list[Text] | None:
    del texts
    value = spot.expression.value if isinstance(spot.expression, ast.Constant) else None
    return [(value,)] if isinstance(value, str) else None


def _joined(texts: Texts, spot: Spot) -> list[Text] | None:
    assert isinstance(spot.expression, ast.JoinedStr)
    return _product(_piece(texts, spot.at(each)) for each in spot.expression.values)


def _piece(texts: Texts, spot: Spot) -> list[Text]:
    piece = spot.expression
    if isinstance(piece, ast.Constant):
        return [(str(piece.value),)]
    assert isinstance(piece, ast.FormattedValue)
    value = spot.at(piece.value)
    is_choice = isinstance(piece.value, ast.IfExp)
    return (texts.said(value) if is_choice else _words_of_a_constant(texts, value)) or [_gap(value)]


def _words_of_a_constant(texts: Texts, spot: Spot) -> list[Text] | None:
    """A constant that is words is part of the sentence; a single word is a value in it."""
    if not isinstance(spot.expression, ast.Name | ast.Attribute) or is_local(
        spot.expression, spot.scope
    ):
        return None
    meant = texts.flow.program.meaning(spot.scope.module, spot.expression)
    found = (
        texts.of_any(texts.flow.sources(spot)) if meant in texts.flow.program.definitions else None
    )
    pieces = [piece for text in found or () for piece in text if isinstance(piece, str)]
    return found if any(" " in each for each in pieces) else None


def _added(texts: Texts, spot: Spot) -> list[Text] | None:
    match spot.expression:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            both = (spot.at(left), spot.at(right))
            return _product(texts.said(each) or [_gap(each)] for each in both)
        case _:
            return None


def _chosen(texts: Texts, spot: Spot) -> list[Text] | None:
    match spot.expression:
        case ast.IfExp(body=body, orelse=orelse):
            return texts.of_any((spot.at(body), spot.at(orelse)))
        case ast.BoolOp(values=values):
            return texts.of_any(spot.at(each) for each in values)
        case ast.NamedExpr(value=value):
            return texts.said(spot.at(value))
        case _:
            return None


def _taken_out(texts: Texts, spot: Spot) -> list[Text] | None:
    match spot.expression:
        case ast.Subscript(
            value=ast.Call(
                func=ast.Attribute(value=whole, attr="partition"),
                args=[ast.Constant(value=str(mark))],
            ),
            slice=ast.Constant(value=0),
        ):
            found = texts.said(spot.at(whole))
            return found and [_before(mark, text) for text in found]
        case ast.Subscript(value=value):
            return texts.of_any(texts.flow.elements(spot.at(value)))
        case _:
            return None


def _answered(texts: Texts, spot: Spot) -> list[Text] | None:
    match spot.expression:
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[parts]):
            return texts.of_any(texts.flow.elements(spot.at(parts)))
        case ast.Call(func=ast.Attribute(value=collection, attr="get"), args=[_, *default]):
            held = texts.flow.elements(spot.at(collection))
            return texts.of_any([*held, *map(spot.at, default)])
        case ast.Call(func=ast.Name(id="str" | "next" | "sorted"), args=[first, *_]):
            return texts.said(spot.at(first)) or texts.of_any(texts.flow.elements(spot.at(first)))
        case _:
            return texts.of_any(each for each, _ in texts.flow.returned(spot))


def _named(texts: Texts, spot: Spot) -> list[Text] | None:
    return texts.of_any(texts.flow.sources(spot))


_SAYING: Mapping[type, Callable[[Texts, Spot], list[Text] | None]] = {
    ast.Constant: _constant,
    ast.JoinedStr: _joined,
    ast.BinOp: _added,
    ast.IfExp: _chosen,
    ast.BoolOp: _chosen,
    ast.NamedExpr: _chosen,
    ast.Subscript: _taken_out,
    ast.Call: _answered,
    ast.Name: _named,
    ast.Attribute: _named,
}


def _before(mark: str, text: Text) -> Text:
    """What of a text stands before a mark in it."""
    found: list[str | Gap] = []
    for piece in text:
        if isinstance(piece, str) and mark in piece:
            return (*found, piece.partition(mark)[0])
        found.append(piece)
    return tuple(found)


def _gap(spot: Spot) -> Text:
    return (
        Gap(
            name=_gap_name(spot.expression), spot=Spot(expression=spot.expression, scope=spot.scope)
        ),
    )


def _gap_name(expression: ast.expr) -> str:
    match expression:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name.strip("_").lower()
        case ast.Call(args=[first, *_]):
            return _gap_name(first)
        case ast.Subscript(value=value):
            return _gap_name(value)
        case ast.GeneratorExp(generators=[ast.comprehension(iter=collection), *_]):
            return _gap_name(collection)
        case _:
            return "value"


def _product(pieces: Iterable[list[Text]]) -> list[Text]:
    found: list[Text] = [()]
    for choices in pieces:
        found = [(*before, *after) for before, after in itertools.product(found, choices)][:_MOST]
    return found
