"""The table of how long referrals are kept."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

kept_referrals = Table(
    "kept_referrals",
    metadata,
    Column("referral_id", Text, ForeignKey("referrals.id"), primary_key=True),
    Column("agreement_id", Text, nullable=False),
    Column("review_at", _TIME),
    Column("keep_until", _TIME),
    Column("proof", Boolean, nullable=False),
    Column("proof_due_at", _TIME),
    Column("finding", Text),
    Column("reviewed_by", Text, ForeignKey("staff.id")),
    Column("reviewed_at", _TIME),
    Column("held_at", _TIME),
    Column("deleted_at", _TIME),
    Column("ended_at", _TIME),
)
