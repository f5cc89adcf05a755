"""The table of agreements."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text

from tipbridge.foundation.storage.tables import metadata

agreements = Table(
    "agreements",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("canonical", LargeBinary, nullable=False),
    Column("sender", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("replaced_at", DateTime(timezone=True)),
    Column("replaced_by", Text, ForeignKey("agreements.sha256")),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
)

agreement_signatures = Table(
    "agreement_signatures",
    metadata,
    Column("sha256", Text, ForeignKey("agreements.sha256"), primary_key=True),
    Column("node_id", Text, primary_key=True),
    Column("envelope", LargeBinary, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)

agreement_suspensions = Table(
    "agreement_suspensions",
    metadata,
    Column("sha256", Text, ForeignKey("agreements.sha256"), primary_key=True),
    Column("starts_at", DateTime(timezone=True), primary_key=True),
    Column("ends_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False),
    Column("suspended_by", Text, nullable=False),
    Column("lifted_by", Text),
    Column("said_in", Text),
    Column("end_said_in", Text),
)

agreement_suspensions_told = Table(
    "agreement_suspensions_told",
    metadata,
    Column("sha256", Text, ForeignKey("agreements.sha256"), primary_key=True),
    Column("node_id", Text, primary_key=True),
    Column("starts_at", DateTime(timezone=True), primary_key=True),
    Column("ends_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False),
    Column("package_id", Text, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
)

agreement_keys = Table(
    "agreement_keys",
    metadata,
    Column("sha256", Text, ForeignKey("agreements.sha256"), primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
