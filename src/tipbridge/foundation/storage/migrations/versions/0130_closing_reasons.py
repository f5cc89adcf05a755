"""A step to a stage that ends a matter says why: no charge, no right to prosecute, dismissed.

Safe with the previous release running: it reads and writes the other columns by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0130"
down_revision = "0122"


def upgrade() -> None:
    """Add the column; a step of an earlier release has no reason."""
    short_locks()
    op.execute("ALTER TABLE outcome_steps ADD COLUMN reason text")
