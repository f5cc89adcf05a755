"""What a report's document hashes to, so that one that was filed twice is found.

Safe with the previous release running: it names its columns. The table is written anew.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column; the database fills it, and empties it when the document ends."""
    short_locks()
    op.execute("""
        ALTER TABLE reports ADD COLUMN document_hash bigint
            GENERATED ALWAYS AS (jsonb_hash_extended(document, 0)) STORED
    """)
    op.execute("""
        CREATE INDEX reports_same ON reports (credential_id, document_hash)
            WHERE document_hash IS NOT NULL
    """)
