"""What receivers say of a referral, and what its sender takes back."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Make the table."""
    short_locks()
    op.execute("""
        CREATE TABLE referral_sayings (
            referral_id text NOT NULL REFERENCES referrals (id), saying_id text NOT NULL,
            direction text NOT NULL CHECK (direction IN ('out', 'in')),
            word text NOT NULL, why text, labels text[] NOT NULL, about text,
            node_id text NOT NULL, at timestamptz NOT NULL, package_id text NOT NULL,
            kept_at timestamptz NOT NULL, PRIMARY KEY (referral_id, saying_id))
    """)
    op.execute("CREATE INDEX referral_sayings_id ON referral_sayings (saying_id)")
    # What was said stays said.
    secure(
        "referral_sayings",
        grant="SELECT, INSERT",
        using="EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id)",
    )
