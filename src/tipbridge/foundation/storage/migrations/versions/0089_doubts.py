"""Why an examination is not complete, what its image's maker wrote, and what was answered for.

Safe with the previous release running: it reads and writes these tables by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0089"
down_revision = "0082"


def upgrade() -> None:
    """Add the columns; of an examination from before no doubt is known, and nothing is counted."""
    short_locks()
    op.execute("""
        ALTER TABLE exhibit_examinations
            ADD COLUMN doubt_kinds text[] NOT NULL DEFAULT '{}',
            ADD COLUMN doubt_details text[] NOT NULL DEFAULT '{}',
            ADD COLUMN listed integer, ADD COLUMN answered integer, ADD COLUMN acquisition text,
            ADD CHECK (cardinality(doubt_kinds) = cardinality(doubt_details))
    """)
    op.execute("ALTER TABLE exhibit_examinations ALTER COLUMN doubt_details SET STATISTICS 0")
    op.execute("ALTER TABLE exhibit_passes ADD COLUMN header text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE exhibit_passes ALTER COLUMN header SET STATISTICS 0")
    op.execute("ALTER TABLE exhibit_checkpoints ADD COLUMN answered integer NOT NULL DEFAULT 0")
