"""Where an expression stands in the program, and what a function calls by its local names."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where an expression stands: its module, and the class and functions around it."""

    module: str
    inside: tuple[ast.AST, ...] = ()

    def within(self, node: ast.AST) -> "Scope":
        """The scope inside `node`."""
        return Scope(module=self.module, inside=(*self.inside, node))

    @property
    def functions(self) -> tuple[Function, ...]:
        """The functions around, the innermost first."""
        around = reversed(self.inside)
        return tuple(each for each in around if isinstance(each, Function))

    @property
    def owner(self) -> ast.ClassDef | None:
        """The class around."""
        return next((e for e in reversed(self.inside) if isinstance(e, ast.ClassDef)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An expression where it stands, and how far it was followed from where it is said."""

    expression: ast.expr
    scope: Scope
    deep: int = 0

    def at(self, expression: ast.expr) -> "Spot":
        """Another expression of the same place, one step further."""
        return replace(self, expression=expression, deep=self.deep + 1)

    def in_(self, scope: Scope, expression: ast.expr) -> "Spot":
        """An expression of another place, one step further."""
        return Spot(expression=expression, scope=scope, deep=self.deep + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call, and where it stands."""

    call: ast.Call
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a local name is given: a value, or what a collection holds (at a place in each)."""

    value: ast.expr
    is_element: bool = False
    place: int = -1


def walk(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """Every node in and below one, with its scope."""
    yield node, scope
    opens = isinstance(node, ast.ClassDef | Function | ast.Lambda)
    inner = scope.within(node) if opens else scope
    for child in ast.iter_child_nodes(node):
        yield from walk(child, inner)


def method_of(owner: ast.ClassDef, name: str) -> Function | None:
    """A class's own method of this name."""
    for each in owner.body:
        if isinstance(each, Function) and each.name == name:
            return each
    return None


def arguments_of(function: Function) -> list[ast.arg]:
    """What a function takes by name."""
    named = function.args
    return [*named.posonlyargs, *named.args, *named.kwonlyargs]


def argument_in(function: Function, name: str, call: ast.Call) -> ast.expr | None:
    """What a call gives for a name of the function that it calls."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if names[:1] in (["self"], ["cls"]):
        names = names[1:]
    if name in names and names.index(name) < len(call.args):
        found = call.args[names.index(name)]
        return None if isinstance(found, ast.Starred) else found
    return None


def given_in(function: Function, name: str) -> list[Given]:
    """All that a function gives a local name."""
    return [given for node in ast.walk(function) for given in _given(node, name)]


def is_local(expression: ast.expr, scope: Scope) -> bool:
    """Whether a name is one of the functions around."""
    return isinstance(expression, ast.Name) and any(
        given_in(each, expression.id) or any(a.arg == expression.id for a in arguments_of(each))
        for each in scope.functions
    )


def place_in(target: ast.expr, name: str) -> int | None:
    """Where a name stands in what is unpacked; -1 for the whole."""
    if isinstance(target, ast.Name):
        return -1 if target.id == name else None
    parts = target.elts if isinstance(target, ast.Tuple) else []
    named = [isinstance(each, ast.Name) and each.id == name for each in parts]
    return named.index(True) if any(named) else None


def _given(node: ast.AST, name: str) -> Iterator[Given]:
    match node:
        case (
            ast.Assign(targets=[target], value=ast.expr() as value)
            | ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.AugAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=ast.expr() as value)
        ):
            yield from _assigned(target, value, name)
        case ast.For(target=target, iter=collection):
            place = place_in(target, name)
            if place is not None:
                yield Given(value=collection, is_element=True, place=place)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=grown), attr="append"), args=[value]):
            if grown == name:
                yield Given(value=ast.List(elts=[value], ctx=ast.Load()))
        case _:
            pass


def _assigned(target: ast.expr, value: ast.expr, name: str) -> Iterator[Given]:
    place = place_in(target, name)
    if place == -1:
        yield Given(value=value)
    elif place is not None and isinstance(value, ast.Tuple) and place < len(value.elts):
        yield Given(value=value.elts[place])
