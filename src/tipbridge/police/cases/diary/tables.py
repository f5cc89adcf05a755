"""Tables of notes and documents."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, LargeBinary, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_notes = Table(
    "case_notes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id")),
    Column("note", Text, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("written_at", _TIME, nullable=False),
    Column("moved_by", Text),
    Column("moved_at", _TIME),
)

case_documents = Table(
    "case_documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("file_id", Text, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed_bytes", BigInteger, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", _TIME, nullable=False),
    Column("moved_by", Text),
    Column("moved_at", _TIME),
)
