"""Trying an operation by every actor on every row, and comparing with its cell."""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.access.cells import KINDS, SEEN, Cell
from tests.access.world import World
from tipbridge.foundation.base.errors import Forbidden, TipbridgeError
from tipbridge.foundation.work import Action, Work

Ids = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a try: how it ended, and in which words (ids of rows taken out)."""

    how: str
    words: str


FORBIDDEN = Forbidden.__name__
FAULT = "fault"

Try = Callable[[str, Ids], Came]
"""Tries an operation as an actor, with ids of rows that exist or that do not."""


def came_of(call: Callable[[], object]) -> Came:
    """Call and describe."""
    try:
        result = call()
    except TipbridgeError as refusal:
        return Came(type(refusal).__name__, refusal.public)
    except Exception as fault:  # noqa: BLE001 - a fault is told apart from a refusal
        return Came(FAULT, f"{type(fault).__name__}: {fault}")
    return Came("done", repr(result))


def differences(
    world: World,
    name: str,
    cell: Cell,
    attempt: Try,
    *,
    actors: tuple[str, ...],
    mark: str = "",
    scopes: tuple[str, ...] = tuple(SEEN),
) -> Iterator[str]:
    """Every place where what came of an operation is not what its cell says.

    Whom the first action refuses by their roles is refused in every scope: the action looked at no
    row, nor did a door before it, so they are tried in the first scope alone.
    """
    refused: set[str] = set()
    for scope in scopes if cell.where in {"rows", "list"} else ("own",):
        with world.owned(scope):
            for who in (each for each in actors if each not in refused):
                expected = _expected(cell, who, seen=SEEN[scope])
                with _entering() as entered:
                    found = _found(world, cell, who, attempt, mark=mark)
                if found != expected:
                    yield f"{name} by {who}, {scope}: {found}, expected {expected}"
                elif expected == "forbidden" and entered == [FORBIDDEN]:
                    refused.add(who)


@contextlib.contextmanager
def _entering() -> Iterator[list[str]]:
    """What each action said, as long as this lasts, when it was asked who may call it."""
    said: list[str] = []
    enter = Work.enter

    def watched(work: Work, action: Action) -> None:
        try:
            enter(work, action)
        except Forbidden:
            said.append(FORBIDDEN)
            raise
        said.append(action.name)

    Work.enter = watched  # type: ignore[method-assign]
    try:
        yield said
    finally:
        Work.enter = enter  # type: ignore[method-assign]


def _expected(cell: Cell, who: str, *, seen: bool) -> str:
    if who not in cell.who and "public" not in cell.who:
        return "forbidden"
    if cell.where in {"node", "shared"} or who in KINDS:
        return "passes"  # system actors see every row; a provider's rows are its own
    return "passes" if seen else "hidden"


def _found(world: World, cell: Cell, who: str, attempt: Try, *, mark: str) -> str:
    if cell.where == "rows" and who != "system":  # what is due is done, or was already
        return row_found(world, who, attempt)
    came = attempt(who, world.ids)
    if came.how == FORBIDDEN:
        return "forbidden"
    if came.how == FAULT:
        return came.words
    if cell.where == "list" and who not in KINDS:
        return "passes" if world.ids[mark] in came.words else "hidden"
    return "passes"


def row_found(world: World, who: str, attempt: Try) -> str:
    """Whether a row is there for an actor: hidden is to answer as for a row that nobody has."""
    came = attempt(who, world.ids)
    if came.how == FORBIDDEN:
        return "forbidden"
    if came.how == FAULT:
        return came.words
    strange = attempt(who, world.strange)
    ids = [*world.ids.values(), *world.strange.values()]
    same = (came.how, without(came.words, ids)) == (strange.how, without(strange.words, ids))
    return "hidden" if same else "passes"


def without(words: str, ids: list[str]) -> str:
    """`words` with every id of the world taken out."""
    for id_ in sorted(ids, key=len, reverse=True):
        words = words.replace(id_, "ID")
    return re.sub(r"\b[0-9a-f]{32}\b", "ID", words)
