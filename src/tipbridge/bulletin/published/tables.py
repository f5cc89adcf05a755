"""The table of publications."""

from sqlalchemy import Column, Date, DateTime, LargeBinary, Table, Text

from tipbridge.foundation.storage.tables import metadata

bulletin_publications = Table(
    "bulletin_publications",
    metadata,
    Column("id", Text, primary_key=True),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("figures", LargeBinary, nullable=False),
)
