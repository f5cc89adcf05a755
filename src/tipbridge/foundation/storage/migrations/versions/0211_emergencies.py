"""People call an emergency of a referral; another person looks at its release afterwards.

Safe with the previous release running: it knows neither table.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0211"
down_revision = "0210"

_SEEN = "EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id)"


def upgrade() -> None:
    """Add the calls and the reviews."""
    short_locks()
    op.execute("""
        CREATE TABLE emergency_calls (
            referral_id text NOT NULL REFERENCES referrals (id),
            content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
            person_id text NOT NULL REFERENCES staff (id),
            staff_id text NOT NULL REFERENCES staff (id),
            danger text NOT NULL, called_at timestamptz NOT NULL,
            PRIMARY KEY (referral_id, content_sha256, person_id))
    """)
    # What was called stays called.
    secure("emergency_calls", grant="SELECT, INSERT", using=_SEEN)
    op.execute("""
        CREATE TABLE emergency_reviews (
            referral_id text PRIMARY KEY REFERENCES referrals (id), package_id text NOT NULL,
            people text[] NOT NULL CHECK (cardinality(people) > 0),
            released_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL CHECK (due_at > released_at),
            finding text, reviewed_by text REFERENCES staff (id), reviewed_at timestamptz,
            CHECK ((finding IS NULL) = (reviewed_by IS NULL)),
            CHECK ((finding IS NULL) = (reviewed_at IS NULL)))
    """)
    op.execute("""
        CREATE INDEX emergency_reviews_open ON emergency_reviews (due_at) WHERE finding IS NULL
    """)
    secure(
        "emergency_reviews",
        grant="SELECT, INSERT, UPDATE (finding, reviewed_by, reviewed_at)",
        using=_SEEN,
    )
