"""Tables of hash lists and their entries."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text

from tipbridge.foundation.storage.tables import metadata

hash_lists = Table(
    "hash_lists",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("purpose", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("imported_at", DateTime(timezone=True)),
    Column("file_sha256", Text),
)

hash_list_entries = Table(
    "hash_list_entries",
    metadata,
    Column("list_id", Text, ForeignKey("hash_lists.id"), primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("mark", Text),
)
