"""What favours somebody is read by whoever sees a case that the referral feeds, wherever that went.

Safe with the previous release running: it asks for the referral first, and reads as before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0245"
down_revision = "0213"


def upgrade() -> None:
    """Open the favours of a referral, and nothing else of it, to who sees a case it feeds."""
    short_locks()
    op.execute("""
        CREATE POLICY referral_parts_favours ON referral_parts FOR SELECT USING (
            data_class = 'favours' AND EXISTS (
                SELECT 1 FROM case_referrals c WHERE c.referral_id = referral_parts.referral_id))
    """)
