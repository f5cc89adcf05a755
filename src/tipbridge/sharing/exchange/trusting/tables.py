"""The table of peers' keys."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

peer_keys = Table(
    "peer_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("node_id", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("card", LargeBinary, nullable=False),
    Column("pinned_at", _TIME, nullable=False),
    Column("vouched_by", Text, nullable=False),
    Column("revoked_from", _TIME),
    Column("revoked_at", _TIME),
    Column("revoked_by", Text),
)
