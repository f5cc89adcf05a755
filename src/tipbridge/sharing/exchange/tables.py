"""The tables of the exchange."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

peers = Table(
    "peers",
    metadata,
    Column("node_id", Text, primary_key=True),
    Column("card", LargeBinary, nullable=False),
    Column("url", Text),
    Column("collected", Boolean, nullable=False),
    Column("fetches", Boolean, nullable=False),
    Column("fetched_at", _TIME),
    Column("mutual", Boolean, nullable=False),
    Column("added_at", _TIME, nullable=False),
    Column("added_by", Text, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("peer_id", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("granted_at", _TIME, nullable=False),
    Column("ends_at", _TIME, nullable=False),
    Column("allowed", ARRAY(Text), nullable=False),
    Column("offences", ARRAY(Text), nullable=False),
)

asked_classes = Table(
    "asked_classes",
    metadata,
    Column("peer_id", Text, ForeignKey("peers.node_id"), primary_key=True),
    Column("package_id", Text, primary_key=True),
    Column("data_class", Text, primary_key=True),
    Column("asked_at", _TIME, nullable=False),
)

sequences = Table(
    "sequences",
    metadata,
    Column("peer_id", Text, ForeignKey("peers.node_id"), primary_key=True),
    Column("basis_kind", Text, primary_key=True),
    Column("basis_id", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("package_id", Text, primary_key=True),
    Column("peer_id", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("basis_kind", Text, nullable=False),
    Column("basis_id", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("about", Text),
    Column("sequence", Integer, nullable=False),
    Column("statement_sha256", Text, nullable=False, unique=True),
    Column("key_id", Text, nullable=False),
    Column("header", JSONB, nullable=False),
    Column("files", JSONB, nullable=False),
    Column("ends_at", _TIME),
    Column("state", Text, nullable=False),
    Column("queued_at", _TIME, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", _TIME, nullable=False),
    Column("last_outcome", Text),
    Column("content_sha256", Text),
    Column("receipt", LargeBinary),
    Column("settled_at", _TIME),
    Column("handed_at", _TIME),
)

relayed_receipts = Table(
    "relayed_receipts",
    metadata,
    Column("package_id", Text, ForeignKey("outbox.package_id"), primary_key=True),
    Column("envelope_sha256", Text, primary_key=True),
    Column("signer", Text, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("kept_at", _TIME, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("package_id", Text, primary_key=True),
    Column("sender", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("basis_kind", Text, nullable=False),
    Column("basis_id", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("about", Text),
    Column("sequence", Integer, nullable=False),
    Column("sent_at", _TIME, nullable=False),
    Column("received_at", _TIME, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("header", JSONB, nullable=False),
    Column("files", JSONB, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
)
