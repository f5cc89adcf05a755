"""An identifier that is not somebody's after all is taken back, with the reason."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0075"
down_revision = "0074"


def upgrade() -> None:
    """Add who took it back, when and why."""
    short_locks()
    op.execute("""
        ALTER TABLE case_identifiers ADD taken_back_at timestamptz, ADD taken_back_by text,
            ADD taken_back_because text,
            ADD CHECK ((taken_back_at IS NULL) = (taken_back_by IS NULL)
                       AND (taken_back_at IS NULL) = (taken_back_because IS NULL))
    """)
    op.execute(
        "GRANT UPDATE (taken_back_at, taken_back_by, taken_back_because)"
        f" ON case_identifiers TO {APP_ROLE}"
    )
    op.execute("ALTER TABLE case_identifiers ALTER COLUMN taken_back_because SET STATISTICS 0")
