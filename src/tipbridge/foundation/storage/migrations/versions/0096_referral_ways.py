"""What a referral answers to, and from which desk to which it goes.

Safe with the previous release running: it reads and writes its own columns by name, and what
it opens is spontaneous and names no desk, as everything was before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0096"
down_revision = "0089"


def upgrade() -> None:
    """Add the columns; what is there already was spontaneous and names no desk."""
    short_locks()
    op.execute("""
        ALTER TABLE referrals
            ADD COLUMN occasion text NOT NULL DEFAULT 'spontaneous',
            ADD COLUMN sender_desk text,
            ADD COLUMN receiver_desk text
    """)
    op.execute("ALTER TABLE referrals ALTER sender_desk SET STATISTICS 0")
    op.execute("ALTER TABLE referrals ALTER receiver_desk SET STATISTICS 0")
