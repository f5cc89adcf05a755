"""The sentences with which the reached part of a program refuses, and the words in their gaps."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tools.refusals.program import Place, Program
from tools.refusals.scopes import Called, Scope, Spot
from tools.refusals.texts import Gap, Text, Texts

FAMILY = ("tipbridge.foundation.base.errors", "TipbridgeError")
NO_NOUN = ("tipbridge.foundation.base.errors", "NotFound")
SENTENCE, VALUE, NOUN, FIELD = "", "value", "noun", "field"
"""A sentence of its own; what comes into a gap, what there is none of, a form's field."""

_DEEPEST = 6
"""Values within values."""
_JOINING = frozenset({"and", "on", "or", "to", "UTC"})
"""Words that only join values, which a reader of lists and ranges translates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One text that may be said, as a message with named gaps, and where."""

    message: str
    context: str
    module: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """What refusals say.

    Shape: `speakers` are functions that say one of their arguments; `unknown` lists refusals
    whose words can't be told from the program.
    """

    texts: Texts
    speakers: Mapping[Place, int]
    unknown: list[str] = field(default_factory=list)

    @property
    def program(self) -> Program:
        """The program that says them."""
        return self.texts.flow.program

    @cached_property
    def said(self) -> list[Said]:
        """Every sentence, and every word that may come into a gap of one."""
        return [each for node, scope in self.texts.flow.nodes for each in self._at(node, scope)]

    def _at(self, node: ast.AST, scope: Scope) -> Iterator[Said]:
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if self._is_unnamed(node.exc, scope):
                yield from self._sentence(node.exc, 0, scope)
        elif isinstance(node, ast.Call):
            meant = self.program.meaning(scope.module, node.func)
            if meant is not None and meant in self.speakers:
                yield from self._sentence(node, self.speakers[meant], scope)
            else:
                yield from self._refusal(node, scope)
                yield from self._citation(node, scope)

    def _refusal(self, call: ast.Call, scope: Scope) -> Iterator[Said]:
        speaker = self._speaker_of(call, scope)
        if speaker == NO_NOUN and call.args:
            called = Called(call=call, scope=scope)
            for which, context in zip(call.args, (NOUN, VALUE), strict=False):
                yield from self._words(Spot(expression=which, scope=scope), called, context)
        elif speaker == FAMILY and call.args:
            yield from self._sentence(call, 0, scope)

    def _citation(self, call: ast.Call, scope: Scope) -> Iterator[Said]:
        """A rule that a room cites in its own words may be all that a refusal says."""
        for keyword in call.keywords:
            if keyword.arg == "citation":
                spot = Spot(expression=keyword.value, scope=scope)
                yield from self._words(spot, Called(call=call, scope=scope), VALUE)

    def _is_unnamed(self, call: ast.Call, scope: Scope) -> bool:
        """Whether what is raised is of a class, or made by a function, that is not known here."""
        match call.func:
            case ast.Name(id=name):
                known = self.program.meaning(scope.module, call.func) is not None
                return (
                    not known
                    and not hasattr(builtins, name)
                    and (self.texts.flow.function_of(call.func, scope) is None)
                )
            case _:
                return False

    def _speaker_of(self, call: ast.Call, scope: Scope) -> Place | None:
        """The class of the family whose `__init__` says what this call gives it, if it does."""
        match call.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
                owner = scope.owner
                if owner is None or not self._is_refusal((scope.module, owner.name)):
                    return None
                bases = (self.program.meaning(scope.module, each) for each in owner.bases)
                return next(map(self._speaker, bases), None)
            case _:
                meant = self.program.meaning(scope.module, call.func)
                return self._speaker(meant) if self._is_refusal(meant) else None

    def _speaker(self, place: Place | None) -> Place | None:
        while place is not None and place not in (FAMILY, NO_NOUN):
            owner = self.program.class_at(place)
            if owner is None or any(getattr(each, "name", "") == "__init__" for each in owner.body):
                return None  # it says its own words
            place = next((self.program.meaning(place[0], base) for base in owner.bases), None)
        return place

    def _is_refusal(self, place: Place | None) -> bool:
        owner = None if place is None else self.program.class_at(place)
        if place is None or owner is None:
            return False
        return place == FAMILY or any(
            self._is_refusal(self.program.meaning(place[0], base)) for base in owner.bases
        )

    def _sentence(self, call: ast.Call, argument: int, scope: Scope) -> Iterator[Said]:
        said = call.args[argument]
        if isinstance(said, ast.Attribute) and said.attr == "public":
            return  # another refusal's words, which that one said
        texts = self.texts.said(Spot(expression=said, scope=scope))
        if texts is None:
            self.unknown.append(f"{scope.module}:{call.lineno}: {ast.unparse(call)}")
        for text in texts or ():
            yield from self._one(text, Called(call=call, scope=scope), SENTENCE)

    def _one(self, text: Text, called: Called, context: str, nested: int = 0) -> Iterator[Said]:
        scope = called.scope
        if says_something(text, context):
            line = called.call.lineno
            yield Said(message=message_of(text), context=context, module=scope.module, line=line)
        if (scope.module, scope.owner.name if scope.owner else "") == NO_NOUN:
            return  # what comes into its gaps is found where it is refused
        for piece in text if nested < _DEEPEST else ():
            if isinstance(piece, Gap):
                yield from self._words(piece.spot, called, VALUE, nested + 1)

    def _words(self, spot: Spot, called: Called, context: str, nested: int = 0) -> Iterator[Said]:
        for text in self.texts.said(spot) or ():
            yield from self._one(text, called, context, nested)


def says_something(text: Text, context: str) -> bool:
    """Whether a text has words to translate; what only joins values has none."""
    words = [word for piece in text if isinstance(piece, str) for word in letters(piece)]
    if context == SENTENCE or len(text) == 1:
        return bool(words)
    return any(word not in _JOINING for word in words)


def letters(text: str) -> list[str]:
    """The words of a text."""
    return "".join(each if each.isalpha() else " " for each in text).split()


def message_of(text: Text) -> str:
    """A text as a message: gaps by name, each name once, braces doubled."""
    names: dict[str, int] = {}
    said = ""
    for piece in text:
        if isinstance(piece, str):
            said += piece.replace("{", "{{").replace("}", "}}")
            continue
        names[piece.name] = names.get(piece.name, 0) + 1
        again = names[piece.name]
        said += "{" + piece.name + (str(again) if again > 1 else "") + "}"
    return said
