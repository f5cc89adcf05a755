"""Each agreement's own key for hashes, and finding what has the same hash."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Make the table and the index."""
    short_locks()
    op.execute("""
        CREATE TABLE agreement_keys (
            sha256 text PRIMARY KEY REFERENCES agreements (sha256), key_id text NOT NULL,
            sealed bytea NOT NULL, made_at timestamptz NOT NULL)
    """)
    # A key that changed would tie nothing to what was sent before: it is made once.
    secure("agreement_keys", grant="SELECT, INSERT")
    op.execute("CREATE INDEX referral_parts_keyed ON referral_parts (value) WHERE form = 'keyed'")
