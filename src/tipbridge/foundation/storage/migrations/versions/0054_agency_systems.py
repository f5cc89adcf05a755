"""Tokens by which staff's programs ask, and what agencies' own systems took over."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    op.execute("""
        CREATE TABLE access_tokens (
            id text PRIMARY KEY,
            digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
            staff_id text NOT NULL REFERENCES staff (id), label text NOT NULL,
            made_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
            ended_at timestamptz, last_used_at timestamptz)
    """)
    secure("access_tokens", grant="SELECT, INSERT")
    op.execute("GRANT UPDATE (ended_at, last_used_at) ON access_tokens TO tipbridge_app")
    op.execute("""
        CREATE TABLE referral_takings (
            referral_id text NOT NULL REFERENCES referrals (id), staff_id text NOT NULL,
            version int NOT NULL CHECK (version > 0), at timestamptz NOT NULL,
            PRIMARY KEY (referral_id, staff_id))
    """)
    secure(
        "referral_takings",
        grant="SELECT, INSERT, UPDATE",
        using="EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id)",
    )
