"""Tables of removals."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

removals = Table(
    "removals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("referral_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("noted_at", _TIME, nullable=False),
    Column("changed_at", _TIME, nullable=False),
)

removal_steps = Table(
    "removal_steps",
    metadata,
    Column("id", Text, primary_key=True),
    Column("removal_id", Text, ForeignKey("removals.id"), nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", Text, nullable=False),
)
