"""The table of consents."""

from sqlalchemy import ARRAY, Boolean, Column, DateTime, ForeignKey, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

consents = Table(
    "consents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("use", Text, nullable=False),
    Column("recipient", Text),
    Column("purpose", Text, nullable=False),
    Column("originator", Text, nullable=False),
    Column("asker", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Column("peer_id", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("referral_id", Text, ForeignKey("referrals.id"), nullable=False),
    Column("package_id", Text, nullable=False, unique=True),
    Column("along_id", Text, unique=True),
    Column("state", Text, nullable=False),
    Column("answer", JSONB(none_as_null=True)),
    Column("asked_at", _TIME, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("answered_at", _TIME),
    Column("answered_by", Text),
)
