"""What the running program offers: actions, follow-ups, routes, commands."""

import functools
import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

import typer
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, Route

import tipbridge
from tipbridge.__main__ import cli
from tipbridge.foundation.work import Action, registered_actions


@functools.cache
def imported() -> tuple[ModuleType, ...]:
    """Every module of the product."""
    names = [
        found.name
        for found in pkgutil.walk_packages(tipbridge.__path__, "tipbridge.")
        if ".migrations" not in found.name
    ]
    return tuple(importlib.import_module(name) for name in names)


def all_actions() -> dict[str, Action]:
    """Every action of every module of the product."""
    imported()
    return {
        name: action
        for name, action in registered_actions().items()
        if action.function.__module__.startswith("tipbridge.")
    }


@functools.cache
def callables() -> dict[str, Callable[..., object]]:
    """The actions as others call them, checks included, by name."""
    found: dict[str, Callable[..., object]] = {}
    for name in all_actions():
        module, _, function = name.rpartition(".")
        found[name] = getattr(importlib.import_module(f"tipbridge.{module}"), function)
    return found


def routes(app: FastAPI) -> list[str]:
    """Every route as `METHOD /path`, those of mounted interfaces included."""
    found: set[str] = set()
    for context in iter_route_contexts(app.routes):
        methods = set(context.methods or ()) - {"HEAD"}
        found |= {f"{method} {context.path}" for method in methods}
    for mount in app.routes:
        if isinstance(mount, Mount):
            inner = [route for route in mount.routes or () if isinstance(route, Route)]
            for route in inner:
                methods = set(route.methods or ()) - {"HEAD"}
                found |= {f"{method} {mount.path}{route.path}" for method in methods}
            if not inner:
                found.add(f"GET {mount.path}")
    return sorted(found)


def commands() -> list[str]:
    """Every command of the command line, as one types it."""
    return sorted(_names(typer.main.get_command(cli), ()))


def _names(command: object, path: tuple[str, ...]) -> list[str]:
    below = getattr(command, "commands", None)
    if below is None:
        return [" ".join(path)]
    return [name for word, one in below.items() for name in _names(one, (*path, word))]
