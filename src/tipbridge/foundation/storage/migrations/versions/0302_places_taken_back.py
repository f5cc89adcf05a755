"""A place that was noted by mistake stays, marked with who said so and why.

Safe with the previous release running: it goes on asking about such a place as before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0302"
down_revision = "0320"


def upgrade() -> None:
    """Add who took a place back, when and why."""
    short_locks()
    op.execute("""
        ALTER TABLE removals ADD taken_back_at timestamptz, ADD taken_back_by text,
            ADD taken_back_because text,
            ADD CHECK ((taken_back_at IS NULL) = (taken_back_by IS NULL)
                       AND (taken_back_at IS NULL) = (taken_back_because IS NULL)),
            ALTER taken_back_because SET STATISTICS 0
    """)
    op.execute(
        "GRANT UPDATE (taken_back_at, taken_back_by, taken_back_because, moved_from)"
        f" ON removals TO {APP_ROLE}"
    )
