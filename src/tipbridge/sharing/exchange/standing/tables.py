"""The table of how peers stand."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

peer_standing = Table(
    "peer_standing",
    metadata,
    Column("peer_id", Text, ForeignKey("peers.node_id"), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("closed_until", _TIME),
    Column("slow", Boolean, nullable=False),
    Column("clock_seconds", Integer, nullable=False),
    Column("clock_at", _TIME),
)
