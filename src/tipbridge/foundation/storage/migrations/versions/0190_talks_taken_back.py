"""A talk written down by mistake is taken back, and a follow-up that can't be kept is dropped.

Safe with the previous release running: it reads and writes the other columns by name, and counts
what was taken back as it stood.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0190"
down_revision = "0180"


def upgrade() -> None:
    """Add by whom, when and why; nothing of a talk or a follow-up ever leaves the record."""
    short_locks()
    op.execute("""
        ALTER TABLE welfare_talks
            ADD taken_back_by text, ADD taken_back_at timestamptz, ADD taken_back_because text,
            ALTER taken_back_because SET STATISTICS 0,
            ADD CHECK (num_nulls(taken_back_by, taken_back_at, taken_back_because) IN (0, 3))
    """)
    op.execute("""
        ALTER TABLE welfare_follow_ups
            ADD dropped_by text, ADD dropped_on date, ADD dropped_because text,
            ALTER dropped_because SET STATISTICS 0,
            ADD CHECK (num_nulls(dropped_by, dropped_on, dropped_because) IN (0, 3)),
            ADD CHECK (done_on IS NULL OR dropped_on IS NULL)
    """)
    for table, columns in (
        ("welfare_talks", "taken_back_by, taken_back_at, taken_back_because"),
        ("welfare_follow_ups", "dropped_by, dropped_on, dropped_because"),
    ):
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO {APP_ROLE}")
