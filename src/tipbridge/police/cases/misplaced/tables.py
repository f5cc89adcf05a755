"""Tables of strikes and moves of notes and documents."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_strikes = Table(
    "case_strikes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("note_id", Text, ForeignKey("case_notes.id")),
    Column("document_id", Text, ForeignKey("case_documents.id")),
    Column("because", Text, nullable=False),
    Column("struck_by", Text, nullable=False),
    Column("struck_at", _TIME, nullable=False),
    Column("restored_by", Text),
    Column("restored_at", _TIME),
    Column("restored_because", Text),
)

case_moves = Table(
    "case_moves",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id")),
    Column("to_case", Text, ForeignKey("cases.id"), nullable=False),
    Column("note_id", Text),
    Column("document_id", Text),
    Column("because", Text, nullable=False),
    Column("moved_by", Text, nullable=False),
    Column("moved_at", _TIME, nullable=False),
    Column("undone_by", Text),
    Column("undone_at", _TIME),
    Column("undone_because", Text),
)
