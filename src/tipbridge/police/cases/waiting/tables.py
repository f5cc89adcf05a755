"""The table of referrals that could not be taken into a case."""

from sqlalchemy import Column, DateTime, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

case_unfit_referrals = Table(
    "case_unfit_referrals",
    metadata,
    Column("referral_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("noted_at", DateTime(timezone=True), nullable=False),
)
