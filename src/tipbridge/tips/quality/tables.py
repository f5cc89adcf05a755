"""The table of quality."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

report_quality = Table(
    "report_quality",
    metadata,
    Column("report_id", BigInteger, ForeignKey("reports.id"), primary_key=True),
    Column("provider_id", Text, ForeignKey("providers.id"), nullable=False),
    Column("finished_at", DateTime(timezone=True), nullable=False),
    Column("assessed_at", DateTime(timezone=True), nullable=False),
    Column("expected", ARRAY(Text), nullable=False),
    Column("missing", ARRAY(Text), nullable=False),
    Column("actionable", Boolean, nullable=False),
    Column("lag_seconds", BigInteger),
)
