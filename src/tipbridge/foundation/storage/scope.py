"""Who acts, told to row-level security; and the synthetic clock."""

from datetime import datetime

from sqlalchemy import Connection, text

from tipbridge.foundation.storage.plain import run

_BEGIN = "SELECT tb_begin(%(actor)s, %(kind)s, %(units)s)"


def set_actor(db: Connection, *, actor_id: str, kind: str, units: str) -> datetime | None:
    """Tell row-level security who acts, until this transaction ends.

    Shape: gives back the synthetic clock, when it has been set, in the same round trip.
    """
    asked = {"actor": actor_id, "kind": str(kind), "units": units}
    (clock,) = run(db, _BEGIN, asked).fetchall()[0]
    return clock


def read_clock(db: Connection) -> datetime | None:
    """The synthetic node's clock, when it has been set."""
    return db.execute(text("SELECT at FROM node_clock")).scalar_one_or_none()


def move_clock(db: Connection, at: datetime) -> bool:
    """Move the synthetic clock to `at`; False when that would step back."""
    done = db.execute(
        text(
            "INSERT INTO node_clock (at) VALUES (:at) ON CONFLICT (single) DO UPDATE"
            " SET at = excluded.at WHERE node_clock.at <= excluded.at"
        ),
        {"at": at},
    )
    return done.rowcount == 1
