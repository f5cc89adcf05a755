"""Table of people struck out of cases."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_person_strikes = Table(
    "case_person_strikes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id"), nullable=False),
    Column("because", Text, nullable=False),
    Column("struck_by", Text, nullable=False),
    Column("struck_at", _TIME, nullable=False),
    Column("restored_by", Text),
    Column("restored_at", _TIME),
    Column("restored_because", Text),
    Column("same_as", Text, ForeignKey("case_people.id")),
    Column("given", JSONB, nullable=False, server_default="{}"),
)
