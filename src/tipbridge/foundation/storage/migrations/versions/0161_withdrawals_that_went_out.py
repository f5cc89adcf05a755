"""The start page asks for withdrawals that nobody acknowledged in time; they are few, and indexed."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0161"
down_revision = "0160"


def upgrade() -> None:
    """Index what went out to take something back, beside everything else that is said."""
    short_locks()
    op.execute("""
        CREATE INDEX referral_sayings_withdrawn ON referral_sayings (referral_id)
         WHERE direction = 'out' AND word IN ('recall', 'correction')
    """)
