"""Where a value of the program comes from: what names, calls and collections stand for."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tools.refusals.program import Place, Program
from tools.refusals.scopes import (
    Called,
    Function,
    Scope,
    Spot,
    argument_in,
    arguments_of,
    given_in,
    method_of,
    place_in,
    walk,
)

DEEPEST = 8
"""How far a value is followed back from where it is said."""
_COPIES = frozenset({"sorted", "list", "tuple", "set", "dict", "frozenset", "filter"})


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Where the values of a program's reached definitions come from."""

    program: Program
    reached: set[Place]

    @cached_property
    def nodes(self) -> list[tuple[ast.AST, Scope]]:
        """Every node of every reached definition, with its scope."""
        return [
            pair
            for module, name in sorted(self.reached)
            for statement in self.program.definitions[module, name]
            for pair in walk(statement, Scope(module=module))
        ]

    @cached_property
    def _homes(self) -> dict[int, Scope]:
        return {id(node): scope for node, scope in self.nodes}

    @cached_property
    def _calls(self) -> dict[int, list[Called]]:
        """The calls of each function, by the identity of its node."""
        found: dict[int, list[Called]] = {}
        for each in self._every_call:
            function = self.function_of(each.call.func, each.scope)
            if function is not None:
                found.setdefault(id(function), []).append(each)
        return found

    @cached_property
    def _makings(self) -> dict[Place, list[Called]]:
        """The calls that make a value of each class."""
        found: dict[Place, list[Called]] = {}
        for each in self._every_call:
            meant = self.program.meaning(each.scope.module, each.call.func)
            if meant is not None and self.program.class_at(meant) is not None:
                found.setdefault(meant, []).append(each)
        return found

    @cached_property
    def _every_call(self) -> list[Called]:
        return [Called(call=n, scope=scope) for n, scope in self.nodes if isinstance(n, ast.Call)]

    def function_of(self, called: ast.expr, scope: Scope) -> Function | None:
        """The function that is called so: one nearby, of the own class, of a module, or a maker."""
        match called:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                return None if scope.owner is None else method_of(scope.owner, name)
            case ast.Name(id=name):
                near = [each for around in scope.functions for each in around.body]
                for each in near:
                    if isinstance(each, ast.FunctionDef) and each.name == name:
                        return each
            case _:
                pass
        meant = self.program.meaning(scope.module, called)
        for statement in self.program.definitions.get(meant or ("", ""), ()):
            if isinstance(statement, Function):
                return statement
            if isinstance(statement, ast.ClassDef):
                return method_of(statement, "__init__")
        return None

    def elements(self, spot: Spot) -> list[Spot]:
        """What a collection may hold."""
        read = _HOLDING.get(type(spot.expression))
        return [] if read is None or spot.deep > DEEPEST else read(self, spot)

    def sources(self, spot: Spot) -> list[Spot]:
        """The expressions that a name may stand for."""
        name = spot.expression
        if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
            made = self._fields(name.value.id, name.attr, spot)
            made += [each for key, each in self.members(spot.at(name.value)) if key == name.attr]
            if made:
                return made
        if isinstance(name, ast.Name):
            for function in spot.scope.functions:
                found = self._local(function, name.id, spot)
                if found is not None:
                    return found
        meant = self.program.meaning(spot.scope.module, name)
        return [
            spot.in_(Scope(module=meant[0]), given)
            for statement in self.program.definitions.get(meant or ("", ""), ())
            if meant and isinstance(given := getattr(statement, "value", None), ast.expr)
        ]

    def members(self, spot: Spot) -> list[tuple[str, Spot]]:
        """The words of a closed list, by the names of its members."""
        meant = self.program.meaning(spot.scope.module, spot.expression)
        owner = None if meant is None else self.program.class_at(meant)
        if meant is None or owner is None or not any("Enum" in ast.dump(b) for b in owner.bases):
            return []
        scope = Scope(module=meant[0])
        return [
            (target.id, spot.in_(scope, each.value))
            for each in owner.body
            if isinstance(each, ast.Assign) and isinstance(target := each.targets[0], ast.Name)
        ]

    def returned(self, spot: Spot) -> list[tuple[Spot, bool]]:
        """What the function that is called here returns, and whether it yields that."""
        call = spot.expression
        function = self.function_of(call.func, spot.scope) if isinstance(call, ast.Call) else None
        home = self._homes.get(id(function))
        if function is None or home is None or function.name == "__init__":
            return []
        return [
            (spot.in_(within, node.value), isinstance(node, ast.Yield))
            for node, within in walk(function, home)
            if isinstance(node, ast.Return | ast.Yield) and node.value is not None
            if within.functions[:1] == (function,)
        ]

    def _local(self, function: Function, name: str, spot: Spot) -> list[Spot] | None:
        given = given_in(function, name)
        if given:
            return [
                found
                for each in given
                for found in (
                    [_part(e, each.place) for e in self.elements(spot.at(each.value))]
                    if each.is_element
                    else [spot.at(each.value)]
                )
            ]
        if not any(each.arg == name for each in arguments_of(function)):
            return None
        return [
            spot.in_(each.scope, value)
            for each in self._calls.get(id(function), ())
            if (value := argument_in(function, name, each.call)) is not None
        ]

    def _fields(self, name: str, attribute: str, spot: Spot) -> list[Spot]:
        """What is given for a field wherever a value of the name's class is made."""
        return [
            spot.in_(each.scope, keyword.value)
            for each in self._makings.get(self._type_of(name, spot.scope) or ("", ""), ())
            for keyword in each.call.keywords
            if keyword.arg == attribute
        ]

    def _type_of(self, name: str, scope: Scope) -> Place | None:
        """The class of a local name, or of what it holds, where its function says so."""
        for function in scope.functions:
            for each in arguments_of(function):
                if each.arg == name:
                    return self._class_in(each.annotation, scope)
            held = next((each for each in map(_held, ast.walk(function)) if each[0] == name), None)
            if held is not None and held[1] != name:
                return self._type_of(held[1], scope)
        return None

    def _class_in(self, annotation: ast.expr | None, scope: Scope) -> Place | None:
        for node in ast.walk(annotation or ast.Pass()):
            if isinstance(node, ast.Name | ast.Attribute):
                meant = self.program.meaning(scope.module, node)
                if meant is not None and self.program.class_at(meant) is not None:
                    return meant
        return None


