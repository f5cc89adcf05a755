"""Table of records that are one human's."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_humans = Table(
    "case_humans",
    metadata,
    Column("id", Text, primary_key=True),
    Column("human_id", Text, nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id"), nullable=False),
    Column("because", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_at", _TIME, nullable=False),
    Column("ended_by", Text),
    Column("ended_at", _TIME),
    Column("ended_because", Text),
)
