"""What was done by hand says when it was done, and when that was recorded where it was later.

Safe with the previous release running: it does not know the columns, and leaves them empty.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0300"
down_revision = "0305"


def upgrade() -> None:
    """Add when something was recorded that was done earlier."""
    short_locks()
    for table in ("removal_steps", "removal_replies"):
        op.execute(f"ALTER TABLE {table} ADD recorded_at timestamptz")
    op.execute("ALTER TABLE removal_notices ADD sent_recorded_at timestamptz")
    op.execute(f"GRANT UPDATE (sent_recorded_at) ON removal_notices TO {APP_ROLE}")
    op.execute(
        "ALTER TABLE case_demands ADD sent_recorded_at timestamptz,"
        " ADD ended_recorded_at timestamptz"
    )
    op.execute(f"GRANT UPDATE (sent_recorded_at, ended_recorded_at) ON case_demands TO {APP_ROLE}")
