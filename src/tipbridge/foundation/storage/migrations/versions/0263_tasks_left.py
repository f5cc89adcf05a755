"""A task whose doer left the case says since when.

Safe with the previous release running: it does not know the column.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0263"
down_revision = "0262"


def upgrade() -> None:
    """Add when it was noted that whoever does a task works on its case no more."""
    short_locks()
    op.execute("ALTER TABLE case_tasks ADD left_at timestamptz")
    op.execute(f"GRANT UPDATE (left_at) ON case_tasks TO {APP_ROLE}")
