"""Tables of questions between cases, and of hits."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_askings = Table(
    "case_askings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("grounds", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", _TIME, nullable=False),
    Column("answered_at", _TIME),
)

case_hits = Table(
    "case_hits",
    metadata,
    Column("asking_id", Text, ForeignKey("case_askings.id"), nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id")),
)
