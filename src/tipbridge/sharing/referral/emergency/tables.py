"""The tables of emergencies."""

from sqlalchemy import ARRAY, Column, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

emergency_calls = Table(
    "emergency_calls",
    metadata,
    Column("referral_id", Text, ForeignKey("referrals.id"), primary_key=True),
    Column("content_sha256", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("danger", Text, nullable=False),
    Column("called_at", _TIME, primary_key=True),
    Column("taken_back_at", _TIME),
    Column("taken_back_by", Text, ForeignKey("staff.id")),
)

emergency_reviews = Table(
    "emergency_reviews",
    metadata,
    Column("referral_id", Text, ForeignKey("referrals.id"), primary_key=True),
    Column("package_id", Text, nullable=False),
    Column("people", ARRAY(Text), nullable=False),
    Column("released_at", _TIME, nullable=False),
    Column("due_at", _TIME, nullable=False),
    Column("finding", Text),
    Column("reviewed_by", Text, ForeignKey("staff.id")),
    Column("reviewed_at", _TIME),
    Column("missed_at", _TIME),
)
