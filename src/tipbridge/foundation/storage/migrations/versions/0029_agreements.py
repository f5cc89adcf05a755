"""Signatures of both parties on an agreement, and the times in which one was suspended."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    op.execute("""
        CREATE TABLE agreement_signatures (
            sha256 text NOT NULL REFERENCES agreements (sha256), node_id text NOT NULL,
            envelope bytea NOT NULL, kept_at timestamptz NOT NULL, kept_by text NOT NULL,
            PRIMARY KEY (sha256, node_id))
    """)
    secure("agreement_signatures", grant="SELECT, INSERT")
    op.execute("""
        CREATE TABLE agreement_suspensions (
            sha256 text NOT NULL REFERENCES agreements (sha256), starts_at timestamptz NOT NULL,
            ends_at timestamptz, reason text NOT NULL, suspended_by text NOT NULL,
            lifted_by text, PRIMARY KEY (sha256, starts_at), CHECK (ends_at >= starts_at))
    """)
    # That it was suspended stays; only its end is added.
    secure("agreement_suspensions", grant="SELECT, INSERT, UPDATE (ends_at, lifted_by)")
