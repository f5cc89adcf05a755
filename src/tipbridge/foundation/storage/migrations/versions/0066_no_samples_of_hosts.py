"""No samples of the hosts that notices went to: a place's host may name somebody."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    """Take the column out of the planner's statistics, as migration 0057 did for others."""
    short_locks()
    op.execute("ALTER TABLE removal_notices ALTER COLUMN host SET STATISTICS 0")
