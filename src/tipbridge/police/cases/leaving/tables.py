"""Table of lists that were left."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_lists_left = Table(
    "case_lists_left",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id")),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("list_id", Text, nullable=False),
    Column("case_unit", Integer, ForeignKey("units.id"), nullable=False),
    Column("for_unit", Integer, ForeignKey("units.id"), nullable=False),
    Column("noted_at", _TIME, nullable=False),
    Column("ended", Text),
    Column("ended_at", _TIME),
    Column("taken_by", Text),
    Column("grounds", Text),
)
