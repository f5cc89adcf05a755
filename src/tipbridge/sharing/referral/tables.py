"""The tables of referrals."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

referrals = Table(
    "referrals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Column("peer_id", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("source_kind", Text),
    Column("source_id", Text),
    Column("origin", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("offences", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("basis_kind", Text),
    Column("basis_id", Text),
    Column("channel", Text),
    Column("package_id", Text, unique=True),
    Column("earlier", ARRAY(Text), nullable=False),
    Column("decision", JSONB(none_as_null=True)),
    Column("name_withheld", Boolean, nullable=False),
    Column("opened_at", _TIME, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("sender_desk", Text),
    Column("receiver_desk", Text),
    Column("dropped_why", Text),
)

referral_parts = Table(
    "referral_parts",
    metadata,
    Column("referral_id", Text, ForeignKey("referrals.id"), primary_key=True),
    Column("label", Text, primary_key=True),
    Column("data_class", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("value", JSONB, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("hop", Integer, nullable=False),
    Column("sender", Text, nullable=False),
)

referral_steps = Table(
    "referral_steps",
    metadata,
    Column("referral_id", Text, ForeignKey("referrals.id"), primary_key=True),
    Column("step", Text, primary_key=True),
    Column("node_id", Text, primary_key=True),
    Column("at", _TIME, nullable=False),
)

referral_feedback = Table(
    "referral_feedback",
    metadata,
    Column("referral_id", Text, ForeignKey("referrals.id"), primary_key=True),
    Column("feedback_id", Text, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("package_id", Text, nullable=False),
    Column("kept_at", _TIME, nullable=False),
)

release_requests = Table(
    "release_requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Column("peer_id", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("referral_id", Text, ForeignKey("referrals.id")),
    Column("purpose", Text, nullable=False),
    Column("offences", ARRAY(Text), nullable=False),
    Column("incident_on", Date),
    Column("state", Text, nullable=False),
    Column("package_id", Text, nullable=False, unique=True),
    Column("answer", JSONB(none_as_null=True)),
    Column("opened_at", _TIME, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("answered_at", _TIME),
    Column("answered_by", Text),
    Column("released_at", _TIME),
    Column("chosen", ARRAY(Text)),
    Column("withdrawn_at", _TIME),
    Column("withdrawn_by", Text),
    Column("withdrawn_why", Text),
)
