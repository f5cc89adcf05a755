"""One node with one row of everything, whose owner is moved about; nothing tried on it stays."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, event, text

from tests.databases import Database
from tests.nodes import CONSOLE, acting, add_staff, add_unit
from tipbridge.foundation.access import passwords, store
from tipbridge.foundation.base.actors import WORKER, Actor, ActorKind, Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.engine import open_engine
from tipbridge.foundation.storage.tables import metadata
from tipbridge.foundation.work import open_work

NOBODY = "nobody-else"


@dataclass(frozen=True, kw_only=True)
class World:
    """The node, who acts on it, and the ids of its rows.

    Shape: `ids` are those of rows that exist; `strange` has the same keys and ids of the
    same form that no row has.
    """

    node: Node
    database: Database
    units: Mapping[str, int]
    actors: Mapping[str, Actor]
    strange_actors: Mapping[str, Actor]
    sessions: Mapping[str, str] = field(repr=False)
    ids: Mapping[str, str]
    strange: Mapping[str, str]
    vault_copy: Path = field(repr=False)

    @cached_property
    def vault_names(self) -> set[str]:
        """What lies in the vault when nothing was destroyed."""
        return _names(self.vault_copy)

    @contextlib.contextmanager
    def owned(self, scope: str) -> Iterator[None]:
        """Every owned row as `scope` says; back to the actors' own unit afterwards."""
        members = [actor.id for actor in self.actors.values()]
        unit, restricted, listed = {
            "own": (self.units["own"], False, []),
            "below": (self.units["below"], False, []),
            "above": (1, False, []),
            "other": (self.units["other"], False, []),
            "restricted": (self.units["own"], True, [NOBODY]),
            "member": (self.units["own"], True, members),
        }[scope]
        self._move(unit, restricted=restricted, members=listed)
        yield

    def _move(self, unit: int, *, restricted: bool, members: list[str]) -> None:
        with acting(self.database.owner, WORKER) as db:
            for table in owned_tables():
                db.execute(
                    text(
                        f"UPDATE {table} SET unit_id = :unit, restricted = :restricted,"
                        " members = :members"
                    ),
                    {"unit": unit, "restricted": restricted, "members": members},
                )

    def mend(self) -> None:
        """Put back sealed files that an operation destroyed before its rows came back."""
        folder = self.node.data / "vault"
        if _names(folder) != self.vault_names:
            shutil.rmtree(folder)
            shutil.copytree(self.vault_copy, folder)


def _names(folder: Path) -> set[str]:
    """Every file and folder below one, from there; asked after each try, so without `Path`s."""
    start = len(str(folder))
    return {
        f"{inside[start:]}/{name}"
        for inside, folders, files in os.walk(folder)
        for name in (*folders, *files)
    }


def owned_tables() -> list[str]:
    """Every table whose rows belong to a unit and can be restricted."""
    return sorted(
        name
        for name, table in metadata.tables.items()
        if {"unit_id", "restricted"} <= set(table.c.keys())
    )


def forgetful(node: Node, database: Database) -> Node:
    """The node over connections that run everything and keep nothing."""
    engine = open_engine(database.app_url)

    @event.listens_for(engine, "commit")
    def forget(connection: Connection) -> None:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.rollback()

    return replace(node, engine=engine)


def actors_of(node: Node, unit: int, provider: str, peer: str) -> dict[str, Actor]:
    """One actor for each role in `unit`, and one of each other kind."""
    found = {str(role): add_staff(node, role, unit=unit) for role in Role}
    found["system"] = WORKER
    found["provider"] = Actor(kind=ActorKind.PROVIDER, id=provider, name="esp-one")
    found["peer"] = Actor(kind=ActorKind.PEER, id=peer, name=peer)
    return found


def let_read_children(database: Database, actors: Iterable[Actor]) -> None:
    """Put the actors on the lists of children's own files: what is tried is the case's wall."""
    with acting(database.owner, WORKER) as db:
        db.execute(
            text("UPDATE child_files SET members = members || :members"),
            {"members": [actor.id for actor in actors]},
        )


def sign_in_all(node: Node, actors: Mapping[str, Actor]) -> dict[str, str]:
    """A session of each member of staff; the tokens by role."""
    found: dict[str, str] = {}
    with open_work(node, WORKER) as work:
        for who, actor in actors.items():
            if actor.kind is ActorKind.STAFF:
                found[who] = work.ids.random_bytes(32).hex()
                store.insert_session(
                    work.db,
                    digest=passwords.token_digest(found[who]),
                    staff_id=actor.id,
                    created_at=machine_now(),
                    expires_at=machine_now() + timedelta(hours=12),
                )
    return found


def make_units(node: Node) -> dict[str, int]:
    """The unit of the actors, one below it and one beside it."""
    own = add_unit(node, "own")
    return {
        "own": own,
        "below": add_unit(node, "below", parent=own),
        "other": add_unit(node, "other"),
    }


__all__ = ["CONSOLE", "World", "actors_of", "forgetful", "make_units", "owned_tables"]
