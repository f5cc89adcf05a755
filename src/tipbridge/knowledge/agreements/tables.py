"""The table of agreements."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text

from tipbridge.foundation.storage.tables import metadata

agreements = Table(
    "agreements",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("canonical", LargeBinary, nullable=False),
    Column("sender", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("replaced_at", DateTime(timezone=True)),
    Column("replaced_by", Text, ForeignKey("agreements.sha256")),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
)
