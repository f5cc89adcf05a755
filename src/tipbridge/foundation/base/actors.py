"""Who acts: staff, a named system actor, a provider or a peer node."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff does here. Closed."""

    ADMINISTRATOR = "administrator"
    PROVIDER_MANAGER = "provider-manager"
    ANALYST = "analyst"
    LIAISON = "liaison"
    INVESTIGATOR = "investigator"
    EXAMINER = "examiner"
    PRESS = "press"
    AUDITOR = "auditor"


class ActorKind(StrEnum):
    """What sort of actor; the database's row-level security reads it."""

    STAFF = "staff"
    SYSTEM = "system"
    PROVIDER = "provider"
    PEER = "peer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does this, and what they may see.

    Shape: `units` are the ids of the units whose rows are readable: the actor's own and
    all below it; system actors see all units and need none.
    """

    kind: ActorKind
    id: str
    name: str
    roles: frozenset[Role] = frozenset()
    unit: int | None = None
    units: tuple[int, ...] = ()


def system_actor(name: str) -> Actor:
    """One of the named system actors."""
    return Actor(kind=ActorKind.SYSTEM, id=name, name=name)


WORKER = system_actor("worker")
SEQUENCER = system_actor("sequencer")
DOORKEEPER = system_actor("doorkeeper")
"""Looks up credentials before anybody is signed in."""
