"""The table of what was said about referrals after their release."""

from sqlalchemy import ARRAY, Column, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

referral_sayings = Table(
    "referral_sayings",
    metadata,
    Column("referral_id", Text, ForeignKey("referrals.id"), primary_key=True),
    Column("saying_id", Text, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("why", Text),
    Column("labels", ARRAY(Text), nullable=False),
    Column("about", Text),
    Column("instead", Text),
    Column("node_id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("package_id", Text, nullable=False),
    Column("by_node", Text),
    Column("told", ARRAY(Text), nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
)
