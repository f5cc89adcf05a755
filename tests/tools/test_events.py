"""Every event is documented as the program has it, and leads somewhere on purpose."""

import ast
from collections import Counter
from pathlib import Path

import tipbridge
from tipbridge import pipeline
from tipbridge.foundation.work import registered_actions
from tools.events import PLACE, document

SOURCE = Path(tipbridge.__file__).parent


def words(node: ast.AST) -> set[str]:
    return {
        found.value
        for found in ast.walk(node)
        if isinstance(found, ast.Constant) and isinstance(found.value, str)
    }


def emitted_in(tree: ast.Module) -> set[str]:
    """The names of the events that a module enqueues, written there or assigned before."""
    assigned = {
        target.id: words(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "emit":
            first = node.args[0]
            names = assigned.get(first.id, set()) if isinstance(first, ast.Name) else words(first)
            assert names, f"line {node.lineno}: no name of an event can be read here"
            found |= names
    return found


def test_every_event_that_is_enqueued_is_on_the_road_and_no_other() -> None:
    emitted = set[str]()
    for path in SOURCE.rglob("*.py"):
        emitted |= emitted_in(ast.parse(path.read_text("utf-8")))
    assert emitted == set(pipeline.ROAD)


def test_the_page_of_events_is_current() -> None:
    assert PLACE.read_text("utf-8") == document()


def test_every_event_is_on_the_page() -> None:
    page = PLACE.read_text("utf-8")
    events = Counter(
        action.event
        for action in registered_actions().values()
        if action.function.__module__.startswith("tipbridge.")
    )
    for event in (*events, *pipeline.ROAD, "access.action.refused"):
        assert f"| `{event}` |" in page
    assert len(events) > 50
