"""Approvals: which person approved exactly which content to leave."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Make the table."""
    short_locks()
    op.execute("""
        CREATE TABLE approvals (
            kind text NOT NULL, subject text NOT NULL,
            content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
            person_id text NOT NULL REFERENCES staff (id),
            staff_id text NOT NULL REFERENCES staff (id),
            approved_at timestamptz NOT NULL,
            PRIMARY KEY (kind, subject, content_sha256, person_id))
    """)
    # What somebody approved is never taken back or changed: other content needs new approvals.
    secure("approvals", grant="SELECT, INSERT")
