"""Somebody may have done several things in one case; a decision says which of them it covers.

Safe with the previous release running: it reads and writes the other columns by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0131"
down_revision = "0130"


def upgrade() -> None:
    """Add the columns; a decision of an earlier release covers the one act there was."""
    short_locks()
    op.execute("""
        ALTER TABLE case_people
            ADD COLUMN further_acts text[] NOT NULL DEFAULT '{}',
            ALTER COLUMN further_acts SET STATISTICS 0
    """)
    op.execute("""
        ALTER TABLE outcome_decisions
            ADD COLUMN acts text[] NOT NULL DEFAULT '{}',
            ALTER COLUMN acts SET STATISTICS 0
    """)
