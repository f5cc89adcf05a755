"""Bulletins that were published are kept as they were: added and read, never changed."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """Make the table; no day is published twice."""
    short_locks()
    op.execute("""
        CREATE TABLE bulletin_publications (
            id text PRIMARY KEY,
            from_on date NOT NULL, to_on date NOT NULL,
            published_at timestamptz NOT NULL, published_by text NOT NULL,
            digest text NOT NULL, figures bytea NOT NULL,
            CHECK (from_on <= to_on),
            CHECK (digest = encode(sha256(figures), 'hex')),
            EXCLUDE USING gist (daterange(from_on, to_on, '[]') WITH &&))
    """)
    secure("bulletin_publications", grant="SELECT, INSERT")
