"""Audit events, never changed, and the Merkle log over them."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables; the runtime role can add events and entries, never change them."""
    short_locks()
    op.execute("""
        CREATE TABLE audit_events (
            id text PRIMARY KEY,
            at timestamptz NOT NULL,
            machine_at timestamptz NOT NULL,
            actor_kind text NOT NULL,
            actor_id text NOT NULL,
            event text NOT NULL,
            subject text NOT NULL,
            facts jsonb NOT NULL)
    """)
    op.execute("CREATE INDEX audit_events_subject ON audit_events (subject)")
    secure("audit_events", grant="SELECT, INSERT")
    op.execute("CREATE TABLE audit_pending (event_id text PRIMARY KEY REFERENCES audit_events)")
    secure("audit_pending", grant="SELECT, INSERT, DELETE")
    op.execute("""
        CREATE TABLE audit_entries (
            position bigint PRIMARY KEY CHECK (position >= 0),
            event_id text NOT NULL UNIQUE REFERENCES audit_events,
            leaf bytea NOT NULL CHECK (octet_length(leaf) = 32))
    """)
    secure("audit_entries", grant="SELECT, INSERT")
    op.execute("""
        CREATE TABLE audit_head (
            single boolean PRIMARY KEY CHECK (single),
            size bigint NOT NULL CHECK (size >= 0),
            frontier bytea NOT NULL)
    """)
    secure("audit_head", grant="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE audit_checkpoints (
            size bigint PRIMARY KEY CHECK (size > 0),
            root bytea NOT NULL CHECK (octet_length(root) = 32),
            at timestamptz NOT NULL,
            note text NOT NULL)
    """)
    secure("audit_checkpoints", grant="SELECT, INSERT")
