"""From a stored member of staff to an actor."""

from sqlalchemy import Connection

from tipbridge.foundation.access import rules, store
from tipbridge.foundation.access.model import StaffMember
from tipbridge.foundation.base.actors import Actor, ActorKind, Role

CONSOLE = "console"
_SETTING_UP = frozenset({Role.ADMINISTRATOR, Role.PROVIDER_MANAGER})


def actor_of(db: Connection, member: StaffMember) -> Actor:
    """`member` as an actor who sees their own unit and those below."""
    return Actor(
        kind=ActorKind.STAFF,
        id=member.id,
        name=member.username,
        roles=member.roles,
        unit=member.unit_id,
        units=rules.units_below(store.all_units(db), member.unit_id),
    )


def console_actor(db: Connection, *, synthetic: bool) -> Actor:
    """Whoever types commands on the node's own machine without naming themselves.

    On a synthetic node the console has every role; on a real one it may only set up.
    """
    return Actor(
        kind=ActorKind.STAFF,
        id=CONSOLE,
        name=CONSOLE,
        roles=frozenset(Role) if synthetic else _SETTING_UP,
        unit=1,
        units=tuple(unit.id for unit in store.all_units(db)),
    )
