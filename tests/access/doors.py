"""Which actions each door of the program calls: read from its own functions, not from a list."""

import ast
import functools
import inspect
import re
import textwrap
import types
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import typer
from fastapi import APIRouter
from fastapi.routing import APIRoute

import tipbridge
from tests.access.program import callables, imported
from tipbridge.__main__ import cli

_NOT_A_DOOR = {"demo", "up", "init"}
"""Commands that play an operation, or run the node: nobody does one thing by them."""

_HOLE = "{}"
_EXPRESSION = re.compile(r"{{.*?}}")
_SET = re.compile(r"{%-?\s*set\s+(\w+)\s*=\s*([^%]*?~[^%]*?)\s*-?%}")
_BUILT = re.compile(r'("/[^"]*"(\s*~\s*([\w.]+|"[^"]*"))+)')
_FORM = re.compile(r'<form\b[^>]*?\bmethod="post"[^>]*?\baction="([^"]*)"')
_LINK = re.compile(r'\bhref="([^"]*)"')


def by_command() -> Mapping[str, set[str]]:
    """The commands that call each action, by the action's name."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, callback in _commands(typer.main.get_command(cli), ()):
        for action in _called(callback):
            found[action].add(name)
    return found


def by_page() -> Mapping[str, set[str]]:
    """The routes that call each action, by the action's name."""
    found: dict[str, set[str]] = defaultdict(set)
    for route in _routes():
        for action in _called(route.endpoint):
            for method in (route.methods or set()) - {"HEAD"}:
                found[action].add(f"{method} {route.path}")
    return found


def asked_by_a_page() -> set[str]:
    """Every route that a template has a form or a link for, its parameters as `{}`.

    Shape: an address that a template puts together from parts, for a macro, counts as both.
    """
    found = {f"GET {entry.path}" for module in imported() for entry in vars(module).get("NAV", ())}
    for template in Path(tipbridge.__path__[0]).rglob("templates/**/*.html"):
        text = template.read_text("utf-8")
        known = {name: _joined(value) for name, value in _SET.findall(text)}
        found |= {f"POST {_plain(each, known)}" for each in _FORM.findall(text)}
        found |= {f"GET {_plain(each, known)}" for each in _LINK.findall(text)}
        built = {_joined(each[0]).partition("?")[0] for each in _BUILT.findall(text)}
        found |= {f"{method} {each}" for each in built for method in ("GET", "POST")}
    return found


def with_holes(route: str) -> str:
    """A route as `asked_by_a_page` writes it."""
    return re.sub(r"{\w+}", _HOLE, route)


def _joined(value: str) -> str:
    parts = (part.strip() for part in value.split("~"))
    return "".join(part[1:-1] if part[:1] in {'"', "'"} else _HOLE for part in parts)


def _plain(address: str, known: Mapping[str, str]) -> str:
    def filled(match: re.Match[str]) -> str:
        return known.get(match[0][2:-2].strip(), _HOLE)

    return _EXPRESSION.sub(filled, address).partition("?")[0]


def _commands(
    command: object, path: tuple[str, ...]
) -> Iterator[tuple[str, Callable[..., object]]]:
    below = getattr(command, "commands", None)
    if below is None and path[0] not in _NOT_A_DOOR:
        yield " ".join(path), command.callback  # type: ignore[attr-defined]
    elif below is not None:
        for word, one in below.items():
            yield from _commands(one, (*path, word))


def _routes() -> Iterator[APIRoute]:
    for module in imported():
        for value in vars(module).values():
            if isinstance(value, APIRouter):
                yield from (each for each in value.routes if isinstance(each, APIRoute))


@functools.cache
def _actions() -> dict[int, str]:
    return {id(called): name for name, called in callables().items()}


def _called(door: Callable[..., object]) -> set[str]:
    """The actions that a door calls, also through helpers; what an action calls is its own."""
    seen: set[int] = set()
    found: set[str] = set()
    left: list[object] = [inspect.unwrap(door)]
    while left:
        one = left.pop()
        if (name := _actions().get(id(one))) is not None:
            found.add(name)
        elif id(one) not in seen and str(getattr(one, "__module__", "")).startswith("tipbridge."):
            seen.add(id(one))
            left += _named_in(one)
    return found


@functools.cache
def _named_in(one: object) -> tuple[object, ...]:
    """What is named in the source of a function, or in the methods of a class."""
    if isinstance(one, type):
        return tuple(each for each in vars(one).values() if inspect.isfunction(each))
    if not inspect.isfunction(one):
        return ()
    one = cast("types.FunctionType", inspect.unwrap(one))
    if one.__code__.co_filename.startswith("<"):
        return ()  # made by a decorator: it has no source
    tree = ast.parse(textwrap.dedent(inspect.getsource(one)))
    named = (each for each in ast.walk(tree) if isinstance(each, ast.Name | ast.Attribute))
    return tuple(found for each in named if callable(found := _meant(each, one.__globals__)))


def _meant(named: ast.expr, names: Mapping[str, object]) -> object:
    if isinstance(named, ast.Name):
        return names.get(named.id)
    if isinstance(named, ast.Attribute):
        base = _meant(named.value, names)
        if isinstance(base, types.ModuleType):
            return getattr(base, named.attr, None)
    return None
