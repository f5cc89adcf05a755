"""Table of hand-overs."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_handovers = Table(
    "case_handovers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("from_unit", Integer, ForeignKey("units.id"), nullable=False),
    Column("to_unit", Integer, ForeignKey("units.id"), nullable=False),
    Column("ground", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("offered_by", Text, nullable=False),
    Column("offered_at", _TIME, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", _TIME),
    Column("answer", Text),
)
