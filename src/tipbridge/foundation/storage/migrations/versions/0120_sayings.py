"""What is said beside each doubt of an examination, with its facts apart.

Safe with the previous release running: it leaves the column empty, and keeps the record in words.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0120"
down_revision = "0112"


def upgrade() -> None:
    """Add the column; a doubt from before has its record in words alone."""
    short_locks()
    op.execute("""
        ALTER TABLE exhibit_examinations
            ADD COLUMN doubt_sayings text[] NOT NULL DEFAULT '{}',
            ADD CHECK (cardinality(doubt_sayings) IN (0, cardinality(doubt_kinds)))
    """)
    op.execute("ALTER TABLE exhibit_examinations ALTER COLUMN doubt_sayings SET STATISTICS 0")
