"""The table of kept decisions."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata

release_decisions = Table(
    "release_decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("referral_id", Text, ForeignKey("referrals.id"), nullable=False),
    Column("moment", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("inputs", LargeBinary, nullable=False),
    Column("inputs_sha256", Text, nullable=False),
    Column("result", JSONB, nullable=False),
    Column("content_sha256", Text),
    Column("package_id", Text),
)
