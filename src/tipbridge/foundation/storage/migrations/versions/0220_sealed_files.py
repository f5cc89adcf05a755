"""Files of a disclosure that leave sealed: which, for whom by name, and to which age recipient.

Safe with the previous release running: it proposes disclosures without any.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0220"
down_revision = "0211"


def upgrade() -> None:
    """Add what is fixed at the proposal."""
    short_locks()
    op.execute("""
        ALTER TABLE disclosures
            ADD COLUMN sealed_name text, ADD COLUMN sealed_recipient text,
            ADD COLUMN sealed_files text[] NOT NULL DEFAULT '{}',
            ADD CONSTRAINT disclosures_sealed_whole CHECK (
                (sealed_name IS NULL) = (sealed_recipient IS NULL)
                AND (sealed_recipient IS NOT NULL) = (sealed_files <> '{}'))
    """)
    op.execute("ALTER TABLE disclosures ALTER COLUMN sealed_name SET STATISTICS 0")
