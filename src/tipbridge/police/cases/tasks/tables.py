"""The table of days that tasks had before."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

case_task_days = Table(
    "case_task_days",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("task_id", Text, ForeignKey("case_tasks.id"), nullable=False),
    Column("was_due_on", Date),
    Column("due_on", Date),
    Column("because", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
)
