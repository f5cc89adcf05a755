"""The table of referrals taken out of cases."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_detachments = Table(
    "case_detachments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("referral_id", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("detached_by", Text, nullable=False),
    Column("detached_at", _TIME, nullable=False),
    Column("taken", JSONB, nullable=False),
    Column("numbers", JSONB, nullable=False),
    Column("people", JSONB, nullable=False),
    Column("strikes", ARRAY(Text), nullable=False),
    Column("ended_by", Text),
    Column("ended_at", _TIME),
    Column("ended_because", Text),
)
