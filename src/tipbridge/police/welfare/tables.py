"""Tables of welfare."""

from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

welfare_records = Table(
    "welfare_records",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id"), nullable=False, unique=True),
    Column("opened_at", _TIME, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("agency", Text),
    Column("contact_made", Boolean),
    Column("child_talk_on", Date),
    Column("guardian_talk_on", Date),
    Column("school_talk_on", Date),
    Column("closed_at", _TIME),
)