def _held(node: ast.AST) -> tuple[str, str]:
    """The name that goes over a collection, and that of the collection."""
    match node:
        case (
            ast.For(target=ast.Name(id=one), iter=collection)
            | ast.comprehension(target=ast.Name(id=one), iter=collection)
        ):
            whole = collection.value if isinstance(collection, ast.Subscript) else collection
            return (one, whole.id) if isinstance(whole, ast.Name) else ("", "")
        case _:
            return "", ""


def _part(spot: Spot, place: int) -> Spot:
    """A part of an element, where that is written as a tuple."""
    element = spot.expression
    if isinstance(element, ast.Tuple) and 0 <= place < len(element.elts):
        return spot.at(element.elts[place])
    return spot


def _written_out(flow: Flow, spot: Spot) -> list[Spot]:
    assert isinstance(spot.expression, ast.Tuple | ast.List | ast.Set)
    return [
        found
        for each in spot.expression.elts
        for found in (
            flow.elements(spot.at(each.value)) if isinstance(each, ast.Starred) else [spot.at(each)]
        )
    ]


def _by_key(flow: Flow, spot: Spot) -> list[Spot]:
    del flow
    assert isinstance(spot.expression, ast.Dict)
    return [spot.at(each) for each in spot.expression.values]


def _comprehended(flow: Flow, spot: Spot) -> list[Spot]:
    made = spot.expression
    assert isinstance(made, ast.GeneratorExp | ast.ListComp | ast.SetComp)
    element = made.elt
    if isinstance(element, ast.Name):
        for generator in made.generators:
            place = place_in(generator.target, element.id)
            if place is not None:
                return [_part(e, place) for e in flow.elements(spot.at(generator.iter))]
    return [spot.at(element)]


def _gathered(flow: Flow, spot: Spot) -> list[Spot]:
    match spot.expression:
        case ast.Call(func=ast.Name(id=name), args=args) if name in _COPIES:
            return [found for each in args for found in flow.elements(spot.at(each))]
        case ast.Call(func=ast.Attribute(value=value, attr="values" | "items")):
            return flow.elements(spot.at(value))
        case _:
            return [
                found
                for each, is_yielded in flow.returned(spot)
                for found in ([each] if is_yielded else flow.elements(each))
            ]


def _combined(flow: Flow, spot: Spot) -> list[Spot]:
    match spot.expression:
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return flow.elements(spot.at(one)) + flow.elements(spot.at(other))
        case ast.Subscript(value=value, slice=ast.Slice()):
            return flow.elements(spot.at(value))
        case _:
            return []


def _elements_of_named(flow: Flow, spot: Spot) -> list[Spot]:
    members = flow.members(spot)
    return [each for _, each in members] or [
        found for each in flow.sources(spot) for found in flow.elements(each)
    ]


_HOLDING: Mapping[type, Callable[[Flow, Spot], list[Spot]]] = {
    ast.Tuple: _written_out,
    ast.List: _written_out,
    ast.Set: _written_out,
    ast.Dict: _by_key,
    ast.GeneratorExp: _comprehended,
    ast.ListComp: _comprehended,
    ast.SetComp: _comprehended,
    ast.Call: _gathered,
    ast.IfExp: _combined,
    ast.BinOp: _combined,
    ast.Subscript: _combined,
    ast.Name: _elements_of_named,
    ast.Attribute: _elements_of_named,
}
