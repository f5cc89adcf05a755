"""Tables of the knowledge step."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _agreements()
    _hash_lists()


def _agreements() -> None:
    op.execute("""
        CREATE TABLE agreements (
            sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
            canonical bytea NOT NULL,
            sender text NOT NULL, receiver text NOT NULL, purpose text NOT NULL,
            replaced_at timestamptz, replaced_by text REFERENCES agreements (sha256),
            added_at timestamptz NOT NULL, added_by text NOT NULL)
    """)
    op.execute("CREATE INDEX agreements_parties ON agreements (sender, receiver, purpose)")
    # The document itself never changes; only that a later one took its place.
    secure("agreements", grant="SELECT, INSERT, UPDATE (replaced_at, replaced_by)")


def _hash_lists() -> None:
    op.execute("""
        CREATE TABLE hash_lists (
            id text PRIMARY KEY, name text NOT NULL UNIQUE, purpose text NOT NULL,
            source text NOT NULL, added_at timestamptz NOT NULL,
            imported_at timestamptz, file_sha256 text)
    """)
    secure("hash_lists", grant="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE hash_list_entries (
            list_id text NOT NULL REFERENCES hash_lists (id), digest bytea NOT NULL,
            kind text NOT NULL CHECK (kind IN ('md5', 'sha1', 'sha256')), mark text,
            PRIMARY KEY (list_id, digest))
    """)
    op.execute("CREATE INDEX hash_list_entries_digest ON hash_list_entries (digest)")
    secure("hash_list_entries", grant="SELECT, INSERT")
