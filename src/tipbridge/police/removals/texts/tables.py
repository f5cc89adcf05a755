"""The table of hosts' own texts."""

from sqlalchemy import Column, DateTime, Table, Text

from tipbridge.foundation.storage.tables import metadata

removal_templates = Table(
    "removal_templates",
    metadata,
    Column("host", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
)
