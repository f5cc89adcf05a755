"""A referral that is set aside keeps why.

Safe with the previous release running: it sets aside without a reason, as those were that are there.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0490"
down_revision = "0471"


def upgrade() -> None:
    """Keep the reason."""
    short_locks()
    op.execute("ALTER TABLE referrals ADD COLUMN dropped_why text")
    op.execute(f"GRANT UPDATE (dropped_why) ON referrals TO {APP_ROLE}")
