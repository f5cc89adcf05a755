"""A referral that no case can take stands before staff, with the reason.

Safe with the previous release running: it tries one twelve times, and knows no such list.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0452"
down_revision = "0451"


def upgrade() -> None:
    """Make the table; whoever sees the referral sees its row."""
    short_locks()
    op.execute("""
        CREATE TABLE case_unfit_referrals (
            referral_id text PRIMARY KEY REFERENCES referrals (id) ON DELETE CASCADE,
            reason text NOT NULL CHECK (reason IN ('unreadable', 'unstorable', 'refused')),
            tries integer NOT NULL CHECK (tries > 0), noted_at timestamptz NOT NULL)
    """)
    secure(
        "case_unfit_referrals",
        grant="SELECT, INSERT, DELETE, UPDATE (reason, tries, noted_at)",
        using="EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id)",
    )
