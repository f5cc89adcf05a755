"""When the child was born whom somebody's acts show: limitation may run from that child's majority.

Safe with the previous release running: it reads and writes the other columns by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0460"
down_revision = "0452"


def upgrade() -> None:
    """Add the columns."""
    short_locks()
    op.execute("""
        ALTER TABLE case_people
            ADD COLUMN depicted_earliest date,
            ADD COLUMN depicted_latest date,
            ADD COLUMN depicted_certainty text,
            ADD CHECK (depicted_earliest <= depicted_latest),
            ADD CHECK ((depicted_earliest IS NULL) = (depicted_latest IS NULL)
               AND (depicted_latest IS NULL) = (depicted_certainty IS NULL)),
            ALTER COLUMN depicted_earliest SET STATISTICS 0,
            ALTER COLUMN depicted_latest SET STATISTICS 0,
            ALTER COLUMN depicted_certainty SET STATISTICS 0
    """)
