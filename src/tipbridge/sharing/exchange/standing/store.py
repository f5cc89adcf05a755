"""Every SQL statement about how peers stand."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.sharing.exchange.standing.model import Standing
from tipbridge.sharing.exchange.standing.tables import peer_standing
from tipbridge.sharing.exchange.tables import outbox

_ALL = select(*peer_standing.c).order_by(peer_standing.c.peer_id)
_ONE = _ALL.where(peer_standing.c.peer_id == bindparam("peer"))
_LANE = text("SELECT pg_try_advisory_xact_lock(hashtext('exchange.lane'), hashtext(:lane))")


def standing_of(db: Connection, peer_id: str) -> Standing | None:
    """How a peer stands; None while nothing was ever amiss."""
    row = db.execute(_ONE, {"peer": peer_id}).mappings().one_or_none()
    return None if row is None else _to_standing(row)


def all_standings(db: Connection) -> dict[str, Standing]:
    """Every peer with which something was amiss once, by id."""
    return {row["peer_id"]: _to_standing(row) for row in db.execute(_ALL).mappings()}


def keep_flow(db: Connection, standing: Standing) -> None:
    """Keep failures, closure and slowness, and leave the clock as it is."""
    flow = {
        "failures": standing.failures,
        "closed_until": standing.closed_until,
        "slow": standing.slow,
    }
    _keep(db, standing.peer_id, flow)


def keep_clock(db: Connection, peer_id: str, seconds: int, at: datetime) -> None:
    """Keep by how much a peer's clock differs."""
    _keep(db, peer_id, {"clock_seconds": seconds, "clock_at": at})


def count_clocks(db: Connection, *, over_seconds: int) -> int:
    """How many peers' clocks differ by more than this."""
    query = select(func.count()).where(func.abs(peer_standing.c.clock_seconds) > over_seconds)
    return int(db.execute(query).scalar_one())


def take_lane(db: Connection, name: str) -> bool:
    """Take a lane until this transaction ends; false when another one holds it."""
    return bool(db.execute(_LANE, {"lane": name}).scalar_one())


def set_aside(db: Connection, package_id: str, *, until: datetime, outcome: str) -> None:
    """Leave a queued package for later; that is no attempt."""
    db.execute(
        outbox.update()
        .where(outbox.c.package_id == package_id)
        .values(next_attempt_at=until, last_outcome=outcome)
    )


def _keep(db: Connection, peer_id: str, values: Mapping[str, object]) -> None:
    fresh = {"failures": 0, "slow": False, "clock_seconds": 0, "peer_id": peer_id}
    query = upsert(peer_standing).values({**fresh, **values})
    db.execute(query.on_conflict_do_update(index_elements=["peer_id"], set_=dict(values)))


def _to_standing(row: RowMapping) -> Standing:
    return Standing(**row)
