"""The table of what was offered to hash lists."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

removal_offers = Table(
    "removal_offers",
    metadata,
    Column("removal_id", Text, ForeignKey("removals.id"), primary_key=True),
    Column("list_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("offered_at", DateTime(timezone=True), nullable=False),
    Column("offered_by", Text, nullable=False),
)
