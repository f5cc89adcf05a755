"""The table of what was known of people before."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_person_changes = Table(
    "case_person_changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id"), nullable=False),
    Column("before", JSONB(none_as_null=True)),
    Column("withdrawn", Boolean, nullable=False),
    Column("because", Text),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", _TIME, nullable=False),
    Column("corrects", Boolean, nullable=False),
    Column("told_at", _TIME),
)
