"""A decision names the committee or chief that made it, beside who wrote it down.

Safe with the previous release running: it writes no body, which is allowed.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0180"
down_revision = "0151"


def upgrade() -> None:
    """Add the columns; nothing is said of earlier decisions."""
    short_locks()
    op.execute("""
        ALTER TABLE outcome_decisions
            ADD COLUMN body text,
            ADD COLUMN body_on date,
            ADD COLUMN body_minutes text,
            ADD COLUMN body_source jsonb,
            ALTER COLUMN body_minutes SET STATISTICS 0,
            ADD CONSTRAINT outcome_decisions_body CHECK (
                (body IS NULL) = (body_on IS NULL) AND (body IS NULL) = (body_source IS NULL)
                AND (body IS NOT NULL OR body_minutes IS NULL))
    """)
