"""Entries of the navigation: rooms offer them, the shell shows those that fit the reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tipbridge.foundation.access.approvals.model import Waiting
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """One entry: an English label (translated when shown), a path and who it is for.

    Shape: `waiting` counts what under this entry waits for the actor of a work; the start
    page shows it. None where nothing ever waits.
    """

    label: str
    path: str
    roles: tuple[Role, ...]
    waiting: Callable[[Work], int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvable:
    """A kind of act that people approve before it is done: a room offers it, the desk shows it.

    Shape: `path` and a subject's id are its page; what `waiting` finds, by page of a hundred, is
    approved at that page and "/approval", with the content's digest, unless its own page asks.
    """

    kind: str
    path: str
    roles: tuple[Role, ...] = ()
    waiting: Callable[[Work, int], list[Waiting]] | None = None


def entries_for(entries: Iterable[NavEntry], actor: Actor | None) -> tuple[NavEntry, ...]:
    """The entries that `actor` has a role for; nobody signed in sees none."""
    if actor is None:
        return ()
    return tuple(entry for entry in entries if actor.roles & set(entry.roles))


def is_current(entry: NavEntry, path: str) -> bool:
    """Whether `path` lies under this entry."""
    return path == entry.path or (entry.path != "/" and path.startswith(f"{entry.path}/"))
