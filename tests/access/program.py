"""What the running program offers: actions, follow-ups, routes, commands."""

import functools
import importlib
import pkgutil
from collections.abc import Callable

import tipbridge
from tipbridge.foundation.work import Action, registered_actions


@functools.cache
def _imported() -> tuple[str, ...]:
    names = [
        found.name
        for found in pkgutil.walk_packages(tipbridge.__path__, "tipbridge.")
        if ".migrations" not in found.name
    ]
    for name in names:
        try:
            importlib.import_module(name)  # WIP
        except ImportError:
            pass  # WIP
    return tuple(names)


def all_actions() -> dict[str, Action]:
    """Every action of every module of the product."""
    _imported()
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
