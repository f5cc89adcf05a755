"""Writes docs/events.md: every audit event and every event of the road, from the program itself."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import tipbridge
from tipbridge import pipeline
from tipbridge.foundation.work import REFUSED, Action, registered_actions

PLACE = Path(__file__).parent.parent / "docs" / "events.md"
_HEAD = """# Events

Written by `python -m tools.events`; a test fails when it is not current.

## What the audit log says

Each action writes one event of its name, in its own transaction. Facts are ids, numbers and closed
words, never personal data.

| event | what was done | by |
|---|---|---|
"""
_ROAD = """
## What follows by itself

Names that an action enqueues in its transaction, and what the worker then does, in this order
(`pipeline.py`). "on …" limits a step to nodes of these profiles.

| event | follow-ups |
|---|---|
"""
_TICK = """
Looked at every `tick_seconds`, and whenever a synthetic clock moves:
"""


def document() -> str:
    """The whole page."""
    lines = [
        f"| `{action.event}` | {_first_line(action)} | {_who(action)} |"
        for action in sorted(_actions(), key=lambda each: (each.event, each.name))
    ]
    lines.append(f"| `{REFUSED}` | An action was refused; nothing of it was done. | anybody |")
    road = [
        f"| `{event}` | {', '.join(map(_step, steps)) or 'nothing'} |"
        for event, steps in pipeline.ROAD.items()
    ]
    tick = [f"- `{_named(action)}`" for action in pipeline.TICK]
    return _HEAD + "\n".join([*lines, _ROAD + "\n".join(road), _TICK, *tick]) + "\n"


def _actions() -> list[Action]:
    for found in pkgutil.walk_packages(tipbridge.__path__, "tipbridge."):
        if ".migrations" not in found.name:
            importlib.import_module(found.name)
    return [
        action
        for action in registered_actions().values()
        if action.function.__module__.startswith("tipbridge.")
    ]


def _first_line(action: Action) -> str:
    return (inspect.getdoc(action.function) or "").split("\n")[0].replace("|", "\\|")


def _who(action: Action) -> str:
    others = sorted(kind for kind in action.kinds if kind != "staff")
    return ", ".join([*sorted(action.roles), *others])


def _step(step: pipeline.Step) -> str:
    where = f" on {', '.join(sorted(step.profiles))}" if step.profiles else ""
    return f"`{_named(step.action)}`{where}"


def _named(action: object) -> str:
    module = str(getattr(action, "__module__", "")).split(".")
    return f"{module[-2]}.{getattr(action, '__name__', '')}"


if __name__ == "__main__":
    PLACE.write_text(document(), "utf-8")
