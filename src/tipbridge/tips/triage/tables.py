"""Tables of the queue and of leads."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata

tip_triage = Table(
    "tip_triage",
    metadata,
    Column("report_id", BigInteger, ForeignKey("reports.id"), primary_key=True),
    Column("queue", Text, nullable=False),
    Column("child_path", Boolean, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("incident_type", Text, nullable=False),
    Column("triaged_at", DateTime(timezone=True), nullable=False),
    Column("assigned_at", DateTime(timezone=True)),
)

leads = Table(
    "leads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("report_id", BigInteger, ForeignKey("reports.id")),
    Column("person_index", Integer, nullable=False),
    Column("identifiers", JSONB, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("incident_type", Text, nullable=False),
    Column("suspicion", Text),
    Column("grade", Text),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("opened_by", Text, nullable=False),
)
