"""The table of access tokens."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text

from tipbridge.foundation.storage.tables import metadata

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("label", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
)
