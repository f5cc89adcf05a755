"""Table of searches."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

case_searches = Table(
    "case_searches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("grounds", Text, nullable=False),
    Column("sought", Text, nullable=False),
    Column("found_count", Integer, nullable=False),
    Column("searched_by", Text, nullable=False),
    Column("searched_at", DateTime(timezone=True), nullable=False),
)
