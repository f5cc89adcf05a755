"""Staff, sessions and sign-in failures."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    op.execute("""
        CREATE TABLE staff (
            id text PRIMARY KEY,
            username text NOT NULL UNIQUE,
            password_hash text,
            roles text[] NOT NULL CHECK (cardinality(roles) > 0),
            unit_id int NOT NULL REFERENCES units (id),
            active boolean NOT NULL,
            added_at timestamptz NOT NULL)
    """)
    secure("staff", grant="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE sessions (
            token_digest bytea PRIMARY KEY CHECK (octet_length(token_digest) = 32),
            staff_id text NOT NULL REFERENCES staff (id),
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL)
    """)
    secure("sessions", grant="SELECT, INSERT, DELETE")
    op.execute("""
        CREATE TABLE sign_in_failures (
            username text PRIMARY KEY,
            failures int NOT NULL,
            last_at timestamptz NOT NULL)
    """)
    secure("sign_in_failures", grant="SELECT, INSERT, UPDATE, DELETE", using="tb_system()")
