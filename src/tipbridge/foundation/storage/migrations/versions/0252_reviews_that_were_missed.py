"""That nobody looked at an emergency release in its hours is put on record, once.

Safe with the previous release running: it does not know the column.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0252"
down_revision = "0251"


def upgrade() -> None:
    """Add when it was put on record."""
    short_locks()
    op.execute("ALTER TABLE emergency_reviews ADD missed_at timestamptz")
    op.execute(f"GRANT UPDATE (missed_at) ON emergency_reviews TO {APP_ROLE}")
