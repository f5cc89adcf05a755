"""The originator's leave to pass a referral on, or to use it in court."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0055"
down_revision = "0054"

_SEEN = "tb_sees(unit_id, restricted, members)"


def upgrade() -> None:
    """Make the table."""
    short_locks()
    op.execute("""
        CREATE TABLE consents (
            id text PRIMARY KEY,
            place text NOT NULL CHECK (place IN ('asked', 'ours', 'along')),
            use text NOT NULL CHECK (use IN ('onward', 'court')),
            recipient text, purpose text NOT NULL,
            originator text NOT NULL, asker text NOT NULL,
            unit_id int NOT NULL REFERENCES units (id),
            restricted boolean NOT NULL DEFAULT false, members text[] NOT NULL DEFAULT '{}',
            peer_id text NOT NULL REFERENCES peers (node_id),
            referral_id text NOT NULL REFERENCES referrals (id),
            package_id text NOT NULL UNIQUE, along_id text UNIQUE,
            state text NOT NULL CHECK (state IN ('open', 'granted', 'refused')), answer jsonb,
            asked_at timestamptz NOT NULL, asked_by text NOT NULL,
            answered_at timestamptz, answered_by text,
            CHECK ((recipient IS NULL) = (use = 'court')))
    """)
    op.execute("CREATE INDEX consents_referral ON consents (referral_id)")
    secure(
        "consents",
        grant="SELECT, INSERT, UPDATE (state, answer, answered_at, answered_by)",
        using=_SEEN,
    )
