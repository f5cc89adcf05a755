"""Every SQL statement about packages that go together."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ARRAY, Connection, Text, any_, bindparam, select

from tipbridge.foundation.storage import plain
from tipbridge.sharing.exchange.convoying.model import Settled
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.tables import inbox, outbox

_WAITING = (
    select(outbox.c.package_id)
    .where(
        outbox.c.package_id == any_(bindparam("ids", type_=ARRAY(Text))),
        outbox.c.peer_id == bindparam("peer"),
        outbox.c.state == OutboxState.QUEUED.value,
    )
    .order_by(outbox.c.queued_at, outbox.c.package_id)
    .limit(bindparam("most"))
)
_KNOWN = select(inbox.c.package_id).where(
    inbox.c.package_id == any_(bindparam("ids", type_=ARRAY(Text)))
)
_SETTLE = """
    UPDATE outbox SET state = s.state, last_outcome = s.outcome, attempts = outbox.attempts + 1,
           receipt = s.receipt, content_sha256 = s.content, settled_at = %(at)s
      FROM json_to_recordset(%(settled)s::json) AS s (
           package_id text, state text, outcome text, receipt bytea, content text)
     WHERE outbox.package_id = s.package_id"""
_ONE_AT_A_TIME = """
    SELECT pg_advisory_xact_lock(hashtext('exchange.inbox'), hashtext(id))
      FROM unnest(%(ids)s::text[]) WITH ORDINALITY AS wanted (id, place) ORDER BY place"""


def waiting_for(
    db: Connection, peer_id: str, package_ids: Sequence[str], *, most: int
) -> list[str]:
    """Those of these packages that wait for a peer, oldest first; nothing is held."""
    asked = {"peer": peer_id, "ids": list(package_ids), "most": most}
    return list(db.execute(_WAITING, asked).scalars())


def settle(db: Connection, settled: Sequence[Settled], *, at: datetime) -> None:
    """These packages need no further attempt."""
    rows = [
        {
            "package_id": each.package.package_id,
            "state": each.state.value,
            "outcome": each.outcome,
            "receipt": None if each.receipt is None else f"\\x{each.receipt.hex()}",
            "content": each.content_sha256,
        }
        for each in settled
    ]
    plain.run(db, _SETTLE, {"settled": json.dumps(rows), "at": at})


def one_receipt_at_a_time(db: Connection, package_ids: Sequence[str]) -> None:
    """Let one transaction at a time receive packages of these ids.

    Shape: taken in the order of the ids, so that no two convoys wait for each other.
    """
    plain.run(db, _ONE_AT_A_TIME, {"ids": sorted(package_ids)})


def received(db: Connection, package_ids: Sequence[str]) -> set[str]:
    """Those of these packages that are here."""
    return set(db.execute(_KNOWN, {"ids": list(package_ids)}).scalars())
