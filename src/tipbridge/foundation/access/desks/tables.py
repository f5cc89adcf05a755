"""Tables of desks and of turns of duty."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

desks = Table(
    "desks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("contact", Text, nullable=False),
)

duty_turns = Table(
    "duty_turns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.id"), nullable=False),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("from_at", DateTime(timezone=True), nullable=False),
    Column("until_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("because", Text),
)
